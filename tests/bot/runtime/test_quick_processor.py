"""What the processor leaves out, Rasa's would have done for nothing."""

from __future__ import annotations

import copy
import inspect
import logging
import time
import warnings
from typing import Any

import pytest
from rasa.core.actions.action import Action
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    Event,
    LoopInterrupted,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.runtime.quick_processor import QuickProcessor

DOMAIN = Domain.from_dict(
    {"intents": ["greet"], "entities": ["city"], "session_config": {"session_expiration_time": 60}},
)


class Sessions(QuickProcessor):
    """A processor without a model, that counts the sessions it would begin."""

    def __init__(self, domain: Domain = DOMAIN) -> None:
        self.domain = domain
        self.begun = 0
        self.nlg = None

    def _get_action(self, action_name: str) -> Any:
        self.begun += 1

    async def _run_action(self, *_: Any, **__: Any) -> bool:
        return False


class Rasas(Sessions):
    """The same as Rasa does it."""

    _update_tracker_session = MessageProcessor._update_tracker_session


def said(minutes_ago: float, text: str = "你好") -> UserUttered:
    return UserUttered(text, {"name": "greet"} if text else None, timestamp=time.time() - minutes_ago * 60)


@pytest.mark.parametrize(
    ("events", "begun"),
    [
        ([], 1),
        ([SessionStarted()], 1),
        ([said(1)], 0),
        ([said(30)], 0),
        ([said(90)], 1),
        ([said(600), said(1)], 0),
        ([said(1), Restarted()], 1),
        ([said(1), Restarted(), ActionExecuted("action_listen")], 0),
        ([said(1, "")], 0),
        ([said(90, "")], 1),
        ([said(90), SessionStarted(), said(2)], 0),
    ],
)
async def test_a_session_begins_when_rasas_does(events: list[Event], begun: int) -> None:
    for processor in (Rasas(), Sessions()):
        tracker = DialogueStateTracker.from_events("a", events, DOMAIN.slots)
        await processor._update_tracker_session(tracker, CollectingOutputChannel())
        assert processor.begun == begun


def warned_of(processor: MessageProcessor, parsed: dict[str, Any]) -> list[str]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        processor._check_for_unseen_features(parsed)
    return [str(one.message) for one in caught]


@pytest.mark.parametrize("intent", ["greet", "buy", None])
@pytest.mark.parametrize("entities", [None, [], [{"entity": "city"}], [{"entity": "city"}, {"entity": "colour"}]])
def test_unknown_names_are_warned_of_as_by_rasa(intent: str | None, entities: list[dict] | None) -> None:
    processor, parsed = Sessions(), {"intent": {"name": intent}, "entities": entities}
    assert warned_of(processor, parsed) == warned_of(Rasas(), parsed)
    assert bool(warned_of(processor, parsed)) is (intent == "buy" or "colour" in str(entities))
    processor.domain = Domain.from_dict({"intents": ["buy"], "entities": ["city", "colour"]})
    assert bool(warned_of(processor, parsed)) is (intent == "greet")


class Saying(Action):
    def name(self) -> str:
        return "action_say"


@pytest.mark.parametrize("level", [logging.INFO, logging.DEBUG])
@pytest.mark.parametrize(
    "events", [None, [], [SlotSet("a", 1)], [SlotSet("a", 1), ActionExecutionRejected("action_say")]]
)
def test_an_action_is_noted_as_by_rasa(
    events: list[Event] | None, level: int, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(level, "rasa.core.processor")
    noted = []
    for method in (MessageProcessor._log_action_on_tracker, QuickProcessor._log_action_on_tracker):
        tracker = DialogueStateTracker("a", [])
        prediction = PolicyPrediction([1.0], "policy", events=[LoopInterrupted(True)], hide_rule_turn=True)
        method(Sessions(), tracker, Saying(), copy.deepcopy(events), prediction)
        noted.append([(event, getattr(event, "hide_rule_turn", None)) for event in tracker.events])
    assert noted[0] == noted[1]
    assert (ActionExecuted("action_say"), True) in noted[0] or len(noted[0]) == len(events or []) == 2


def test_rasa_still_does_what_is_left_out_here() -> None:
    """Once Rasa does not, a method of this class can go."""
    session = inspect.getsource(MessageProcessor._update_tracker_session)
    assert "if not tracker.applied_events() or self._has_session_expired(tracker):" in session
    assert "self.domain.is_empty()" in inspect.getsource(MessageProcessor._check_for_unseen_features)
    assert "structlogger.debug(" in inspect.getsource(MessageProcessor._log_slots)
    assert inspect.getsource(MessageProcessor._log_action_on_tracker).count("copy.deepcopy(") == 2
