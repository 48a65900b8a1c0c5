"""How much of a conversation an action is told: enough for what the actions read, however long the conversation is.

Rasa sends every event it has with each action call, each with the metadata of the model that made it. The actions read the
slots' last values as they stood before the latest message (`Turn.slots_before`), what has happened since (`Turn.just_heard`),
the latest messages of both sides (`courtesy.HandOver`), and the buttons of our latest answer (`Turn.buttons_offered`). That is
what is sent: the latest turn, and of what came before it no analysis, no actions. How the latest message was understood
stands in the tracker's `latest_message`, and is not sent twice.
"""

from collections.abc import Sequence
from itertools import islice
from typing import Any

from rasa.shared.core.events import BotUttered, Event, SlotSet, UserUttered

MOST_MESSAGES = 30
"""Messages of both sides that an action may read back (`actions.conversation.courtesy.MESSAGES_HANDED_OVER`)."""

FORGETS = frozenset({"session_started", "restart", "reset_slots"})
"""Events after which the slots' earlier values no longer count."""

UNREAD = ("metadata", "parse_data")
"""What an action reads of no event."""

Fields = dict[str, Any]


def bounded(events: Sequence[Event], most_messages: int = MOST_MESSAGES) -> list[Fields]:
    """Shorten a conversation's events to what an action may need, in the form in which Rasa sends them.

    Args:
        events: oldest first.
        most_messages: how many messages stay, those of the latest turn included.

    Returns:
        The slots' last values and the latest messages (text and time, and the buttons of our latest answer), in the order of
        their time, then the latest turn's events, from the resident's message on.
    """
    begin, answered = _latest_messages(events)
    slots: dict[str, SlotSet] = {}
    messages: list[tuple[Event, bool]] = []
    for place, event in enumerate(islice(events, begin)):
        kind = event.type_name
        if kind == "slot":
            slots.pop(event.key, None)
            slots[event.key] = event
        elif kind in FORGETS:
            slots.clear()
        elif _is_message(event):
            messages.append((event, place > answered))
    # A form's first message may stand behind later ones (`bot.conversations.digest`).
    messages.sort(key=lambda message: float(message[0].timestamp or 0))
    latest = list(islice(events, begin, None))
    room = most_messages - sum(map(_is_message, latest))
    return [
        *(_slot(event) for event in slots.values()),
        *(_message(*message) for message in (messages[-room:] if room > 0 else ())),
        *map(_whole, latest),
    ]


def _latest_messages(events: Sequence[Event]) -> tuple[int, int]:
    """Find where the latest turn begins, and where the one before it does: 0 and -1 where there is none."""
    begin, place = None, len(events)
    for event in reversed(events):
        place -= 1
        if isinstance(event, UserUttered):
            if begin is not None:
                return begin, place
            begin = place
    return begin or 0, -1


def _is_message(event: Event) -> bool:
    return event.type_name in ("user", "bot") and bool(event.text)


def _slot(event: SlotSet) -> Fields:
    return {"event": "slot", "timestamp": event.timestamp, "name": event.key, "value": event.value}


def _message(event: UserUttered | BotUttered, with_buttons: bool) -> Fields:
    fields = {"event": event.type_name, "timestamp": event.timestamp, "text": event.text}
    buttons = event.data.get("buttons") if with_buttons and isinstance(event, BotUttered) else None
    return {**fields, "data": {"buttons": buttons}} if buttons else fields


def _whole(event: Event) -> Fields:
    if isinstance(event, SlotSet):
        return _slot(event)
    return {name: value for name, value in event.as_dict().items() if name not in UNREAD}
