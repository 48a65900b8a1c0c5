"""Finds cities and counties by the names of the registry, however many there are, and tells names from everyday words."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.nlu.normalise import normalise
from bot.nlu.readers.found import Found
from bot.nlu.readers.short_names import any_of

CITY = "city"
_PARTICLES = "吧呢啊呀哦嗯,，。!！?？ 的"
_LOOK_BACK = 6
_LONGEST_TOPIC = 4
_ENDS = re.compile(r"[了呢吧啊呀哈]?(?:$|[ ,，。;；!！?？])")

FREE, EVERYDAY, COUNTY = 0, 1, 2
"""How much must speak for a name: nothing, a word beside it, words on both sides."""


class CityNames:
    """The names of the registry, looked up at each place of a text.

    Args:
        rows: as `city_rows` returns them, or as a model stored them.
        spoken: content of data/gazetteers/city_words.yml.
        topics: words of the services; the end of one is no beginning of a name (保定 in 医保定点).
    """

    def __init__(
        self, rows: Iterable[Mapping[str, Any]], spoken: Mapping[str, Any], topics: Iterable[str] = ()
    ) -> None:
        self._topics = frozenset(word for word in topics if len(word) > 1)
        self._names: dict[str, tuple[int, list[str]]] = {}
        for row in rows:
            for text, need in names_of(row):
                known, values = self._names.get(text, (need, []))
                if need < known:  # 长沙 is the city's name before it is the county's
                    known, values = need, []
                if need == known and row["value"] not in values:
                    values.append(row["value"])
                self._names[text] = (known, values)
        self._lengths: dict[str, list[int]] = {}  # by the first two characters, the longest first
        for text in sorted(self._names, key=len, reverse=True):
            lengths = self._lengths.setdefault(text[:2], [])
            if len(text) not in lengths:
                lengths.append(len(text))
        self._no_city = re.compile(f"{any_of(spoken['not_before'])}|(?:{any_of(spoken['not_before_the_end'])})$")
        self._context = re.compile(f"(?:{any_of(spoken['context'])})(?:一下|了)?$")
        self._sure = re.compile(f"(?:{any_of(spoken['sure'])})(?:一下|了)?$")
        self._followed = re.compile(any_of(spoken["followed_by"]))

    def find(self, text: str) -> Iterator[Found]:
        """Find names in normalised text without blanks, also those that lie within another."""
        for start in range(len(text) - 1):
            for length in self._lengths.get(text[start : start + 2], ()):
                name = text[start : start + length]
                if len(name) == length and name in self._names and self._is_city(text, start, start + length):
                    values = self._names[name][1]
                    yield Found(start, start + length, CITY, values[0], candidates=tuple(values[1:] and values))

    def _is_city(self, text: str, start: int, end: int) -> bool:
        if self._no_city.match(text, end) or self._begins_in_a_word(text, start, end):
            return False
        name = text[start:end]
        need = self._names[name][0]
        if need == FREE or text.strip(_PARTICLES) == name:
            return True
        before = text[max(0, start - _LOOK_BACK) : start]
        followed = self._followed.match(text, end)
        if need == EVERYDAY:
            return bool(followed or self._context.search(before))
        return bool(self._sure.search(before) and (followed or _ENDS.match(text, end)))

    def _begins_in_a_word(self, text: str, start: int, end: int) -> bool:
        return any(
            text[begin:stop] in self._topics
            for begin in range(max(0, start - _LONGEST_TOPIC + 1), start)
            for stop in range(start + 1, min(end, begin + _LONGEST_TOPIC + 1))
        )


def city_rows(registered: Iterable[Any]) -> list[dict[str, Any]]:
    """The registry as plain rows that a model can hold.

    Args:
        registered: the registry's rows, a `manifests.Registered` each.

    Returns:
        Rows with `value`: the short name, or the code where an earlier row has the same name.
    """
    rows: list[dict[str, Any]] = []
    names: set[str] = set()
    for one in registered:
        rows.append(
            {
                "value": one.code if one.name in names else one.name,
                "name": normalise(one.name),
                "full_name": normalise(one.full_name),
                "aliases": [normalise(alias) for alias in one.aliases],
                "everyday": one.needs_context,
                "county": not one.code.endswith("00") and not one.full_name.endswith("市"),
            }
        )
        names.add(one.name)
    return rows


def names_of(row: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Every name of a row, and how much must speak for it.

    The short name of a county is rarely said alone and often lies across two words (天等 in 今天等会儿); a city below a
    prefecture (义乌市) is called as other cities are, and its row says where that is an everyday word.
    """
    name, full_name = row["name"], row["full_name"]
    short = COUNTY if row["county"] else EVERYDAY if row["everyday"] else FREE
    yield name, short
    if full_name != name:
        yield full_name, FREE
    if not row["county"]:
        yield f"{name}市", FREE
        if not name.endswith("州"):
            yield f"{name}州", FREE
    for alias in row["aliases"]:
        yield alias, short
