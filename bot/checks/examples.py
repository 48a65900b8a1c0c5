"""Examples are read, stand under one intent each that there is, and every task has enough of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.checks.reading.examples import Example
from bot.checks.reading.finding import Finding
from bot.checks.reading.project import EXAMPLES, Project
from bot.dialogue.mistakes import nearest
from bot.nlu.normalise import normalise

OUT_OF_SCOPE = "out_of_scope"
FEWEST = 20
"""Examples that a task needs to be told from its neighbours."""

_MARKUP = re.compile(r"\[[^\]]*\][({]")
_NOT_SPOKEN = re.compile(r"[\W_]+")


def validate(project: Project) -> list[Finding]:
    """Report lines that are skipped, unknown intents, marked entities, an example under two intents, and tasks with few."""
    return [*_strays(project), *_lines(project), *_in_two_intents(project), *_few(project)]


def _strays(project: Project) -> Iterator[Finding]:
    """What stands between the intents and belongs to none."""
    for located in project.located(EXAMPLES):
        entries = located.section("nlu")
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            line = located.line("nlu", index)
            if isinstance(entry, str):
                text = entry.partition(" - ")[0]
                to_do = "它和它后面的几句都没有收进去：前面加空格，和上面的例句对齐"
                yield Finding(located.file, line, f"「{text}」", "缩进少了，这句没有收进去", to_do)
            elif isinstance(entry, dict) and not isinstance(entry.get("examples"), str) and "intent" in entry:
                what = "下面没有写 examples: |，这个意图的例句都没有收进去"
                yield Finding(located.file, line, str(entry["intent"]), what, "照别的意图补上这一行")


def _lines(project: Project) -> Iterator[Finding]:
    unknown: set[tuple[str, str]] = set()
    for one in project.examples:
        if not one.is_read:
            yield Finding(one.file, one.line, f"「{one.text}」", "这句没有收进去", "每句以半角的“- ”开头，和上一句对齐")
        elif _MARKUP.search(one.text):
            yield Finding(one.file, one.line, f"「{one.text}」", "这里不用标实体，标了也没有用", "去掉方括号和圆括号")
        if one.intent.partition("/")[0] not in project.intents and (one.file, one.intent) not in unknown:
            unknown.add((one.file, one.intent))
            what = f"没有这个意图{nearest(one.intent, project.intents)}"
            yield Finding(one.file, one.intent_line, one.intent, what, "名字写错了就改；是新的，先写进服务清单的 tasks")


def _in_two_intents(project: Project) -> Iterator[Finding]:
    seen: dict[str, Example] = {}
    for one in project.examples:
        if one.intent == OUT_OF_SCOPE and any(service.claims_text(one.text) for service in project.services):
            continue  # a service has taken it over
        other = seen.setdefault(_spoken(one.text), one)
        if other.intent != one.intent:
            same = "" if other.text == one.text else f"和「{other.text}」只差标点，"
            what = f"{same}已经在 {other.intent} 下面（{other.file}:{other.line}），又写在 {one.intent} 下面"
            mend = "只能留一处"
            if OUT_OF_SCOPE in (one.intent, other.intent):
                mend = (
                    "现在能办的，把其中的词写进服务清单的 claims（整句写进 claims_whole）；办不了的，删掉服务里的这句"
                )
            yield Finding(one.file, one.line, f"「{one.text}」", what, mend)


def _spoken(text: str) -> str:
    """What is left of an example for the ear; all of one that is nothing but marks."""
    return _NOT_SPOKEN.sub("", normalise(text)) or text


def _few(project: Project) -> Iterator[Finding]:
    count = Counter((one.file, one.intent) for one in project.examples if one.is_read)
    for intent, task, service in project.tasks():
        file = f"data/nlu/{service.name}.yml"
        if count[file, intent] < FEWEST and not _are_lost(project, file):
            what = f"「{task.title}」只有 {count[file, intent]} 句例句"
            yield Finding(file, None, intent, what, f"至少 {FEWEST} 句，写居民真会说的，不同的说法")


def _are_lost(project: Project, file: str) -> bool:
    """Whether there are more in the file than are read: somebody else says why."""
    return (
        not project.files(file)
        or not project.is_whole(file)
        or any(True for stray in _strays(project) if stray.file == file)
        or any(one.file == file and one.intent not in project.intents for one in project.examples)
    )
