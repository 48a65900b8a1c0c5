"""What must outlive every process: payment orders and hand-overs, personal columns encrypted."""

from actions.ledger.crypto import WrongLedgerKey
from actions.ledger.errors import LiveOrderExists, NoticeIdReused, OrderMovedOn, UnknownTrade
from actions.ledger.records import HandOver, NewOrder, Notice, Order, PaymentOutcome, Transition
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
    "Notice",
    "NoticeIdReused",
    "Order",
    "OrderMovedOn",
    "OrderState",
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
