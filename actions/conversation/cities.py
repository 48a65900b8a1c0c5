"""The resident's city: what changes with it, and how it is asked for, said and changed."""

from __future__ import annotations

import datetime as dt

from actions import context
from actions.city.cities import CITY_TIME
from actions.conversation.menu import offered_titles
from actions.conversation.turn import Turn
from manifests import CityManifest, places, services

KEPT = ("city", "city_code", "hotline", "plate_example", "offered")
"""The slots that say where the resident is served; responses use them as placeholders."""

HOTLINE = "12345"
"""The government service hotline, the same number in every city of the country (国办发〔2020〕53号)."""


def city_facts(city: CityManifest, today: dt.date | None = None) -> dict[str, str]:
    """The values of the slots `KEPT` for a city.

    Args:
        city: its manifest.
        today: the day in the city; now, where none is given.
    """
    return {
        "city": city.name,
        "city_code": city.code,
        "hotline": city.says.hotlines.get("city", HOTLINE),
        "plate_example": f"{city.says.plate_prefix or '京A'}12345",
        "offered": offered_titles(city, today or dt.datetime.now(CITY_TIME).date()),
    }


def arrive(turn: Turn, city: CityManifest) -> None:
    """Serve the resident in this city from now on."""
    for slot, value in city_facts(city).items():
        if turn.slot(slot) != value:
            turn.set(slot, value)


def served(name_or_code: str) -> CityManifest | None:
    """The city of this short name or code, where it is served; None where it is not, or is no city."""
    row = places().registered(name_or_code)
    return places().city(row.code) if row is not None else None


async def switch(turn: Turn, city: str) -> bool:
    """Go to `city` and say so; False, said as well, where it is not served, and the old one stays.

    Args:
        turn: whose resident wants it.
        city: a short name.
    """
    manifest = served(city)
    if manifest is None:
        turn.say("utter_city_not_served", asked_city=city)
        return False
    if manifest.code == turn.city_code:
        turn.say("utter_city_as_before", asked_city=city)
        return True
    first = not turn.city_code
    arrive(turn, manifest)
    turn.say("utter_city_chosen" if first else "utter_city_switched", city=city)
    return True


def likely(turn: Turn) -> list[CityManifest]:
    """The cities the resident is likeliest in: of the plate in the message, then those of the settings."""
    plates = [name for name, entity in services().entities().items() if entity.reader == "plate"]
    said = {str(found["value"])[:2] for found in turn.entities if found["entity"] in plates}
    by_plate = [
        city for city in map(places().city, places().served() if said else ()) if city and _prefix(city) in said
    ]
    named = [city for city in map(places().city, context.current().settings.likely_cities) if city is not None]
    return list({city.code: city for city in [*by_plate, *named]}.values())


def _prefix(city: CityManifest) -> str | None:
    return city.says.plate_prefix
