"""Whom to ask: the city's own where its file tells, what holds everywhere where not, and the hotline that knows."""

import asyncio
from types import SimpleNamespace

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActiveLoop, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.whom import whom_to_ask
from bot.dialogue.wording import Wording

PAY = {"title": "交燃气费", "payload": "/pay_utility_bill"}
SCORE = {"title": "查信用分", "payload": "/query_credit_score"}
HUMAN = {"title": "转人工", "payload": "/handoff_human"}
DOMAIN = Domain.from_dict(
    {
        "slots": {"city_code": {"type": "any", "mappings": [{"type": "custom"}]}},
        "forms": {"some_form": {"required_slots": []}},
        "responses": {
            "utter_ask_x/y": [{"text": "问 {whom_water}。", "buttons": [PAY, SCORE, HUMAN]}],
            "utter_plain": [{"text": "问 {whom_electricity}。", "buttons": [PAY]}],
        },
    }
)


@pytest.mark.parametrize(
    ("city_code", "service", "whom"),
    [
        ("330100", "electricity", "国网杭州供电公司（95598）"),
        ("330100", "water", "杭州市水务集团（号码问 12345）"),
        (None, "electricity", "供电公司（95598）"),
        (None, "water", "自来水公司（号码问 12345）"),
        ("000000", "traffic", "交警（12123）"),
    ],
)
def test_whom_to_ask(city_code: str | None, service: str, whom: str) -> None:
    assert whom_to_ask(city_code)[f"whom_{service}"] == whom


def say(response: str, *events: object) -> SimpleNamespace:
    tracker = DialogueStateTracker.from_events("test", list(events), DOMAIN.slots, domain=DOMAIN)
    said = asyncio.run(Wording(None, DOMAIN).generate(response, tracker, "rest"))
    assert said is not None
    return SimpleNamespace(text=said["text"], titles=[button["title"] for button in said.get("buttons") or ()])


def test_an_answer_offers_what_can_be_begun_now() -> None:
    assert say("utter_ask_x/y").titles == ["交燃气费", "查信用分", "转人工"]
    # 嘉兴 has no credit score.
    there = say("utter_ask_x/y", SlotSet("city_code", "330400"))
    assert there.titles == ["交燃气费", "转人工"]
    assert there.text == "问 嘉兴市嘉源给排水公司（号码问 12345）。"
    assert say("utter_ask_x/y", ActiveLoop("some_form")).titles == ["转人工"]


def test_other_responses_keep_their_buttons() -> None:
    assert say("utter_plain", ActiveLoop("some_form")).titles == ["交燃气费"]
