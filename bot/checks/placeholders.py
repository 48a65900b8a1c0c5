"""Every placeholder of a response is filled in by something, and the sentence before a payment says what is paid."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project, Response
from bot.dialogue.mistakes import nearest

FROM_THE_CITY = frozenset({"city", "hotline", "offered", "account_form", "account_stands_on", "plate_example"})
"""Filled in everywhere, from the resident's city."""

SEVERAL = "actions/conversation/several.py"
"""Where the quote of several is made, of those of the handler."""

BEFORE_A_PAYMENT = ("payee", "account", "amount")
"""A yes is a yes to these."""

_PLACEHOLDER = re.compile(r"(?<!\{)\{(\w+)\}(?!\})")
_FULL_WIDTH = re.compile(r"[｛｝]")


def validate(project: Project) -> list[Finding]:
    """Report placeholders that nothing fills: one of them leaves all of its sentence's unfilled."""
    everywhere = project.slots | FROM_THE_CITY
    responses = (*project.responses, *project.city_words)
    findings = [
        finding for one in responses for finding in _unfilled(one, everywhere, everywhere | project.code.filled)
    ]
    return [*findings, *_before_payments(project), *_not_in_the_quote(project)]


def _unfilled(response: Response, everywhere: frozenset[str], known: frozenset[str]) -> Iterator[Finding]:
    for text in texts(response.says):
        for name in dict.fromkeys(_PLACEHOLDER.findall(text)):
            if name not in known:
                what = f"没有 {{{name}}} 这个空{_nearest(name, everywhere) or _nearest(name, known)}"
                to_do = "不改，整句话的空都填不上，居民会看到花括号"
                yield Finding(response.file, response.line, response.name, what, to_do)
        if _FULL_WIDTH.search(text):
            yield Finding(response.file, response.line, response.name, "花括号是全角的，填不上", "换成半角的 { }")


def _nearest(name: str, known: Iterable[str]) -> str:
    return re.sub(r"是不是 (\w+)？", r"是不是 {\1}？", nearest(name, known))


def texts(says: dict[str, Any]) -> Iterator[str]:
    """What a variation says: its text and its buttons' titles.

    Args:
        says: the variation.
    """
    yield str(says.get("text") or "")
    for button in says.get("buttons") or ():
        if isinstance(button, dict):
            yield str(button.get("title") or "")


def _before_payments(project: Project) -> Iterator[Finding]:
    confirming = {name: task.title for _, task, _ in project.tasks() for name in task.confirming}
    for response in (*project.responses, *project.city_words):
        if response.name in confirming:
            missing = [name for name in BEFORE_A_PAYMENT if f"{{{name}}}" not in str(response.says.get("text"))]
            if missing:
                said = "、".join(f"{{{name}}}" for name in missing)
                what = f"「{confirming[response.name]}」付款前的这句里少了 {said}"
                yield Finding(response.file, response.line, response.name, what, "收款方、号码、金额都要念给居民听")


def _not_in_the_quote(project: Project) -> Iterator[Finding]:
    """What the sentence before a payment says comes from the quote that the service's own handler makes."""
    for _, task, service in project.tasks():
        if not task.pays:
            continue
        module = f"actions/services/{service.name}"
        made = set(project.slots | FROM_THE_CITY)
        for file, keys in project.code.keys.items():
            if file == f"{module}.py" or file.startswith(f"{module}/"):
                made |= keys
        for_all = made | project.code.keys.get(SEVERAL, set())
        for response in (*project.responses, *project.city_words):
            if response.name in task.confirming:
                known = for_all if response.name == task.confirms_all else made
                for name in dict.fromkeys(_PLACEHOLDER.findall(str(response.says.get("text")))):
                    if name not in known:
                        what = f"{{{name}}} 不在 {module}.py 的报价里，付款前的整句话都会填不上{_nearest(name, known)}"
                        yield Finding(response.file, response.line, response.name, what, "在报价里加上，或从句子里去掉")
