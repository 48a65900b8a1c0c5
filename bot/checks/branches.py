"""Rules and stories branch on facts that tell situations apart, and on values that these can have."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.checks.reading.stories import Step, Story, slots_of
from bot.dialogue.branches import NAMED, derived_values, slots_named
from bot.dialogue.generated import SLOT
from bot.dialogue.mistakes import nearest
from manifests import Services

TELLS_APART = ("categorical", "bool")


def validate(project: Project) -> list[Finding]:
    """Report slots that make no difference, and values that never occur: a rule with either would never speak, or always."""
    return [finding for story in project.stories for step in story.steps for finding in _of(project, story, step)]


def _of(project: Project, story: Story, step: Step) -> Iterator[Finding]:
    item = f"{'规则' if story.is_rule else '故事'}「{story.name}」"
    lines = {slot: line for line, slot in slots_of(step)} if isinstance(step.said, dict) else {}
    for name, value in slots_named(step.said):
        line = lines.get(name, step.line)
        if name not in project.names["slots"]:
            continue
        declared = project.slots_written.get(name, SLOT)
        if declared.get("type") not in TELLS_APART:
            what = f"{name} 分不出情形，写了等于没写"
            yield Finding(story.file, line, item, what, "能用的情况见 docs/stories.md")
        elif declared["type"] == "bool":
            if value is not None and not isinstance(value, bool):
                yield Finding(story.file, line, item, f"{name} 只能是 true 或 false，不是 {value}", "改成其中一个")
        else:
            known = _values(project, name, declared)
            if value is not None and known and str(value) not in known:
                what = f"{name} 没有 {value} 这个值{nearest(str(value), known)}"
                yield Finding(story.file, line, item, what, _may_be(known))


def _may_be(known: list[str]) -> str:
    return f"能写的有 {'、'.join(known)}" if len(known) < 20 else ""


def _values(project: Project, name: str, declared: dict[str, Any]) -> list[str]:
    """Every value that a slot can have; nothing where that is not known."""
    if name in NAMED:
        return _named(project)[name]
    derived = derived_values(Services(list(project.services)), ())
    return derived.get(name) or [str(value) for value in declared.get("values") or ()]


def _named(project: Project) -> dict[str, list[str]]:
    """Served cities by name, where it is one city's alone, and by code; channels by their modules."""
    codes = project.places.served() if project.places is not None else ()
    rows = [
        row for code in codes if project.places is not None and (row := project.places.registered(code)) is not None
    ]
    names = [row.name for row in rows]
    modules = [Path(file).stem for file in project.files("connectors/[a-z]*.py")]
    return {
        "city": [name for name in names if names.count(name) == 1],
        "city_code": list(codes),
        "channel": modules,
    }
