"""Log files of the processes: set aside when they have grown large, and their last line, which says why one ended."""

from pathlib import Path

LARGEST_LOG_BYTES = 20 * 2**20


def set_aside(log: Path, limit: int = LARGEST_LOG_BYTES) -> None:
    """Rename a log file that has grown large to `<name>.log.1`, over the one before; the next start writes a new one."""
    if log.is_file() and log.stat().st_size > limit:
        log.replace(log.with_name(log.name + ".1"))


def last_line(path: Path) -> str:
    """Give the last line with something in it, of a log file, cut to what a terminal shows."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")
