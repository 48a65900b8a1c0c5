"""What must outlive every process: payment orders and hand-overs, personal columns encrypted."""

from actions.ledger.errors import LiveOrderExists, NoticeIdReused, OrderMovedOn, UnknownTrade
from actions.ledger.records import HandOver, NewOrder, Notice, Order, PaymentOutcome, Transition
from actions.ledger.states import REFUND_TRANSITIONS, TRANSITIONS, IllegalTransition, OrderState, RefundState
from actions.ledger.store import Ledger

__all__ = [
    "REFUND_TRANSITIONS",
    "TRANSITIONS",
    "HandOver",
    "IllegalTransition",
    "Ledger",
    "LiveOrderExists",
    "NewOrder",
    "Notice",
    "NoticeIdReused",
    "Order",
    "OrderMovedOn",
    "OrderState",
    "PaymentOutcome",
    "RefundState",
    "Transition",
    "UnknownTrade",
]
