"""What is known of a message when it arrives, as slots that rules and stories may branch on (docs/stories.md).

The other facts are set where they come about: by the actions (`actions.conversation.outcomes`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

import chinese_calendar
from rasa.core.channels.channel import UserMessage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.emergencies import EMERGENCY
from bot.nlu.extractor import CHINA
from bot.nlu.readers.holidays import is_working_day
from bot.nlu.readers.whose import NAMED, NEXT, OTHER, SELF
from manifests import Services, services
from manifests.knowledge import ASK

OPENS, CLOSES = time(8, 30), time(17, 30)
"""When the offices are open, as `utter_hand_over` says it."""

TELLING = ("inform", "affirm", "deny")
"""Intents besides the tasks' whose messages may say whose thing it is."""

_HANZI = re.compile(r"[\u3400-\u9fff]")
_WORD = re.compile(r"[^\W\d_]{2,}")
_LATIN = re.compile(r"[A-Za-z]+")


def noted_on_arrival(
    message: UserMessage, parsed: Mapping[str, Any], tracker: DialogueStateTracker, now: datetime | None = None
) -> list[SlotSet]:
    """Give the slots that change with a message.

    Args:
        message: as it came in.
        parsed: how it was understood.
        tracker: the conversation before it; of the facts, only what the domain declares is set.
        now: when it came; this moment by default.
    """
    known = {
        "channel": message.input_channel,
        "office_hours": office_hours((now or datetime.now(CHINA)).astimezone(CHINA)),
        "language": language(message.text or "") or tracker.get_slot("language") or "zh",
        "asked_city_service": city_service_asked(
            (parsed.get("intent") or {}).get("name"), parsed.get("entities") or (), services()
        ),
    }
    known |= whose_thing(parsed, tracker, services())
    return [
        SlotSet(name, value)
        for name, value in known.items()
        if name in tracker.slots and tracker.get_slot(name) != value
    ]


def whose_thing(parsed: Mapping[str, Any], tracker: DialogueStateTracker, known: Services) -> dict[str, str]:
    """Give the slots that say whose thing the conversation is about; none where the message does not change it.

    It stays until something else is said: 帮我爸交水费 … 还有电费. A pronoun means whoever it was about before. Small talk in the
    middle of a task (孩子哭了，等一下) changes nothing, and no more does danger (我爸晕倒了)
    or a question (我爸的医保我能用吗). A new person stays one until an action has seen to it.

    Args:
        parsed: how the message was understood; `whose` is what it says of it (bot.nlu.whose_component).
        tracker: the conversation before it.
        known: the services.
    """
    read, intent = parsed.get("whose"), str((parsed.get("intent") or {}).get("name"))
    if (
        not read
        or intent == EMERGENCY
        or intent.startswith(ASK)
        or "whose" not in tracker.slots
        or tracker.get_slot("whose") == NEXT
    ):
        return {}
    ours = known.entities().keys() & {str(found.get("entity")) for found in parsed.get("entities") or ()}
    if not (ours or known.of_intent(intent) or intent in TELLING or read["group"] == NEXT):
        return {}
    group, who = str(read["group"]), str(read["who"])
    before = tracker.get_slot("whose")
    if group == OTHER and before not in (None, SELF, NEXT):
        return {}
    if group == NAMED and who == tracker.get_slot("person_name") and before in (None, SELF):
        return {}  # 查王小明的信用分, said by 王小明
    return {"whose": group, "whose_who": who}


def office_hours(now: datetime) -> str:
    """Tell whether the offices are open: `working`, `closed`, or `holiday` on a public holiday's days off.

    After the last year that the official calendar knows, there are working days and weekends, and no holidays.

    Args:
        now: in the city's time.
    """
    day = now.date()
    if is_working_day(day):
        return "working" if OPENS <= now.time() < CLOSES else "closed"
    try:
        _, festival = chinese_calendar.get_holiday_detail(day)
    except NotImplementedError:  # a year whose calendar is not published yet
        festival = None
    return "holiday" if festival else "closed"


def language(text: str) -> str | None:
    """Tell in which language a text is written, as BCP 47 has it: `zh`, `en`, or `other`; None where words are too few.

    A Latin word or two ("ok", a plate) are said in Chinese too.
    """
    if text.startswith(INTENT_MESSAGE_PREFIX):
        return None
    if _HANZI.search(text):
        return "zh"
    words: list[str] = _WORD.findall(text)
    if any(not _LATIN.fullmatch(word) for word in words):
        return "other"
    return "en" if len(words) > 2 else None


def city_service_asked(intent: str | None, entities: Iterable[Mapping[str, Any]], known: Services) -> str | None:
    """Tell which city service a message is about: the one that it names, else the one that its task calls.

    Args:
        intent: what it was understood to be.
        entities: what was found in it.
        known: the services.
    """
    said = {str(found.get("entity")): str(found.get("value")) for found in entities}
    for service in known:
        if service.city_service_by and said.get(service.city_service_by) in service.city_services:
            return said[service.city_service_by]
    service_asked = known.of_intent(intent) if intent else None
    return service_asked.city_service(str(intent), said) if service_asked is not None else None
