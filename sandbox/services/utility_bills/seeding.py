"""Meters and the bills of the last twelve months, with the seasons in the usage and tiers in the amounts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sandbox.money import CENT
from sandbox.seeding.accounts import make_account_numbers
from sandbox.seeding.growth import Growth
from sandbox.services.utility_bills.tables import Account, Bill

MONTHS = 12
DUE_DAY = 25
UNPAID_PATTERN = (1, 0, 2, 0, 1, 0, 0, 1, 0, 3)
"""How many of the newest bills households leave unpaid, in turn; each bill type begins at another place."""


@dataclass(frozen=True)
class Tariff:
    """How usage becomes an amount.

    Attributes:
        unit: what is counted.
        steps: (upper end of the step a month, yuan a unit); the last end is None.
        season: typical usage in January to December.
        places: decimal places of the meter's reading.
    """

    unit: str
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
        "立方米", ((18, "2.90"), (25, "3.85"), (None, "6.70")), (12, 11, 12, 13, 14, 15, 18, 18, 16, 14, 13, 12), "1"
    ),
    "electricity": Tariff(
        "千瓦时",
        ((230, "0.538"), (400, "0.588"), (None, "0.838")),
        (290, 250, 190, 160, 170, 240, 380, 410, 290, 180, 180, 250),
        "0.01",
    ),
    "gas": Tariff(
        "立方米", ((25, "3.10"), (40, "3.72"), (None, "4.65")), (30, 28, 22, 18, 15, 12, 10, 10, 12, 15, 19, 26), "0.01"
    ),
}


RECEIPT_SERIES = {"water": "11", "electricity": "12", "gas": "13"}


def seed(growth: Growth) -> None:
    """Give every household its meter of one kind, and the bills reaching back from the month before this one."""
    bill_type, payee = growth.service, growth.payee()
    place = list(TARIFFS).index(bill_type)
    numbers = make_account_numbers(growth, len(growth.holders))
    for index, (holder, address, number) in enumerate(
        zip(growth.holders, growth.register.addresses, numbers, strict=True)
    ):
        account = growth.key(index)
        growth.add(
            Account,
            id=account,
            account_number=number,
            city_code=growth.city.code,
            bill_type=bill_type,
            biller_name=payee,
            resident_id=holder.id,
            address=address,
        )
        unpaid = UNPAID_PATTERN[(index + 3 * place) % len(UNPAID_PATTERN)]
        series = f"B{place}{growth.city.code}{number}"
        growth.add_rows(Bill, _bills(growth, account, series, unpaid))


def billed_months(today: date) -> list[date]:
    """The first days of the last twelve whole months, newest first."""
    months, first = [], today.replace(day=1)
    for _ in range(MONTHS):
        first = (first - timedelta(days=1)).replace(day=1)
        months.append(first)
    return months


def _bills(growth: Growth, account: str, series: str, unpaid: int) -> Iterator[dict[str, Any]]:
    """One account's bills, numbered by series and month. A month's usage depends on the account and the month alone, not on the day of growing."""
    tariff = TARIFFS[growth.service]
    household = growth.stream("household", account).uniform(0.6, 1.5)
    for position, month in enumerate(billed_months(growth.today)):
        rng = growth.stream("bill", account, month)
        usage = _usage(rng, tariff, household, month)
        due_on = (month + timedelta(days=31)).replace(day=DUE_DAY)
        paid_at = None if position < unpaid else _paid_at(growth, rng, due_on)
        yield {
            "bill_id": f"{series}{month:%Y%m}",
            "account_id": account,
            "period": f"{month:%Y-%m}",
            "usage": usage,
            "amount": tariff.amount(usage),
            "due_on": due_on,
            "receipt_number": None if paid_at is None else growth.receipt(paid_at, RECEIPT_SERIES[growth.service]),
            "paid_at": paid_at,
        }


def _usage(rng: random.Random, tariff: Tariff, household: float, month: date) -> Decimal:
    typical = tariff.season[month.month - 1] * household * rng.uniform(0.85, 1.15)
    return Decimal(str(typical)).quantize(Decimal(tariff.places), ROUND_HALF_UP).quantize(CENT)


def _paid_at(growth: Growth, rng: random.Random, due_on: date) -> datetime:
    """Some time of day in the two weeks before the bill was due, and not later than last night."""
    day = due_on - timedelta(days=rng.randint(1, 14))
    moment = growth.moment(day, rng.randint(8, 21), rng.randint(0, 59), rng.randint(0, 59))
    return min(moment, growth.moment(growth.today, 0))
