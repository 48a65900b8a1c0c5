"""Run in a copy of the project in which six services were made: the handler of each goes the ways there are."""

from importlib import import_module

import pytest

from actions.city.errors import IdentityMismatch, NotFound
from tests.actions.conversation.trackers import heard, said, slots_set
from tests.actions.services.scripted import made, run

PERSON = (("person_name", "王小明"), ("id_number", "330102199003071230"))


def whose(name):
    """The entities that say whose it is."""
    if name.endswith("person"):
        return PERSON
    return (("plate_number", "浙AQ1173"),) if name.endswith("plate_number") else ((f"{name}_number", "330100123456"),)


def camel(name):
    return "".join(part.capitalize() for part in name.split("_"))


async def done(kind, name, answer):
    """What a task says to a message that starts it, and what it asks for next."""
    task = getattr(import_module(f"actions.services.{name}"), f"{kind.capitalize()}{camel(name)}")
    start = heard(f"{kind}_{name}", "办", *whose(name), after=["action_leave_task"])
    events, dispatcher, _ = await run(task, start, **{name: answer})
    return said(dispatcher), slots_set(events)["requested_slot"]


@pytest.mark.parametrize("name", ["look_person", "look_plate_number", "look_number"])
async def test_a_look_up(name):
    answer = getattr(import_module(f"city_api.{name}"), camel(name))(balance="12.00", as_of="2026-11-01")
    assert await done("query", name, answer) == ([f"utter_{name}"], None)
    again = None if name.endswith("person") else whose(name)[0][0]
    assert await done("query", name, NotFound(f"{name}_not_found")) == ([f"utter_{name}_not_found"], again)


@pytest.mark.parametrize("name", ["pay_person", "pay_plate_number", "pay_number"])
@pytest.mark.parametrize("count", [0, 1, 2])
async def test_a_payment(name, count):
    fees = [
        {"fee_id": f"F{number}", "what": f"{number}月1日", "since": f"2026-0{number}-01", "amount": "15.00"}
        for number in range(1, count + 1)
    ]
    answer = getattr(import_module(f"city_api.{name}"), f"{camel(name)}Fees")(biller_code="b", payee="某", fees=fees)
    none_owed = [f"utter_{name}_none_owed"]
    assert await done("query", name, answer) == ([f"utter_{name}_owed"] if count else none_owed, None)
    asks_for = [None, "confirmation", f"{name}_choice"][count]
    assert await done("pay", name, answer) == ([] if count else none_owed, asks_for)
    for action in (f"action_pay_{name}", f"action_ask_pay_{name}_form_{name}_choice"):
        assert made(action)


async def test_a_stranger_is_asked_again():
    said_and_asked = await done("pay", "pay_person", IdentityMismatch())
    assert said_and_asked == (["utter_identity_mismatch"], "person_name")
