"""What time it is: UTC for the database, Asia/Shanghai for what people read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone

Clock = Callable[[], datetime]
"""Gives the present moment, aware, in UTC. The application takes one, so that tests can move time."""

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: China has had no daylight saving since 1991, and so no time zone files are needed."""


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(timezone.utc)


def local_date(moment: datetime) -> date:
    """The calendar day in the city at an aware moment."""
    return moment.astimezone(SHANGHAI).date()


def local_text(moment: datetime) -> str:
    """An aware moment as ISO 8601 with the city's offset, to the second: 2026-11-24T09:30:00+08:00."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")
