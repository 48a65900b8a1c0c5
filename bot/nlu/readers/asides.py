"""Tells the day that is asked about from a day that is told of something else: 帮我挂内科，我孙子昨天来电话了."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from bot.nlu.readers.city_roles import PASSING
from bot.nlu.readers.found import Found
from bot.nlu.readers.short_names import any_of
from bot.nlu.readers.tenses import tells_of_an_offence

WHEN = ("date", "period")
_BORDER = re.compile(r"[,，。;；!！?？~\n]+")
_LEAST_OF_A_STORY = 3
"""Characters that say something of their own; fewer are particles. Where another day is asked about, fewer do (明天出差)."""


class Asides:
    """Marks days and parts of a day that are said in passing.

    Args:
        spoken: `free` and `asks` of data/gazetteers/days.yml.
        ours: entities that services declare: what is asked for.
        topics: words that tell what services are about.
        symptoms: phrases that suggest what is asked for and name it not: 摔了一跤 asks for nothing.
    """

    def __init__(
        self,
        spoken: Mapping[str, Iterable[str]],
        ours: Collection[str],
        topics: Iterable[str],
        symptoms: Collection[str],
    ) -> None:
        self._ours = frozenset(ours)
        self._symptoms = frozenset(symptoms)
        self._asks = re.compile(any_of({*spoken["asks"], *topics}))
        self._free = re.compile(any_of(spoken["free"]))

    def mark(self, text: str, found: Sequence[Found]) -> list[Found]:
        """Return `found` with the role `passing` for each day that is not asked about.

        A day is so where its clause asks for nothing and tells a story of its own, and another clause asks for something. A day on
        which an offence may have happened is never so: the story is of it.

        Args:
            text: the normalised message.
            found: its entities, sorted, without overlaps.
        """
        if not any(one.entity in WHEN for one in found) or tells_of_an_offence(text):
            return list(found)
        clauses = list(_clauses(text))
        asking = [self._asks_for(text, clause, found) for clause in clauses]
        if not any(asking):
            return list(found)
        asked_day = any(
            one.entity == "date"
            for clause, asks in zip(clauses, asking, strict=True)
            if asks
            for one in _inside(found, clause)
        )
        least = _LEAST_OF_A_STORY - asked_day
        aside = {
            one
            for clause, asks in zip(clauses, asking, strict=True)
            if not asks
            for one in self._told(text, clause, found, least)
        }
        return [replace(one, role=PASSING) if one in aside else one for one in found]

    def _asks_for(self, text: str, clause: tuple[int, int], found: Sequence[Found]) -> bool:
        start, end = clause
        if self._asks.search(text, start, end):
            return True
        return any(
            one.entity in self._ours and text[one.start : one.end] not in self._symptoms
            for one in _inside(found, clause)
        )

    def _told(self, text: str, clause: tuple[int, int], found: Sequence[Found], least: int) -> list[Found]:
        """The days of a clause, where it says more than a day and that one has time then."""
        whens = [one for one in _inside(found, clause) if one.entity in WHEN]
        rest = list(text[clause[0] : clause[1]])
        for one in whens:
            rest[one.start - clause[0] : one.end - clause[0]] = " " * (one.end - one.start)
        said = "".join(self._free.sub(" ", "".join(rest)).split())
        return whens if len(said) >= least else []


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for border in _BORDER.finditer(text):
        yield start, border.start()
        start = border.end()
    yield start, len(text)


def _inside(found: Sequence[Found], clause: tuple[int, int]) -> list[Found]:
    return [one for one in found if clause[0] <= one.start and one.end <= clause[1]]
