"""Conversations as Rasa's processor writes them, made turn by turn, with a small domain."""

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    Event,
    FollowupAction,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet, pay, query, deny]
    entities: [account]
    slots:
      city: {type: text, initial_value: 杭州, mappings: [{type: custom}]}
      account: {type: text, mappings: [{type: custom}]}
      amount: {type: text, mappings: [{type: custom}]}
      waiting: {type: any, mappings: [{type: custom}]}
      requested_slot: {type: any, mappings: [{type: custom}]}
    forms:
      pay_form: {required_slots: [account]}
      query_form: {required_slots: [account]}
    actions: [action_say, action_more]
    responses: {}
    """
)
INITIAL = {slot.name: slot.initial_value for slot in DOMAIN.slots}
FORMS = ("pay_form", "query_form")
SLOTS = ("city", "account", "amount", "waiting")

_numbers = itertools.count(1)


def heard(intent: str = "query") -> UserUttered:
    number = next(_numbers)
    entities = [{"entity": "account", "value": str(number), "start": 0, "end": 3}]
    return UserUttered(f"第{number}句", {"name": intent, "confidence": 0.9}, entities, metadata={"number": number})


def said() -> BotUttered:
    return BotUttered(f"答{next(_numbers)}", {"buttons": [{"title": "好", "payload": "/greet"}]})


def did(name: str) -> ActionExecuted:
    return ActionExecuted(name, "RulePolicy", 1.0)


def listened() -> ActionExecuted:
    return did("action_listen")


def session_started() -> list[Event]:
    return [did("action_session_start"), SessionStarted(), listened()]


slot_set = st.builds(
    SlotSet, st.sampled_from(SLOTS), st.one_of(st.none(), st.sampled_from(["杭州", "嘉兴", "3301", "67.60"]))
)
slots_set = st.lists(slot_set, max_size=3)


class Talk:
    """Draws turns that fit what went before."""

    def __init__(self, draw: Any) -> None:
        self.draw = draw
        self.tracker = DialogueStateTracker("a", DOMAIN.slots)

    def turn(self) -> list[Event]:
        active = self.tracker.active_loop_name
        kinds = [
            self.plain,
            self.starts_form,
            self.two_actions,
            self.session,
            self.rewound,
            self.undone,
            self.breaks_off,
        ]
        kinds += [self.resets, self.pauses, self.restarts]
        if active:
            kinds += [self.answers, self.answers, self.answers, self.strays, self.strays_and_returns, self.ends_form]
        events: list[Event] = self.draw(st.sampled_from(kinds))(active)
        for event in events:
            self.tracker.update(event)
        return events

    def some(self) -> list[Event]:
        return list(self.draw(slots_set))

    def plain(self, active: str | None) -> list[Event]:
        return [heard("greet"), *self.some(), did("action_say"), *self.some(), said(), listened()]

    def two_actions(self, active: str | None) -> list[Event]:
        more = FollowupAction("action_more")
        return [heard("deny"), did("action_say"), said(), more, did("action_more"), *self.some(), said(), listened()]

    def starts_form(self, active: str | None) -> list[Event]:
        # Rasa activates no form that is active already (`rasa.core.actions.loops.LoopAction.run`).
        form = self.draw(st.sampled_from([form for form in FORMS if form != active]))
        return [
            *(heard("pay"), *self.some(), did(form), ActiveLoop(form), *self.some()),
            *(SlotSet("requested_slot", "account"), said(), listened()),
        ]

    def answers(self, active: str) -> list[Event]:
        return [
            heard(),
            *self.some(),
            did(active),
            SlotSet("requested_slot", "amount"),
            *self.some(),
            said(),
            listened(),
        ]

    def strays(self, active: str) -> list[Event]:
        return [heard("greet"), ActionExecutionRejected(active), did("action_say"), said(), listened()]

    def strays_and_returns(self, active: str) -> list[Event]:
        return [
            *(heard("greet"), ActionExecutionRejected(active), did("action_say"), said()),
            *(LoopInterrupted(True), did(active), *self.some(), said(), listened()),
        ]

    def ends_form(self, active: str) -> list[Event]:
        return [
            *(heard(), did(active), *self.some(), ActiveLoop(None), SlotSet("requested_slot", None)),
            *(did("action_more"), said(), listened()),
        ]

    def session(self, active: str | None) -> list[Event]:
        return [*session_started()[:2], *self.some(), listened(), *self.plain(active)]

    def rewound(self, active: str | None) -> list[Event]:
        return [heard("deny"), *self.some(), did("action_say"), said(), UserUtteranceReverted(), listened()]

    def undone(self, active: str | None) -> list[Event]:
        return [
            heard("deny"),
            did("action_say"),
            *self.some(),
            ActionReverted(),
            did("action_more"),
            said(),
            listened(),
        ]

    def breaks_off(self, active: str | None) -> list[Event]:
        return [heard("greet"), did("action_say"), *self.some()]

    def resets(self, active: str | None) -> list[Event]:
        return [heard("greet"), did("action_say"), *self.some(), AllSlotsReset(), *self.some(), said(), listened()]

    def pauses(self, active: str | None) -> list[Event]:
        event = ConversationResumed() if self.tracker.is_paused() else ConversationPaused()
        return [heard("greet"), did("action_say"), event, said(), listened()]

    def restarts(self, active: str | None) -> list[Event]:
        return [heard("greet"), did("action_restart"), Restarted(), *session_started()]


@st.composite
def talks(draw: Any, most: int = 40) -> list[list[Event]]:
    """Draw a conversation: a session's start, then turns."""
    talk = Talk(draw)
    first = session_started()
    for event in first:
        talk.tracker.update(event)
    return [first, *(talk.turn() for _ in range(draw(st.integers(1, most))))]


def plain_turns(count: int) -> Iterator[list[Event]]:
    """Give turns of a long conversation in which nothing special happens."""
    for number in range(count):
        if number % 4 == 0:
            yield [
                heard("pay"),
                did("pay_form"),
                ActiveLoop("pay_form"),
                SlotSet("requested_slot", "account"),
                said(),
                listened(),
            ]
        elif number % 4 == 3:
            yield [
                heard(),
                SlotSet("account", str(number)),
                did("pay_form"),
                ActiveLoop(None),
                SlotSet("requested_slot", None),
                said(),
                listened(),
            ]
        else:
            yield [heard(), SlotSet("amount", str(number)), did("pay_form"), said(), listened()]


def state_of(tracker: DialogueStateTracker, past: int = 6) -> dict[str, Any]:
    """Give all that decides how a conversation goes on: the tracker's state, and what policies see of the past."""
    loop = tracker.active_loop
    return {
        "slots": tracker.current_slot_values(),
        "loop": loop and (loop.name, loop.is_interrupted, loop.rejected, (loop.trigger_message or {}).get("text")),
        "latest_action": tracker.latest_action,
        "latest_message": tracker.latest_message and tracker.latest_message.as_dict()["parse_data"],
        "latest_bot_utterance": tracker.latest_bot_utterance and tracker.latest_bot_utterance.text,
        "followup_action": tracker.followup_action,
        "paused": tracker.is_paused(),
        "past": DOMAIN.states_for_tracker_history(tracker)[-past:],
    }
