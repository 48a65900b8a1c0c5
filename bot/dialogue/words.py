"""The words of single cities and provinces, as Rasa's own conditional variations of a response.

A city's words win over its province's, response by response, and both over the common ones, which stay the variation
without a condition. Rasa picks by the slot `city_code`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from manifests import ManifestError, Places

CITY_SLOT = "city_code"

Variations = list[dict[str, Any]]


def with_local_words(responses: Mapping[str, Variations], places: Places) -> dict[str, Variations]:
    """The responses, with a variation for each served city that words one differently.

    Args:
        responses: the common ones, by name.
        places: the registry and the files of the cities that are served.

    Raises:
        ManifestError: a city's or province's file cannot be used, or words a response that nobody declares.
    """
    local: dict[str, Variations] = {}
    for code in places.served():
        for name, variations in words_of(code, places, responses).items():
            condition = [{"type": "slot", "name": CITY_SLOT, "value": code}]
            local.setdefault(name, []).extend({**variation, "condition": condition} for variation in variations)
    return {**responses, **{name: [*responses[name], *added] for name, added in local.items()}}


def words_of(code: str, places: Places, known: Mapping[str, Any]) -> dict[str, tuple[dict[str, Any], ...]]:
    """The responses that are worded differently in a served city, by name: its province's, and its own over them.

    Args:
        code: the city's.
        places: the registry and the files.
        known: the responses that are declared, by name.

    Raises:
        ManifestError: one of the two files cannot be used, or words a response that is not in `known`.
    """
    own, province = places.own(code).words, places.province(code).words
    for words, file in ((province, f"{code[:2]}0000.yml"), (own, f"{code}.yml")):
        unknown = next((name for name in words if name not in known), None)
        if unknown is not None:
            raise ManifestError(f"{file}：words.{unknown}：没有叫这个名字的回复")
    return {**province, **own}
