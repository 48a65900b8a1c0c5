"""Where a training keeps, in Rasa's cache folder, what the next one would find out in the same way again.

A training names the folder (`RASA_CACHE_DIRECTORY`); outside of one nothing is kept. What has been damaged is not
trusted: each file begins with a hash of the rest.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

FILES = ("example-features-*.npz", "lexicon-*.json", "dictionary-*.json", "emergencies-*.zip", "files.txt")
"""All that is kept here, beside Rasa's own."""


def cache_folder() -> Path | None:
    """Give the folder of this training; None outside of one."""
    named = os.environ.get("RASA_CACHE_DIRECTORY", "").strip()
    return Path(named) if named else None


@cache
def code() -> bytes:
    """Give the code of this package: what it finds is kept for itself alone."""
    return b"\0".join(file.read_bytes() for file in sorted(Path(__file__).parent.rglob("*.py")))


def remembered(name: str, given: Any, find: Callable[[], Any]) -> Any:
    """Give what `find` gives, read back where an earlier training has found it for the same.

    Args:
        name: what is found; the file bears it.
        given: all it depends on, besides the code of this package; JSON-able.
        find: finds it; JSON-able.
    """
    folder = cache_folder()
    if folder is None:
        return find()
    key = hashlib.sha256(code() + json.dumps(given, sort_keys=True).encode()).hexdigest()[:16]
    file = folder / f"{name}-{key}.json"
    content = read_text(file)
    if content is not None:
        return json.loads(content)
    found = find()
    for older in folder.glob(f"{name}-*.json"):
        older.unlink(missing_ok=True)
    write_text(file, json.dumps(found))
    return found


def read_text(file: Path) -> str | None:
    """Read what `write_text` wrote; None where it is missing or is not what was written."""
    try:
        hashed, _, content = file.read_bytes().partition(b"\n")
    except OSError:
        return None
    return content.decode("ascii") if hashed == hashlib.sha256(content).hexdigest().encode() else None


def write_text(file: Path, content: str) -> None:
    """Write a text of ASCII, with a hash before it."""
    plain = content.encode("ascii")
    write(file, lambda partial: partial.write_bytes(hashlib.sha256(plain).hexdigest().encode() + b"\n" + plain))


def write(file: Path, put: Callable[[Path], Any]) -> None:
    """Write a file under another name first, so that a half-written one is never read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"part-{os.getpid()}-{file.name}")
    put(partial)
    partial.replace(file)


def forget(folder: Path) -> None:
    """Delete what is kept in a folder."""
    for pattern in FILES:
        for file in folder.glob(pattern):
            file.unlink(missing_ok=True)
