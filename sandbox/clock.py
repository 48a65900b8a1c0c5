"""What time it is: UTC for the database, Asia/Shanghai for what people read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timezone

from city_api.base import CHINA, moment_text

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC. The application takes one, so that tests can move time."""

SHANGHAI = CHINA
"""The time of all cities of China."""


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(timezone.utc)


def local_date(moment: datetime) -> date:
    """The calendar day in the city at an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def local_text(moment: datetime) -> str:
    """An aware moment as ISO 8601 with the city's offset, to the second: 2026-11-24T09:30:00+08:00."""
    return moment_text(moment)
