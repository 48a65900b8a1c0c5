"""Events as text and back.

`Event.from_parameters` walks all subclasses of Event for each event (a third of the time a turn spends in Rasa's own SQL
store); here the names are looked up once.
"""

import json
from collections.abc import Iterable

import structlog
from rasa.shared.core.events import Event

from bot.conversations.errors import ConversationUnreadable
from bot.runtime.event_kinds import kinds

log = structlog.get_logger(__name__)


def encode(events: Iterable[Event]) -> str:
    """Write events as one JSON list."""
    return json.dumps([event.as_dict() for event in events], ensure_ascii=False, separators=(",", ":"))


def decode(text: str) -> list[Event]:
    """Read events back; one of a kind that is no longer known is left out, with a line in the log.

    Raises:
        ConversationUnreadable: the text is no list of events.
    """
    known = kinds()
    events: list[Event] = []
    try:
        for fields in json.loads(text):
            kind = known.get(fields["event"])
            event = kind._from_parameters(fields) if kind else None
            if event is None:
                log.warning("event_unknown", kind=fields["event"])
            else:
                events.append(event)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ConversationUnreadable(f"events cannot be read: {type(error).__name__}") from error
    return events
