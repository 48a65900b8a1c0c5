"""What must outlive every process: payment orders and hand-overs, personal columns encrypted."""

from actions.ledger.crypto import WrongLedgerKey
from actions.ledger.errors import LiveOrderExists, NoticeIdReused, OrderMovedOn, UnknownTrade
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
from actions.ledger.statements import Difference, Statements
from actions.ledger.states import REFUND_TRANSITIONS, TRANSITIONS, IllegalTransition, OrderState, RefundState
from actions.ledger.store import Ledger
from actions.ledger.work_list import Stuck, StuckOrder, WorkList

__all__ = [
    "REFUND_TRANSITIONS",
    "TRANSITIONS",
    "Difference",
    "HandOver",
    "IllegalTransition",
    "Ledger",
    "LiveOrderExists",
    "NewOrder",
    "NewPayment",
    "Notice",
    "NoticeIdReused",
    "Order",
    "OrderMovedOn",
    "OrderState",
    "Payment",
    "PaymentOutcome",
    "RefundState",
    "Statements",
    "Stuck",
    "StuckOrder",
    "Transition",
    "UnknownTrade",
    "WorkList",
    "WrongLedgerKey",
]
