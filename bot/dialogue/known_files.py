"""Remembers what a file of the data says, from one training to the next, so that only a changed one is parsed and checked.

Rasa parses each file twice with ruamel.yaml, in Python, and checks it against a schema: half a second for a file of two
thousand examples. What a file says is decided by its content alone, so that is what it is known by.
"""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from bot.nlu.kept import read_text, write_text

FILE = "files.txt"

Read = TypeVar("Read")


class KnownFiles:
    """What files said when they were read last and nothing was wrong with them.

    Args:
        folder: where it is kept from one training to the next; None: nowhere.
    """

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / FILE if folder else None
        kept = read_text(self._file) if self._file else None
        self._kept = dict(line.split("\t", 1) for line in kept.splitlines()) if kept else {}
        self._used: dict[str, str] = {}

    def read(
        self,
        kind: str,
        path: str | Path,
        read: Callable[[], Read],
        put: Callable[[Read], Any],
        take: Callable[[Any], Read],
    ) -> Read:
        """Read a file, or make the same of what is remembered of one with this content.

        A file is not remembered where something was warned of, where an environment variable has a say in it, or where
        JSON would not give back what was put down.

        Args:
            kind: what is made of a file; the same file may be read for several things.
            path: the file.
            read: reads it anew, and raises what is wrong with it.
            put: what has to be put down of what was read; JSON-able, None where it cannot be.
            take: makes of that what `read` would give.
        """
        if self._file is None or not os.path.isfile(path):
            return read()
        content = Path(path).read_bytes()
        key = f"{hashlib.sha256(content).hexdigest()} {kind}"
        if key in self._kept:
            self._used[key] = self._kept[key]
            return take(json.loads(self._kept[key]))
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", UserWarning)
            warnings.simplefilter("always", FutureWarning)
            made = read()
        for one in said:
            warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
        # Those of other kinds are about the code of libraries, not about the file.
        warned = any(issubclass(one.category, (UserWarning, FutureWarning)) for one in said)
        line = _as_line(put(made)) if not warned and b"${" not in content else None
        if line is not None:
            self._used[key] = line
        return made

    def keep(self) -> None:
        """Keep what was read; of the kinds that were read, forget what was not."""
        kinds = {_kind(key) for key in self._used}
        whole = {key: line for key, line in self._kept.items() if _kind(key) not in kinds} | self._used
        if self._file is not None and whole != self._kept:
            self._kept = whole
            write_text(self._file, "".join(f"{key}\t{line}\n" for key, line in self._kept.items()))


def _kind(key: str) -> str:
    return key.partition(" ")[2]


def _as_line(value: Any) -> str | None:
    try:
        line = json.dumps(value)
    except (TypeError, ValueError):
        return None
    return line if value is not None and json.loads(line) == value else None
