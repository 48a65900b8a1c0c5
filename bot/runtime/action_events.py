"""How much of a conversation an action is told: enough for what the actions read, however long the conversation is.

Rasa sends every event it has with each action call. The actions read the slots' last values as they stood before the
latest message (`Turn.slots_before`), what has happened since (`Turn.just_heard`), and the latest messages of both sides
(`courtesy.HandOver`), and the buttons of our latest answer (`Turn.buttons_offered`). That is what is sent: the latest turn as
it is, and of what came before it no analysis, no actions.
"""

from collections.abc import Sequence
from typing import Any

MOST_MESSAGES = 30
"""Messages of both sides that an action may read back (`actions.conversation.courtesy.MESSAGES_HANDED_OVER`)."""

FORGETS = frozenset({"session_started", "restart", "reset_slots"})
"""Events after which the slots' earlier values no longer count."""

SAID = ("event", "text", "timestamp")

Event = dict[str, Any]


def bounded(events: Sequence[Event], most_messages: int = MOST_MESSAGES) -> list[Event]:
    """Shorten a conversation's events to what an action may need.

    Args:
        events: as Rasa sends them, oldest first.
        most_messages: how many messages stay, those of the latest turn included.

    Returns:
        The slots' last values and the latest messages (text and time, and the buttons of our latest answer), in the order of
        their time, then the latest turn's events as they are, from the resident's message on.
    """
    begin = next((i for i in range(len(events) - 1, -1, -1) if events[i].get("event") == "user"), 0)
    latest = list(events[begin:])
    answered = next((i for i in range(begin - 1, -1, -1) if events[i].get("event") == "user"), -1)
    slots: dict[str, Event] = {}
    messages: list[Event] = []
    for place, event in enumerate(events[:begin]):
        kind = event.get("event")
        if kind == "slot":
            slots.pop(event["name"], None)
            slots[event["name"]] = event
        elif kind in FORGETS:
            slots.clear()
        elif _is_message(event):
            message = {name: event.get(name) for name in SAID}
            buttons = (event.get("data") or {}).get("buttons") if place > answered else None
            messages.append({**message, "data": {"buttons": buttons}} if buttons else message)
    # A form's first message may stand behind later ones (`bot.conversations.digest`).
    messages.sort(key=lambda event: float(event["timestamp"] or 0))
    room = most_messages - sum(_is_message(event) for event in latest)
    return [*slots.values(), *(messages[-room:] if room > 0 else []), *latest]


def _is_message(event: Event) -> bool:
    return event.get("event") in ("user", "bot") and bool(event.get("text"))
