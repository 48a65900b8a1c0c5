"""What one step of a rule says of the conversation, as facts that hold at a moment or do not.

A rule's step comes from Rasa as a state: `{"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"},
"active_loop": {"name": …}, "slots": {…}}`. Each entry is one fact; what a step does not name may be anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTIVE_LOOP,
    LOOP_NAME,
    PREVIOUS_ACTION,
    SHOULD_NOT_BE_SET,
    SLOTS,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.nlu.constants import ACTION_NAME, ENTITIES, INTENT, TEXT

from bot.dialogue.past import Past

Fact = tuple[str, str, Any]
"""Where in a state, under what name, and the value: `("slots", "city", (0.0, 1.0))`."""


@dataclass(frozen=True)
class Step:
    """What a rule says of one moment.

    Attributes:
        action: the action before it, as a state has it; empty at the start of a conversation.
        facts: all else it says.
    """

    action: dict[str, str]
    facts: tuple[Fact, ...]

    @classmethod
    def of(cls, state: State) -> Step:
        """Read a state, dropping what says nothing."""
        facts = [
            (kind, name, tuple(value) if isinstance(value, list) else value)
            for kind, entries in state.items()
            if kind != PREVIOUS_ACTION
            for name, value in entries.items()
            if value
        ]
        return cls(dict(state.get(PREVIOUS_ACTION) or {}), tuple(sorted(facts, key=lambda fact: _COST[fact[0]])))

    @property
    def intent(self) -> str | None:
        """The intent it names, if any."""
        return next((value for kind, name, value in self.facts if kind == USER and name == INTENT), None)

    @property
    def loop(self) -> str | None:
        """The open loop it names, if any."""
        named = next((value for kind, _, value in self.facts if kind == ACTIVE_LOOP), None)
        return None if named == SHOULD_NOT_BE_SET else named

    @property
    def may_meet_text(self) -> bool:
        """Whether it may hold right after a message of which only the text is looked at, neither intent nor entities."""
        return self.action.get(ACTION_NAME) == ACTION_LISTEN_NAME and not any(
            kind == USER and name in (INTENT, ENTITIES) for kind, name, _ in self.facts
        )

    def holds(self, past: Past, domain: Domain, back: int, by_text: bool) -> bool:
        """Tell whether all its facts hold at a moment.

        Args:
            past: the conversation.
            domain: which entities count for which intent.
            back: how many actions ago.
            by_text: look at the last message's text alone.
        """
        moment = past.moment(back)
        if moment is None:
            return False
        action = action_of(moment.action)
        if not self.action or not action:
            return not self.action and not action  # Rasa compares no slots at the start of a conversation.
        if any(action.get(name) != value for name, value in self.action.items()):
            return False
        message: dict[str, Any] | None = None
        for kind, name, wanted in self.facts:
            if kind == ACTIVE_LOOP:
                found: Any = past.loop(back) if name == LOOP_NAME else None
            elif kind == SLOTS:
                found = past.slot(back, name)
            else:
                if message is None:
                    listening = back == 0 and action.get(ACTION_NAME) == ACTION_LISTEN_NAME
                    message = said(past.message(back), domain, listening, by_text)
                found = message.get(name)
            if found != wanted if wanted != SHOULD_NOT_BE_SET else found and found != SHOULD_NOT_BE_SET:
                return False
        return True

    def goes_with(self, other: Step) -> bool:
        """Tell whether both can hold at one moment."""
        if not self.action or not other.action:
            return not self.action and not other.action
        named = {(kind, name): value for kind, name, value in other.facts}
        return self.action == other.action and all(
            named.get((kind, name), value) == value for kind, name, value in self.facts
        )


_COST = {ACTIVE_LOOP: 0, SLOTS: 1, USER: 2}
"""What is looked at first: the open loop stands in the tracker, for a message one may have to go back."""


def action_of(event: ActionExecuted | None) -> dict[str, str]:
    """Give an action as a state has it; empty for none."""
    return dict(event.as_sub_state()) if event else {}


def said(message: UserUttered | None, domain: Domain, listening: bool, by_text: bool = False) -> dict[str, Any]:
    """Give a message as a state has it.

    Args:
        message: the message; None before the first.
        domain: which entities count for which intent.
        listening: nothing has been done since it was said.
        by_text: look at its text alone, where nothing has been done since.
    """
    if message is None or message.is_empty():
        return {}
    seen = message_state(message, domain)
    if listening:
        for name in (INTENT, ENTITIES) if by_text else (TEXT,):
            seen.pop(name, None)
    elif seen.get(INTENT):
        seen.pop(TEXT, None)
    return seen


def message_state(message: UserUttered, domain: Domain) -> dict[str, Any]:
    """Give intent, text and the entities that count, as `Domain.get_active_state` does."""
    seen: dict[str, Any] = dict(message.as_sub_state())
    present = seen.pop(ENTITIES, None)
    if present:
        counted = domain._get_featurized_entities(message).intersection(present)
        if counted:
            seen[ENTITIES] = tuple(sorted(counted))
    return seen
