"""The states of a payment order and every move between them that is legal."""

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
    REFUNDED = "refunded"  # the money is back


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
        # A payment that arrives for a closed order goes straight back. Through `refunding` it would come alive again,
        # beside the order that has taken its place.
        (S.CLOSED, S.REFUNDED),
    }
)

NOT_LIVE = (S.CLOSED, S.REFUNDED)
"""A bill may have any number of these, and one of all others."""

UNFINISHED = (S.CREATED, S.AWAITING_PAYMENT, S.PAID, S.REFUNDING)
"""What reconciliation has to look at."""


class IllegalTransition(Exception):
    """No order may make this move."""

    def __init__(self, source: OrderState, target: OrderState) -> None:
        super().__init__(f"no order moves from {source.value} to {target.value}")
        self.source = source
        self.target = target


def check_transition(source: OrderState, target: OrderState) -> None:
    """Let a legal move pass.

    Raises:
        IllegalTransition: it is not in `TRANSITIONS`.
    """
    if (source, target) not in TRANSITIONS:
        raise IllegalTransition(source, target)
