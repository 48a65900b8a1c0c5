"""What the rules for days share: numbers and years as they are said, and which of several days is meant."""

import re
from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from functools import lru_cache

from bot.nlu.readers.numerals import parse_count
from bot.nlu.readers.tenses import Told

Days = date | tuple[date, ...] | None
"""What a rule makes of a match: the day, several that are all named (明后天) or may be meant, or nothing."""

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Days]]
"""A pattern, and what it means on a given day. What is named `day` in it is the part that is the day, else all of it."""

NUMBER = r"(?:\d{1,2}|[一二三四五六七八九十廿卅两]{1,3})"
"""A number of a day or a month."""

YEAR = r"(?P<which_year>大前年|去年|前年|今年|明年|后年|(?:20)?\d\d ?年|[二两][〇零][一二三四五六七八九〇零]{2}年) ?的?"
"""A year that stands before a day."""

_SAID_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "今年": 0, "明年": 1, "后年": 2}
_YEAR_DIGITS = "〇一二三四五六七八九"


def count(text: str | None) -> int:
    """Read a number.

    Raises:
        ValueError: it is none.
    """
    value = parse_count(text or "")
    if value is None:
        raise ValueError(text)
    return value


def said_year(text: str, today: date) -> int:
    """Read a year as `YEAR` finds it: 去年, 26年, 二零二五年."""
    text = text.replace(" ", "")
    if text in _SAID_YEARS:
        return today.year + _SAID_YEARS[text]
    digits = "".join(
        char if char.isascii() else str(_YEAR_DIGITS.index(char.replace("零", "〇").replace("两", "二")))
        for char in text.rstrip("年")
    )
    return int(digits) + (2000 if len(digits) == 2 else 0)


@lru_cache(maxsize=256)
def last_day(year: int, month: int) -> int:
    """Return how many days a month has."""
    return monthrange(year, month)[1]


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the month's last where it has none such."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, last_day(year, month + 1)))


def one_of(today: date, days: Sequence[date], told: Told) -> date | None:
    """Return the day that is meant of those that are called alike: the next one, unless it is told as past."""
    past, coming = [day for day in days if day <= today], [day for day in days if day >= today]
    if told is Told.PAST:
        return max(past, default=None)
    if told is Told.EITHER:
        return min(days, key=lambda day: (abs(day - today), day < today), default=None)
    return min(coming, default=None)


def existing(days: Sequence[tuple[int, int, int]]) -> list[date]:
    """Return those of (year, month, day) that exist."""
    return [
        date(year, month, day) for year, month, day in days if 1 <= month <= 12 and 1 <= day <= last_day(year, month)
    ]
