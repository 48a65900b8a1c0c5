"""Column types that keep money exact and moments aware on every database."""

from __future__ import annotations

from datetime import datetime, timezone
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Integer
from sqlalchemy.types import TypeDecorator


class Hundredths(TypeDecorator):
    """A Decimal with two places, stored as a whole number of hundredths: SQLite has no decimal of its own."""

    impl = Integer
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Any) -> int | None:
        """Decimal to hundredths.

        Raises:
            ValueError: a value with more than two places; rounding is the caller's business.
        """
        if value is None:
            return None
        hundredths = value * 100
        if hundredths != hundredths.to_integral_value():
            raise ValueError("more than two decimal places")
        return int(hundredths)

    def process_result_value(self, value: int | None, dialect: Any) -> Decimal | None:
        """Hundredths to Decimal with two places."""
        return None if value is None else Decimal(value).scaleb(-2)


class UtcMoment(TypeDecorator):
    """An aware moment, stored in UTC without offset."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Aware to UTC.

        Raises:
            ValueError: a moment without offset; it could mean two different times.
        """
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without offset")
        return value.astimezone(timezone.utc).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """UTC to aware."""
        return None if value is None else value.replace(tzinfo=timezone.utc)
