"""The writes of one ledger transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete, insert, select, update
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.sql.elements import ColumnElement

from actions.ledger.errors import NoticeIdReused, UnknownTrade
from actions.ledger.records import NewPayment, Notice, Order, Payment, PaymentOutcome
from actions.ledger.refund_numbers import MARK
from actions.ledger.states import GOES_BACK, OrderState, RefundState
from actions.ledger.tables import Tables

REFUNDED_BY_HAND = "refunded_by_hand"
"""Why an order is refunded whose refund the provider had ended otherwise: a person says that the resident has the money."""


class Transaction:
    """What can be written together.

    Args:
        connection: in a transaction, which whoever began it ends.
        tables: the ledger's.
        now: the moment of everything written, in UTC.
    """

    def __init__(self, connection: Connection, tables: Tables, now: dt.datetime) -> None:
        self.connection = connection
        self.tables = tables
        self.now = now

    def read(self, which: ColumnElement) -> Order:
        """The order that fits.

        Args:
            which: a condition on payment_orders.

        Raises:
            UnknownTrade: none does.
        """
        row = self.connection.execute(select(self.tables.payment_orders).where(which)).mappings().first()
        if row is None:
            raise UnknownTrade
        return order_from_row(row)

    def read_payment(self, number: str) -> Payment:
        """A payment and its orders; others cannot move these together until the transaction ends.

        Raises:
            UnknownTrade: there is no such payment.
        """
        self._lock(number)
        return read_payment(self.connection, self.tables, number)

    def add_payment(self, new: NewPayment, number: str) -> None:
        """Insert a payment, without its orders."""
        values = {
            "number": number,
            "total": new.total,
            "subject": new.subject,
            "payee": new.payee,
            "conversation_id": new.conversation_id,
            "created_at": self.now,
        }
        self.connection.execute(insert(self.tables.payments).values(**values))

    def add_order(self, values: dict[str, Any]) -> int:
        """Insert an order; its row id."""
        made = self.connection.execute(insert(self.tables.payment_orders).values(**values))
        order_id = int(made.inserted_primary_key[0])
        self._log_move(order_id, None, OrderState.CREATED, "opened")
        return order_id

    def compare_and_set(
        self, order_id: int, source: OrderState, target: OrderState, reason: str, values: dict[str, Any]
    ) -> bool:
        """Move an order, if it is still where it was: whether it was.

        Args:
            order_id: its row id.
            source, target: from where to where.
            reason: a short code for the audit row.
            values: columns that come with the move.
        """
        orders = self.tables.payment_orders
        if target in GOES_BACK:
            # With the move, so that no order's money can be forgotten on its way back.
            number = orders.c.trade_number + MARK
            values = {"refund_state": RefundState.REQUESTED.value, "refund_number": number, **values}
        change = (
            update(orders)
            .where(orders.c.id == order_id, orders.c.state == source.value)
            .values(state=target.value, updated_at=self.now, check_code=None, **values)
        )
        if self.connection.execute(change).rowcount != 1:
            return False
        self._log_move(order_id, source, target, reason)
        return True

    def compare_and_set_all(
        self, number: str, source: OrderState, target: OrderState, reason: str, values: dict[str, Any]
    ) -> bool:
        """Move those orders of a payment that are still where they were: whether there was one.

        Args:
            number: the payment's.
            source, target: from where to where.
            reason: a short code for the audit rows.
            values: columns that come with the move.
        """
        self._lock(number)
        orders = self.tables.payment_orders
        wanted = select(orders.c.id).where(orders.c.payment_number == number, orders.c.state == source.value)
        ids = self.connection.execute(wanted.order_by(orders.c.id)).scalars().all()
        moved = [self.compare_and_set(order_id, source, target, reason, values) for order_id in ids]
        return any(moved)

    def end_watch(self, number: str) -> None:
        """The link of a payment cannot be paid any more, or has been: it need not be asked after again."""
        orders = self.tables.payment_orders
        self.connection.execute(update(orders).where(orders.c.payment_number == number).values(watched_until=None))

    def compare_and_set_refund(self, order: Order, target: RefundState, values: dict[str, Any]) -> bool:
        """Move an order's refund, if it is still where it was: whether it was. Done, the order is refunded.

        Args:
            order: as it was read.
            target: where to.
            values: columns that come with the move.
        """
        orders = self.tables.payment_orders
        source = order.refund_state.value if order.refund_state else None
        values = {"refund_state": target.value, "updated_at": self.now, "check_code": None, **values}
        where = (orders.c.id == order.id, orders.c.state == order.state.value, orders.c.refund_state == source)
        if self.connection.execute(update(orders).where(*where).values(**values)).rowcount != 1:
            return False
        if target is RefundState.DONE:
            by_hand = order.refund_state in (RefundState.FAILED, RefundState.ABNORMAL)
            reason = REFUNDED_BY_HAND if by_hand else "refund_done"
            return self.compare_and_set(order.id, order.state, OrderState.REFUNDED, reason, {})
        self._log_move(order.id, order.state, order.state, f"refund_{target.value}")
        return True

    def forget_conversation(self, order_id: int, conversation_id: str) -> None:
        """Forget that this order was asked for in this conversation."""
        asked = self.tables.order_conversations
        of_both = (asked.c.order_id == order_id, asked.c.conversation_id == conversation_id)
        self.connection.execute(delete(asked).where(*of_both))

    def note_conversation(self, order_id: int, conversation_id: str) -> None:
        """Remember that this order was asked for in this conversation now."""
        asked = self.tables.order_conversations
        again = (
            update(asked)
            .where(asked.c.order_id == order_id, asked.c.conversation_id == conversation_id)
            .values(asked_at=self.now)
        )
        if self.connection.execute(again).rowcount == 0:
            row = {"order_id": order_id, "conversation_id": conversation_id, "asked_at": self.now}
            self.connection.execute(insert(asked).values(**row))

    def is_known(self, notice: Notice, payment: Payment) -> bool:
        """Whether a notice has been taken before.

        Raises:
            NoticeIdReused: one with its id has, of another payment.
        """
        notices = self.tables.payment_notices
        wanted = select(notices.c.order_id).where(notices.c.notice_id == notice.notice_id)
        owner = self.connection.execute(wanted).scalar()
        if owner is not None and owner != payment.first.id:
            raise NoticeIdReused
        return owner is not None

    def add_notice(self, notice: Notice, payment: Payment, outcome: PaymentOutcome) -> None:
        """Insert a notice and what it was to its payment."""
        self.connection.execute(
            insert(self.tables.payment_notices).values(
                notice_id=notice.notice_id,
                order_id=payment.first.id,
                provider_trade_number=notice.provider_trade_number,
                amount=notice.amount,
                outcome=outcome.value,
                paid_at=notice.paid_at,
                received_at=self.now,
            )
        )

    def _lock(self, number: str) -> None:
        """Have whoever moves a payment's orders together wait for whoever does: so no two wait for each other's rows."""
        payments = self.tables.payments
        self.connection.execute(select(payments.c.number).where(payments.c.number == number).with_for_update())

    def _log_move(self, order_id: int, source: OrderState | None, target: OrderState, reason: str) -> None:
        self.connection.execute(
            insert(self.tables.order_transitions).values(
                order_id=order_id,
                from_state=source.value if source else None,
                to_state=target.value,
                reason=reason,
                at=self.now,
            )
        )


def read_payment(connection: Connection, tables: Tables, number: str) -> Payment:
    """A payment and its orders.

    Args:
        connection, tables: where they stand.
        number: the payment's.

    Raises:
        UnknownTrade: there is no such payment.
    """
    payments, orders = tables.payments, tables.payment_orders
    row = connection.execute(select(payments).where(payments.c.number == number)).mappings().first()
    wanted = select(orders).where(orders.c.payment_number == number).order_by(orders.c.id)
    found = tuple(order_from_row(one) for one in connection.execute(wanted).mappings())
    if row is None or not found:
        raise UnknownTrade
    values = {name: row[name] for name in Payment.__dataclass_fields__ if name != "orders"}
    return Payment(**values, orders=found)


def order_from_row(row: RowMapping) -> Order:
    """A row of payment_orders as a record."""
    values = {name: row[name] for name in Order.__dataclass_fields__}
    refund_state = RefundState(row["refund_state"]) if row["refund_state"] else None
    return Order(**{**values, "state": OrderState(row["state"]), "refund_state": refund_state})
