"""How values are spoken to residents, the same in every service: amounts, moments, names."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

from actions.city.cities import CITY_TIME
from serving import counting

__all__ = [
    "CITY_TIME",
    "masked_name",
    "spoken_date",
    "spoken_day",
    "spoken_month",
    "spoken_time",
    "spoken_wait",
    "yuan",
]


def yuan(amount: Decimal | str) -> str:
    """An amount in yuan as residents read it, always with two places: 1234.50."""
    return f"{Decimal(amount):.2f}"


def spoken_time(moment: datetime) -> str:
    """`moment` as residents read it, in the city's time: 11月24日 18:30."""
    local = moment.astimezone(CITY_TIME)
    return f"{spoken_day(local)} {local:%H:%M}"


def spoken_day(day: date) -> str:
    """A day near enough to need no year: 11月24日. Of a moment, the day where it stands: in the city's time, if it is so."""
    return f"{day.month}月{day.day}日"


def spoken_month(period: str) -> str:
    """A month, `YYYY-MM`, as residents read it: 2026年10月."""
    year, month = period.split("-")
    return f"{year}年{int(month)}月"


def spoken_date(day: date) -> str:
    """A day as residents read it: 2026年12月31日."""
    return f"{day.year}年{day.month}月{day.day}日"


def spoken_wait(seconds: float | None) -> str:
    """How long to wait, as `serving.counting` says it: 15 分钟; 一会儿 where nobody has said."""
    return "一会儿" if seconds is None else counting.spoken_wait(math.ceil(seconds))


def masked_name(name: str) -> str:
    """A name with its given part hidden: 王*, 欧阳**."""
    return f"{name[0]}{'*' * (len(name) - 1)}"
