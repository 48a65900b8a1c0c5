"""Rows of the ledger as the rest of the code sees them: snapshots that never change under one's hands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from actions.ledger.states import NOT_LIVE, OrderState, RefundState

Bill = tuple[str, str, str, str]
"""What tells bills apart: city, biller, account, the city's own id of the bill."""


@dataclass(frozen=True)
class NewOrder:
    """What it takes to open a payment order.

    Attributes:
        kind: what is paid: a payment kind of some manifest.
        city_code: GB/T 2260.
        city_service: the code of the city's service that settles it.
        biller_code, payee: who is owed, by code and by name.
        account: account number, or plate or decision number for a fine; encrypted in the ledger.
        bill_reference: the city's own id of the bill, or the decision number; encrypted in the ledger.
        amount: yuan, two places.
        subject: what the cashier page says is paid; encrypted in the ledger.
        conversation_id: who asked.
    """

    kind: str
    city_code: str
    city_service: str
    biller_code: str
    payee: str
    account: str = field(repr=False)
    bill_reference: str = field(repr=False)
    amount: Decimal
    subject: str = field(repr=False)
    conversation_id: str

    @property
    def bill(self) -> Bill:
        """What is paid, whoever asks."""
        return (self.city_code, self.biller_code, self.account, self.bill_reference)


@dataclass(frozen=True)
class NewPayment:
    """What it takes to open a payment.

    Attributes:
        orders: what is paid with it, in the order in which it was read out; at least one, each of another bill.
        subject, payee: what the cashier page says is paid, and to whom; the subject is encrypted in the ledger.
        conversation_id: who asked.
    """

    orders: tuple[NewOrder, ...]
    subject: str = field(repr=False)
    payee: str
    conversation_id: str

    @classmethod
    def of(cls, order: NewOrder) -> NewPayment:
        """The payment of one order alone."""
        return cls((order,), order.subject, order.payee, order.conversation_id)

    @property
    def total(self) -> Decimal:
        """Yuan, two places."""
        return sum((order.amount for order in self.orders), Decimal(0))

    @property
    def amounts(self) -> dict[Bill, Decimal]:
        """What is to be paid for each bill."""
        return {order.bill: order.amount for order in self.orders}


@dataclass(frozen=True)
class Order:
    """A payment order as it stood when it was read: one bill, its receipt or its refund.

    Attributes:
        trade_number: its own number; the city knows the payment of the bill by it.
        payment_number: the payment that it is paid with, alone or with others.
        cashier_url, expires_at, provider_trade_number, paid_at: the payment's, the same for all its orders.
        checked_at, check_code: when reconciliation last looked at it, and why it could not be moved on, if so.
        watched_until: of a closed order: until when its cashier link might still be paid.
        paid_amount: what was paid, where it was another sum than was asked for.
        refund_number, refund_state: under which number its money goes back, and how far that has come.
    """

    id: int
    trade_number: str
    payment_number: str
    kind: str
    city_code: str
    city_service: str
    biller_code: str
    payee: str
    account: str = field(repr=False)
    bill_reference: str = field(repr=False)
    amount: Decimal
    subject: str = field(repr=False)
    conversation_id: str
    state: OrderState
    created_at: dt.datetime
    updated_at: dt.datetime
    cashier_url: str | None = field(default=None, repr=False)
    expires_at: dt.datetime | None = None
    provider_trade_number: str | None = None
    receipt_number: str | None = None
    paid_at: dt.datetime | None = None
    settled_at: dt.datetime | None = None
    checked_at: dt.datetime | None = None
    check_code: str | None = None
    watched_until: dt.datetime | None = None
    paid_amount: Decimal | None = None
    refund_number: str | None = None
    refund_state: RefundState | None = None

    @property
    def is_live(self) -> bool:
        """Whether it stands in the way of another order for the same bill."""
        return self.state not in NOT_LIVE

    @property
    def refund_amount(self) -> Decimal:
        """What goes back when it goes back: what was paid."""
        return self.amount if self.paid_amount is None else self.paid_amount

    @property
    def bill(self) -> Bill:
        """What is paid, whoever asks."""
        return (self.city_code, self.biller_code, self.account, self.bill_reference)


@dataclass(frozen=True)
class Payment:
    """A payment as it stood when it was read: one trade at the provider, one cashier link, one or more orders.

    Until it is paid its orders move together; what is paid is settled at the city, or goes back, order by order.

    Attributes:
        number: the provider knows the trade by it; where one order is paid alone it is the order's.
        total: what the trade asks for, yuan.
        subject, payee: as the cashier page shows them.
        conversation_id: who opened it.
        orders: as they were read out.
    """

    number: str
    total: Decimal
    subject: str = field(repr=False)
    payee: str
    conversation_id: str
    orders: tuple[Order, ...]

    @property
    def first(self) -> Order:
        """The order that stands for the trade: a sum that is not the total is in its `paid_amount`, whole."""
        return self.orders[0]

    @property
    def state(self) -> OrderState:
        """Where the trade stands; for one that is paid it says only that."""
        return self.first.state

    @property
    def paid_amount(self) -> Decimal:
        """What was paid, if anything was."""
        return self.total if self.first.paid_amount is None else self.first.paid_amount

    @property
    def is_live(self) -> bool:
        """Whether one of its orders stands in the way of another for the same bill."""
        return any(order.is_live for order in self.orders)

    @property
    def amounts(self) -> dict[Bill, Decimal]:
        """What is to be paid for each bill."""
        return {order.bill: order.amount for order in self.orders}


class PaymentOutcome(str, Enum):
    """What money that the provider reports was to its payment."""

    MOVED = "moved"  # it moved the orders to `paid`
    REPEATED = "repeated"  # they had been moved before
    LATE = "late"  # they were closed: the money has to go back
    MISPAID = "mispaid"  # it was of another amount: the money has to go back


@dataclass(frozen=True)
class Notice:
    """A provider's notice, its signature and form already checked."""

    notice_id: str
    trade_number: str
    provider_trade_number: str
    amount: Decimal
    paid_at: dt.datetime


@dataclass(frozen=True)
class Transition:
    """A move an order has made, and why."""

    source: OrderState | None
    target: OrderState
    reason: str
    at: dt.datetime


@dataclass(frozen=True)
class HandOver:
    """A conversation handed to a human, with what they need to go on from there."""

    hand_over_id: str
    conversation_id: str
    city_code: str | None
    created_at: dt.datetime
    state: str
    conversation: Any = field(repr=False)
    taken_by: str | None = field(default=None, repr=False)
    moved_at: dt.datetime | None = None

    @property
    def number(self) -> str:
        """What the resident is told, and the staff are asked for: the beginning of its id."""
        return self.hand_over_id[:8]
