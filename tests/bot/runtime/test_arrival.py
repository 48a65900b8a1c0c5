"""What is known of a message when it arrives: the channel, the hours of the offices, the language, what it is about."""

from datetime import datetime
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.extractor import CHINA
from bot.runtime.arrival import city_service_asked, language, noted_on_arrival, office_hours
from manifests import services

NOON = datetime(2026, 11, 25, 12, tzinfo=CHINA)


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("2026-11-25 08:29", "closed"),
        ("2026-11-25 08:30", "working"),
        ("2026-11-25 17:29", "working"),
        ("2026-11-25 17:30", "closed"),
        ("2026-11-28 10:00", "closed"),  # a Saturday
        ("2026-10-01 10:00", "holiday"),
        ("2026-10-01 23:00", "holiday"),
        ("2026-10-10 10:00", "working"),  # a Saturday that makes up for the holiday
        # No calendar is published so far ahead: working days and weekends.
        ("2099-10-01 10:00", "working"),
        ("2099-10-03 10:00", "closed"),
    ],
)
def test_office_hours(now: str, hours: str) -> None:
    assert office_hours(datetime.fromisoformat(now).replace(tzinfo=CHINA)) == hours


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("我要交水费", "zh"),
        ("pay 水费 please now", "zh"),
        ("I want to pay my water bill", "en"),
        ("ok", None),
        ("浙A12345", "zh"),
        ("ABC 12345", None),
        ("3301257647", None),
        ("/greet", None),
        ("ཆུ་རིན་སྤྲོད་དགོས", "other"),
        ("сколько стоит вода", "other"),
        ("", None),
    ],
)
def test_language(text: str, said: str | None) -> None:
    assert language(text) == said


@pytest.mark.parametrize(
    ("intent", "entities", "about"),
    [
        ("pay_utility_bill", [("bill_type", "gas")], "gas"),
        ("inform", [("bill_type", "gas")], "gas"),
        ("pay_utility_bill", [], None),
        ("query_credit_score", [], "credit"),
        ("greet", [], None),
        ("greet", [("city", "嘉兴")], None),
        (None, [], None),
    ],
)
def test_what_a_message_is_about(intent: str | None, entities: list[tuple[str, str]], about: str | None) -> None:
    found = [{"entity": entity, "value": value} for entity, value in entities]
    assert city_service_asked(intent, found, services()) == about


DOMAIN = Domain.from_yaml(
    """
    slots:
      channel: {type: categorical, values: [rest], mappings: [{type: custom}]}
      office_hours: {type: categorical, values: [working], mappings: [{type: custom}]}
      language: {type: categorical, values: [zh, en], mappings: [{type: custom}]}
      asked_city_service: {type: categorical, values: [water], mappings: [{type: custom}]}
    """
)


def noted(tracker: DialogueStateTracker, text: str, intent: str = "greet") -> dict[str, Any]:
    message, parsed = UserMessage(text, input_channel="rest"), {"intent": {"name": intent}, "entities": []}
    events = noted_on_arrival(message, parsed, tracker, NOON)
    for event in events:
        tracker.update(event)
    return {event.key: event.value for event in events}


def test_only_what_changes_is_noted() -> None:
    tracker = DialogueStateTracker("test", DOMAIN.slots)
    assert noted(tracker, "ok") == {"channel": "rest", "office_hours": "working", "language": "zh"}
    assert noted(tracker, "what is my credit score", "query_credit_score") == {
        "language": "en",
        "asked_city_service": "credit",
    }
    assert noted(tracker, "ok") == {"asked_city_service": None}
    assert noted(tracker, "ok") == {}


def test_a_project_that_declares_no_facts_has_none() -> None:
    tracker = DialogueStateTracker("test", [])
    assert noted_on_arrival(UserMessage("你好"), {}, tracker) == []
    assert not any(isinstance(event, SlotSet) for event in tracker.events)


WHOSE = Domain.from_yaml(
    """
    slots:
      whose: {type: any, mappings: [{type: custom}]}
      whose_who: {type: any, mappings: [{type: custom}]}
      person_name: {type: any, mappings: [{type: custom}]}
    """
)
FATHER, HE, NEXT = {"group": "family", "who": "爸爸"}, {"group": "other", "who": "他"}, {"group": "next", "who": ""}
WANG = {"group": "named", "who": "王小明"}


@pytest.mark.parametrize(
    ("before", "intent", "entities", "read", "after"),
    [
        ({}, "pay_utility_bill", [], None, None),
        ({}, "pay_utility_bill", [], FATHER, "family"),
        ({}, "inform", [], FATHER, "family"),
        ({}, "out_of_scope", [], FATHER, None),
        ({}, "emergency", ["bill_type"], FATHER, None),
        ({}, "nlu_fallback", ["bill_type"], FATHER, "family"),
        ({}, "nlu_fallback", [], NEXT, "next"),
        ({"whose": "family"}, "pay_utility_bill", [], HE, "family"),
        ({"whose": "self"}, "pay_utility_bill", [], HE, "other"),
        ({"whose": "next"}, "inform", [], FATHER, "next"),
        ({"person_name": "王小明"}, "query_credit_score", [], WANG, None),
        ({"person_name": "张建国"}, "query_credit_score", [], WANG, "named"),
    ],
)
def test_whose_thing_it_is_stays_until_something_else_is_said(
    before: dict[str, str], intent: str, entities: list[str], read: dict[str, str] | None, after: str | None
) -> None:
    tracker = DialogueStateTracker("test", WHOSE.slots)
    for slot, value in before.items():
        tracker.update(SlotSet(slot, value))
    parsed = {
        "intent": {"name": intent},
        "entities": [{"entity": one, "value": "x"} for one in entities],
        "whose": read,
    }
    for event in noted_on_arrival(UserMessage("…"), parsed, tracker, NOON):
        tracker.update(event)
    assert tracker.get_slot("whose") == after
