"""Finds the class of an event by its name, in a table.

`rasa.shared.core.events.Event.resolve_by_type` walks all subclasses of Event for each event that an action server answers.
"""

from functools import cache

from rasa.shared.core.events import Event
from rasa.shared.utils.common import all_subclasses

_rasas = Event.resolve_by_type


def install() -> None:
    """Put our look-up in the place of Rasa's; safe to call again."""
    Event.resolve_by_type = staticmethod(resolve)


def resolve(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Find the class of an event.

    Args:
        type_name: as it stands in the event's `event`.
        default: given where there is none of that name.

    Raises:
        ValueError: there is none of that name, and no default.
    """
    found = kinds().get(type_name)
    return found if found is not None else _rasas(type_name, default)


@cache
def kinds() -> dict[str, type[Event]]:
    """All kinds of event by name; of two with one name the first, as Rasa takes it."""
    found: dict[str, type[Event]] = {}
    for kind in all_subclasses(Event):
        found.setdefault(kind.type_name, kind)
    return found
