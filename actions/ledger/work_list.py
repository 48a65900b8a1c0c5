"""What a person has to see to: orders that are stuck, since when and why, and residents who wait for a human."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from sqlalchemy import and_, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from actions.ledger import hand_overs
from actions.ledger.crypto import WrongLedgerKey
from actions.ledger.states import GOES_BACK, UNFINISHED, OrderState, RefundState
from actions.ledger.store import Ledger


class Stuck(str, Enum):
    """Why an order is stuck."""

    NOT_OPENED = "not_opened"  # the provider has not opened its trade
    NOT_ANSWERED_FOR = "not_answered_for"  # its link has expired, and the provider does not say whether it was paid
    NOT_SETTLED = "not_settled"  # paid, and the city gives no receipt
    REFUND_NOT_ACCEPTED = "refund_not_accepted"  # asked for, and not accepted
    REFUND_SLOW = "refund_slow"  # accepted, and not done
    REFUND_FAILED = "refund_failed"
    REFUND_ABNORMAL = "refund_abnormal"
    STILL_WATCHED = "still_watched"  # closed, and the provider does not say whether it was paid all the same
    UNREADABLE = "unreadable"  # its row does not fit the ledger's key


AFTER: dict[Stuck, dt.timedelta] = {
    Stuck.NOT_OPENED: dt.timedelta(minutes=10),
    Stuck.NOT_ANSWERED_FOR: dt.timedelta(minutes=10),
    Stuck.NOT_SETTLED: dt.timedelta(minutes=10),
    Stuck.REFUND_NOT_ACCEPTED: dt.timedelta(minutes=30),
    Stuck.REFUND_SLOW: dt.timedelta(days=3),
    Stuck.STILL_WATCHED: dt.timedelta(hours=1),
}
"""How long each may take before a person has to look; a refund to a card takes up to three days (WeChat Pay)."""


@dataclass(frozen=True)
class StuckOrder:
    """An order that does not get on by itself. Nothing personal in it: it is printed and counted.

    Attributes:
        trade_number, kind, city_code, amount: which.
        payment_number: under which the provider knows its payment; the same, where it is paid alone.
        why: what it waits for.
        since: since when.
        code: what the other party last answered, if anything.
    """

    trade_number: str
    payment_number: str
    kind: str
    city_code: str
    amount: Decimal
    why: Stuck
    since: dt.datetime
    code: str | None


class WorkList:
    """What stands in a ledger for people to see to.

    Args:
        ledger: which.
    """

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def orders(self) -> list[StuckOrder]:
        """Every order that is stuck, the longest first."""
        table = self._ledger.tables.payment_orders
        found: list[StuckOrder] = []
        with self._ledger.engine.connect().execution_options(bianmin_reads=True) as connection:
            for why, (condition, since) in self._conditions().items():
                which = (table.c.trade_number, table.c.payment_number, table.c.kind, table.c.city_code, table.c.amount)
                wanted = select(*which, since, table.c.check_code)
                found += [
                    StuckOrder(row[0], row[1], row[2], row[3], row[4], why, row[5], row[6])
                    for row in connection.execute(wanted.where(condition))
                ]
        return sorted([*found, *self._unreadable()], key=lambda stuck: stuck.since)

    def count(self) -> int:
        """How many orders are stuck; those whose rows cannot be read are not among them, for that reads all."""
        table = self._ledger.tables.payment_orders
        conditions = [condition for condition, _ in self._conditions().values()]
        with self._ledger.engine.connect().execution_options(bianmin_reads=True) as connection:
            wanted = select(func.count()).select_from(table).where(or_(*conditions))
            return int(connection.execute(wanted).scalar_one())

    def waiting(self) -> int:
        """How many residents wait for a human."""
        table = self._ledger.tables.hand_overs
        with self._ledger.engine.connect().execution_options(bianmin_reads=True) as connection:
            wanted = select(func.count()).select_from(table).where(table.c.state == hand_overs.WAITING)
            return int(connection.execute(wanted).scalar_one())

    def _conditions(self) -> dict[Stuck, tuple[ColumnElement, ColumnElement]]:
        """For each reason the orders it holds for, and the moment from which it counts."""
        c = self._ledger.tables.payment_orders.c
        now = self._ledger.now()
        before = {why: now - after for why, after in AFTER.items()}
        goes_back = c.state.in_([state.value for state in GOES_BACK])

        def refund(state: RefundState) -> ColumnElement:
            return and_(goes_back, c.refund_state == state.value)

        def old(why: Stuck, moment: ColumnElement) -> ColumnElement:
            return moment <= before[why]

        return {
            Stuck.NOT_OPENED: (
                and_(c.state == OrderState.CREATED.value, old(Stuck.NOT_OPENED, c.created_at)),
                c.created_at,
            ),
            Stuck.NOT_ANSWERED_FOR: (
                and_(c.state == OrderState.AWAITING_PAYMENT.value, old(Stuck.NOT_ANSWERED_FOR, c.expires_at)),
                c.expires_at,
            ),
            Stuck.NOT_SETTLED: (
                and_(c.state == OrderState.PAID.value, old(Stuck.NOT_SETTLED, c.updated_at)),
                c.updated_at,
            ),
            Stuck.REFUND_NOT_ACCEPTED: (
                and_(refund(RefundState.REQUESTED), old(Stuck.REFUND_NOT_ACCEPTED, c.updated_at)),
                c.updated_at,
            ),
            Stuck.REFUND_SLOW: (
                and_(refund(RefundState.PROCESSING), old(Stuck.REFUND_SLOW, c.updated_at)),
                c.updated_at,
            ),
            Stuck.REFUND_FAILED: (refund(RefundState.FAILED), c.updated_at),
            Stuck.REFUND_ABNORMAL: (refund(RefundState.ABNORMAL), c.updated_at),
            Stuck.STILL_WATCHED: (
                and_(c.state == OrderState.CLOSED.value, old(Stuck.STILL_WATCHED, c.watched_until)),
                c.watched_until,
            ),
        }

    def _unreadable(self) -> list[StuckOrder]:
        table = self._ledger.tables.payment_orders
        open_states = [state.value for state in UNFINISHED]
        which = (table.c.trade_number, table.c.payment_number, table.c.kind, table.c.city_code, table.c.amount)
        plain = select(table.c.id, *which, table.c.updated_at)
        found: list[StuckOrder] = []
        with self._ledger.engine.connect().execution_options(bianmin_reads=True) as connection:
            for row in connection.execute(plain.where(table.c.state.in_(open_states))).all():
                try:
                    connection.execute(select(table).where(table.c.id == row[0])).mappings().all()
                except WrongLedgerKey:
                    found.append(StuckOrder(row[1], row[2], row[3], row[4], row[5], Stuck.UNREADABLE, row[6], None))
        return found
