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
