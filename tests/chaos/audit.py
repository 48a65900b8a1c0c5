"""Provider, city and ledger after the storm: whose money is where, trade by trade, from their three databases."""

from __future__ import annotations

import datetime as dt
import secrets
from collections import Counter
from decimal import Decimal
from typing import Any

from sqlalchemy import MetaData, delete, select, update
from sqlalchemy.orm import Session

from actions.ledger import Order, OrderState, RefundState, Statements, WorkList
from actions.ledger.refund_numbers import is_of
from actions.ledger.states import TRANSITIONS
from city_api.base import CHINA
from sandbox.database import Database
from sandbox.tables import Refund, Trade

STRANGER = "STRANGER"
BACK = ("refunded", "with a person")
"""What has been given back, or a person sees to."""
DAYS_LATER = dt.timedelta(days=2)


class Audit:
    """The three databases, read.

    Args:
        town: the house, its action server at rest or not.
    """

    def __init__(self, town: Any) -> None:
        self._ledger = town.ledger
        self._database = Database(town.sandbox_url)
        self._receipts = self._tables_of_receipts()

    def close(self) -> None:
        """Close the connections."""
        self._database.dispose()

    def orders(self) -> list[Order]:
        """Every order of the ledger."""
        return self._ledger.select_orders(select(self._ledger.tables.payment_orders))

    def is_at_rest(self) -> bool:
        """Whether nothing is left for reconciliation to do now."""
        with self._database.read() as session:
            paid = {
                row.trade_number for row in session.execute(select(Trade).where(Trade.paid_at.is_not(None))).scalars()
            }
        orders, unpaid = self.orders(), (OrderState.CREATED, OrderState.AWAITING_PAYMENT, OrderState.CLOSED)
        # Of several in one payment the first has the money that was not the total; the others are closed, and that is all.
        paid -= {order.payment_number for order in orders if order.state not in unpaid}
        on_its_way = (RefundState.REQUESTED, RefundState.PROCESSING)
        return not [
            order
            for order in orders
            if order.state in (OrderState.CREATED, OrderState.PAID)
            or (order.state is not OrderState.REFUNDED and order.refund_state in on_its_way)
            or (order.state in (OrderState.AWAITING_PAYMENT, OrderState.CLOSED) and order.payment_number in paid)
        ]

    def findings(self) -> tuple[Counter[str], list[str]]:
        """How many trades came to what, and everything that is wrong."""
        came_to: Counter[str] = Counter()
        wrong: list[str] = []
        orders = self.orders()
        listed = {stuck.trade_number for stuck in WorkList(self._ledger).orders()}
        with self._database.read() as session:
            trades = {trade.trade_number: trade for trade in session.execute(select(Trade)).scalars()}
            for trade in trades.values():
                if trade.trade_number == STRANGER:
                    continue
                together = [order for order in orders if order.payment_number == trade.trade_number]
                query = select(Refund).where(Refund.trade_number == trade.trade_number)
                refunds = list(session.execute(query).scalars())
                accounted = Decimal(0)
                for order in together:
                    receipts = self._receipts_of(session, order.trade_number)
                    mine = [one for one in refunds if is_of(one.refund_number, order.trade_number)]
                    refunds = [one for one in refunds if one not in mine]
                    is_listed = order.trade_number in listed
                    fate, fault = _fate(trade, together[0], order, receipts, mine, is_listed)
                    came_to[fate if len(together) == 1 else f"{fate}, one of several"] += 1
                    wrong += [f"{fault}: {order}"] if fault else []
                    accounted += order.amount if receipts else order.refund_amount if fate in BACK else Decimal(0)
                wrong += [] if together else [f"the ledger does not know a trade: {trade.trade_number}"]
                wrong += [f"a refund of no order: {one.refund_number}" for one in refunds]
                if trade.paid_at is not None and accounted != trade.amount:
                    wrong.append(f"{accounted} of {trade.amount} accounted for: {together}")
        for order in orders:
            moves = [(move.source, move.target) for move in self._ledger.transitions(order.trade_number)]
            odd = [move for move in moves[1:] if move[0] is not move[1] and move not in TRANSITIONS]
            wrong += [f"an illegal move {odd}: {order}"] if odd else []
            if order.paid_at and (order.payment_number not in trades or trades[order.payment_number].paid_at is None):
                wrong.append(f"paid only here: {order}")
        live = Counter(
            (order.city_code, order.biller_code, order.account, order.bill_reference)
            for order in orders
            if order.is_live
        )
        wrong += [f"two live orders of a bill: {bill[:2]}" for bill, count in live.items() if count > 1]
        return came_to, wrong

    def let_days_pass(self) -> dt.date:
        """Make it two days later for the books, with a payment under a number that nobody here knows; the day meanwhile past.

        What was paid and given back moves to that day on both sides, and no statement counts as compared.
        """
        table = self._ledger.tables.payment_orders
        with self._database.write() as session:
            for trade in session.execute(select(Trade).where(Trade.paid_at.is_not(None))).scalars():
                trade.paid_at -= DAYS_LATER
                paid_at = trade.paid_at
            for refund in session.execute(select(Refund)).scalars():
                refund.ends_at -= DAYS_LATER
            some = session.execute(select(Trade).where(Trade.paid_at.is_not(None)).limit(1)).scalar_one()
            copied = {
                name: getattr(some, name) for name in ("subject", "payee", "notify_url", "created_at", "expires_at")
            }
            session.add(
                Trade(
                    trade_number=STRANGER,
                    token=secrets.token_urlsafe(24),
                    amount=Decimal("9.00"),
                    paid_at=paid_at,
                    provider_trade_number="429",
                    **copied,
                )
            )
        with self._ledger.engine.begin() as connection:
            for order in self.orders():
                values = {"paid_at": order.paid_at and order.paid_at - DAYS_LATER}
                if order.state is OrderState.REFUNDED:
                    values["updated_at"] = order.updated_at - DAYS_LATER
                connection.execute(update(table).where(table.c.id == order.id).values(**values))
            connection.execute(delete(self._ledger.tables.statement_days))
        return paid_at.astimezone(CHINA).date()

    def is_compared(self, day: dt.date) -> bool:
        """Whether a day's statement has been compared."""
        return day in Statements(self._ledger).compared(day)

    def differences(self) -> set[str]:
        """The trades whose statement line differs from the ledger."""
        return {one.trade_number for one in Statements(self._ledger).open()}

    def _tables_of_receipts(self) -> list[Any]:
        """Every table of the city in which a payment leaves its receipt."""
        metadata = MetaData()
        metadata.reflect(self._database.engine)
        return [
            table for table in metadata.tables.values() if {"trade_number", "receipt_number"} <= set(table.c.keys())
        ]

    def _receipts_of(self, session: Session, trade_number: str) -> list[str]:
        return [
            number
            for table in self._receipts
            for number in session.execute(
                select(table.c.receipt_number).where(
                    table.c.trade_number == trade_number, table.c.receipt_number.is_not(None)
                )
            ).scalars()
        ]


def _fate(
    trade: Trade, first: Order, order: Order, receipts: list[str], refunds: list[Refund], is_listed: bool
) -> tuple[str, str]:
    """What an order of a trade came to, and what is wrong with that, if anything.

    Args:
        trade: at the provider.
        first: the first order of the payment.
        order: which.
        receipts, refunds: the city's and the provider's for this order.
        is_listed: whether a person is to see to it.
    """
    back = sum((one.amount for one in refunds if one.outcome == "done"), Decimal(0))
    if trade.paid_at is None:
        state = "closed" if order.state is OrderState.CLOSED else "not paid yet"
        wrong = "a receipt or a refund without money" if receipts or refunds else ""
        return state, wrong or ("" if order.state in (OrderState.CLOSED, OrderState.AWAITING_PAYMENT) else "stuck")
    if len(receipts) > 1 or (receipts and refunds) or back > order.refund_amount:
        return "given twice", "paid twice"
    if receipts:
        is_ours = (order.state, order.receipt_number) == (OrderState.SETTLED, receipts[0])
        return "settled", "" if is_ours else "the city's receipt is not in the ledger"
    if order is not first and order.state is OrderState.CLOSED and first.paid_amount is not None:
        return "closed, the sum being another", "" if not refunds else "a refund of what was not paid"
    if back == order.refund_amount:
        return "refunded", "" if order.state is OrderState.REFUNDED else "refunded, and the ledger does not say so"
    return "with a person", "" if is_listed else "money without receipt or refund, and not on the work list"
