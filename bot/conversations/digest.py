"""A long conversation in few events: what came before the latest turns, reduced to what still decides anything.

Rasa rebuilds a conversation's state from all its events, so whatever it does costs more the longer one talks. Here the
events before the latest TURNS_KEPT turns are replaced by the few that leave the same state behind: each slot's last
value, what started the active form, the latest messages without their analysis (a person who takes over reads them).
Replayed by Rasa itself, the short list gives the same slots, form, latest message and the same recent past as the whole.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
    Event,
    LoopInterrupted,
    ReminderScheduled,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

TURNS_KEPT = 6
"""Turns that stay whole: more than any policy's `max_history` of config.yml looks back, and more than is ever undone."""

TURNS_THINNED = 2
"""Turns before those whose actions stay, so that Rasa sees in the oldest whole turn what it saw before."""

MESSAGES_KEPT = 30
"""Messages of both sides that stay readable, whole turns included (`actions.conversation.courtesy` hands over as many)."""

ONLY_TO_READ = "only_to_read"
"""In the metadata of messages that stay only to be read, and of the start of a session that keeps them from mattering."""


def digest(events: Sequence[Event], initial: Mapping[str, Any], turns: int = TURNS_KEPT) -> list[Event]:
    """Shorten a conversation's events.

    Args:
        events: oldest first, the result of an earlier `digest` included.
        initial: the slots of the domain and their values before anything is said.
        turns: how many of the latest turns stay whole.

    Returns:
        Events that leave a tracker in the same state; their number is bounded by the slots, `turns` and MESSAGES_KEPT.
    """
    session = _of_latest_session(list(events))
    cut = _start_of_turn(session, turns)
    if cut is None:
        return session
    early, late = session[:cut], session[cut:]
    applied = _applied([event for event in early if not _is_only_to_read(event)])
    near = _start_of_turn(applied, TURNS_THINNED) or 0
    if near and isinstance(applied[near - 1], ActionExecuted):
        near -= 1  # the `action_listen` before the message
    kept = [*_what_still_holds(applied[:near], initial), *_thinned(applied[near:])]
    if not any(isinstance(event, BotUttered) for event in [*kept, *late]):
        kept = [*[event for event in applied[:near] if isinstance(event, BotUttered)][-1:], *kept]
    return [*_messages_to_read(early, kept, late), *kept, *late]


def _of_latest_session(events: list[Event]) -> list[Event]:
    """Give the events since the latest start of a session or restart, that event included; all where there is none."""
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], SessionStarted | Restarted) and not _is_only_to_read(events[index]):
            before = events[index - 1] if index else None
            opened = isinstance(before, ActionExecuted) and before.action_name == ACTION_SESSION_START_NAME
            return events[index - opened :]
    return events


def _start_of_turn(events: Sequence[Event], turns: int) -> int | None:
    """Find the message that begins the `turns`-th turn from the end."""
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], UserUttered):
            turns -= 1
            if turns == 0:
                return index
    return None


def _applied(events: Sequence[Event]) -> list[Event]:
    tracker = DialogueStateTracker("", [])
    tracker.events.extend(events)
    applied: list[Event] = tracker.applied_events()
    return applied


def _what_still_holds(events: Sequence[Event], initial: Mapping[str, Any]) -> list[Event]:
    slots: dict[str, Event] = {}
    paused: list[Event] = []
    for event in events:
        if isinstance(event, SlotSet):
            slots.pop(event.key, None)
            if event.key in initial and event.value != initial[event.key]:
                slots[event.key] = event
        elif isinstance(event, AllSlotsReset):
            slots.clear()
        elif isinstance(event, ConversationPaused):
            paused = [event]
        elif isinstance(event, ConversationResumed):
            paused = []
    reminders = [event for event in events if _is_pending(event)]
    return [*reminders, *slots.values(), *_loop(events), *paused]


def _loop(events: Sequence[Event]) -> list[Event]:
    """Give what put the form in place that is active at the end, and how it stands with it."""
    message: list[Event] = []
    action: list[Event] = []
    loop: list[Event] = []
    name: str | None = None
    rejected: list[Event] = []
    interrupted: list[Event] = []
    for event in events:
        if isinstance(event, UserUttered):
            message = [event]
        elif isinstance(event, ActionExecuted):
            action, interrupted = [event], []
            rejected = [] if event.action_name == name else rejected
        elif isinstance(event, ActiveLoop):
            name, rejected, interrupted = event.name, [], []
            executed = [done for done in action if done.action_name == name]
            loop = [*message, *executed, event] if name else []
        elif isinstance(event, ActionExecutionRejected) and event.action_name == name:
            rejected = [event]
        elif isinstance(event, LoopInterrupted):
            interrupted = [event]
    return [*loop, *rejected, *interrupted] if loop else []


_DECISIVE = (
    UserUttered,
    ActiveLoop,
    AllSlotsReset,
    ConversationPaused,
    ConversationResumed,
    DefinePrevUserUtteredFeaturization,
    EntitiesAdded,
)


def _thinned(events: Sequence[Event]) -> list[Event]:
    """Leave out what another event overrides before the next action looks, and what changes nothing."""
    kept: list[Event] = []
    overridden: set[object] = set()
    for event in reversed(events):
        what: object = None
        if isinstance(event, ActionExecuted):
            overridden.clear()
        elif isinstance(event, SlotSet):
            what = ("slot", event.key)
        elif isinstance(event, ActionExecutionRejected):
            what = ("rejected", event.action_name)
        elif isinstance(event, BotUttered | LoopInterrupted):
            what = type(event)
        elif isinstance(event, AllSlotsReset):
            overridden = {what for what in overridden if not isinstance(what, tuple) or what[0] != "slot"}
        elif not isinstance(event, _DECISIVE) and not _is_pending(event):
            continue
        if what is not None and what in overridden:
            continue
        overridden.add(what)
        kept.append(event)
    return kept[::-1]


def _messages_to_read(early: Iterable[Event], kept: Iterable[Event], late: Iterable[Event]) -> list[Event]:
    whole = {id(event) for event in kept}
    room = MESSAGES_KEPT - sum(_is_message(event) for event in [*kept, *late])
    messages = [event for event in early if _is_message(event) and id(event) not in whole]
    # What an earlier digest kept whole stands behind messages that were said after it.
    messages.sort(key=lambda event: float(event.timestamp))
    if room <= 0 or not messages:
        return []
    # Rasa lets no event from before a session's start have any effect.
    return [*map(_only_to_read, messages[-room:]), SessionStarted(metadata={ONLY_TO_READ: True})]


def _is_message(event: Event) -> bool:
    return isinstance(event, UserUttered | BotUttered) and bool(event.text)


def _is_only_to_read(event: Event) -> bool:
    return bool(event.metadata.get(ONLY_TO_READ))


def _only_to_read(event: Event) -> Event:
    if _is_only_to_read(event):
        return event
    if isinstance(event, BotUttered):
        return BotUttered(event.text, metadata={ONLY_TO_READ: True}, timestamp=event.timestamp)
    intent = {"name": event.intent_name}
    return UserUttered(event.text, intent, timestamp=event.timestamp, metadata={ONLY_TO_READ: True})


def _is_pending(event: Event) -> bool:
    """Tell whether it is a reminder still to come: Rasa looks it up among the events when its time is there."""
    return isinstance(event, ReminderScheduled) and event.trigger_date_time.timestamp() > time.time()
