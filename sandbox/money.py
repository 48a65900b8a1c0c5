"""Money in the API: a Decimal in yuan inside, a text with two places outside."""

from __future__ import annotations

from decimal import Decimal

from pydantic import Field

from city_api.base import CENT

__all__ = ["CENT", "amount_field", "yuan"]

AMOUNT_PATTERN = r"^(0|[1-9]\d{0,7})\.\d{2}$(?!\n)"


def yuan(amount: Decimal) -> str:
    """45.6 → "45.60"."""
    return str(amount.quantize(CENT))


def amount_field() -> str:
    """A request's amount: a text with two places, for instance "45.60". Read it with `Decimal`."""
    field: str = Field(..., regex=AMOUNT_PATTERN, description="金额，单位元，两位小数", example="45.60")
    return field
