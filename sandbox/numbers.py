"""New numbers for what the city writes: receipts, decisions, appointments."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.clock import local_date
from sandbox.errors import unavailable

ATTEMPTS = 20


def digits(count: int) -> str:
    """So many random digits."""
    return f"{secrets.randbelow(10**count):0{count}d}"


def receipt_prefix(moment: datetime, city: str, series: str) -> str:
    """A receipt's beginning, R, the day, the city and the office's series; four digits follow: R20261124330100110042."""
    return f"R{local_date(moment):%Y%m%d}{city}{series}"


def unused(session: Session, column: Any, prefix: str, count: int) -> str:
    """A number that no row has yet: the prefix and so many random digits.

    Raises:
        CityError: 503 when the numbers run out, which a sandbox does not live to see.
    """
    for _ in range(ATTEMPTS):
        number = prefix + digits(count)
        if session.execute(select(column).where(column == number)).first() is None:
            return number
    raise unavailable()
