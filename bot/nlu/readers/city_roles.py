"""Tells whether a request is about a city (嘉兴的水费) or the city is said in passing (我在北京出差，帮家里交下水费)."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.nlu.readers.city_names import CITY
from bot.nlu.readers.found import Found
from bot.nlu.readers.short_names import any_of

TARGET, PASSING = "target", "passing"
_LOOK_BACK = 8
_JOINED = re.compile(r"(?:市|那边|这边)?(?:[和跟与及、,，]|还有|以及)[ ]?$")
_CLAUSE_ENDS = re.compile(r"市?(?:这边|那边)?[了呢吧啊呀哈的嘛]{0,2}(?:$|[ ,，。;；!！?？])")
_CLAUSE_BEGINS = re.compile(r"(?:^|[ ,，。;；!！?？])[嗯那就是]{0,2}$")


class CityRoles:
    """Marks cities.

    Args:
        spoken: content of data/gazetteers/city_words.yml.
        ours: entities that services declare: what is asked for.
        topics: words that tell what services are about.
    """

    def __init__(self, spoken: Mapping[str, Any], ours: Collection[str], topics: Iterable[str]) -> None:
        self._ours = frozenset(ours)
        self._switching = re.compile(f"(?:{any_of(spoken['switching'])})(?:一下|下|了|为|到)?[:： ]?$")
        self._passing_after = re.compile(f"市?(?:{any_of(spoken['passing_after'])})")
        self._passing_before = re.compile(f"(?:{any_of(spoken['passing_before'])})$")
        self._staying = re.compile(f"(?:{any_of(spoken['staying'])})$")
        self._beside = re.compile(f"(?:{any_of(spoken['beside'])}){{0,4}}")
        self._of = re.compile(r"[^,，。;；!！?？ ]{0,7}的")
        self._asked = re.compile(f"{any_of(spoken['doing'])}|{any_of(topics)}")
        self._about_cities = re.compile(any_of(spoken["about_cities"]))

    def mark(self, text: str, found: Sequence[Found]) -> list[Found]:
        """Return `found` with a role for each city.

        Args:
            text: the normalised message.
            found: its entities, sorted, without overlaps.
        """
        cities = [one for one in found if one.entity == CITY]
        if not cities:
            return list(found)
        asked = {one.start for one in found if one.entity in self._ours}
        otherwise = TARGET if self._about_cities.search(text) else PASSING
        roles = {one: self._role(text, one, asked, otherwise) for one in cities}
        for earlier, later in zip(reversed(cities[:-1]), reversed(cities[1:]), strict=True):
            if _JOINED.fullmatch(text[earlier.end : later.start]) and TARGET in (roles[earlier], roles[later]):
                roles[earlier] = roles[later] = TARGET  # 杭州和嘉兴的水费
        meant = {one.value for one in cities if roles[one] == TARGET}
        return [
            replace(one, role=TARGET if one.value in meant else PASSING) if one.entity == CITY else one for one in found
        ]

    def _role(self, text: str, city: Found, asked: set[int], otherwise: str) -> str:
        before = text[max(0, city.start - _LOOK_BACK) : city.start]
        if self._switching.search(before):
            return TARGET
        if self._passing_after.match(text, city.end):
            return PASSING
        if self._asks(text, city.end, asked):
            return TARGET
        if self._passing_before.search(before) and not _CLAUSE_ENDS.match(text, city.end):
            return PASSING
        ends = _CLAUSE_ENDS.match(text, city.end)
        if ends and (self._staying.search(before) or _CLAUSE_BEGINS.search(before)):
            return TARGET
        return otherwise

    def _asks(self, text: str, place: int, asked: set[int]) -> bool:
        """Whether what is asked for follows: 嘉兴的水费, 绍兴那套房的电费, 在嘉兴交电费."""
        beside = self._beside.match(text, place)
        places = [place, beside.end() if beside else place]
        of = self._of.match(text, place)
        if of and not self._passing_after.search(of.group()):
            places.append(of.end())
        return any(at in asked or self._asked.match(text, at) for at in places)
