"""Reads a conversation from its end: what has happened, newest first, and only as far back as somebody asks.

`DialogueStateTracker.applied_events` goes through the whole conversation from its first event and leaves out what was
taken back, restarted, or said while a form went on as it should. `Past` gives the same events from the other end, so
that what is decided now costs what the last few events cost, however long the conversation is.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any, cast

from rasa.shared.core.constants import SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActionReverted,
    ActiveLoop,
    AllSlotsReset,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

Feature = tuple[float, ...] | str | None
"""What policies see of a slot: its features, `should_not_be_set`, or None where there is nothing to see."""

_NOT_IN_A_HAPPY_FORM = (ActionExecuted, UserUttered, DefinePrevUserUtteredFeaturization)


class Moment:
    """One action and what followed it until the next, or until now.

    Attributes:
        action: the action; None for what came before the first one.
        since: the events after it, newest first.
    """

    __slots__ = ("action", "since")

    def __init__(self, action: ActionExecuted | None, since: list[Event]) -> None:
        self.action = action
        self.since = since


class Past:
    """What has happened in one conversation, newest first.

    Args:
        tracker: the conversation as it stands; it must not change while the `Past` is in use.
        domain: whose forms may be loops.
    """

    def __init__(self, tracker: DialogueStateTracker, domain: Domain) -> None:
        self._tracker = tracker
        self._domain = domain
        self._unread = reversed(tracker.events)
        self._read: list[Event] = []
        self._moments: list[Moment] = []
        self._sections = self._in_sections()
        self._loops: dict[str, bool] = {}
        self._repeated: dict[int, bool] = {}

    def moment(self, back: int) -> Moment | None:
        """Give the moment so many actions back, 0 for now; None before the beginning."""
        while len(self._moments) <= back:
            found = next(self._sections, None)
            if found is None:
                return None
            self._moments.append(found)
        return self._moments[back]

    def message(self, back: int) -> UserUttered | None:
        """Give the last message at that moment."""
        while moment := self.moment(back):
            for event in moment.since:
                if isinstance(event, UserUttered):
                    return event
            back += 1
        return None

    def loop(self, back: int) -> str | None:
        """Give the loop open at that moment, as a state has it (`should_not_be_set` in a rule's training tracker)."""
        if not self._changed(back, ActiveLoop):
            return self._tracker.active_loop.name if self._tracker.active_loop else None
        while moment := self.moment(back):
            for event in moment.since:
                if isinstance(event, ActiveLoop):
                    return cast("str | None", event.name)
            back += 1
        return None

    def slot(self, back: int, name: str) -> Feature:
        """Give what policies saw of a slot at that moment."""
        slot = self._tracker.slots.get(name)
        if slot is None:
            return None
        if not self._changed(back, (SlotSet, AllSlotsReset), name):
            return feature(slot, slot.value)
        while moment := self.moment(back):
            for event in moment.since:
                if isinstance(event, SlotSet) and event.key == name:
                    return feature(slot, event.value)
                if isinstance(event, AllSlotsReset):
                    return feature(slot, slot.initial_value)
            back += 1
        return feature(slot, slot.initial_value)

    def _changed(self, back: int, kind: Any, name: str | None = None) -> bool:
        """Tell whether an event of that kind is newer than the moment."""
        for newer in range(back):
            moment = self.moment(newer)
            for event in moment.since if moment else ():
                if isinstance(event, kind) and (name is None or getattr(event, "key", name) == name):
                    return True
        return False

    def _in_sections(self) -> Iterator[Moment]:
        since: list[Event] = []
        for event in self._applied(0):
            if isinstance(event, ActionExecuted):
                yield Moment(event, since)
                since = []
            else:
                since.append(event)
        yield Moment(None, since)

    def _raw(self, index: int) -> Event | None:
        while len(self._read) <= index:
            event = next(self._unread, None)
            if event is None:
                return None
            self._read.append(event)
        return self._read[index]

    def _applied(self, index: int, within: str | None = None) -> Iterator[Event]:
        """Go back from the event at `index`, newest first, over what was not taken back.

        What takes back is met before what it takes back, so each is kept on a stack until it has found its own:
        the kind of event up to which all goes, or the name of a form whose last run stands for the ones since.

        Args:
            index: where to start, counted from the end.
            within: a form; each of its runs is given, whether it counts or is a repetition.
        """
        taken_back: list[type[Event] | str] = []
        while (event := self._raw(index)) is not None and not isinstance(event, (Restarted, SessionStarted)):
            index += 1
            if isinstance(event, ActionReverted):
                taken_back.append(ActionExecuted)
            elif isinstance(event, UserUtteranceReverted):
                taken_back += [ActionExecuted, UserUttered]
            elif (
                isinstance(event, ActionExecuted)
                and (event.action_name != within or taken_back)
                and self._is_repetition(index, event.action_name)
            ):
                if not taken_back or taken_back[-1] != event.action_name:
                    taken_back.append(event.action_name)
            elif not taken_back or _remains(event, taken_back):
                yield event

    def _is_repetition(self, index: int, action: str | None) -> bool:
        """Tell whether a form's run only went on from an earlier one (`index`: the event before the run)."""
        if action is None or not (action in self._domain.form_names or action == self._tracker.active_loop_name):
            return False
        if index not in self._repeated:
            self._repeated[index] = self._goes_on(index, action) and self._is_loop(action)
        return self._repeated[index]

    def _goes_on(self, index: int, form: str) -> bool:
        next_action = None
        for event in self._applied(index, within=form):
            if isinstance(event, ActiveLoop) and event.name is None:
                return False
            if isinstance(event, ActionExecutionRejected) and event.action_name == form:
                return False
            if isinstance(event, UserUttered) and next_action not in (None, form):
                return False
            if isinstance(event, ActionExecuted):
                if event.action_name == form:
                    return True
                next_action = event.action_name
        return False

    def _is_loop(self, name: str) -> bool:
        if name not in self._loops:
            self._loops[name] = name == self._tracker.active_loop_name or any(
                isinstance(event, ActiveLoop) and event.name == name for event in reversed(self._tracker.events)
            )
        return self._loops[name]


def _remains(event: Event, taken_back: list[type[Event] | str]) -> bool:
    """Pass one event by all that takes back, the oldest of it first; False where it goes."""
    for place in range(len(taken_back) - 1, -1, -1):
        by = taken_back[place]
        if isinstance(by, str):
            if isinstance(event, ActionExecuted) and event.action_name == by:
                del taken_back[place]
            elif isinstance(event, _NOT_IN_A_HAPPY_FORM):
                return False
        else:
            if isinstance(event, by):
                del taken_back[place]
            return False
    return True


def feature(slot: Slot, value: Any) -> Feature:
    """Give what policies see of a slot that has this value, as `Domain.get_active_state` does."""
    if not slot.influence_conversation or not slot.has_features():
        return None
    if value == SHOULD_NOT_BE_SET:
        return cast(str, SHOULD_NOT_BE_SET)
    if value is not slot.value:
        slot = copy.copy(slot)
        slot.value = value
    features = slot.as_feature()
    return tuple(features) if any(features) else None


def slots_with_features(tracker: DialogueStateTracker) -> dict[str, Slot]:
    """Give the slots of which policies see anything, by name."""
    return {name: slot for name, slot in tracker.slots.items() if slot.influence_conversation and slot.has_features()}
