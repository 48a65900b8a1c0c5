"""Orders for tests."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

from actions.ledger import Ledger, NewOrder, NewPayment, Order, OrderState, Payment

NEW = NewOrder(
    kind="utility_bill",
    city_service="water",
    city_code="330100",
    biller_code="330100-water",
    payee="杭州市水务集团",
    account="3301234567",
    bill_reference="B3301234567202610",
    amount=Decimal("45.60"),
    subject="水费 2026年10月 户号3301234567",
    conversation_id="conversation-a",
)

WAY_TO: dict[OrderState, tuple[OrderState, ...]] = {
    OrderState.CREATED: (),
    OrderState.AWAITING_PAYMENT: (OrderState.AWAITING_PAYMENT,),
    OrderState.PAID: (OrderState.AWAITING_PAYMENT, OrderState.PAID),
    OrderState.SETTLED: (OrderState.AWAITING_PAYMENT, OrderState.PAID, OrderState.SETTLED),
    OrderState.CLOSED: (OrderState.CLOSED,),
    OrderState.REFUNDING: (OrderState.AWAITING_PAYMENT, OrderState.PAID, OrderState.REFUNDING),
    OrderState.PAID_LATE: (OrderState.CLOSED, OrderState.PAID_LATE),
    OrderState.MISPAID: (OrderState.AWAITING_PAYMENT, OrderState.MISPAID),
    OrderState.REFUNDED: (
        OrderState.AWAITING_PAYMENT,
        OrderState.PAID,
        OrderState.REFUNDING,
        OrderState.REFUNDED,
    ),
}


def order_in(ledger: Ledger, state: OrderState, trade_number: str = "TA", **changes: Any) -> Order:
    """A new order, moved to a state the legal way."""
    order = ledger.add_order(replace(NEW, **changes), trade_number)
    for target in WAY_TO[state]:
        order = ledger.move(order, target, "test")
    return order


def several(*bills: str, **changes: Any) -> NewPayment:
    """A payment of some bills of one account, each of another amount."""
    orders = tuple(
        replace(NEW, bill_reference=bill, amount=NEW.amount + place, **changes) for place, bill in enumerate(bills)
    )
    return NewPayment(orders, f"水费 {len(bills)} 笔", NEW.payee, changes.get("conversation_id", NEW.conversation_id))


def payment_in(ledger: Ledger, state: OrderState) -> Payment:
    """A payment TP of the orders TA, TB and TC, moved to a state that all of them come to together."""
    first = ledger.add_payment(several("B1", "B2", "B3"), "TP", ["TA", "TB", "TC"]).first
    for target in WAY_TO[state]:
        first = ledger.move(first, target, "test")
    return ledger.payment("TP")
