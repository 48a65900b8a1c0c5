"""Where a training keeps, in Rasa's cache folder, what the next one would find out in the same way again.

A training names the folder (`RASA_CACHE_DIRECTORY`); outside of one nothing is kept.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any


def cache_folder() -> Path | None:
    """Give the folder of this training; None outside of one."""
    named = os.environ.get("RASA_CACHE_DIRECTORY", "").strip()
    return Path(named) if named else None


@cache
def code() -> bytes:
    """Give the code of this package: what it finds is kept for itself alone."""
    return b"\0".join(file.read_bytes() for file in sorted(Path(__file__).parent.glob("*.py")))


def write(file: Path, put: Callable[[Path], Any]) -> None:
    """Write a file under another name first, so that a half-written one is never read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"part-{os.getpid()}-{file.name}")
    put(partial)
    partial.replace(file)


def forget(folder: Path) -> None:
    """Delete what is kept in a folder."""
    for pattern in ("example-features-*.npz", "lexicon-*.json"):
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)
