"""Every response that is spoken is there, and every one that is there is spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import EMERGENCIES, SERVICES, STORIES, Project
from bot.dialogue.mistakes import nearest

SPOKEN_ELSEWHERE = frozenset({"utter_default", "utter_too_many_messages"})
"""Spoken by Rasa's fallback, and before a turn (`bot.runtime.message_limits`)."""

_RESPONSE = re.compile(r"utter_\w*[a-z0-9]")


def validate(project: Project) -> list[Finding]:
    """Report responses that the code speaks and nobody declares, that nobody speaks, and that two files word differently."""
    return [*_missing(project), *_unused(project), *_twice(project)]


def _missing(project: Project) -> Iterator[Finding]:
    known = project.names["responses"]
    for name, (file, line) in project.code.strings.items():
        if _RESPONSE.fullmatch(name) and name not in known:
            what = f"程序要说这句，哪里都没有写{nearest(name, known)}"
            to_do = "程序用的话不能删，只能改：写回 data/domain，名字一个字母也不能差"
            yield Finding(file, line, name, what, to_do)


def _unused(project: Project) -> Iterator[Finding]:
    """Answers to questions, `utter_ask_traffic/points`, are spoken by the article that was found."""
    if not project.is_whole(SERVICES, STORIES):
        return
    spoken = {
        *project.code.strings,
        *SPOKEN_ELSEWHERE,
        *(name for _, task, _ in project.tasks() for name in task.confirming),
    }
    spoken |= {
        str(step.said.get("action")) for story in project.stories for step in story.steps if isinstance(step.said, dict)
    }
    spoken |= {service.why_id_number for service in project.services}
    spoken |= {f"utter_emergency_{Path(file).stem}" for file in project.files(EMERGENCIES)}
    questions = {
        question
        for intent, task, _ in project.tasks()
        for slot in task.asks
        for question in project.questions(intent, slot)
    }
    openings = tuple(
        f"{opening}" for opening in project.code.openings if opening.startswith("utter_") and opening != "utter_"
    )
    asked = {f"{opening}{slot}" for opening in openings for slot in project.asked}
    for name, (file, line) in project.written["responses"].items():
        if "/" not in name and name not in spoken | questions | asked:
            near = nearest(name, (spoken | questions | asked) - project.names["responses"])
            yield Finding(file, line, name, f"没有人说这句{near}", "名字写错了就改，不用了就删")


def _twice(project: Project) -> Iterator[Finding]:
    seen: dict[tuple[str, str], tuple[str, int | None, object]] = {}
    for located in project.domain_files:
        for section in ("responses", "slots", "forms"):
            entries = located.section(section)
            for name, value in (entries if isinstance(entries, dict) else {}).items():
                here = (located.file, located.line(section, name), value)
                file, line, other = seen.setdefault((section, name), here)
                if other != value:
                    yield Finding(here[0], here[1], name, f"{file}:{line} 已经写过，两处不一样", "只留一处")
