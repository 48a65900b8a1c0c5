"""Heating: a household's bills that are not paid, one a heating season."""

from __future__ import annotations

import datetime as dt

from city_api.base import Answer, Yuan


class HeatingBill(Answer):
    """What a season costs: area by price."""

    bill_id: str
    begins_in: int
    """The year of the season's autumn: 2026 for that of 2026 to 2027."""
    price: Yuan
    amount: Yuan
    due_on: dt.date


class HeatingBills(Answer):
    """An account's unpaid bills, the oldest first, and who is owed. The city masks holder and address; the area is in square metres."""

    biller_code: str
    payee: str
    account_number: str
    holder_name_masked: str
    address_masked: str
    area: Yuan
    bills: list[HeatingBill]
