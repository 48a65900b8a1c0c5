"""A finding: where something is wrong, what, and what to do about it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePosixPath


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong, for whoever edits the file; its words are Chinese.

    Attributes:
        file: relative to the project.
        line: from 1, where it is known.
        item: what it is about: a response's, rule's or task's name.
        what: what is wrong.
        to_do: what puts it right.
        is_last_resort: whether it is said only where nothing else is said of its file: a reader that stopped says less.
    """

    file: str
    line: int | None
    item: str
    what: str
    to_do: str = ""
    is_last_resort: bool = False

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        told = "：".join(part for part in (self.item, self.what) if part)
        ends = "" if told.endswith(("？", "。")) else "。"
        return f"{place}  {told}{ends}{f'{self.to_do}。' if self.to_do else ''}"

    def is_in(self, names: set[str]) -> bool:
        """Whether it is in a file or folder that bears one of the names, or speaks of such a file."""
        path = PurePosixPath(self.file)
        spoken_of = {
            PurePosixPath(part.partition(":")[0]).stem for part in re.split(r"[（）\s]", self.what) if "/" in part
        }
        return path.stem in names or bool(names & {*path.parts, *spoken_of})
