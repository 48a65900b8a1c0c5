"""Accounts that are good to try: with no, one and two unpaid bills, and what they owe."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.money import yuan
from sandbox.services.utility_bills.tables import Account, Bill

UNPAID_COUNTS = {"none_unpaid": 0, "one_unpaid": 1, "two_unpaid": 2}


def samples(session: Session, city: str) -> dict[str, Any]:
    """By bill type an account of each kind, and what those accounts owe altogether."""
    unpaid = Bill.receipt_number.is_(None)
    query = (
        select(
            Account.bill_type,
            Account.account_number,
            func.count(Bill.bill_id).filter(unpaid),
            func.coalesce(func.sum(Bill.amount).filter(unpaid), 0),
        )
        .join(Bill, Bill.account_id == Account.id)
        .where(Account.city_code == city)
        .group_by(Account.id)
        .order_by(Account.id)
    )
    accounts: dict[str, dict[str, str | None]] = {}
    owed: dict[str, str] = {}
    for bill_type, number, count, total in session.execute(query):
        kinds = accounts.setdefault(bill_type, dict.fromkeys(UNPAID_COUNTS))
        for kind, wanted in UNPAID_COUNTS.items():
            if count == wanted and kinds[kind] is None:
                kinds[kind] = number
                owed[number] = yuan(Decimal(total))
    owing = accounts.get("water", {}).get("one_unpaid")
    return {
        "accounts": accounts,
        "owed": owed,
        "say": {"utility_bills": f"交水费，户号 {owing}" if owing else None},
    }
