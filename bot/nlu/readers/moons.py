"""The lunisolar calendar: which day 腊月二十三 is, by the table in data/gazetteers/moons.yml."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

_MONTHS = 12
_LONGEST_MONTH = 30


class Moons:
    """The days of the lunisolar calendar.

    Args:
        rows: year → `leap` and `first_days`, as moons.yml has them.
    """

    def __init__(self, rows: Mapping[Any, Mapping[str, Any]]) -> None:
        self._firsts: dict[tuple[int, int], date] = {}
        self._ends: dict[tuple[int, int], date] = {}
        by_year = {int(year): row for year, row in rows.items()}
        for year, row in sorted(by_year.items()):
            firsts = _in_order(year, str(row["first_days"]).split())
            months = list(range(1, _MONTHS + 1))
            if row["leap"]:
                months.insert(months.index(row["leap"]) + 1, 0)  # 闰六月: who says 六月 means the first of the two
            following = by_year.get(year + 1)
            new_year = _in_order(year + 1, [str(following["first_days"]).split()[0]])[0] if following else None
            for month, first, after in zip(months, firsts, [*firsts[1:], new_year], strict=True):
                self._firsts[year, month] = first
                self._ends[year, month] = after or first + timedelta(days=_LONGEST_MONTH)

    def day(self, year: int, month: int, day: int) -> date | None:
        """Return a day of the lunisolar calendar; None where the table ends or there is no such day.

        Args:
            year: the one whose 正月 the month follows.
            month: 1 to 12; of a month that comes twice, the first.
            day: 1 to 30; 30 is the last day of a month, whichever it is, as people say 大年三十.
        """
        first = self._firsts.get((year, month))
        if first is None or not 1 <= day <= _LONGEST_MONTH:
            return None
        return min(first + timedelta(days=day - 1), self._ends[year, month] - timedelta(days=1))

    def in_year(self, year: int, month: int, day: int) -> list[date]:
        """Return the days within a calendar year that are this day of the lunisolar one: most often one."""
        days = (self.day(lunar, month, day) for lunar in (year - 1, year))
        return [one for one in days if one and one.year == year]


def _in_order(year: int, days: list[str]) -> list[date]:
    """The first days of a year's months; after December comes January of the next year."""
    firsts: list[date] = []
    for text in days:
        month, day = map(int, text.split("-"))
        this = date(year, month, day)
        firsts.append(this if not firsts or this > firsts[-1] else date(year + 1, month, day))
    return firsts
