"""A YAML file as plain values, and the line on which each of them stands."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml

Where = tuple[str | int, ...]
"""The keys and positions that lead to an item: ("responses", "utter_greet", 0, "text")."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass
class Located:
    """What a YAML file holds.

    Attributes:
        file: its path relative to the project.
        content: as plain values.
        lines: the line of each item, from 1.
        repeated: (name, line, first line) of a name written twice in one mapping, of which YAML keeps one.
    """

    file: str
    content: Any
    lines: dict[Where, int] = field(default_factory=dict)
    repeated: list[tuple[str, int, int]] = field(default_factory=list)

    def line(self, *where: str | int) -> int | None:
        """The line of an item, or of the nearest thing around it that has one."""
        while where and where not in self.lines:
            where = where[:-1]
        return self.lines.get(where)

    def section(self, name: str) -> Any:
        """What stands under a name at the top; nothing where the file is no mapping."""
        return self.content.get(name) if isinstance(self.content, dict) else None


def read_located(content: bytes, file: str) -> Located:
    """Read what a file holds.

    Args:
        content: that.
        file: its path as findings name it.

    Raises:
        yaml.YAMLError: it is no YAML.
        ValueError: it is not UTF-8, or has a date that there is not.
    """
    text = content.decode("utf-8")
    located = Located(file, yaml.load(text, _LOADER))  # noqa: S506  # a safe loader, either way
    node = yaml.compose(text, _LOADER)
    if node is not None:
        _note_lines(node, (), located)
    return located


def _note_lines(node: yaml.Node, where: Where, located: Located) -> None:
    located.lines.setdefault(where, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        first: dict[str, int] = {}
        for key, value in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if name in first:
                located.repeated.append((name, line, first[name]))
            first.setdefault(name, line)
            here = (*where, name)
            located.lines[here] = line
            _note_lines(value, here, located)
    elif isinstance(node, yaml.SequenceNode):
        for index, entry in enumerate(node.value):
            _note_lines(entry, (*where, index), located)
