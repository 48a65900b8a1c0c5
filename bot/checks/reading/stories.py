"""The rules and stories of data/stories, as they are written, with the line of each step."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.checks.reading.located import Located

KINDS = (("rules", "rule"), ("stories", "story"))


@dataclass(frozen=True)
class Step:
    """One step of a rule or story, or one condition of a rule.

    Attributes:
        said: what is written: {"intent": "greet"}; anything else where it is mistyped.
        line: its line.
        slot_lines: the lines of what it says of slots, one an entry.
    """

    said: Any
    line: int | None
    slot_lines: tuple[int | None, ...] = ()


@dataclass(frozen=True)
class Story:
    """A rule or a story.

    Attributes:
        name: its name.
        is_rule: whether it is a rule.
        file: where it stands.
        line: its first line.
        steps: conditions first; the alternatives of an `or` one by one.
    """

    name: str
    is_rule: bool
    file: str
    line: int | None
    steps: tuple[Step, ...]


def stories_of(files: Iterable[Located]) -> Iterator[Story]:
    """The rules and stories of some files, in order.

    Args:
        files: files of data/stories.
    """
    for located in files:
        for section, title in KINDS:
            entries = located.section(section)
            for index, entry in enumerate(entries if isinstance(entries, list) else ()):
                if isinstance(entry, dict):
                    where = (section, index)
                    steps = tuple(_steps(located, entry, where))
                    line = located.line(*where)
                    yield Story(str(entry.get(title) or ""), title == "rule", located.file, line, steps)


def _steps(located: Located, entry: dict[str, Any], where: tuple[str | int, ...]) -> Iterator[Step]:
    for part in ("condition", "steps"):
        written = entry.get(part)
        for index, said in enumerate(written if isinstance(written, list) else ()):
            here = (*where, part, index)
            if isinstance(said, dict) and isinstance(said.get("or"), list):
                for number, alternative in enumerate(said["or"]):
                    yield _step(located, alternative, (*here, "or", number))
            else:
                yield _step(located, said, here)


def _step(located: Located, said: Any, where: tuple[str | int, ...]) -> Step:
    entries = said.get("slot_was_set") if isinstance(said, dict) else None
    count = len(entries) if isinstance(entries, list) else 1
    lines = tuple(located.line(*where, "slot_was_set", number) for number in range(count))
    return Step(said, located.line(*where), lines)


def slots_of(step: Step) -> Iterator[tuple[int | None, str]]:
    """The slots that a step names, each with its line.

    Args:
        step: one that is a mapping.
    """
    entries = step.said.get("slot_was_set") or []
    for line, entry in zip(step.slot_lines, entries if isinstance(entries, list) else [entries], strict=False):
        yield from ((line, str(name)) for name in (entry if isinstance(entry, dict) else [entry]))
