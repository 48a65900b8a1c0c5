"""The city that is served: the registry of data/cities (GB/T 2260 codes by short name), and going to another city."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

from actions import context
from actions.city.errors import NotConnected, NotFound
from actions.conversation.turn import Turn

REGISTRY = Path(__file__).resolve().parents[2] / "data" / "cities" / "cities.yml"


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return {entry["name"]: str(entry["code"]) for entry in registry["cities"]}


def code_of(name: str) -> str | None:
    """The GB/T 2260 code of the city whose short name is `name`, or None where there is none."""
    return _codes().get(name)


async def switch(turn: Turn, city: str) -> bool:
    """Go to `city` and say so; False, said as well, where it is not served, and the old one stays.

    Args:
        turn: whose resident wants it.
        city: a short name.

    Raises:
        CityError: its services could not be asked for.
    """
    code = code_of(city)
    try:
        services = await context.current().city.services(code) if code else []
    except (NotConnected, NotFound):
        services = []
    if not services:
        turn.say("utter_city_not_served", asked_city=city)
        return False
    turn.set("city", city)
    turn.set("city_code", code)
    turn.say("utter_city_switched", city=city)
    return True
