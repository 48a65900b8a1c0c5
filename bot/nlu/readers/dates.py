"""Days as residents say them: 明儿, 下周三, 3月15号, 月底, 国庆节后第一天. Evaluated against a given today.

Bookings are in the future: a day without its year or month is the next one to come. What names the past (昨天, 上周三)
stays in the past, and so does the day of an offence (11月18号被拍的). 这周三 is this week's even when it is over. A week begins on Monday. 周末 is its Saturday (on a
Sunday, that Sunday). What names no single day (下个月, 过几天) is no date.

A weekday beside a date says it once more (12月5号周六). Where the two contradict each other, both may be meant.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from bot.nlu.readers.days import Rule
from bot.nlu.readers.festivals import festival_rules, moon_rules
from bot.nlu.readers.found import Found, reaches_into_a_word, take_free
from bot.nlu.readers.holidays import DAY, read_holidays
from bot.nlu.readers.moons import Moons
from bot.nlu.readers.relative_days import RELATIVE_RULES, WEEKDAY_RULE
from bot.nlu.readers.short_names import any_of
from bot.nlu.readers.written_days import WRITTEN_RULES

_MOST_OF_A_KIND = 20
"""Days that one rule finds in a message; nobody names more, and each costs time."""

DOUBTED = "doubted"
"""The role of a day that the weekday beside it contradicts; the candidates are both."""

_BETWEEN = re.compile(r"(?:那天|这天|当天)?(?:[上下]午|早上|晚上)?(?:也?就?是|的)?")
_MOST_BETWEEN = 10
_PAUSES = str.maketrans("", "", " ,，(（")


@dataclass(frozen=True)
class _Weekday:
    """A weekday that was said: where, which it is from Monday as 0, and whether its week was named."""

    weekday: int
    week_named: bool


class DateFinder:
    """Finds days in normalised text.

    Args:
        days: what gazetteers know of days: the `holidays` with `needs_a_day`, the `moons`, and `no_days`.
        like_days: words that begin like a day and are none: 一日三餐.
    """

    def __init__(self, days: Mapping[str, Any] | None = None, like_days: Iterable[str] = ()) -> None:
        self._like_days = frozenset(like_days)
        days = days or {"holidays": [], "needs_a_day": [], "moons": {}, "no_days": []}
        moons = Moons(days["moons"])
        holidays = read_holidays(days["holidays"], moons)
        self._rules: Sequence[Rule] = [
            *RELATIVE_RULES,
            *WRITTEN_RULES,
            *festival_rules(holidays, days["needs_a_day"]),
            *moon_rules(moons),
        ]
        self._no_days = re.compile(any_of(days["no_days"]) or r"(?!)")

    def find(self, text: str, today: date) -> list[Found]:
        """Find days; the value is an ISO date. Several that one word names or that may be meant are its `candidates`.

        Args:
            text: the normalised message.
            today: the day "今天" means, in Asia/Shanghai.
        """
        weekdays: dict[tuple[int, int], _Weekday] = {}
        taken: list[Found] = []
        shut = [Found(*match.span(), "", "") for match in self._no_days.finditer(text)]
        candidates = self._candidates(text, today, weekdays)
        take_free(taken, (one for one in candidates if not reaches_into_a_word(text, one, self._like_days)), shut)
        return list(_joined(text, sorted(taken), weekdays))

    def _candidates(self, text: str, today: date, weekdays: dict[tuple[int, int], _Weekday]) -> Iterator[Found]:
        for pattern, resolve in self._rules:
            for match in islice(pattern.finditer(text), _MOST_OF_A_KIND):
                try:
                    day = resolve(match, today)
                except (ValueError, OverflowError):
                    continue  # no such day: 2月30号
                if not day:
                    continue
                days = day if isinstance(day, tuple) else (day,)
                span = match.span("day") if "day" in pattern.groupindex else match.span()
                if pattern is WEEKDAY_RULE[0]:
                    weekdays[span] = _Weekday(days[0].weekday(), bool(match["which"]))
                values = tuple(one.isoformat() for one in days)
                yield Found(*span, "date", values[0], candidates=values if len(values) > 1 else ())


def _joined(text: str, days: Sequence[Found], weekdays: Mapping[tuple[int, int], _Weekday]) -> Iterator[Found]:
    """Take a date and the weekday beside it for one day that was said twice."""
    before: Found | None = None
    for found in days:
        one = _said_twice(text, before, found, weekdays) if before else None
        if one is None and before:
            yield before
        before = one or found
    if before:
        yield before


def _said_twice(text: str, first: Found, second: Found, weekdays: Mapping[tuple[int, int], _Weekday]) -> Found | None:
    before, after = weekdays.get((first.start, first.end)), weekdays.get((second.start, second.end))
    between = text[first.end : second.start]
    if first.candidates or second.candidates or len(between) > _MOST_BETWEEN:
        return None
    if not _BETWEEN.fullmatch(between.translate(_PAUSES)):
        return None
    if after and not before:
        day, said, weekday = first, second, after
    elif before and not after:
        day, said, weekday = second, first, before
    else:
        return None
    of_date = date.fromisoformat(day.value)
    if weekday.week_named:
        other = date.fromisoformat(said.value)
    else:
        other = of_date + (weekday.weekday - of_date.weekday()) * DAY
    if other == of_date:
        return Found(first.start, second.end, "date", day.value)
    values = (day.value, other.isoformat())
    return Found(first.start, second.end, "date", day.value, DOUBTED, values)
