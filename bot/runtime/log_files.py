"""Log files of the processes: read by their owner only, bounded while they are written, and their last line, which says why one ended."""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

LARGEST_LOG_BYTES = 20 * 2**20
"""Of a file before it is set aside; with the one set aside a process has twice that."""

OWNER_ONLY = 0o600


def open_log(log: Path) -> BinaryIO:
    """Open a log file to append to; also one that stood there is for its owner only from now on."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, OWNER_ONLY)
    os.fchmod(descriptor, OWNER_ONLY)
    return os.fdopen(descriptor, "ab")


def set_aside(log: Path, limit: int = LARGEST_LOG_BYTES) -> None:
    """Move what stands in a log file that has grown large to `<name>.log.1`, over what was there before.

    The process goes on writing meanwhile, into the same file, which it holds open for appending: its lines are copied and
    the file is emptied. A line that is written in the moment between the two is lost.

    Args:
        log: the file; may be missing.
        limit: bytes it may have.
    """
    with suppress(OSError):
        if log.stat().st_size <= limit:
            return
        # Without a copy where that cannot be written: databases on the same disk need the room more than the log does.
        with suppress(OSError):
            _copy(log, log.with_name(log.name + ".1"))
        os.truncate(log, 0)


def _copy(log: Path, kept: Path) -> None:
    # Gone first, so that there is room for the copy, and never written through a link.
    kept.unlink(missing_ok=True)
    descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as copy, log.open("rb") as written:
        shutil.copyfileobj(written, copy, 2**20)


def last_line(path: Path) -> str:
    """Give the last line with something in it, of a log file, cut to what a terminal shows."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
