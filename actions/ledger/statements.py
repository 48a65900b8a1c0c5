"""Which of the provider's daily statements have been compared with the ledger, and what differed."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from actions.ledger.records import Order
from actions.ledger.states import OrderState
from actions.ledger.store import Ledger
from actions.ledger.transaction import REFUNDED_BY_HAND


class Difference(str, Enum):
    """How a statement and the ledger differ."""

    UNKNOWN_TRADE = "unknown_trade"  # the provider has money under a number that the ledger does not know
    PAID_ONLY_THERE = "paid_only_there"  # it has the money of an order that counts as unpaid here, also when asked
    PAID_ONLY_HERE = "paid_only_here"  # an order counts as paid that the statement of its day does not have
    AMOUNT_DIFFERS = "amount_differs"
    UNKNOWN_REFUND = "unknown_refund"  # money went back that nobody here asked for
    REFUNDED_ONLY_HERE = "refunded_only_here"  # a refund counts as done that the provider does not call done


@dataclass(frozen=True)
class OpenDifference:
    """A difference that nobody has resolved yet."""

    id: int
    day: dt.date
    kind: Difference
    trade_number: str
    refund_number: str
    amount: Decimal


PAID = (OrderState.PAID, OrderState.SETTLED, OrderState.REFUNDING, OrderState.PAID_LATE, OrderState.MISPAID)
"""Orders whose money the provider has or has had; `refunded` ones, too, once they had been paid."""


class Statements:
    """The statements' place in a ledger.

    Args:
        ledger: which.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._tables = ledger.tables

    def compared(self, since: dt.date) -> set[dt.date]:
        """The days from `since` on that have been compared."""
        days = self._tables.statement_days
        return {row[0] for row in self._rows(select(days.c.day).where(days.c.day >= since))}

    def paid_between(self, begin: dt.datetime, end: dt.datetime) -> list[Order]:
        """Orders that the provider says were paid in a time."""
        orders = self._tables.payment_orders
        states = [state.value for state in (*PAID, OrderState.REFUNDED)]
        wanted = select(orders).where(orders.c.paid_at >= begin, orders.c.paid_at < end, orders.c.state.in_(states))
        return self._ledger.select_orders(wanted)

    def refunded_between(self, begin: dt.datetime, end: dt.datetime) -> list[Order]:
        """Orders whose refund was found to be done in a time; not those that a person has given back by another way:
        the provider knows nothing of that, and whoever asked it to make up for it would pay twice.
        """
        orders, moves = self._tables.payment_orders, self._tables.order_transitions
        by_hand = select(moves.c.order_id).where(moves.c.reason == REFUNDED_BY_HAND)
        wanted = select(orders).where(
            orders.c.state == OrderState.REFUNDED.value,
            orders.c.updated_at >= begin,
            orders.c.updated_at < end,
            orders.c.id.not_in(by_hand),
        )
        return self._ledger.select_orders(wanted)

    def add(self, day: dt.date, kind: Difference, trade_number: str, refund_number: str, amount: Decimal) -> None:
        """Write a difference down; found again, it stays one."""
        values = {
            "day": day,
            "kind": kind.value,
            "trade_number": trade_number,
            "refund_number": refund_number,
            "amount": amount,
            "found_at": self._ledger.now(),
        }
        with suppress(IntegrityError), self._ledger.engine.begin() as connection:
            connection.execute(insert(self._tables.statement_differences).values(**values))

    def note_compared(self, day: dt.date, lines: int) -> None:
        """A day is compared, with all its differences written down."""
        values = {"day": day, "lines": lines, "compared_at": self._ledger.now()}
        with suppress(IntegrityError), self._ledger.engine.begin() as connection:
            connection.execute(insert(self._tables.statement_days).values(**values))

    def open(self) -> list[OpenDifference]:
        """What nobody has resolved yet, the oldest first."""
        table = self._tables.statement_differences
        columns = (table.c.id, table.c.day, table.c.kind, table.c.trade_number, table.c.refund_number, table.c.amount)
        wanted = select(*columns).where(table.c.resolved_at.is_(None)).order_by(table.c.day, table.c.id)
        return [OpenDifference(r[0], r[1], Difference(r[2]), r[3], r[4], r[5]) for r in self._rows(wanted)]

    def count(self) -> int:
        """How many nobody has resolved yet."""
        table = self._tables.statement_differences
        return int(self._rows(select(func.count()).select_from(table).where(table.c.resolved_at.is_(None)))[0][0])

    def resolve(self, difference_id: int) -> bool:
        """A person has seen to it: whether there was such an open one."""
        table = self._tables.statement_differences
        change = update(table).where(table.c.id == difference_id, table.c.resolved_at.is_(None))
        with self._ledger.engine.begin() as connection:
            return bool(connection.execute(change.values(resolved_at=self._ledger.now())).rowcount == 1)

    def _rows(self, wanted: object) -> list:
        with self._ledger.engine.connect().execution_options(bianmin_reads=True) as connection:
            return list(connection.execute(wanted).all())  # type: ignore[call-overload]
