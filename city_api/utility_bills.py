"""Water, electricity and gas: a household account and its bills."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from city_api.base import Answer, Yuan


class Biller(Answer):
    """Who is owed."""

    code: str
    name: str


class Account(Answer):
    """A household's account with a biller, its holder masked by the city."""

    account_number: str
    holder_name_masked: str
    address_masked: str


class Bill(Answer):
    """A month's bill; `period` is `YYYY-MM`, `usage` counts in `unit`."""

    bill_id: str
    period: str
    usage: Decimal
    unit: str
    amount: Yuan
    status: Literal["unpaid", "paid"]
    due_on: dt.date
    receipt_number: str | None = None
    paid_at: dt.datetime | None = None


class Bills(Answer):
    """An account's bills, the newest first."""

    biller: Biller
    account: Account
    bills: list[Bill]
