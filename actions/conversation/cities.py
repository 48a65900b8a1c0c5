"""The resident's city: what changes with it, and how it is asked for, said and changed."""

from __future__ import annotations

import datetime as dt

from actions import context
from actions.city.cities import CITY_TIME
from actions.conversation.menu import offered_titles
from actions.conversation.turn import Turn, payload
from manifests import CityManifest, places, services

HOTLINE = "12345"
"""The government service hotline, the same number in every city of the country (国办发〔2020〕53号)."""


def city_facts(city: CityManifest | None, today: dt.date | None = None) -> dict[str, str | None]:
    """The slots that say where the resident is served, which responses use as placeholders, and their values.

    Args:
        city: its manifest; None while nobody has said where they are: then what holds everywhere.
        today: the day in the city; now, where none is given.
    """
    says = city.says if city is not None else None
    return {
        "city": city.name if city is not None else None,
        "city_code": city.code if city is not None else None,
        "hotline": says.hotlines.get("city", HOTLINE) if says is not None else HOTLINE,
        "plate_example": f"{says.plate_prefix if says is not None and says.plate_prefix else '京A'}12345",
        "offered": offered_titles(city, today or dt.datetime.now(CITY_TIME).date()),
    }


def account_facts(city: CityManifest | None, service: str) -> dict[str, str]:
    """How the account numbers of a biller look and where they stand, for the placeholders of the same names.

    Args:
        city: the resident's.
        service: code of the city service.
    """
    said = city.says.account_numbers.get(service) if city is not None else None
    if said is None:
        return {"account_form": "号码", "account_stands_on": "缴费单或缴费短信"}
    return {"account_form": said.spoken(), "account_stands_on": said.stands_on}


def arrive(turn: Turn, city: CityManifest) -> None:
    """Serve the resident in this city from now on."""
    for slot, value in city_facts(city).items():
        if turn.slot(slot) != value:
            turn.set(slot, value)


def served(name_or_code: str) -> CityManifest | None:
    """The city that serves the place of this short name or code; None where none does, or it is no place.

    A county-level city without a file of its own is served by its prefecture.
    """
    row = places().registered(name_or_code)
    rows = [row] if row is not None and row.code == name_or_code else places().named(name_or_code)
    return next((city for one in rows if (city := places().serving(one.code)) is not None), None)


async def switch(turn: Turn, city: str) -> bool:
    """Go to `city` and say so; False, said as well, where it is not served, and the old one stays.

    Args:
        turn: whose resident wants it.
        city: a short name.
    """
    manifest = served(city)
    if manifest is None:
        if turn.city_code:
            turn.say("utter_city_not_served", asked_city=city)
        else:
            turn.say("utter_city_not_served_choose", asked_city=city)
        return False
    if manifest.code == turn.city_code:
        turn.say("utter_city_as_before", asked_city=city)
        return True
    first = not turn.city_code
    arrive(turn, manifest)
    turn.say("utter_city_chosen" if first else "utter_city_switched", city=manifest.name)
    return True


def which(names: list[str], intent: str, **slots: str) -> list[tuple[str, str]]:
    """A button for each of the cities that a name can be, which starts the task in it.

    Args:
        names: short names, or codes where two places share one.
        intent: what the button starts.
        slots: what it takes along.
    """
    rows = {name: places().registered(name) for name in names}
    titles = {name: f"{row.province}{row.name}" if row and name == row.code else name for name, row in rows.items()}
    return [(titles[name], payload(intent, city=name, **slots)) for name in names]


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
