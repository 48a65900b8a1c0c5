"""What all answers of the city's API share. Amounts are yuan with two places, as Decimal; moments have their offset."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING

from pydantic import BaseModel, condecimal

if TYPE_CHECKING:
    Yuan = Decimal
else:
    Yuan = condecimal(ge=Decimal(0), max_digits=14, decimal_places=2)


class Answer(BaseModel):
    """What all answers share: they do not change, and what a newer API adds does no harm."""

    class Config:
        """pydantic's settings. In JSON an amount is text: a float would not hold it."""

        allow_mutation = False
        frozen = True
        extra = "ignore"
        json_encoders = {Decimal: str, dt.datetime: dt.datetime.isoformat}
