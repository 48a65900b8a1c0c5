"""A shortened conversation goes on as the whole one would: the same state, by Rasa's own replay, after every turn."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    Event,
    ReminderScheduled,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations import codec
from bot.conversations.digest import MESSAGES_KEPT, TURNS_KEPT, digest
from tests.bot.conversations.talk import (
    DOMAIN,
    INITIAL,
    did,
    heard,
    listened,
    plain_turns,
    said,
    session_started,
    state_of,
    talks,
)


def replayed(events: list[Event]) -> DialogueStateTracker:
    return DialogueStateTracker.from_events("a", events, DOMAIN.slots)


@settings(max_examples=100, deadline=None)
@given(talks(), st.integers(2, TURNS_KEPT), st.integers(1, 8))
def test_the_state_is_the_same_after_every_turn(talk: list[list[Event]], turns: int, every: int) -> None:
    whole: list[Event] = []
    short: list[Event] = []
    for number, events in enumerate(talk, 1):
        whole += events
        short += events
        if number % every == 0:
            short = digest(short, INITIAL, turns)
        past = min(6, turns)
        assert state_of(replayed(short), past) == state_of(replayed(whole), past)


@settings(max_examples=50, deadline=None)
@given(talks(most=25))
def test_the_state_is_the_same_read_back_from_text(talk: list[list[Event]]) -> None:
    whole = [event for events in talk for event in events]
    short = codec.decode(codec.encode(digest(whole, INITIAL)))
    assert state_of(replayed(short)) == state_of(replayed(whole))


@pytest.mark.parametrize("turns", [50, 1000])
def test_the_number_of_events_is_bounded(turns: int) -> None:
    short = session_started()
    longest = 0
    for number, events in enumerate(plain_turns(turns), 1):
        short += events
        if number % 8 == 0:
            short = digest(short, INITIAL)
        longest = max(longest, len(short))
    assert longest < 140


def test_a_form_that_never_ends_is_bounded() -> None:
    events = [*session_started(), *next(plain_turns(1))]
    for number in range(300):
        events += [heard(), SlotSet("amount", str(number)), did("pay_form"), said(), listened()]
        if number % 8 == 0:
            events = digest(events, INITIAL)
    assert len(events) < 120
    assert replayed(events).active_loop_name == "pay_form"


def test_the_latest_messages_stay_readable_in_their_order() -> None:
    events = session_started()
    messages = []
    for number, turn in enumerate(plain_turns(60), 1):
        events += turn
        messages += [event.text for event in turn if isinstance(event, UserUttered | BotUttered)]
        if number % 8 == 0:
            events = digest(events, INITIAL)
    events = digest(events, INITIAL)
    kept = sorted((e for e in events if isinstance(e, UserUttered | BotUttered)), key=lambda event: event.timestamp)
    assert [event.text for event in kept] == messages[-MESSAGES_KEPT:]


def test_a_short_conversation_is_left_as_it_is() -> None:
    events = [*session_started(), *(event for turn in plain_turns(TURNS_KEPT - 1) for event in turn)]
    assert digest(events, INITIAL) == events
    assert digest([], INITIAL) == []


def test_what_was_before_the_session_is_gone() -> None:
    events = [*session_started(), *(event for turn in plain_turns(20) for event in turn), *session_started()]
    short = digest(events, INITIAL)
    assert [type(event).__name__ for event in short] == ["ActionExecuted", "SessionStarted", "ActionExecuted"]
    assert isinstance(short[0], ActionExecuted)


def test_a_reminder_to_come_stays_and_one_that_was_goes() -> None:
    now = dt.datetime.now(dt.timezone.utc)
    later, before = (
        ReminderScheduled("greet", now + dt.timedelta(hours=1), name="later"),
        ReminderScheduled("greet", now - dt.timedelta(hours=1), name="before"),
    )
    events = [*session_started(), heard(), did("action_say"), later, before, listened()]
    events += [event for turn in plain_turns(20) for event in turn]
    assert [e.name for e in digest(events, INITIAL) if isinstance(e, ReminderScheduled)] == ["later"]


def test_a_slot_that_the_domain_no_longer_has_is_left_out() -> None:
    events = [*session_started(), SlotSet("gone", "x"), *(event for turn in plain_turns(20) for event in turn)]
    assert "gone" not in [event.key for event in digest(events, INITIAL) if isinstance(event, SlotSet)]
