"""What can be done here: the buttons of greeting and menu, and the services by name, for the resident's city."""

from __future__ import annotations

import datetime as dt

from actions.city.cities import CITY_TIME
from actions.conversation.turn import Turn, payload
from manifests import CityManifest, ServiceManifest, places, services


def is_offered(service: ServiceManifest, city: CityManifest | None, today: dt.date) -> bool:
    """Whether a city offers at least a part of a service by its file; without a city, whether there is the service.

    Args:
        service: of which one part is enough: a city with water but no gas has household bills.
        city: the resident's, or None while it is not known.
        today: the day there.
    """
    return city is None or any(city.offers(code, today) for code in service.city_services)


def menu_buttons(turn: Turn) -> list[tuple[str, str]]:
    """Title and payload of each task of the menu that the resident's city offers."""
    city, today = places().city(turn.city_code), dt.datetime.now(CITY_TIME).date()
    return [
        (task.title, payload(intent)) for intent, task, service in services().menu() if is_offered(service, city, today)
    ]


def remedy_buttons(turn: Turn) -> list[tuple[str, str]]:
    """Title and payload of each task that sees to troubles, which the resident's city offers."""
    city, today = places().city(turn.city_code), dt.datetime.now(CITY_TIME).date()
    return [
        (task.title, payload(intent))
        for intent, task, service in services().tasks()
        if task.remedy and is_offered(service, city, today)
    ]


def offered_titles(city: CityManifest | None, today: dt.date) -> str:
    """The services offered in a city as they stand in a sentence: 水电燃气费、交通违法、预约挂号和信用分."""
    titles = [service.title for service in services() if is_offered(service, city, today)]
    return "和".join(part for part in ("、".join(titles[:-1]), *titles[-1:]) if part)
