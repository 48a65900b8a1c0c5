"""Reads data/emergencies: what people in danger write, by kind, and what only sounds like it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path

from manifests import ManifestError
from manifests.files import ROOT, read

FOLDER = "data/emergencies"
EVERYDAY = "everyday"
"""The file of ordinary requests, by which danger is told from the rest; it is no kind."""

SECTIONS = ("examples", "beside", "not")
MARK = "- "


@dataclass(frozen=True)
class Kind:
    """What a file says.

    Attributes:
        name: its name, and the kind's.
        examples: danger and nothing else.
        beside: danger and a request in one: it is warned of, and the request goes on.
        near: what sounds like it and is none.
    """

    name: str
    examples: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()
    near: tuple[str, ...] = field(default=())


def read_kinds(folder: Path = ROOT / FOLDER) -> list[Kind]:
    """Read all files of the folder, by name; none where there is no folder.

    Raises:
        ManifestError: a file is no YAML, or a part of it is no text.
    """
    return [_read(path) for path in sorted(folder.glob("*.yml"))]


def digest(folder: Path = ROOT / FOLDER) -> str:
    """Give a hash of the files."""
    content = hashlib.sha256()
    for path in sorted(folder.glob("*.yml")):
        content.update(f"\0{path.name}\0".encode() + path.read_bytes())
    return content.hexdigest()[:16]


def lines_of(text: str) -> tuple[str, ...]:
    """Give the sentences of a part, one a line, each behind `- `."""
    return tuple(
        line[len(MARK) :].strip() for line in text.splitlines() if line.startswith(MARK) and line[len(MARK) :].strip()
    )


def _read(path: Path) -> Kind:
    content = read(path)
    for section in SECTIONS:
        if not isinstance(content.get(section, ""), str):
            raise ManifestError(f"{path.name}：{section}：后面要写竖线（{section}: |），下面每行一句，以“- ”开头")
    return Kind(path.stem, *(lines_of(content.get(section, "")) for section in SECTIONS))
