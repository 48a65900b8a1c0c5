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
    for button in response.says.get("buttons") or ():
        title, payload = (
            str(button.get(key) or "") if isinstance(button, dict) else "" for key in ("title", "payload")
        )
        item = f"{response.name} 的按钮「{title}」"
        match = _PAYLOAD.fullmatch(payload.strip())
        if not title or match is None:
            yield Finding(
                response.file, response.line, item, 'payload 要写成 /意图 或 /意图{{"实体": "值"}}，title 不能空'
            )
            continue
        intent = match[1].partition("/")[0]
        if intent not in project.intents:
            yield Finding(
                response.file, response.line, item, f"没有叫 {intent} 的意图{nearest(intent, project.intents)}"
            )
        for entity in _KEY.findall(match[2] or ""):
            if entity not in project.names["entities"]:
                what = f"没有叫 {entity} 的实体{nearest(entity, project.names['entities'])}"
                yield Finding(response.file, response.line, item, what)
