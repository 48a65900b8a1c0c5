"""What all answers of the city's API share. Amounts are yuan with two places, as Decimal; moments have their offset."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConstrainedDecimal

CENT = Decimal("0.01")
CHINA = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")
"""A fixed offset: China has had no daylight saving since 1991, and so no time zone files are needed."""


class _Yuan(ConstrainedDecimal):
    """Not negative, two places. In JSON it is text, and the API's description says so."""

    ge = Decimal(0)
    max_digits = 14
    decimal_places = 2

    @classmethod
    def __modify_schema__(cls, field_schema: dict[str, Any]) -> None:
        """Text with two places, where pydantic would say number."""
        field_schema.clear()
        field_schema.update(type="string", example="45.60")


if TYPE_CHECKING:
    Yuan = Decimal
else:
    Yuan = _Yuan


def decimal_text(number: Decimal) -> str:
    """A number as the API writes it, at least two places, never an exponent: 45.6 → "45.60"."""
    shortest = number.normalize()
    exponent = shortest.as_tuple().exponent
    return format(shortest if isinstance(exponent, int) and exponent < -2 else number.quantize(CENT), "f")


def moment_text(moment: dt.datetime) -> str:
    """An aware moment as the API writes it: in the city's time, with its offset, to the second."""
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


class Answer(BaseModel):
    """What all answers share: they do not change, and what a newer API adds does no harm."""

    class Config:
        """pydantic's settings. In JSON an amount is text: a float would not hold it."""

        allow_mutation = False
        frozen = True
        extra = "ignore"
        json_encoders = {Decimal: decimal_text, dt.datetime: moment_text}
