"""The lunisolar calendar: days of the moon, months that come twice, and where the table ends."""

from datetime import date

import pytest

from bot.nlu.gazetteer_files import read_gazetteers
from bot.nlu.readers.moons import Moons


@pytest.fixture(scope="module")
def moons() -> Moons:
    return Moons(read_gazetteers()["days"]["moons"])


@pytest.mark.parametrize(
    ("moon", "day"),
    [
        ((2026, 1, 1), date(2026, 2, 17)),
        ((2026, 5, 5), date(2026, 6, 19)),
        ((2026, 8, 15), date(2026, 9, 25)),
        ((2026, 12, 23), date(2027, 1, 30)),
        ((2026, 12, 30), date(2027, 2, 5)),  # a month of 29 days: its last
        ((2025, 6, 1), date(2025, 6, 25)),  # the first of two
        ((2025, 7, 7), date(2025, 8, 29)),  # after the second
        ((2033, 12, 30), date(2034, 2, 18)),
        ((1999, 1, 1), None),
        ((2026, 13, 1), None),
        ((2026, 1, 31), None),
        ((2026, 1, 0), None),
    ],
)
def test_a_day_of_the_moon(moons: Moons, moon: tuple[int, int, int], day: date | None) -> None:
    assert moons.day(*moon) == day


def test_the_days_of_a_calendar_year_are_those_that_lie_in_it(moons: Moons) -> None:
    assert moons.in_year(2027, 12, 8) == [date(2027, 1, 15)]
    assert moons.in_year(2026, 12, 8) == [date(2026, 1, 26)]


def test_months_follow_each_other(moons: Moons) -> None:
    for year in range(2023, 2040):
        firsts = [moons.day(year, month, 1) for month in range(1, 13)]
        gaps = [(after - before).days for before, after in zip(firsts, firsts[1:], strict=False) if before and after]
        assert all(gap in (29, 30, 58, 59, 60) for gap in gaps)
