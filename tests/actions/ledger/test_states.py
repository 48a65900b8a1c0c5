"""Every move an order may make, and every one it may not."""

from __future__ import annotations

import pytest

from actions.ledger import TRANSITIONS, IllegalTransition, Ledger, OrderState
from tests.actions.ledger.orders import order_in

LEGAL = {
    ("created", "awaiting_payment"),
    ("created", "closed"),
    ("awaiting_payment", "paid"),
    ("awaiting_payment", "closed"),
    ("paid", "settled"),
    ("paid", "refunding"),
    ("refunding", "refunded"),
    ("closed", "refunded"),
}


def test_the_table() -> None:
    assert {(source.value, target.value) for source, target in TRANSITIONS} == LEGAL


@pytest.mark.parametrize("source", OrderState)
def test_illegal(ledger: Ledger, source: OrderState) -> None:
    order = order_in(ledger, source)
    before = ledger.transitions(order.trade_number)
    targets = [target for target in OrderState if (source.value, target.value) not in LEGAL]
    assert source in targets
    for target in targets:
        with pytest.raises(IllegalTransition) as caught:
            ledger.move(order, target, "test")
        assert (caught.value.source, caught.value.target) == (source, target)
    assert ledger.order(order.trade_number) == order
    assert ledger.transitions(order.trade_number) == before


@pytest.mark.parametrize(("source", "target"), sorted(LEGAL))
def test_legal(ledger: Ledger, source: str, target: str) -> None:
    order = ledger.move(order_in(ledger, OrderState(source)), OrderState(target), "why")
    last = ledger.transitions(order.trade_number)[-1]
    assert (order.state, last.source, last.target, last.reason) == (target, source, target, "why")
