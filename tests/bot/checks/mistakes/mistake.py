"""One mistake that somebody makes in the data, as a row of a table."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Mistake:
    """One mistake, made in a copy of the data.

    Attributes:
        name: what it is, as a test's name.
        file: the file that is edited; made where it is not there.
        old: what stands there; nothing for a file that is made or written anew as a whole.
        new: what is put there.
        says: words of the finding, all of one.
        at: a piece of the line, in the edited file, that the finding points to.
        place: the file that the finding points to, where it is another.
        encoding: how the file is saved.
    """

    name: str
    file: str
    old: str
    new: str
    says: tuple[str, ...]
    at: str
    place: str = ""
    encoding: str = "utf-8"

    def make(self, root: Path) -> None:
        """Make it in a copy of the project.

        Args:
            root: the copy.
        """
        path = root / self.file
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        assert self.old in text, "the mistake is about something that is not there any more"
        path.write_bytes(text.replace(self.old, self.new, 1).encode(self.encoding))

    def line(self, root: Path) -> int:
        """The line that a finding has to name, from 1."""
        lines = (root / (self.place or self.file)).read_bytes().decode(self.encoding if not self.place else "utf-8")
        return next(number for number, line in enumerate(lines.splitlines(), 1) if self.at in line)
