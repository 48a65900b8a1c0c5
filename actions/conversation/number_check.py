"""Whether a number that was said can be one of the kind that is asked for, by the form that the city's file says it has.

A piece is kept for the next one (3301, then 091674); what cannot be one at all is told what it is taken for, or how many
digits came, before the city is asked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from actions.conversation.cities import account_facts
from actions.conversation.turn import Turn
from manifests import places, services
from manifests.city import AccountNumberManifest

if TYPE_CHECKING:
    from actions.conversation.task import Task

SO_FAR = "number_so_far"
"""The slot that holds a number's first digits while the others are waited for."""

_RUN = re.compile(r"\d(?:[ \-]{0,2}\d)*")
_MOBILE = re.compile(r"1[3-9]\d{9}")
_LEAST = 2
_MOST_WORDS = 6
"""Characters besides the digits of a message that is nothing but a piece: 后面是 091674 呢."""


def joined(turn: Turn, task: type[Task], found: dict[str, Any]) -> dict[str, Any]:
    """The number of the task that pieces of the message, or of the message before, make up; or what is known of it so far.

    Args:
        turn: what was said.
        task: that hears it.
        found: what it heard already.

    Returns:
        The number's slot with the whole number; `SO_FAR` with its first digits; nothing where there are no pieces.
    """
    slot, form = number_of(task), form_of(turn, task, found)
    if slot is None or form is None or (found.get(slot) is not None and _fits(str(found[slot]), form)):
        return {}
    said = str(found.get(slot) or "")
    for run in _runs(turn, slot):
        if said in run and _fits(run, form):
            return {slot: run}
    if turn.requested != slot:
        return {}
    digits = _bare_digits(turn, slot)
    whole = str(turn.slot(SO_FAR) or "") + digits
    if not digits or len(whole) > form.digits[1]:
        return {}
    return {slot: whole} if _fits(whole, form) else {SO_FAR: whole}


def refuse_unfit(turn: Turn, task: type[Task]) -> None:
    """Forget a number that cannot be one by its length, and say so; where digits may still come, the first ones are kept.

    Args:
        turn: in which it is known.
        task: whose number it is.
    """
    slot, form = number_of(task), form_of(turn, task)
    value = str(turn.slot(slot) or "") if slot is not None else ""
    if slot is None or form is None or not value:
        return
    if _fits(value, form):
        turn.forget(SO_FAR)
        return
    if _MOBILE.fullmatch(value):
        turn.say("utter_number_is_a_phone", **_words(turn, task, slot))
    else:
        turn.say("utter_number_of_wrong_length", said=value, count=len(value), **_words(turn, task, slot))
    turn.forget(slot)
    turn.set(SO_FAR, value if len(value) < form.digits[0] else None)


def say_so_far(turn: Turn, task: type[Task], digits: str) -> None:
    """Say which digits are noted, and that the others are waited for."""
    slot = number_of(task)
    if slot is not None:
        turn.say("utter_number_so_far", said=digits, count=len(digits), **_words(turn, task, slot))


def say_what_it_is(turn: Turn, task: type[Task]) -> bool:
    """Say that an ID number or a telephone is not what was asked for, where one came in answer; False where none did."""
    slot = number_of(task)
    if slot is None or turn.requested != slot or form_of(turn, task) is None:
        return False
    for entity, response in (("id_number", "utter_number_is_an_id"), ("phone", "utter_number_is_a_phone")):
        if turn.value(entity) is not None:
            turn.say(response, **_words(turn, task, slot))
            return True
    return False


def form_of(turn: Turn, task: type[Task], found: dict[str, Any] | None = None) -> AccountNumberManifest | None:
    """The form of the task's numbers in the resident's city; None where it is not known, or nobody has said.

    Args:
        turn: where the resident is.
        task: whose numbers.
        found: what the message says besides what is known.
    """
    city = places().city(turn.city_code)
    code = services()[task.service].city_service(task.intent, {**turn.tracker.slots, **(found or {})})
    return city.says.account_numbers.get(code) if city is not None and code is not None else None


def number_of(task: type[Task]) -> str | None:
    """The slot of the number that a task asks for."""
    declared = services().entities()
    return next((slot for slot in services().numbers(task.intent) if declared[slot].reader == "number"), None)


def _fits(digits: str, form: AccountNumberManifest) -> bool:
    fewest, most = form.digits
    return digits.isdigit() and fewest <= len(digits) <= most


def _runs(turn: Turn, slot: str) -> list[str]:
    """Digits with blanks between them, put together, where none of them is something else: 33014130 26."""
    return [
        re.sub(r"\D", "", run.group())
        for run in _RUN.finditer(turn.text)
        if not any(
            found["entity"] != slot and (found.get("start") or 0) < run.end() and run.start() < (found.get("end") or 0)
            for found in turn.entities
        )
    ]


def _bare_digits(turn: Turn, slot: str) -> str:
    """The digits of a message that is nothing else; empty where it says anything besides."""
    digits = "".join(_runs(turn, slot))
    others = len(re.sub(r"[\d\s\-，,。.、]", "", turn.text))
    is_bare = not turn.is_button and others <= _MOST_WORDS and all(one["entity"] == slot for one in turn.entities)
    return digits if is_bare and len(digits) >= _LEAST else ""


def _words(turn: Turn, task: type[Task], slot: str) -> dict[str, str]:
    facts = account_facts(places().city(turn.city_code), task.city_service(turn) or "")
    return {"called": services().entities()[slot].title, **facts}
