"""The ledger: what is owed to whom, how far its payment has come, and whom a human has to call back.

All methods are synchronous and short; async code calls them through `asyncio.to_thread`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from decimal import Decimal
from typing import Any

import structlog
from sqlalchemy import and_, or_, select, update
from sqlalchemy.engine import RowMapping
from sqlalchemy.exc import IntegrityError
from sqlalchemy.sql import Select
from sqlalchemy.sql.elements import ColumnElement

from actions.ledger import hand_overs
from actions.ledger.crypto import LedgerCipher, WrongLedgerKey
from actions.ledger.engine import make_engine
from actions.ledger.errors import LiveOrderExists, OrderMovedOn, UnknownTrade
from actions.ledger.key_check import check_key
from actions.ledger.migrate import upgrade
from actions.ledger.records import (
    HandOver,
    NewOrder,
    NewPayment,
    Notice,
    Order,
    Payment,
    PaymentOutcome,
    Transition,
)
from actions.ledger.states import (
    GOES_BACK,
    NOT_LIVE,
    OF_TRADE,
    UNFINISHED,
    UNPAID,
    OrderState,
    RefundState,
    check_refund_transition,
    check_transition,
)
from actions.ledger.tables import Tables
from actions.ledger.transaction import Transaction, order_from_row, read_payment
from actions.settings import Settings

log = structlog.stdlib.get_logger(__name__)


def utc_now() -> dt.datetime:
    """The moment, in UTC."""
    return dt.datetime.now(dt.timezone.utc)


class Ledger:
    """Payment orders, their moves and notices, and hand-overs.

    Args:
        database_url: `sqlite:///…` (a file) or `postgresql://…`.
        key: Fernet key of the encrypted columns.
        now: the moment, in UTC.
    """

    def __init__(self, database_url: str, key: str, now: Callable[[], dt.datetime] = utc_now) -> None:
        self.engine = make_engine(database_url)
        self.cipher = LedgerCipher(key)
        self.tables = Tables(self.cipher)
        self.now = now

    @classmethod
    def from_settings(cls, settings: Settings) -> Ledger:
        """The ledger named in the settings."""
        return cls(settings.database_url, settings.ledger_key)

    def upgrade(self) -> None:
        """Bring the tables to their newest form; safe when two processes start at once.

        Raises:
            WrongLedgerKey: the ledger was written with another key; nothing of it can be read, and nothing is written.
        """
        upgrade(self.engine)
        check_key(self.engine, self.tables)

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    def add_payment(self, new: NewPayment, number: str, order_numbers: Sequence[str]) -> Payment:
        """Write a new payment and its orders in the state `created`: all of them, or none.

        Args:
            new: what is paid, to whom, for whom.
            number: the provider's number for it, unique; of one order alone it is the order's.
            order_numbers: the orders' own, unique.

        Raises:
            LiveOrderExists: one of the bills has a live order already.
        """
        now = self.now()
        try:
            with self._transaction() as transaction:
                transaction.add_payment(new, number)
                for order, order_number in zip(new.orders, order_numbers, strict=True):
                    values = {
                        **{name: getattr(order, name) for name in NewOrder.__dataclass_fields__},
                        "trade_number": order_number,
                        "payment_number": number,
                        "account_index": self.cipher.blind_index(order.account),
                        "bill_index": self.cipher.blind_index(order.bill_reference),
                        "state": OrderState.CREATED.value,
                        "created_at": now,
                        "updated_at": now,
                    }
                    transaction.note_conversation(transaction.add_order(values), new.conversation_id)
                return transaction.read_payment(number)
        except IntegrityError:
            raise LiveOrderExists from None

    def add_order(self, new: NewOrder, trade_number: str) -> Order:
        """Write a payment of one order alone: see `add_payment`."""
        return self.add_payment(NewPayment.of(new), trade_number, [trade_number]).first

    def live_orders(self, new: NewPayment) -> list[Order]:
        """The orders that stand in the way of this payment, if any."""
        found = [self.live_order(order) for order in new.orders]
        return [order for order in found if order is not None]

    def live_order(self, new: NewOrder) -> Order | None:
        """The order that stands in the way of this one, if any."""
        orders = self.tables.payment_orders
        wanted = select(orders).where(
            orders.c.city_code == new.city_code,
            orders.c.biller_code == new.biller_code,
            orders.c.account_index == self.cipher.blind_index(new.account),
            orders.c.bill_index == self.cipher.blind_index(new.bill_reference),
            orders.c.state.not_in([state.value for state in NOT_LIVE]),
        )
        return self._first(wanted)

    def payment(self, number: str) -> Payment:
        """The payment that the provider knows under this number.

        Raises:
            UnknownTrade: there is none.
        """
        with self.engine.connect().execution_options(bianmin_reads=True) as connection:
            return read_payment(connection, self.tables, number)

    def order(self, trade_number: str) -> Order:
        """The order with this trade number.

        Raises:
            UnknownTrade: there is none.
        """
        found = self._first(select(self.tables.payment_orders).where(self._is(trade_number)))
        if found is None:
            raise UnknownTrade
        return found

    def note_conversation(self, payment: Payment, conversation_id: str) -> None:
        """Remember that this payment was asked for in this conversation, just now."""
        # Noted twice at once, it is noted.
        with suppress(IntegrityError), self._transaction() as transaction:
            for order in payment.orders:
                transaction.note_conversation(order.id, conversation_id)

    def latest_order(self, conversation_id: str) -> Order | None:
        """The order asked for last in a conversation, whatever its state."""
        return self._first(self._asked_in(conversation_id))

    def open_orders(self, conversation_id: str, moved_since: dt.datetime | None = None) -> list[Order]:
        """The orders of a conversation that are neither settled nor closed nor refunded, the last asked for first.

        Args:
            conversation_id: in which they were asked for.
            moved_since: those that have come to their end since then as well.
        """
        orders = self.tables.payment_orders.c
        wanted = orders.state.in_([state.value for state in UNFINISHED])
        if moved_since is not None:
            wanted = or_(wanted, orders.updated_at >= moved_since)
        return self.select_orders(self._asked_in(conversation_id).where(wanted))

    def move(self, order: Order, target: OrderState, reason: str, **values: Any) -> Order:
        """Move an order on from the state it was read in: of two processes that try, one does.

        To where the trade is (`OF_TRADE`) all orders of its payment move together: a part of a payment is not closed.

        Args:
            order: as it was read.
            target: where to.
            reason: a short code for the audit row.
            values: columns that come with the move (`cashier_url`, `receipt_number`, …).

        Raises:
            IllegalTransition: no order may make this move.
            OrderMovedOn: it is no longer in the state it was read in.
        """
        check_transition(order.state, target)
        if target in OF_TRADE:
            number = order.payment_number
            return self._moved(order, lambda do: do.compare_and_set_all(number, order.state, target, reason, values))
        return self._moved(order, lambda do: do.compare_and_set(order.id, order.state, target, reason, values))

    def move_refund(self, order: Order, target: RefundState, **values: Any) -> Order:
        """Move an order's refund on; with `done` the order itself is refunded, in the same transaction.

        Args:
            order: as it was read: its money goes back.
            target: where to.
            values: columns that come with the move (`refund_number`).

        Raises:
            IllegalTransition: no refund may make this move.
            OrderMovedOn: the order or its refund is no longer where it was read.
        """
        check_refund_transition(order.refund_state, target)
        return self._moved(order, lambda do: do.compare_and_set_refund(order, target, values))

    def _moved(self, order: Order, move: Callable[[Transaction], bool]) -> Order:
        with self._transaction() as transaction:
            moved = move(transaction)
            now = transaction.read(self.tables.payment_orders.c.id == order.id)
        if not moved:
            raise OrderMovedOn(now)
        return now

    def record_payment(
        self,
        number: str,
        provider_trade_number: str | None,
        paid_at: dt.datetime | None,
        amount: Decimal,
        notice: Notice | None,
    ) -> tuple[Payment, PaymentOutcome]:
        """Write down that the provider has the money, in one transaction with the notice that says so.

        Of a sum that is not the total nobody can say which bill it was for: it goes back whole, by the first order, and the
        others are closed.

        Args:
            number: the payment's.
            provider_trade_number, paid_at, amount: what the provider says of its trade.
            notice: the notice; None when we asked the provider ourselves.

        Returns:
            The payment as it stands, and what the money was to it.

        Raises:
            UnknownTrade: there is no such payment.
            NoticeIdReused: the notice's id belongs to another trade.
        """
        with self._transaction() as transaction:
            payment = transaction.read_payment(number)
            if notice and transaction.is_known(notice, payment):
                return payment, PaymentOutcome.REPEATED
            reason = "notice" if notice else "asked_provider"
            values: dict[str, Any] = {"provider_trade_number": provider_trade_number, "paid_at": paid_at or self.now()}
            is_total = amount == payment.total
            outcome = PaymentOutcome.REPEATED
            if payment.state is OrderState.CLOSED:
                outcome, target = PaymentOutcome.LATE, OrderState.PAID_LATE
            elif payment.state in (OrderState.CREATED, OrderState.AWAITING_PAYMENT):
                outcome, target = PaymentOutcome.MOVED, OrderState.PAID
                if not is_total:
                    outcome, target = PaymentOutcome.MISPAID, OrderState.MISPAID
            if outcome is not PaymentOutcome.REPEATED:
                source = payment.state
                if source is OrderState.CREATED:
                    # The resident can only have paid through the cashier page, so it was open: both moves, together.
                    transaction.compare_and_set_all(number, source, OrderState.AWAITING_PAYMENT, reason, {})
                    source = OrderState.AWAITING_PAYMENT
                if is_total:
                    transaction.compare_and_set_all(number, source, target, reason, values)
                else:
                    whole = {**values, "paid_amount": amount}
                    transaction.compare_and_set(payment.first.id, source, target, reason, whole)
                    if source is not OrderState.CLOSED:
                        transaction.compare_and_set_all(number, source, OrderState.CLOSED, "paid_otherwise", {})
                    transaction.end_watch(number)
            if notice:
                transaction.add_notice(notice, payment, outcome)
            return transaction.read_payment(number), outcome

    def unfinished(self, state: OrderState, untouched_since: dt.datetime | None, limit: int = 100) -> list[Order]:
        """Orders in a state that reconciliation has to look at, the longest neglected first.

        Args:
            state: which.
            untouched_since: only those that nobody has moved or looked at since; None takes all. What seems to have
                been touched in the future has been touched by a clock that was set back since, and is taken, too.
            limit: at most so many.
        """
        orders = self.tables.payment_orders
        wanted = select(orders).where(orders.c.state == state.value)
        if untouched_since is not None:
            now = self.now()
            for moment in (orders.c.updated_at, orders.c.checked_at):
                wanted = wanted.where(or_(moment.is_(None), moment <= untouched_since, moment > now))
        return self.select_orders(self._neglected_first(wanted).limit(limit))

    def going_back(self, limit: int = 100) -> list[Order]:
        """Orders whose money goes back without a person having to see to it, the longest neglected first."""
        orders = self.tables.payment_orders
        on_its_way = [RefundState.REQUESTED.value, RefundState.PROCESSING.value]
        wanted = select(orders).where(
            orders.c.state.in_([state.value for state in GOES_BACK]), orders.c.refund_state.in_(on_its_way)
        )
        return self.select_orders(self._neglected_first(wanted).limit(limit))

    def watched(self, limit: int = 100) -> list[Order]:
        """Closed orders whose cashier link might still be paid, the longest neglected first."""
        orders = self.tables.payment_orders
        wanted = select(orders).where(orders.c.state == OrderState.CLOSED.value, orders.c.watched_until.is_not(None))
        return self.select_orders(self._neglected_first(wanted).limit(limit))

    def note_check(self, order: Order) -> None:
        """Remember that reconciliation has looked at this order, so that the next pass begins with others.

        Of one that nobody has paid, what is noted here, and by the two methods that follow, is noted of its whole payment.
        """
        self._set(order, checked_at=self.now())

    def note_trouble(self, order: Order, code: str) -> None:
        """Remember why this order cannot be moved on just now; its next move forgets it.

        Args:
            order: which.
            code: the other party's, or ours.
        """
        self._set(order, check_code=code[:64])

    def end_watch(self, order: Order) -> None:
        """A closed order's link cannot be paid any more: it need not be asked after again."""
        self._set(order, watched_until=None)

    def leave(self, order: Order, conversation_id: str) -> None:
        """Forget that this order's payment was asked for in this conversation; it stays what it is for all others."""
        with self._transaction() as transaction:
            for one in transaction.read_payment(order.payment_number).orders:
                transaction.forget_conversation(one.id, conversation_id)

    def transitions(self, trade_number: str) -> list[Transition]:
        """Every move an order has made, the first first."""
        orders, moves = self.tables.payment_orders, self.tables.order_transitions
        wanted = select(moves).join(orders, orders.c.id == moves.c.order_id).where(self._is(trade_number))
        return [
            Transition(
                source=OrderState(row["from_state"]) if row["from_state"] else None,
                target=OrderState(row["to_state"]),
                reason=row["reason"],
                at=row["at"],
            )
            for row in self._rows(wanted.order_by(moves.c.id))
        ]

    def open_hand_over(self, conversation_id: str, city_code: str | None, conversation: Any) -> HandOver:
        """Hand a conversation to a human: see `hand_overs.add`."""
        with self.engine.begin() as connection:
            return hand_overs.add(connection, self.tables, self.now(), conversation_id, city_code, conversation)

    def forget_hand_overs(self, conversation_id: str, instead: str) -> int:
        """Take what was said out of a conversation's hand-overs: see `hand_overs.forget`."""
        with self.engine.begin() as connection:
            return hand_overs.forget(connection, self.tables, conversation_id, instead)

    def move_hand_over(self, hand_over_id: str, target: str, by: str) -> HandOver:
        """Take a hand-over, or close it: see `hand_overs.move`."""
        with self.engine.begin() as connection:
            return hand_overs.move(connection, self.tables, self.now(), hand_over_id, target, by)

    def hand_overs(self, conversation_id: str | None = None, state: str | None = None) -> list[HandOver]:
        """Hand-overs, the latest first; of one conversation, or in one state, if asked so."""
        return [hand_overs.from_row(row) for row in self._rows(hand_overs.query(self.tables, conversation_id, state))]

    @contextmanager
    def _transaction(self) -> Iterator[Transaction]:
        with self.engine.begin() as connection:
            yield Transaction(connection, self.tables, self.now())

    def _set(self, order: Order, **values: Any) -> None:
        orders = self.tables.payment_orders
        which = orders.c.id == order.id
        if order.state in UNPAID:
            which = and_(orders.c.payment_number == order.payment_number, orders.c.state == order.state.value)
        with self.engine.begin() as connection:
            connection.execute(update(orders).where(which).values(**values))

    def _neglected_first(self, wanted: Select) -> Select:
        orders = self.tables.payment_orders
        return wanted.order_by(orders.c.checked_at.is_not(None), orders.c.checked_at, orders.c.id)

    def _is(self, trade_number: str) -> ColumnElement:
        return self.tables.payment_orders.c.trade_number == trade_number

    def _asked_in(self, conversation_id: str) -> Select:
        orders, asked = self.tables.payment_orders, self.tables.order_conversations
        return (
            select(orders)
            .join(asked, and_(asked.c.order_id == orders.c.id, asked.c.conversation_id == conversation_id))
            .order_by(asked.c.asked_at.desc(), orders.c.id.desc())
        )

    def _rows(self, wanted: Select) -> list[RowMapping]:
        with self.engine.connect().execution_options(bianmin_reads=True) as connection:
            return list(connection.execute(wanted).mappings().all())

    def _first(self, wanted: Select) -> Order | None:
        return next((order_from_row(row) for row in self._rows(wanted.limit(1))), None)

    def select_orders(self, wanted: Select) -> list[Order]:
        """The orders of a query over payment_orders; those whose rows cannot be read are left out, and logged."""
        try:
            return [order_from_row(row) for row in self._rows(wanted)]
        except WrongLedgerKey:
            return self._readable(wanted)

    def _readable(self, wanted: Select) -> list[Order]:
        """Row by row, so that one that cannot be read stops nobody else's; it is on the work list (`work_list.py`)."""
        orders = self.tables.payment_orders
        found: list[Order] = []
        for row in self._rows(wanted.with_only_columns(orders.c.id, orders.c.trade_number)):
            try:
                found += [order_from_row(whole) for whole in self._rows(select(orders).where(orders.c.id == row["id"]))]
            except WrongLedgerKey:
                log.error("order_unreadable", trade_number=row["trade_number"])
        return found
