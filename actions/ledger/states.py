"""The states of a payment order and of its refund, and every move between them that is legal."""

from __future__ import annotations

from enum import Enum


class OrderState(str, Enum):
    """Where a payment order stands."""

    CREATED = "created"  # in the ledger; the provider may not know of it yet
    AWAITING_PAYMENT = "awaiting_payment"  # the cashier link is out
    PAID = "paid"  # the provider has the money; the city does not know yet
    SETTLED = "settled"  # the city has given its receipt
    CLOSED = "closed"  # nobody can pay it any more
    REFUNDING = "refunding"  # the city would not take it; the money goes back
    PAID_LATE = "paid_late"  # paid after it had been closed here; the money goes back
    MISPAID = "mispaid"  # another sum was paid than was asked for; the money goes back
    REFUNDED = "refunded"  # the money is back


class RefundState(str, Enum):
    """How far money that goes back has come. Accepted is not done: only `done` may be called refunded.

    The states are those of WeChat Pay's refunds (PROCESSING, SUCCESS, CLOSED, ABNORMAL) before and after its own.
    """

    REQUESTED = "requested"  # to be asked for, or asked for without a known answer
    PROCESSING = "processing"  # the provider has accepted it
    DONE = "done"  # the money is back
    FAILED = "failed"  # the provider has ended it without paying; a person may ask for it anew
    ABNORMAL = "abnormal"  # it could not be paid out, say to a closed card; a person has to see to it


S = OrderState

TRANSITIONS: frozenset[tuple[OrderState, OrderState]] = frozenset(
    {
        (S.CREATED, S.AWAITING_PAYMENT),
        (S.CREATED, S.CLOSED),
        (S.AWAITING_PAYMENT, S.PAID),
        (S.AWAITING_PAYMENT, S.CLOSED),
        (S.PAID, S.SETTLED),
        (S.PAID, S.REFUNDING),
        (S.REFUNDING, S.REFUNDED),
        (S.AWAITING_PAYMENT, S.MISPAID),
        (S.MISPAID, S.REFUNDED),
        # Not through `refunding`: it would come alive again, beside the order that has taken its place.
        (S.CLOSED, S.PAID_LATE),
        (S.PAID_LATE, S.REFUNDED),
    }
)

OF_TRADE = (S.AWAITING_PAYMENT, S.PAID, S.CLOSED, S.MISPAID, S.PAID_LATE)
"""States that the provider's trade decides: all orders of a payment come to them together, never one alone."""

UNPAID = (S.CREATED, S.AWAITING_PAYMENT, S.CLOSED)
"""Where the orders of a payment stand together while no money has come."""

GOES_BACK = (S.REFUNDING, S.PAID_LATE, S.MISPAID)
"""Orders whose money goes back."""

NOT_LIVE = (S.CLOSED, S.PAID_LATE, S.MISPAID, S.REFUNDED)
"""A bill may have any number of these, and one of all others."""

UNFINISHED = (S.CREATED, S.AWAITING_PAYMENT, S.PAID, *GOES_BACK)
"""What reconciliation has to look at."""

R = RefundState

REFUND_TRANSITIONS: frozenset[tuple[RefundState, RefundState]] = frozenset(
    {
        (R.REQUESTED, R.PROCESSING),
        (R.REQUESTED, R.DONE),
        (R.REQUESTED, R.FAILED),
        (R.REQUESTED, R.ABNORMAL),
        (R.PROCESSING, R.DONE),
        (R.PROCESSING, R.FAILED),
        (R.PROCESSING, R.ABNORMAL),
        # By a person: asked for anew, or paid out on another way.
        (R.FAILED, R.REQUESTED),
        (R.FAILED, R.DONE),
        (R.ABNORMAL, R.PROCESSING),
        (R.ABNORMAL, R.DONE),
    }
)


class IllegalTransition(Exception):
    """No order, or no refund, may make this move."""

    def __init__(self, source: OrderState | RefundState | None, target: OrderState | RefundState) -> None:
        super().__init__(f"nothing moves from {source.value if source else 'nothing'} to {target.value}")
        self.source = source
        self.target = target


def check_transition(source: OrderState, target: OrderState) -> None:
    """Let a legal move pass.

    Raises:
        IllegalTransition: it is not in `TRANSITIONS`.
    """
    if (source, target) not in TRANSITIONS:
        raise IllegalTransition(source, target)


def check_refund_transition(source: RefundState | None, target: RefundState) -> None:
    """Let a refund's legal move pass.

    Raises:
        IllegalTransition: it is not in `REFUND_TRANSITIONS`.
    """
    if source is None or (source, target) not in REFUND_TRANSITIONS:
        raise IllegalTransition(source, target)
