"""Payments to an office of the city as JSON."""

from __future__ import annotations

from pydantic import BaseModel, Field

from sandbox.money import amount_field


class PaymentIn(BaseModel):
    """A payment the provider has taken, reported to the office that is owed it."""

    trade_number: str = Field(..., min_length=1, max_length=64)
    amount: str = amount_field()


class PaymentOut(BaseModel):
    """The office's receipt."""

    receipt_number: str
    paid_at: str
