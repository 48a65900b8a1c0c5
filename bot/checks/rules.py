"""Rules and stories name only what there is, each rule bears a name of its own, and every intent is answered by one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from rasa.shared.core.constants import DEFAULT_INTENTS

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import DOMAIN, SERVICES, STORIES, Project
from bot.checks.reading.stories import Step, Story, slots_of
from bot.dialogue.mistakes import nearest

KEYS = ("intent", "user", "action", "bot", "active_loop", "slot_was_set", "checkpoint", "metadata", "entities")


def validate(project: Project) -> list[Finding]:
    """Report steps that are mistyped or name what is not there, names given twice, and intents that nobody answers."""
    findings = [finding for story in project.stories for step in story.steps for finding in _of(project, story, step)]
    return [*findings, *_named(project), *_replacing(project), *_unanswered(project)]


def _of(project: Project, story: Story, step: Step) -> Iterator[Finding]:
    item = f"{'规则' if story.is_rule else '故事'}「{story.name}」"
    if not isinstance(step.said, dict) or not set(step.said) & set(KEYS):
        if any(number == step.line for number, _ in project.slips(story.file)):
            return  # said by yaml_files
        keys = "、".join(map(str, step.said)) if isinstance(step.said, dict) else str(step.said)
        what = f"这一步写的 {keys} 不认识{nearest(keys, KEYS)}"
        yield Finding(story.file, step.line, item, what, "居民说的写 intent: …，我们说的、做的写 action: …")
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
            if key == "action" and str(name).startswith("utter_"):
                kind, to_do = "回复", "名字写错了就改；是新写的话，先写进 data/domain"
            else:
                to_do = "改成有的名字"
            yield Finding(story.file, step.line, item, f"没有叫 {name} 的{kind}{nearest(str(name), known)}", to_do)
    for line, slot in slots_of(step):
        if slot not in project.slots:
            what = f"没有叫 {slot} 的情况{nearest(slot, project.slots)}"
            yield Finding(story.file, line, item, what, "能用的情况见 docs/stories.md")


def _replacing(project: Project) -> Iterator[Finding]:
    """A rule that stands in the place of a generated one has to do what that does."""
    for story in project.stories:
        file, generated = project.generated_rules.get(story.name, ("", {}))
        if not generated or not story.is_rule:
            continue
        done = [step.said for step in story.steps if isinstance(step.said, dict)]
        left_out = [step for step in generated["steps"] if "action" in step and step not in done]
        if left_out:
            names = "、".join(step["action"] for step in left_out)
            what = f"它代替了 {file} 自动生成的那一条，却少了 {names}，这件事会办不完"
            yield Finding(
                story.file, story.line, f"规则「{story.name}」", what, "补上，或者把这条规则整个删掉，用自动生成的"
            )


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
    """Every intent has a rule that holds whatever the situation."""
    if not project.is_whole(*DOMAIN, SERVICES, STORIES):
        return
    answered = {intent for story in project.stories if story.is_rule for intent in _begins_with(story)}
    answered |= {intent for _, rule in project.generated_rules.values() for intent in _of_rule(rule)}
    answered |= {intent for intent, _, _ in project.tasks()} | set(DEFAULT_INTENTS) - {"out_of_scope", "nlu_fallback"}
    for intent in sorted(project.names["intents"] - answered):
        file, line = project.written["intents"].get(intent, ("domain.yml", None))
        what = "居民这样说的时候，没有一条不带条件的规则接，只会答“没听明白”"
        yield Finding(file, line, intent, what, "在 data/stories 写一条规则（刚删掉的放回去），或者连意图带例句一起删")


def _of_rule(rule: dict[str, Any]) -> Iterator[str]:
    """The intent that a generated rule begins with."""
    yield from (str(step["intent"]) for step in rule["steps"][:1] if "intent" in step)


def _begins_with(story: Story) -> Iterator[str]:
    for step in story.steps:
        if not isinstance(step.said, dict) or not step.said.get("intent"):
            return
        yield str(step.said["intent"]).partition("/")[0]
