"""Rules and stories name only what there is, each rule bears a name of its own, and every intent is answered by one."""

from __future__ import annotations

from collections.abc import Iterator

from rasa.shared.core.constants import DEFAULT_INTENTS

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.checks.reading.stories import Step, Story
from bot.dialogue.mistakes import nearest

KEYS = ("intent", "user", "action", "bot", "active_loop", "slot_was_set", "checkpoint", "metadata", "entities")


def validate(project: Project) -> list[Finding]:
    """Report steps that are mistyped or name what is not there, names given twice, and intents that nobody answers."""
    findings = [finding for story in project.stories for step in story.steps for finding in _of(project, story, step)]
    return [*findings, *_named(project), *_unanswered(project)]


def _of(project: Project, story: Story, step: Step) -> Iterator[Finding]:
    item = f"{'规则' if story.is_rule else '故事'}「{story.name}」"
    if not isinstance(step.said, dict) or not set(step.said) & set(KEYS):
        keys = "、".join(step.said) if isinstance(step.said, dict) else str(step.said)
        yield Finding(story.file, step.line, item, f"这一步写的 {keys} 不认识{nearest(keys, KEYS)}")
        return
    named = [
        ("intent", "意图", project.intents),
        ("action", "动作", project.actions),
        ("active_loop", "表单", project.names["forms"]),
    ]
    for key, kind, known in named:
        name = step.said.get(key)
        base = str(name).partition("/")[0] if key == "intent" else name
        if name is not None and base not in known:
            yield Finding(story.file, step.line, item, f"没有叫 {name} 的{kind}{nearest(str(name), known)}")
    for slot in _slots(step):
        if slot not in project.slots:
            yield Finding(story.file, step.line, item, f"没有叫 {slot} 的槽位{nearest(slot, project.slots)}")


def _slots(step: Step) -> Iterator[str]:
    entries = step.said.get("slot_was_set") or []
    for entry in entries if isinstance(entries, list) else [entries]:
        yield from (str(name) for name in (entry if isinstance(entry, dict) else [entry]))


def _named(project: Project) -> Iterator[Finding]:
    seen: dict[tuple[bool, str], Story] = {}
    for story in project.stories:
        kind = "规则" if story.is_rule else "故事"
        if not story.name or not story.steps:
            yield Finding(story.file, story.line, f"{kind}「{story.name}」", "要有名字，也要有 steps，不然不算数")
        other = seen.setdefault((story.is_rule, story.name), story)
        if other is not story:
            what = f"{other.file}:{other.line} 已经有一条叫这个名字"
            yield Finding(story.file, story.line, f"{kind}「{story.name}」", what, "换一个名字")


def _unanswered(project: Project) -> Iterator[Finding]:
    answered = {
        str(step.said["intent"]).partition("/")[0]
        for story in project.stories
        for step in story.steps
        if isinstance(step.said, dict) and step.said.get("intent")
    }
    answered |= {intent for intent, _, _ in project.tasks()} | set(DEFAULT_INTENTS) - {"out_of_scope", "nlu_fallback"}
    for intent in sorted(project.names["intents"] - answered):
        file, line = project.written["intents"].get(intent, ("domain.yml", None))
        yield Finding(file, line, intent, "居民说了这个意图，没有一条规则接", "在 data/stories 写一条，或删掉这个意图")
