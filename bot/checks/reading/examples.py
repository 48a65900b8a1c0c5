"""The examples of data/nlu, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.checks.reading.located import Located

MARK = "- "
"""Rasa reads a line of `examples` that begins with this, and skips any other."""


@dataclass(frozen=True)
class Example:
    """A line under an intent.

    Attributes:
        text: what a resident says; for a line that is not read, the line.
        intent: what it stands under.
        file: where it stands.
        line: its line.
        is_read: whether it begins as an example has to.
        intent_line: the line that names the intent.
    """

    text: str
    intent: str
    file: str
    line: int
    is_read: bool
    intent_line: int | None = None


def examples_of(files: Iterable[Located]) -> Iterator[Example]:
    """The examples of some files, in order.

    Args:
        files: files of data/nlu.
    """
    for located in files:
        entries = located.section("nlu")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            if not isinstance(entry, dict) or "intent" not in entry or not isinstance(entry.get("examples"), str):
                continue
            intent_line = located.line("nlu", index, "intent")
            first = (located.line("nlu", index, "examples") or 0) + 1
            for offset, line in enumerate(entry["examples"].splitlines()):
                if line.strip():
                    is_read = line.startswith(MARK) and bool(line[len(MARK) :].strip())
                    text = line[len(MARK) :].strip() if is_read else line.strip()
                    yield Example(text, str(entry["intent"]), located.file, first + offset, is_read, intent_line)
