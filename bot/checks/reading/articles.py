"""The articles of data/knowledge as the checks see them: each with the lines on which its parts stand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.checks.reading.located import Located
from manifests.knowledge import MARK


@dataclass(frozen=True)
class Asked:
    """A line of an article's examples.

    Attributes:
        text: what a resident asks; for a line that is not read, the line.
        line: its line.
        is_read: whether it begins as an example has to.
    """

    text: str
    line: int
    is_read: bool


@dataclass(frozen=True)
class WrittenArticle:
    """An article as somebody wrote it down.

    Attributes:
        name: its name in the file.
        says: its parts, as plain values.
        located: the file.
        asked: its examples.
    """

    name: str
    says: dict[str, Any]
    located: Located
    asked: tuple[Asked, ...]

    @property
    def file(self) -> str:
        """The file, relative to the project."""
        return self.located.file

    def line(self, *part: str) -> int | None:
        """The line of one of its parts, or its own."""
        return self.located.line("articles", self.name, *part)

    def texts(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """Everything it says to residents, with where that stands in it."""
        local = self.says.get("cities")
        said: list[tuple[tuple[str, ...], Any]] = [((), self.says)]
        said += [(("cities", str(code)), one) for code, one in (local.items() if isinstance(local, dict) else ())]
        for where, one in said:
            for name in ("answer", "more"):
                if isinstance(one, dict) and isinstance(one.get(name), str):
                    yield (*where, name), one[name]

    def part(self, name: str) -> Any:
        """A part that an article may take over from its file, such as the day of review."""
        return self.says.get(name, self.located.section(name))


def articles_of(files: Iterable[Located]) -> Iterator[WrittenArticle]:
    """The articles of some files, in order; what is no mapping is left out.

    Args:
        files: of data/knowledge.
    """
    for located in files:
        written = located.section("articles")
        for name, says in written.items() if isinstance(written, dict) else ():
            if isinstance(says, dict):
                yield WrittenArticle(str(name), says, located, tuple(_asked(located, str(name), says)))


def _asked(located: Located, name: str, says: dict[str, Any]) -> Iterator[Asked]:
    content = says.get("examples")
    first = (located.line("articles", name, "examples") or 0) + 1
    for offset, line in enumerate(content.splitlines() if isinstance(content, str) else ()):
        if line.strip():
            is_read = line.startswith(MARK) and bool(line[len(MARK) :].strip())
            yield Asked(line[len(MARK) :].strip() if is_read else line.strip(), first + offset, is_read)
