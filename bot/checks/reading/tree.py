"""A project's files: their content, read once, and what YAML makes of it, kept between checks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from bot.checks.reading.kept import Kept
from bot.checks.reading.located import Located, read_located
from manifests.places import folder_of_cities
from manifests.yaml_lines import slips

CITIES = "data/cities/"

_WORD = re.compile(r"\w+")


class Tree:
    """A project's files, as they are when they are first asked for.

    Args:
        root: its folder.
        kept: what was made of files before, in this tree or another.
    """

    def __init__(self, root: Path, kept: Kept | None = None) -> None:
        self.root = root
        self.cities_folder = folder_of_cities(root)
        self.kept = kept or Kept()
        self.unreadable: dict[str, Exception] = {}
        """File → why it cannot be read, of those that were asked for so far."""
        self._files: dict[str, list[str]] = {}
        self._content: dict[str, bytes] = {}
        self._read: dict[str, Located | None] = {}

    def files(self, pattern: str) -> list[str]:
        """The files that a pattern names, relative to the project, in order; city files are the installation's own."""
        if pattern not in self._files:
            if pattern.startswith(CITIES):
                found = [f"{CITIES}{path.name}" for path in self.cities_folder.glob(pattern.removeprefix(CITIES))]
            else:
                found = [path.relative_to(self.root).as_posix() for path in self.root.glob(pattern)]
            self._files[pattern] = sorted(found)
        return self._files[pattern]

    def path(self, file: str) -> Path:
        """Where a file of `files` is."""
        return self.cities_folder / file.removeprefix(CITIES) if file.startswith(CITIES) else self.root / file

    def content(self, file: str) -> bytes:
        """What a file of `files` holds."""
        if file not in self._content:
            self._content[file] = self.path(file).read_bytes()
        return self._content[file]

    def text(self, file: str) -> str:
        """What a file of `files` says; what is no UTF-8 is replaced."""
        return self.content(file).decode("utf-8", errors="replace")

    def digest(self, *patterns: str) -> str:
        """A hash of the files that patterns name, and of their names."""
        digest = hashlib.sha256()
        for file in (file for pattern in patterns for file in self.files(pattern)):
            digest.update(f"{file}\0{len(self.content(file))}\0".encode() + self.content(file))
        return digest.hexdigest()

    def slips(self, file: str) -> list[tuple[int, str]]:
        """The lines of a file that look mistyped: number and what is wrong."""
        return self.kept.of(("slips", self.content(file)), lambda: list(slips(self.text(file))))

    def located(self, pattern: str) -> Iterator[Located]:
        """Those of the YAML files a pattern names that can be read."""
        for file in self.files(pattern):
            if file not in self._read:
                self._read[file] = self._located(file)
            found = self._read[file]
            if found is not None:
                yield found

    def _located(self, file: str) -> Located | None:
        content = self.content(file)
        try:
            return self.kept.of((file, content), lambda: read_located(content, file))
        except (yaml.YAMLError, ValueError) as error:
            self.unreadable[file] = error
            return None

    def is_broken(self, file: str) -> bool:
        """Whether a YAML file cannot be read as it is meant."""
        return next(self.located(file), None) is None or bool(self.slips(file))

    def is_whole(self, *patterns: str) -> bool:
        """Whether all files can be read as they are meant; else nobody can tell what is missing in them."""
        return not any(self.is_broken(file) for pattern in patterns for file in self.files(pattern))

    def spelt_in_broken(self, *patterns: str) -> frozenset[str]:
        """The words in those of the files that cannot be read: a name among them may well be declared there."""
        broken = [file for pattern in patterns for file in self.files(pattern) if self.is_broken(file)]
        return frozenset(word for file in broken for word in _WORD.findall(self.text(file)))
