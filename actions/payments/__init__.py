"""Money: orders, cashier links, notices, settlement, refunds, reconciliation."""

from actions.payments.notices import NoticeRefused
from actions.payments.service import PaymentService

__all__ = ["NoticeRefused", "PaymentService"]
