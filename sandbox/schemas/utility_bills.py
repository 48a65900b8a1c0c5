"""Bills as JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

Unit = Literal["立方米", "千瓦时"]


class BillerOut(BaseModel):
    """Who sends the bill."""

    code: str
    name: str


class AccountOut(BaseModel):
    """Whose bill it is, masked."""

    account_number: str
    holder_name_masked: str
    address_masked: str


class BillOut(BaseModel):
    """One month's bill."""

    bill_id: str
    period: str = Field(description="账期，如 2026-10")
    usage: str
    unit: Unit
    amount: str
    status: Literal["unpaid", "paid"]
    due_on: str
    receipt_number: str | None
    paid_at: str | None


class BillsOut(BaseModel):
    """An account's bills, newest first."""

    biller: BillerOut
    account: AccountOut
    bills: list[BillOut]
