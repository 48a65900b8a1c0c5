"""Public holidays: when a festival is, when its days off begin and end, which day is a working day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

import chinese_calendar

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    """A festival as data/gazetteers/holidays.yml has it.

    Args:
        names: what residents call it.
        month_day: (month, day) where it is fixed, else None.
        dates: its days by year where it follows the moon.
        first: first usual day off, counted from the festival; used where the official notice is not known.
        last: last usual day off, counted from the festival.
    """

    names: tuple[str, ...]
    month_day: tuple[int, int] | None
    dates: tuple[date, ...]
    first: int
    last: int

    def in_year(self, year: int) -> date | None:
        """Return the festival's day in a year, None where the almanac ends."""
        if self.month_day:
            return date(year, *self.month_day)
        return next((day for day in self.dates if day.year == year), None)

    def days_off(self, festival: date) -> tuple[date, date]:
        """Return the first and last day off around the festival's day."""
        return _official_run(festival) or (festival + self.first * DAY, festival + self.last * DAY)


def read_holidays(rows: Sequence[Mapping[str, Any]]) -> list[Holiday]:
    """Build holidays from the rows of holidays.yml.

    Raises:
        ValueError: a row is not a date or has neither `day` nor `dates`.
    """
    holidays = []
    for row in rows:
        if not row.get("day") and not row.get("dates"):
            raise ValueError(f"holiday {row['names'][0]} has neither `day` nor `dates`")
        month, day = map(int, row["day"].split("-")) if row.get("day") else (0, 0)
        dates = tuple(date.fromisoformat(text) for text in row.get("dates", ()))
        first, last = row["break"]
        holidays.append(Holiday(tuple(row["names"]), (month, day) if month else None, dates, first, last))
    return holidays


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
