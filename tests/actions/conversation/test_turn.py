"""What a turn reads out of a tracker."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.turn import PASSING, Turn, payload
from tests.actions.conversation.trackers import city, heard

ACCOUNTS = st.from_regex(r"\A[0-9]{6,13}\Z")


def turn(*entities, text="", **slots):
    """A turn in which `entities` were said."""
    return Turn(CollectingDispatcher(), heard("inform", text, *entities, slots=slots))


class TestValue:
    def test_of_two_the_later_one_corrects_the_earlier(self):
        said = turn(("bill_type", "water"), ("bill_type", "gas"))
        assert said.value("bill_type") == "gas"
        assert said.values("bill_type") == ["water", "gas"]
        assert said.told(("bill_type", "account_number")) == {"bill_type": "gas"}

    @given(st.lists(ACCOUNTS, min_size=1, max_size=6, unique=True))
    def test_the_last_of_however_many(self, accounts):
        said = turn(*(("account_number", account) for account in accounts))
        assert said.value("account_number") == accounts[-1]
        assert said.values("account_number") == accounts

    def test_what_is_in_no_normal_form_was_not_said(self):
        said = turn(("bill_type", "water"), ("bill_type", "plutonium"), ("account_number", "330103198810030015"))
        assert (said.value("bill_type"), said.value("account_number")) == ("water", None)

    def test_said_twice_it_is_one_value(self):
        assert turn(("bill_type", "water"), ("bill_type", "water")).values("bill_type") == ["water"]


class TestCities:
    def test_those_in_passing_are_not_meant(self):
        told = (city("北京", role=PASSING), city("杭州"), city("嘉兴"), city("杭州"))
        assert [found["value"] for found in turn(*told).cities_meant()] == ["杭州", "嘉兴"]

    def test_none(self):
        assert turn(("bill_type", "water"), city("no city")).cities_meant() == []


def history(*events):
    """A turn after these events: a text is what a resident said, a pair a slot that was set."""
    written = [
        {"event": "user", "text": one} if isinstance(one, str) else {"event": "slot", "name": one[0], "value": one[1]}
        for one in events
    ]
    return Turn(CollectingDispatcher(), Tracker("test", {}, {}, written, False, None, {}, "action_listen"))


OFFER = ("follow_up", {"intent": "pay_utility_bill"})


class TestJustOffered:
    """A yes is one only to what was offered in answer to the message before."""

    @pytest.mark.parametrize(
        ("events", "was"),
        [
            (("查电费", OFFER, "好的"), True),
            (("查电费", OFFER, ("noted", None), "好的"), True),
            (("查电费", OFFER, "谢谢", "好的"), False),
            (("查电费", OFFER, "谢谢", ("noted", None), "好的"), False),
            (("查电费", OFFER, ("follow_up", None), "好的"), False),
            (("查电费", ("follow_up", None), OFFER, "好的"), True),
            (("查电费", OFFER, "谢谢", OFFER, "好的"), True),
            (("查电费", ("quote", {}), "好的"), False),
            (("好的",), False),
            (("好的", OFFER), False),
            ((OFFER, "好的"), True),
            ((), False),
        ],
    )
    def test_it_was(self, events, was):
        assert history(*events).was_just_offered("follow_up") is was

    @given(st.lists(st.text(min_size=1, max_size=3), max_size=4))
    def test_whatever_was_said_in_between(self, between):
        assert history("查电费", OFFER, *between, "好的").was_just_offered("follow_up") is (not between)


def test_the_slots_as_they_stood_before_the_message():
    told = history(
        ("bill_type", "water"), "查水费", ("bill_type", "gas"), ("quote", 1), "换成电费", ("bill_type", None)
    )
    assert told.slots_before() == {"bill_type": "gas", "quote": 1}


@given(st.dictionaries(st.sampled_from(["city", "bill_type"]), st.text(), max_size=2))
def test_a_payload_carries_its_words_whole(entities):
    assert json.loads(payload("pay", **entities).removeprefix("/pay") or "{}") == entities
