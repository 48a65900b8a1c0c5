"""What the ledger can say no with."""

from __future__ import annotations

from actions.ledger.records import Order


class UnknownTrade(LookupError):
    """No order has this trade number."""


class LiveOrderExists(Exception):
    """The bill already has an order that is neither closed nor refunded."""


class OrderMovedOn(Exception):
    """Another process has moved the order since it was read.

    Attributes:
        order: as it stands now.
    """

    def __init__(self, order: Order) -> None:
        super().__init__(f"the order is {order.state.value} by now")
        self.order = order


class NoticeIdReused(Exception):
    """A notice bears the id of another trade's notice."""
