"""Examples are read, stand under one intent each that there is, and every task has enough of them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from bot.checks.reading.examples import Example
from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.dialogue.mistakes import nearest
from bot.nlu.normalise import normalise

OUT_OF_SCOPE = "out_of_scope"
FEWEST = 20
"""Examples that a task needs to be told from its neighbours."""

_MARKUP = re.compile(r"\[[^\]]*\][({]")


def validate(project: Project) -> list[Finding]:
    """Report lines that are skipped, unknown intents, marked entities, an example under two intents, and tasks with few."""
    return [*_lines(project), *_in_two_intents(project), *_few(project)]


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
            yield Finding(
                one.file, one.line - 1, one.intent, what, "" if "是不是" in what else "先写进服务清单的 tasks"
            )


def _in_two_intents(project: Project) -> Iterator[Finding]:
    seen: dict[str, Example] = {}
    for one in project.examples:
        if one.intent == OUT_OF_SCOPE and any(service.claims_text(one.text) for service in project.services):
            continue  # a service has taken it over
        other = seen.setdefault(normalise(one.text), one)
        if other.intent != one.intent:
            what = f"已经在 {other.intent} 下面（{other.file}:{other.line}），又写在 {one.intent} 下面"
            mend = "只能留一处"
            if OUT_OF_SCOPE in (one.intent, other.intent):
                mend = (
                    "现在能办的，把其中的词写进服务清单的 claims（整句写进 claims_whole）；办不了的，删掉服务里的这句"
                )
            yield Finding(one.file, one.line, f"「{one.text}」", what, mend)


def _few(project: Project) -> Iterator[Finding]:
    count = Counter((one.file, one.intent) for one in project.examples if one.is_read)
    for intent, task, service in project.tasks():
        file = f"data/nlu/{service.name}.yml"
        if count[file, intent] < FEWEST:
            what = f"「{task.title}」只有 {count[file, intent]} 句例句"
            yield Finding(file, None, intent, what, f"至少 {FEWEST} 句，写居民真会说的，不同的说法")
