"""Whom to ask in the resident's city, as responses fill it in: {whom_electricity} becomes 国网杭州供电公司（95598）.

Where the city's file names the biller or a number, these are said; else who runs such a thing everywhere and the number that
holds in the whole country; else the city's hotline, which knows. Nothing is guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from manifests import CityManifest, places, services

HOTLINE = "12345"
"""The government service hotline, the same number in every city of the country (国办发〔2020〕53号)."""

OPENING = "whom_"


@lru_cache(maxsize=512)
def whom_to_ask(city_code: str | None) -> Mapping[str, str]:
    """Give what stands for each city service: `whom_` with its code.

    Args:
        city_code: the resident's city; None while nobody has said which.
    """
    city = places().city(city_code) if city_code else None
    return {f"{OPENING}{code}": _whom(city, code) for code in services().city_services()}


def _whom(city: CityManifest | None, code: str) -> str:
    declared = services().city_services()[code].city_services[code]
    named = (city.biller(code) if city is not None else None) or declared.keeper
    hotlines = city.says.hotlines if city is not None else {}
    line = hotlines.get(code) or declared.line
    if named is None:
        return line or hotlines.get("city", HOTLINE)
    return f"{named}（{line}）" if line else f"{named}（号码问 {hotlines.get('city', HOTLINE)}）"
