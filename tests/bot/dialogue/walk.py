"""Random conversations: what residents say, what actions and forms then do, and what takes things back."""

from collections.abc import Callable
from typing import Any

from rasa.core.policies.policy import PolicyPrediction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

Choose = Callable[[list[Any]], Any]
"""Picks one of several, as hypothesis or a seeded generator does."""

LONGEST_TURN = 8


class Walk:
    """One conversation, made up as it goes.

    Args:
        domain: what can be said, done and set.
        choose: picks what happens.
        values: for each slot with features, the values it may get.
        intents: what is said; those of the domain by default.
    """

    def __init__(
        self, domain: Domain, choose: Choose, values: dict[str, list[Any]], intents: list[str] | None = None
    ) -> None:
        self.domain = domain
        self.choose = choose
        self.values = values
        self.intents = intents or [intent for intent in domain.intents if intent not in ("restart", "back")]
        self.tracker = DialogueStateTracker("walk", domain.slots)
        self.begin()

    def begin(self) -> None:
        """Start a session, as Rasa's `action_session_start` does."""
        self._happen(ActionExecuted("action_session_start"), SessionStarted())
        if self.values and self.choose([False, False, True]):
            self._happen(self._set_slot())
        self._happen(ActionExecuted("action_listen"))

    def say(self, intent: str | None = None) -> None:
        """Have the resident say something."""
        intent = intent or self.choose(self.intents)
        entities = [{"entity": name, "value": "1"} for name in self.domain.entities if self.choose([False, True])]
        text = self.choose(["好", "你好"])
        self._happen(UserUttered(text, {"name": intent, "confidence": self.choose([0.2, 0.9])}, entities))
        for event in self.domain.slots_for_entities(entities):
            self._happen(event)

    def do(self, action: str, prediction: PolicyPrediction) -> bool:
        """Do what was decided; False where the resident is to speak next."""
        for event in prediction.events:
            self.tracker.update(event)
        if action in self.domain.form_names:
            return self._run_form(action, prediction)
        self._happen(ActionExecuted(action, hide_rule_turn=prediction.hide_rule_turn))
        if action == "action_listen":
            return False
        if action in ("action_restart", "action_back", "action_session_start", "action_default_fallback"):
            return self._run_default(action)
        self._happen(BotUttered("…"))
        if not action.startswith("utter_"):
            for _ in range(self.choose([0, 0, 1, 2])):
                self._happen(self._effect())
        return True

    def meddle(self) -> None:
        """Have something unusual happen, now and then."""
        what = self.choose([None] * 12 + ["undo", "rewind", "restart", "session", "reset", "set", "loop"])
        if what == "undo":
            self._happen(ActionReverted())
        elif what == "rewind":
            self._happen(UserUtteranceReverted())
        elif what == "restart":
            self._happen(Restarted())
            self.begin()
        elif what == "session":
            self.begin()
        elif what == "reset":
            self._happen(AllSlotsReset())
        elif what == "set" and self.values:
            self._happen(self._set_slot())
        elif what == "loop":
            self._happen(ActiveLoop(self.choose([None, *self.domain.form_names])))

    def _run_form(self, form: str, prediction: PolicyPrediction) -> bool:
        outcome = self.choose(["ask", "ask", "reject", "reject", "done", "fail"])
        if outcome == "reject" and self.tracker.active_loop_name == form:
            self._happen(ActionExecutionRejected(form))
            return True
        self._happen(ActionExecuted(form, hide_rule_turn=prediction.hide_rule_turn))
        if outcome == "fail":
            return True
        if self.tracker.active_loop_name != form:
            self._happen(ActiveLoop(form))
        if self.values and self.choose([False, True]):
            self._happen(self._set_slot())
        if outcome == "done":
            self._happen(ActiveLoop(None), SlotSet("requested_slot", None))
        else:
            self._happen(SlotSet("requested_slot", self.choose(["one", "two"])))
        return True

    def _run_default(self, action: str) -> bool:
        if action == "action_restart":
            self._happen(Restarted())
            self.begin()
            return False
        if action == "action_session_start":
            self._happen(SessionStarted(), ActionExecuted("action_listen"))
            return False
        if action == "action_back":
            self._happen(UserUtteranceReverted(), UserUtteranceReverted())
            return True
        self._happen(UserUtteranceReverted())
        return True

    def _effect(self) -> Event:
        kind = self.choose(["slot", "slot", "loop", "follow"])
        if kind == "slot" and self.values:
            return self._set_slot()
        if kind == "loop":
            return ActiveLoop(self.choose([None, *self.domain.form_names]))
        return FollowupAction(self.choose(self.domain.user_actions_and_forms))

    def _set_slot(self) -> SlotSet:
        name = self.choose(sorted(self.values))
        return SlotSet(name, self.choose(self.values[name]))

    def _happen(self, *events: Event) -> None:
        for event in events:
            self.tracker.update(event)
