"""Of a long conversation an action is told what it reads, and no more."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from rasa.shared.core.events import Event, deserialise_events
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import courtesy
from actions.conversation.turn import Turn
from bot.runtime.action_events import MOST_MESSAGES, bounded

Fields = dict[str, Any]


def numbered(kinds: list[Fields]) -> list[Event]:
    return deserialise_events([{**event, "timestamp": float(number)} for number, event in enumerate(kinds, start=1)])


def whole(events: list[Event]) -> list[Fields]:
    return [event.as_dict() for event in events]


def without_unread(fields: list[Fields]) -> list[Fields]:
    """The events without what is sent elsewhere, or not at all."""
    return [{name: value for name, value in one.items() if name not in ("parse_data", "metadata")} for one in fields]


PARSED = {"intent": {"name": "inform"}, "entities": [], "intent_ranking": [{"name": f"i{n}"} for n in range(20)]}
user = st.builds(lambda t: {"event": "user", "text": t, "parse_data": PARSED}, st.text(max_size=3))
bot = st.builds(
    lambda t: {"event": "bot", "text": t, "data": {"buttons": [{"title": t}] if t else []}},
    st.one_of(st.none(), st.text(max_size=3)),
)
slot = st.builds(
    lambda n, v: {"event": "slot", "name": n, "value": v},
    st.sampled_from("abc"),
    st.one_of(st.none(), st.text(max_size=2)),
)
action = st.builds(
    lambda n: {"event": "action", "name": n},
    st.sampled_from(["action_listen", "action_extract_slots", "action_leave_task", "pay_form", "action_say"]),
)
loop = st.just({"event": "active_loop", "name": "pay_form"})
conversations = st.lists(st.one_of(user, bot, slot, slot, action, action, loop), max_size=120).map(numbered)


def turn_of(events: list[Fields]) -> Turn:
    latest = next((event for event in reversed(events) if event["event"] == "user"), {"text": ""})
    tracker = Tracker("a", {}, dict(latest), events, False, None, {}, "action_listen")
    return Turn(CollectingDispatcher(), tracker)


@settings(deadline=None)
@given(conversations)
def test_actions_read_the_same(events: list[Event]) -> None:
    all_of_it, sent = turn_of(whole(events)), turn_of(bounded(events))
    assert sent.slots_before() == all_of_it.slots_before()
    assert sent.just_heard("pay_form") == all_of_it.just_heard("pay_form")
    assert sent.buttons_offered() == all_of_it.buttons_offered()
    assert courtesy._messages(sent.tracker) == courtesy._messages(all_of_it.tracker)


def long_conversation(turns: int) -> list[Event]:
    events: list[Fields] = []
    for number in range(turns):
        events += [
            {"event": "user", "text": f"第{number}句", "parse_data": PARSED},
            {"event": "slot", "name": f"slot_{number % 40}", "value": number},
            {"event": "action", "name": "action_say"},
            {"event": "bot", "text": "好的" * 30, "data": {"buttons": [{"title": "好"}] * 3}},
            {"event": "action", "name": "action_listen"},
        ]
    return numbered(events)


def test_its_size_does_not_grow_with_the_conversation() -> None:
    sizes = [len(repr(bounded(long_conversation(turns)))) for turns in (60, 1000)]
    assert sizes[1] < 1.05 * sizes[0] < 16_000
    assert len(bounded(long_conversation(1000))) <= 40 + MOST_MESSAGES + 5


def test_the_latest_turn_is_sent_but_for_what_is_sent_elsewhere() -> None:
    events = long_conversation(50)
    for event in events:
        event.metadata = {"model_id": "a model"}
    sent = bounded(events)
    assert sent[-5:] == without_unread(whole(events)[-5:])
    assert sent[-5]["event"] == "user"
    assert sent[-2]["data"]["buttons"]
    assert without_unread(sent) == sent


def test_messages_come_in_the_order_of_their_time() -> None:
    events = numbered([{"event": "user", "text": text, "parse_data": PARSED} for text in "二一三"])
    events[0].timestamp, events[1].timestamp = 2.0, 1.0
    assert [event["text"] for event in bounded(events)] == ["一", "二", "三"]


def test_what_was_before_a_session_no_longer_counts() -> None:
    slot, heard = {"event": "slot", "name": "a", "value": 1}, {"event": "user", "text": "好", "parse_data": PARSED}
    for forgets in ("session_started", "restart", "reset_slots"):
        events = numbered([slot, {"event": forgets}, heard])
        assert turn_of(bounded(events)).slots_before() == {}


def test_before_anything_is_said_everything_is_sent() -> None:
    events = numbered([{"event": "action", "name": "action_session_start"}, {"event": "slot", "name": "a", "value": 1}])
    assert bounded(events) == without_unread(whole(events))
    assert bounded([]) == []


def test_as_many_messages_are_sent_as_are_handed_over() -> None:
    assert MOST_MESSAGES == courtesy.MESSAGES_HANDED_OVER
