"""What counts as read out and as agreed to: only what this server has signed, for this conversation, and lately."""

import json

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import signed
from actions.conversation.courtesy import start_again
from actions.conversation.switching import ResumeTask
from actions.conversation.turn import Turn
from actions.conversation.whose import keep_apart
from actions.services.hospital import BookHospitalAppointment
from actions.services.utility_bills import PayUtilityBill
from tests.actions.conversation.trackers import heard, said, sign

QUOTE = {"basis": ["330100", "water", "3301234567"], "offers": [{"amount": "45.60", "payee": "水务"}]}
SLOTS = {"bill_type": "water", "account_number": "3301234567", "bill_choice": "1"}
YES = "confirmation"


def asked(**slots):
    """A turn in which the sentence with the amount was just read out, and its question signed."""
    tracker = heard("affirm", "确认", slots={**SLOTS, "quote": QUOTE, **slots}, requested=YES)
    return Turn(CollectingDispatcher(), sign(tracker, PayUtilityBill), task=PayUtilityBill.intent)


def as_sent(turn, **changed):
    """The same conversation in the next call: through JSON, with some slots changed on the way."""
    tracker = heard("affirm", "确认", requested=YES)
    tracker.slots = {**json.loads(json.dumps(turn.tracker.slots)), **changed}
    return Turn(CollectingDispatcher(), tracker, task=turn.task)


def say_yes(turn):
    """The yes, as the form takes it."""
    turn.set(YES, True)
    signed.hear(turn, PayUtilityBill, YES)
    return turn


def agrees(turn):
    """Whether a yes in the slot would be acted upon."""
    return signed.agreed(turn, PayUtilityBill, YES)


def test_a_yes_to_what_was_read_out_counts():
    assert agrees(as_sent(say_yes(as_sent(asked()))))
    assert as_sent(asked()).slot("quote") == QUOTE


def test_a_yes_that_was_never_heard_does_not_count():
    turn = as_sent(asked(), confirmation=True)
    assert not agrees(turn)
    assert signed.read_anew(turn, PayUtilityBill)
    assert said(turn.dispatcher) == ["utter_quote_not_ours"]
    assert [turn.slot(name) for name in (YES, "quote", signed.SIGNED_YES)] == [None, None, None]


@pytest.mark.parametrize(
    "changed",
    [
        {"account_number": "3307654321"},
        {"bill_type": "gas"},
        {"bill_choice": "2"},
        {"city_code": "330400"},
        {"quote": None},
        {"quote": QUOTE},
        {"signed_yes": None},
        {"signed_yes": "made.up.here"},
        {"signed_yes": {"for": "ever"}},
    ],
    ids=str,
)
@pytest.mark.parametrize("when", ["before the yes", "after it"])
def test_a_yes_to_other_values_does_not_count(changed, when):
    if when == "before the yes":
        turn = say_yes(as_sent(asked(), **changed))
        assert turn.slot(YES) is None
    else:
        turn = as_sent(say_yes(as_sent(asked())), **changed)
    assert not agrees(turn)


@pytest.mark.parametrize(
    "altered",
    [
        {"offers": [{"amount": "0.01", "payee": "水务"}]},
        {"offers": [{"amount": "45.60", "payee": "别人"}]},
        {"offers": [*QUOTE["offers"], *QUOTE["offers"]]},
        {"fine": {"amount": "45.60"}},
        {signed.SEAL: None},
        {signed.SEAL: 7},
    ],
    ids=str,
)
def test_a_quote_that_was_altered_is_none(altered):
    turn = asked()
    kept = turn.tracker.slots["quote"]
    assert as_sent(turn, quote={**kept, **altered}).slot("quote") is None


def test_a_quote_of_another_conversation_is_none():
    turn = as_sent(asked())
    turn.tracker.sender_id = "another"
    assert turn.slot("quote") is None
    assert not agrees(as_sent(say_yes(turn)))


def test_a_quote_of_another_task_is_none():
    turn = as_sent(asked())
    turn.task = BookHospitalAppointment.intent
    assert turn.slot("quote") is None


def test_a_token_is_good_for_what_it_is_for_alone():
    """A question that was put is no yes, and neither is an order."""
    turn = as_sent(asked(), confirmation=True)
    signed.hand_out(turn, "T1")
    for token in (
        turn.slot(signed.SIGNED_YES),
        turn.slot(signed.HANDED_OUT)["T1"],
        turn.tracker.slots["quote"]["seal"],
    ):
        assert not agrees(as_sent(turn, signed_yes=token))


def test_a_yes_belongs_to_its_quote_and_to_no_later_one_of_the_same_words():
    first = say_yes(as_sent(asked()))
    again = asked(confirmation=True)
    assert not agrees(as_sent(again, signed_yes=first.slot(signed.SIGNED_YES)))


def test_after_half_an_hour_a_yes_is_answered_with_the_quote_anew(monkeypatch):
    late = as_sent(asked())
    now = signed._now()
    monkeypatch.setattr(signed, "_now", lambda: now + signed.GOOD_MINUTES * 60 + 1)
    say_yes(late)
    assert late.slot(YES) is None
    assert signed.read_anew(late, PayUtilityBill)
    assert said(late.dispatcher) == ["utter_quote_expired"]
    assert late.tracker.slots["quote"] is None


def test_a_no_needs_no_signature(monkeypatch):
    turn = as_sent(asked(), confirmation=False)
    now = signed._now()
    monkeypatch.setattr(signed, "_now", lambda: now + signed.GOOD_MINUTES * 60 + 1)
    assert not signed.read_anew(turn, PayUtilityBill)
    assert said(turn.dispatcher) == []


def test_a_yes_is_not_kept_for_later(monkeypatch):
    turn = say_yes(as_sent(asked()))
    now = signed._now()
    monkeypatch.setattr(signed, "_now", lambda: now + signed.YES_SECONDS + 1)
    assert not agrees(as_sent(turn))


def test_with_another_key_nothing_is_ours(monkeypatch):
    turn = say_yes(as_sent(asked()))
    signed.hand_out(turn, "T1")
    monkeypatch.setattr(signed, "_key", lambda: "signs-what-another-house-has-read-out")
    other = as_sent(turn)
    assert other.slot("quote") is None
    assert not agrees(other)
    assert not signed.was_handed_out(other, "T1")


def test_an_order_is_known_where_it_was_handed_out():
    turn = as_sent(asked())
    for number in range(signed.MOST_ORDERS + 1):
        signed.hand_out(turn, f"T{number}")
    assert signed.was_handed_out(turn, "T1")
    assert not signed.was_handed_out(turn, "T0")  # the oldest made room
    turn.set(signed.HANDED_OUT, {"T9": turn.slot(signed.HANDED_OUT)["T1"]})
    assert not signed.was_handed_out(turn, "T9")
    turn.tracker.sender_id = "another"
    turn.set(signed.HANDED_OUT, {"T1": as_sent(turn).slot(signed.HANDED_OUT)["T9"]})
    assert not signed.was_handed_out(turn, "T1")


@pytest.mark.parametrize("where", ["waiting_tasks", "follow_up", "last_task", "own_things"])
async def test_what_waited_in_the_conversation_is_not_signed_by_being_put_back(where):
    """Whatever is brought back out of the conversation keeps the seal it had, or none."""
    made_up = {**SLOTS, "quote": QUOTE}
    slots = {"waiting_tasks": [{"form": PayUtilityBill.form(), "slots": made_up}], "own_things": made_up}
    tracker = heard("inform", slots={**slots, "things_of": "family/爸爸", "whose": "self"})
    turn = Turn(CollectingDispatcher(), tracker)
    if where == "waiting_tasks":
        await ResumeTask().run(turn.dispatcher, tracker, {})
    elif where == "own_things":
        keep_apart(turn)
    else:
        start_again(turn, PayUtilityBill, made_up)
    assert tracker.slots["quote"] == QUOTE
    assert Turn(turn.dispatcher, tracker, task=PayUtilityBill.intent).slot("quote") is None
