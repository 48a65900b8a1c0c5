"""Meters and the bills of the last twelve months, with the seasons in the usage and tiers in the amounts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from sandbox.clock import SHANGHAI, local_date
from sandbox.money import CENT
from sandbox.numbers import receipt_number
from sandbox.seeding.cities import CityPlan, biller_code
from sandbox.seeding.streams import stream, unused_digits
from sandbox.tables import Account, Bill

MONTHS = 12
DUE_DAY = 25
UNPAID_PATTERN = (1, 0, 2, 0, 1, 0, 0, 1, 0, 3)
"""How many of the newest bills households leave unpaid, in turn; each bill type begins at another place."""


@dataclass(frozen=True)
class Tariff:
    """How usage becomes an amount.

    Args:
        steps: (upper end of the step a month, yuan a unit); the last end is None.
        season: typical usage in January to December.
        places: decimal places of the meter's reading.
    """

    steps: tuple[tuple[int | None, str], ...]
    season: tuple[int, ...]
    places: str

    def amount(self, usage: Decimal) -> Decimal:
        """The amount in yuan: each step's share at its own price, rounded to cents at the end."""
        total, lower = Decimal(0), Decimal(0)
        for end, price in self.steps:
            upper = usage if end is None else min(usage, Decimal(end))
            if upper > lower:
                total += (upper - lower) * Decimal(price)
                lower = upper
        return total.quantize(CENT, ROUND_HALF_UP)


TARIFFS = {
    "water": Tariff(
        ((18, "2.90"), (25, "3.85"), (None, "6.70")), (12, 11, 12, 13, 14, 15, 18, 18, 16, 14, 13, 12), "1"
    ),
    "electricity": Tariff(
        ((230, "0.538"), (400, "0.588"), (None, "0.838")),
        (290, 250, 190, 160, 170, 240, 380, 410, 290, 180, 180, 250),
        "0.01",
    ),
    "gas": Tariff(
        ((25, "3.10"), (40, "3.72"), (None, "4.65")), (30, 28, 22, 18, 15, 12, 10, 10, 12, 15, 19, 26), "0.01"
    ),
}


def seed_utilities(
    session: Session, plan: CityPlan, seed: int, holders: list[int], now: datetime, serials: Iterator[int]
) -> None:
    """Give every household its meters and their bills.

    Args:
        session: an open session.
        plan: the city.
        seed: the city's seed.
        holders: residents' ids, one a household.
        now: the moment of seeding; bills reach back from the month before.
        serials: counts the receipts, over all cities.
    """
    rng = stream(seed, "meters", plan.code)
    taken: set[str] = set()
    accounts = []
    addresses = [_address(rng, plan) for _ in holders]
    for bill_type in plan.billers:
        for holder, address in zip(holders, addresses, strict=True):
            accounts.append(
                Account(
                    account_number=unused_digits(rng, taken, plan.code[:4], 6),
                    city_code=plan.code,
                    bill_type=bill_type,
                    biller_code=biller_code(plan, bill_type),
                    resident_id=holder,
                    address=address,
                )
            )
    session.add_all(accounts)
    session.flush()
    bills = []
    for index, account in enumerate(accounts):
        unpaid = UNPAID_PATTERN[(index % len(holders) + 3 * (index // len(holders))) % len(UNPAID_PATTERN)]
        bills.extend(_bills(account, seed, unpaid, now, serials))
    session.execute(insert(Bill), bills)


def billed_months(today: date) -> list[date]:
    """The first days of the last twelve whole months, newest first."""
    months, first = [], today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months


def _bills(account: Account, seed: int, unpaid: int, now: datetime, serials: Iterator[int]) -> list[dict[str, Any]]:
    """One account's bills. A month's usage depends on the account and the month alone, not on the day of seeding."""
    tariff = TARIFFS[account.bill_type]
    household = stream(seed, "household", account.account_number).uniform(0.6, 1.5)
    bills = []
    for position, month in enumerate(billed_months(local_date(now))):
        rng = stream(seed, "bill", account.account_number, month)
        usage = _usage(rng, tariff, household, month)
        due_on = (month + timedelta(days=31)).replace(day=DUE_DAY)
        paid_at = None if position < unpaid else _paid_at(rng, due_on, now)
        bills.append(
            {
                "bill_id": f"B{account.account_number}{month:%Y%m}",
                "account_id": account.id,
                "period": f"{month:%Y-%m}",
                "usage": usage,
                "amount": tariff.amount(usage),
                "due_on": due_on,
                "trade_number": None,
                "receipt_number": None if paid_at is None else receipt_number(paid_at, f"1{next(serials):05d}"),
                "paid_at": paid_at,
            }
        )
    return bills


def _usage(rng: random.Random, tariff: Tariff, household: float, month: date) -> Decimal:
    typical = tariff.season[month.month - 1] * household * rng.uniform(0.85, 1.15)
    return Decimal(str(typical)).quantize(Decimal(tariff.places), ROUND_HALF_UP).quantize(CENT)


def _paid_at(rng: random.Random, due_on: date, now: datetime) -> datetime:
    """Some time of day in the two weeks before the bill was due, and not in the future."""
    day = due_on - timedelta(days=rng.randint(1, 14))
    moment = datetime.combine(day, time(rng.randint(8, 21), rng.randint(0, 59), rng.randint(0, 59)), SHANGHAI)
    return min(moment, now)


def _address(rng: random.Random, plan: CityPlan) -> str:
    floor = rng.randint(2, 18)
    return f"{rng.choice(plan.streets)}{rng.randint(8, 399)}号{rng.randint(1, 20)}幢{floor}0{rng.randint(1, 4)}室"
