"""Public holidays: when a festival is, when its days off begin and end, which day is a working day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import chinese_calendar

from bot.nlu.readers.moons import Moons

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    """A festival as data/gazetteers/holidays.yml has it.

    Args:
        names: what residents call it.
        month_day: (month, day) where it is fixed, else None.
        moon: (month, day) of the lunisolar calendar where it follows the moon; several where regions differ.
        term: the solar term that it is, else nothing.
        first: first usual day off, counted from the festival; used where the official notice is not known.
        last: last usual day off, counted from the festival.
        everyday: whether its name is an everyday word too: 大雪.
        moons: the lunisolar calendar.
    """

    names: tuple[str, ...]
    month_day: tuple[int, int] | None
    moon: tuple[tuple[int, int], ...]
    term: str
    first: int
    last: int
    everyday: bool
    moons: Moons

    def in_year(self, year: int) -> list[date]:
        """Return the festival's day in a calendar year, or those that regions have; none where the almanac ends."""
        if self.month_day:
            return [date(year, *self.month_day)]
        if self.term:
            return [day for day, name in _terms(year) if name == self.term]
        return [day for moon in self.moon for day in self.moons.in_year(year, *moon)]

    def days_off(self, festival: date) -> tuple[date, date]:
        """Return the first and last day off around the festival's day."""
        return _official_run(festival) or (festival + self.first * DAY, festival + self.last * DAY)


def read_holidays(rows: Sequence[Mapping[str, Any]], moons: Moons) -> list[Holiday]:
    """Build holidays from the rows of holidays.yml.

    Args:
        rows: the file's `holidays`.
        moons: the lunisolar calendar.

    Raises:
        ValueError: a row is not a date or has neither `day` nor `moon` nor `term`.
    """
    holidays = []
    for row in rows:
        if not any(row.get(part) for part in ("day", "moon", "term")):
            raise ValueError(f"holiday {row['names'][0]} has neither `day` nor `moon` nor `term`")
        first, last = row["break"]
        holidays.append(
            Holiday(
                tuple(row["names"]),
                _month_day(row["day"]) if row.get("day") else None,
                tuple(map(_month_day, row.get("moon", ()))),
                row.get("term", ""),
                first,
                last,
                bool(row.get("everyday")),
                moons,
            )
        )
    return holidays


def _month_day(text: str) -> tuple[int, int]:
    month, day = map(int, text.split("-"))
    return month, day


@lru_cache(maxsize=64)
def _terms(year: int) -> list[tuple[date, str]]:
    """The 24 solar terms of a year; none outside of 1900 to 2100."""
    try:
        return list(chinese_calendar.get_solar_terms(date(year, 1, 1), date(year, 12, 31)))
    except NotImplementedError:  # what the library raises outside of those years
        return []


@lru_cache(maxsize=1024)
def is_working_day(day: date) -> bool:
    """Tell whether offices work on a day: by the official calendar, for years it does not know yet by the weekday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:  # what the library raises for a year whose calendar is not published yet
        return day.weekday() < 5


def next_working_day(day: date) -> date:
    """Return `day` itself where it is a working day, else the next that is."""
    while not is_working_day(day):
        day += DAY
    return day


def last_working_day(day: date) -> date:
    """Return `day` itself where it is a working day, else the last before it."""
    while not is_working_day(day):
        day -= DAY
    return day


@lru_cache(maxsize=256)
def _official_run(festival: date) -> tuple[date, date] | None:
    """The run of days off around a festival by the official calendar, None where that ends or it is no day off."""
    try:
        if not chinese_calendar.is_holiday(festival):
            return None
        first = last = festival
        while chinese_calendar.is_holiday(first - DAY):
            first -= DAY
        while chinese_calendar.is_holiday(last + DAY):
            last += DAY
    except NotImplementedError:  # what the library raises for a year whose calendar is not published yet
        return None
    return first, last
