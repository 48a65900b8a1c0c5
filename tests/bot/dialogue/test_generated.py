"""What follows from one manifest: every declaration and both rules, and that what is written down wins."""

from typing import Any

import pytest

from bot.dialogue.generated import complete, domain_of, rules_of
from manifests import ServiceManifest

PARKING = {
    "name": "parking",
    "title": "停车费",
    "place": 50,
    "city_services": {"parking": {"title": "停车费", "path": "parking"}},
    "tasks": {
        "query_parking_fee": {
            "title": "查停车费",
            "asks": ["plate_number"],
            "hears": ["plate_number"],
            "ends": "look_up",
        },
        "pay_parking_fee": {
            "title": "交停车费",
            "asks": ["plate_number", "lot", "parking_choice", "confirmation"],
            "hears": ["plate_number", "amount"],
            "composed": ["lot"],
            "ends": "payment",
            "pays": "parking_fee",
        },
    },
    "entities": {"plate_number": {"title": "车牌号", "form": ".*", "reader": "plate"}},
    "slots": {"last_lot": {"why": "the car park that was talked about last"}},
}
SLOT = {"type": "any", "mappings": [{"type": "custom"}]}


@pytest.fixture
def parking() -> ServiceManifest:
    return ServiceManifest(**PARKING)


def test_everything_a_service_needs_is_declared(parking: ServiceManifest) -> None:
    slots = ("plate_number", "lot", "parking_choice", "confirmation", "amount", "last_lot")
    assert domain_of([parking]) == {
        "intents": [{"query_parking_fee": {"use_entities": []}}, {"pay_parking_fee": {"use_entities": []}}],
        "entities": ["plate_number"],
        "slots": dict.fromkeys(slots, SLOT),
        "forms": {
            "query_parking_fee_form": {"required_slots": ["plate_number"]},
            "pay_parking_fee_form": {"required_slots": ["plate_number", "lot", "parking_choice", "confirmation"]},
        },
        "actions": [
            "validate_query_parking_fee_form",
            "action_query_parking_fee",
            "validate_pay_parking_fee_form",
            "action_ask_pay_parking_fee_form_lot",
            "action_ask_pay_parking_fee_form_parking_choice",
            "action_ask_pay_parking_fee_form_confirmation",
            "action_pay_parking_fee",
        ],
    }


def test_a_task_has_a_rule_that_starts_and_one_that_ends_it(parking: ServiceManifest) -> None:
    starts, ends = rules_of(parking)[2:]
    assert starts == {
        "rule": "交停车费：开始",
        "steps": [
            {"intent": "pay_parking_fee"},
            {"action": "action_leave_task"},
            {"action": "pay_parking_fee_form"},
            {"active_loop": "pay_parking_fee_form"},
        ],
    }
    assert ends == {
        "rule": "交停车费：办完",
        "condition": [{"active_loop": "pay_parking_fee_form"}],
        "steps": [
            {"action": "pay_parking_fee_form"},
            {"active_loop": None},
            {"slot_was_set": [{"requested_slot": None}]},
            {"action": "action_pay_parking_fee"},
            {"action": "action_resume_task"},
        ],
        "wait_for_user_input": False,
    }


@pytest.mark.parametrize(
    ("section", "written", "kept"),
    [
        ("slots", {"lot": {"type": "text", "mappings": []}}, {"type": "text", "mappings": []}),
        ("forms", {"pay_parking_fee_form": {"required_slots": []}}, {"required_slots": []}),
    ],
)
def test_what_is_written_down_wins(parking: ServiceManifest, section: str, written: Any, kept: Any) -> None:
    whole = complete({section: written}, domain_of([parking]))
    assert whole[section][next(iter(written))] == kept
    assert len(whole[section]) == len(domain_of([parking])[section])


def test_an_intent_that_is_written_down_is_declared_once(parking: ServiceManifest) -> None:
    whole = complete({"intents": ["greet", "pay_parking_fee"]}, domain_of([parking]))
    assert whole["intents"] == ["greet", "pay_parking_fee", {"query_parking_fee": {"use_entities": []}}]
