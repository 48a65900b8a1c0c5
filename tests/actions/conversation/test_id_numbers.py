"""An ID number is nobody's account: right, mistyped or grouped, it goes to no biller."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher
from stdnum.cn import ric

from actions.conversation.answers_in_words import number_said
from actions.conversation.normal_forms import fits
from actions.conversation.turn import Turn
from actions.services import load_handlers
from actions.services.utility_bills import PayUtilityBill
from manifests import services
from tests.actions.conversation.trackers import heard, slots_set
from tests.actions.services.scripted import run

load_handlers()
NUMBERS = [name for name, entity in services().entities().items() if entity.reader == "number"]
BODIES = st.builds(
    lambda region, born, serial: f"{region}{born:%Y%m%d}{serial:03d}",
    st.integers(110000, 829999),
    st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)),
    st.integers(0, 999),
)
"""The first seventeen places of GB 11643."""
SIGNS = ("", " ", "-", "  ")


def asked(text, *entities, requested="account_number"):
    """What a resident answered who was asked for an account number."""
    slots = {"bill_type": "water"}
    tracker = heard("inform", text, *entities, slots=slots, form=PayUtilityBill.form(), requested=requested)
    return Turn(CollectingDispatcher(), tracker)


def grouped(number, sign):
    """A number as people group it."""
    return sign.join((number[:6], number[6:14], number[14:]))


@pytest.mark.parametrize("entity", NUMBERS)
@given(BODIES, st.sampled_from("0123456789Xx"), st.sampled_from(SIGNS))
def test_whatever_its_check_digit(entity, body, check, sign):
    assert number_said(asked(grouped(body + check, sign)), entity) is None


@given(BODIES)
def test_said_as_one(body):
    number = body + ric.calc_check_digit(body + "0")
    said = asked(number, ("id_number", number))
    assert all(number_said(said, entity) is None for entity in NUMBERS)
    assert PayUtilityBill().heard(said) == {}


@pytest.mark.parametrize("entity", NUMBERS)
@given(BODIES)
def test_a_place_short(entity, body):
    assert number_said(asked(body), entity) is None


@given(st.sampled_from(NUMBERS), BODIES, st.sampled_from("0123456789X"))
def test_in_a_button_neither(entity, body, check):
    assert not fits(entity, body + check)


@pytest.mark.parametrize(
    "text",
    ["330103198810030015", "330103198810030019", "33010319881003001X", "330103 19881003 0015", "3301031988133001X"],
)
async def test_the_city_is_not_asked(text):
    told = [("id_number", text)] if text == "330103198810030015" else []
    tracker = heard(
        "pay_utility_bill",
        text,
        *told,
        slots={"bill_type": "water"},
        form=PayUtilityBill.form(),
        requested="account_number",
    )
    events, _, services_ = await run(PayUtilityBill, tracker, bills=None)
    services_.city.bills.assert_not_awaited()
    assert slots_set(events)["requested_slot"] == "account_number"


@given(st.from_regex(r"\A[0-9]{6,13}\Z"))
def test_an_account_is_still_one(account):
    assert number_said(asked(account), "account_number") == account
