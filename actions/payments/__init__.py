"""Money: orders, cashier links, notices, settlement, refunds, reconciliation."""

from actions.payments.notices import NoticeRefused
from actions.payments.opening import Taken
from actions.payments.service import PaymentService
from actions.payments.settlers import SettlerError, Settlers, check_settlers, settled_at, settles

__all__ = [
    "NoticeRefused",
    "PaymentService",
    "SettlerError",
    "Settlers",
    "Taken",
    "check_settlers",
    "settled_at",
    "settles",
]
