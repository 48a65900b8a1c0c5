"""Every button sends an intent that there is, with entities that there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project, Response
from bot.dialogue.mistakes import nearest

_PAYLOAD = re.compile(r"/(\w+(?:/\w+)?)\s*(\{.*\})?", re.DOTALL)
_KEY = re.compile(r'"(\w+)"\s*:')


def validate(project: Project) -> list[Finding]:
    """Report buttons that would send plain words."""
    return [finding for response in (*project.responses, *project.city_words) for finding in _of(project, response)]


def _of(project: Project, response: Response) -> Iterator[Finding]:
    for line, button in zip(response.buttons, response.says.get("buttons") or (), strict=False):
        title, payload = (
            str(button.get(key) or "") if isinstance(button, dict) else "" for key in ("title", "payload")
        )
        item = f"{response.name} 的按钮「{title}」"
        match = _PAYLOAD.fullmatch(payload.strip())
        if not title or match is None:
            what = "点了只会发出一句白话"
            to_do = 'payload 要写成 /意图，比如 /help，或者 /意图{"实体": "值"}；title 是按钮上的字，不能空'
            yield Finding(response.file, line, item, what, to_do)
            continue
        intent = match[1].partition("/")[0]
        if intent not in project.intents:
            what = f"没有叫 {intent} 的意图{nearest(intent, project.intents)}"
            yield Finding(response.file, line, item, what, "点了办不成事，改成有的意图")
        for entity in _KEY.findall(match[2] or ""):
            if entity not in project.names["entities"]:
                what = f"没有叫 {entity} 的实体{nearest(entity, project.names['entities'])}"
                yield Finding(response.file, line, item, what, "点了办不成事，改成有的实体")
