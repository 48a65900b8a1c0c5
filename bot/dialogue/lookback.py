"""Lays stories over the end of a conversation: which of them fit what has happened, wherever they began.

Stories do not see the turns that were done by rules which no story goes through (Rasa: `hide_rule_turn`), nor what was
set before they began. So for each place where a story may have begun, the states from there on are made as
`Domain.states_for_tracker_history` would make them, for as long as some story goes along.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    ACTION_UNLIKELY_INTENT_NAME,
    ACTIVE_LOOP,
    LOOP_NAME,
    PREVIOUS_ACTION,
    SLOTS,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    AllSlotsReset,
    Event,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

from bot.dialogue.facts import action_of, message_state
from bot.dialogue.past import Past, feature
from bot.dialogue.storybook import StoryBook, Word, freeze

PATIENCE = 32
"""Messages, besides its own, that a story waits for its next step; some more and it is forgotten."""

_UNSURE = "…"


class LookBack:
    """The end of one conversation, as far back as a story can have begun.

    Args:
        past: the conversation.
        book: the stories.
        domain: whose slots policies see.
        slots: the conversation's slots that stories see in every state once they are set, by name.
        rule_only: slots and loops that occur in rules alone, which stories do not see.
    """

    def __init__(
        self, past: Past, book: StoryBook, domain: Domain, slots: dict[str, Slot], rule_only: dict[str, list[str]]
    ) -> None:
        self._past = past
        self._book = book
        self._domain = domain
        self._slots = slots
        self._hidden_slots = rule_only.get("rule_only_slots", [])
        self._hidden_loops = rule_only.get("rule_only_loops", [])
        self._turns: list[tuple[ActionExecuted | None, list[Event]]] = []
        """Each action with what followed it, oldest first; before them what came before the first action, if reached."""
        self._first_seen: dict[int, str | None] = {}
        """The intent of the first message a story would see that began there."""
        self._known: dict[Any, list[Word]] = {}
        self._read(past)

    def _read(self, past: Past) -> None:
        heard = seen = back = 0
        longest = self._book.longest
        newer: ActionExecuted | None = None
        while (moment := past.moment(back)) is not None and seen <= longest and heard <= longest + PATIENCE:
            back += 1
            self._turns.append((moment.action, moment.since[::-1]))
            if newer is not None and not newer.hide_rule_turn and not self._carries_on(*self._turns[-1]):
                seen += 1
            newer = moment.action
            heard += newer is not None and newer.action_name == ACTION_LISTEN_NAME
        self._turns.reverse()

    def fitting(self) -> list[Word]:
        """Give what the stories say that fit, the one that began earliest first, of those the one that names most."""
        # From the latest beginning to the earliest, as an earlier one soon comes the way a later one has gone.
        starts = [start for start in range(len(self._turns) - 1, -1, -1) if self._may_begin(start)]
        found = [self._go_along(start) for start in starts]
        if self._turns and self._turns[0][0] is None:
            found.append(self._go_along(0, whole=True))
        return [word for words in reversed(found) for word in words]

    def _carries_on(self, action: ActionExecuted | None, events: list[Event]) -> bool:
        """Tell whether what comes after this action may be hidden, or shown, because the action was."""
        return (
            action is None
            or action.action_name in self._domain.form_names
            or any(isinstance(event, FollowupAction) for event in events)
        )

    def _may_begin(self, start: int) -> bool:
        """Rule out at a glance what no story begins with."""
        action, events = self._turns[start]
        heard = next((event.intent_name for event in reversed(events) if isinstance(event, UserUttered)), None)
        following = self._turns[start + 1][0] if start + 1 < len(self._turns) else None
        self._first_seen[start] = heard
        if self._carries_on(action, events):
            self._first_seen[start] = _UNSURE
        elif following is not None and following.hide_rule_turn:
            self._first_seen[start] = self._first_seen[start + 1] or heard
        return (
            action is not None
            and (action.action_name or action.action_text) in self._book.first_actions
            and (
                self._first_seen[start] == _UNSURE
                or not self._book.first_intents.isdisjoint((None, self._first_seen[start]))
            )
        )

    def _go_along(self, start: int, whole: bool = False) -> list[Word]:
        """Follow the stories from one beginning to now.

        Args:
            start: the action it begins with.
            whole: begin with what came before the first action.

        Returns:
            What is said at the node that is reached; nothing where no story comes so far.
        """
        view = _View(self._domain, self._slots, self._hidden_slots, self._hidden_loops)
        if whole:
            for event in self._turns[0][1]:
                view.hear(event)
        node = self._book.root
        shown: State | None = None
        shown_action: dict[str, str] = {}
        hidden = False
        unseen: list[Any] = []
        seen_at: list[int] = []
        last = len(self._turns)
        for place in range(start + whole, last + 1):
            action = self._turns[place][0] if place < last else None
            if not hidden:
                shown_action = view.action
            if not view.followed_up and view.action_name != view.loop:
                hidden = action is not None and action.hide_rule_turn
            if not hidden:
                state = view.state(shown, shown_action)
                if shown is None or shown_action.get(ACTION_NAME) != ACTION_UNLIKELY_INTENT_NAME:
                    following = node.children.get(freeze(state if place < last else _without_text(state)))
                    if following is None:
                        return self._remember(unseen, [])
                    node = following
                    seen_at.append(place)
                shown = state
            elif node.depth == 1 and not whole:
                # All that begins in a stretch that stories do not see comes out of it alike.
                so_far = (place, next(iter(shown_action.values()), None), *view.signature())
                if so_far in self._known:
                    return self._remember(unseen, self._known[so_far])
                unseen.append(so_far)
            if action is not None:
                view.do(action)
                for event in self._turns[place][1]:
                    view.hear(event)
        return self._remember(unseen, [word for word in node.words if self._held(word, seen_at)])

    def _held(self, word: Word, seen_at: list[int]) -> bool:
        """Tell whether all that a word names of slots held, each at its own step."""
        now = len(self._turns)
        return all(self._past.slot(now - seen_at[step], name) == value for step, name, value in word.named)

    def _remember(self, unseen: list[Any], words: list[Word]) -> list[Word]:
        for so_far in unseen:
            self._known[so_far] = words
        return words


def _without_text(state: State) -> State:
    """Drop the text of the message that has just been said: Rasa's stories go by its intent."""
    if state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) != ACTION_LISTEN_NAME or TEXT not in state.get(USER, {}):
        return state
    return {**state, USER: {name: value for name, value in state[USER].items() if name != TEXT}}


class _View:
    """What a story sees at one moment, carried forward event by event."""

    def __init__(
        self, domain: Domain, slots: dict[str, Slot], hidden_slots: list[str], hidden_loops: list[str]
    ) -> None:
        self._domain = domain
        self._slots = slots
        self._hidden_slots = hidden_slots
        self._hidden_loops = hidden_loops
        self._message: UserUttered | None = None
        self._set: dict[str, Any] = {}
        self._reset()
        self.loop: str | None = None
        self.action: dict[str, str] = {}
        self.followed_up = True

    @property
    def action_name(self) -> str | None:
        return next(iter(self.action.values()), None)

    def do(self, action: ActionExecuted) -> None:
        self.action = action_of(action)
        self.followed_up = False

    def hear(self, event: Event) -> None:
        if isinstance(event, UserUttered):
            self._message = event
            self.followed_up = False
        elif isinstance(event, SlotSet):
            if event.key in self._slots:
                self._set[event.key] = feature(self._slots[event.key], event.value)
        elif isinstance(event, ActiveLoop):
            self.loop = event.name
        elif isinstance(event, FollowupAction):
            self.followed_up = True
        elif isinstance(event, AllSlotsReset):
            self._reset()

    def _reset(self) -> None:
        self._set = {name: feature(slot, slot.initial_value) for name, slot in self._slots.items()}

    def signature(self) -> tuple[Any, ...]:
        """Give all that decides what is seen from here on."""
        return self.action_name, self.loop, self.followed_up, id(self._message), tuple(self._set.items())

    def state(self, before: State | None, shown_action: dict[str, str]) -> State:
        """Give the state, with a rule's turns before it left out."""
        state: dict[str, Any] = {}
        message = self._message
        user = message_state(message, self._domain) if message and not message.is_empty() else {}
        if before is not None and self.action.get(ACTION_NAME) != ACTION_LISTEN_NAME:
            user = before.get(USER, {})
        if user.get(INTENT) and TEXT in user:
            user = {name: value for name, value in user.items() if name != TEXT}
        if user:
            state[USER] = user
        slots = {name: seen for name, seen in self._set.items() if seen and name not in self._hidden_slots}
        if slots:
            state[SLOTS] = slots
        if shown_action or self.action:
            state[PREVIOUS_ACTION] = shown_action or self.action
        if self.loop and self.loop not in self._hidden_loops:
            state[ACTIVE_LOOP] = {LOOP_NAME: self.loop}
        return state
