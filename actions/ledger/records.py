"""Rows of the ledger as the rest of the code sees them: snapshots that never change under one's hands."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from actions.ledger.states import NOT_LIVE, OrderState, RefundState


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


@dataclass(frozen=True)
class Order:
    """A payment order as it stood when it was read.

    Attributes:
        checked_at, check_code: when reconciliation last looked at it, and why it could not be moved on, if so.
        watched_until: of a closed order: until when its cashier link might still be paid.
        paid_amount: what was paid, where it was another sum than was asked for.
        refund_number, refund_state: under which number its money goes back, and how far that has come.
    """

    id: int
    trade_number: str
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


class PaymentOutcome(str, Enum):
    """What a payment that the provider reports was to its order."""

    MOVED = "moved"  # it moved the order to `paid`
    REPEATED = "repeated"  # the order had been moved before
    LATE = "late"  # the order was closed: the money has to go back
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
