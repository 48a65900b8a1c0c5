"""Every move an order may make, and every one it may not."""

from __future__ import annotations

import pytest

from actions.ledger import (
    REFUND_TRANSITIONS,
    TRANSITIONS,
    IllegalTransition,
    Ledger,
    Order,
    OrderMovedOn,
    OrderState,
    RefundState,
)
from tests.actions.ledger.orders import order_in

LEGAL = {
    ("created", "awaiting_payment"),
    ("created", "closed"),
    ("awaiting_payment", "paid"),
    ("awaiting_payment", "closed"),
    ("paid", "settled"),
    ("paid", "refunding"),
    ("refunding", "refunded"),
    ("closed", "paid_late"),
    ("paid_late", "refunded"),
    ("awaiting_payment", "mispaid"),
    ("mispaid", "refunded"),
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


LEGAL_FOR_REFUNDS = {
    ("requested", "processing"),
    ("requested", "done"),
    ("requested", "failed"),
    ("requested", "abnormal"),
    ("processing", "done"),
    ("processing", "failed"),
    ("processing", "abnormal"),
    ("failed", "requested"),
    ("failed", "done"),
    ("abnormal", "processing"),
    ("abnormal", "done"),
}
GO_BACK = (OrderState.REFUNDING, OrderState.PAID_LATE, OrderState.MISPAID)


def refund_in(ledger: Ledger, state: RefundState, of: OrderState = OrderState.REFUNDING) -> Order:
    """An order whose money goes back, its refund moved to a state the legal way."""
    order = order_in(ledger, of)
    if state is not RefundState.REQUESTED:
        order = ledger.move_refund(order, state)
    return order


def test_the_table_of_refunds() -> None:
    assert {(source.value, target.value) for source, target in REFUND_TRANSITIONS} == LEGAL_FOR_REFUNDS


@pytest.mark.parametrize("source", RefundState)
def test_illegal_for_a_refund(ledger: Ledger, source: RefundState) -> None:
    order = refund_in(ledger, source)
    for target in [target for target in RefundState if (source.value, target.value) not in LEGAL_FOR_REFUNDS]:
        with pytest.raises(IllegalTransition):
            ledger.move_refund(order, target)
    assert ledger.order(order.trade_number) == order


@pytest.mark.parametrize("state", [state for state in OrderState if state not in (*GO_BACK, OrderState.REFUNDED)])
def test_only_money_that_goes_back_has_a_refund(ledger: Ledger, state: OrderState) -> None:
    order = order_in(ledger, state)
    assert order.refund_state is None
    with pytest.raises(IllegalTransition):
        ledger.move_refund(order, RefundState.DONE)


@pytest.mark.parametrize(("source", "target"), sorted(LEGAL_FOR_REFUNDS))
@pytest.mark.parametrize("of", GO_BACK)
def test_legal_for_a_refund(ledger: Ledger, source: str, target: str, of: OrderState) -> None:
    order = ledger.move_refund(refund_in(ledger, RefundState(source), of), RefundState(target))
    assert order.refund_state == target
    assert order.state == ("refunded" if target == "done" else of)
    # What the provider had ended without paying is done only by a person's word, and stays to be told from its own.
    is_by_hand = source in ("failed", "abnormal") and target == "done"
    assert ledger.transitions(order.trade_number)[-1].reason == (
        "refunded_by_hand" if is_by_hand else f"refund_{target}"
    )


def test_of_two_moves_of_a_refund_one_wins(ledger: Ledger) -> None:
    order = refund_in(ledger, RefundState.PROCESSING)
    ledger.move_refund(order, RefundState.DONE)
    with pytest.raises(OrderMovedOn):
        ledger.move_refund(order, RefundState.ABNORMAL)
    assert ledger.order(order.trade_number).state is OrderState.REFUNDED
