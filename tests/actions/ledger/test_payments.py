"""Payments of several orders: until the money is there they move together, afterwards each by itself."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from actions.ledger import (
    IllegalTransition,
    Ledger,
    LiveOrderExists,
    NewPayment,
    Notice,
    NoticeIdReused,
    OrderMovedOn,
    OrderState,
    PaymentOutcome,
    RefundState,
    UnknownTrade,
)
from actions.ledger.states import OF_TRADE, TRANSITIONS
from tests.actions.ledger.orders import NEW, order_in, payment_in, several

PAID_AT = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.timezone.utc)
TOTAL = Decimal("139.80")
OF_ALL = (OrderState.CREATED, OrderState.AWAITING_PAYMENT, OrderState.PAID, OrderState.CLOSED, OrderState.PAID_LATE)


def _states(ledger: Ledger) -> list[str]:
    return [order.state.value for order in ledger.payment("TP").orders]


def _notice(notice_id: str, number: str = "TP", amount: Decimal = TOTAL) -> Notice:
    return Notice(notice_id, number, "4200000001", amount, PAID_AT)


def test_reads_back_as_written(ledger: Ledger) -> None:
    new = several("B1", "B2", "B3")
    payment = ledger.add_payment(new, "TP", ["TA", "TB", "TC"])
    assert payment == ledger.payment("TP")
    assert (payment.total, payment.subject, payment.payee) == (TOTAL, "水费 3 笔", NEW.payee)
    assert payment.amounts == new.amounts
    assert [order.trade_number for order in payment.orders] == ["TA", "TB", "TC"]
    assert {order.payment_number for order in payment.orders} == {"TP"}
    assert "水费" not in repr(payment)
    with pytest.raises(UnknownTrade):
        ledger.payment("TA")


@pytest.mark.parametrize("state", [OrderState.CREATED, OrderState.AWAITING_PAYMENT, OrderState.PAID])
def test_each_of_its_bills_keeps_others_away(ledger: Ledger, state: OrderState) -> None:
    payment_in(ledger, state)
    for new in (several("B2"), several("B9", "B3")):
        with pytest.raises(LiveOrderExists):
            ledger.add_payment(new, "TQ", [f"T{place}" for place in range(len(new.orders))])
    with pytest.raises(UnknownTrade):
        ledger.payment("TQ")
    # Of two, none was written.
    assert ledger.live_orders(several("B9", "B2")) == [ledger.order("TB")]


def test_an_order_alone_keeps_a_payment_of_several_away(ledger: Ledger) -> None:
    alone = order_in(ledger, OrderState.AWAITING_PAYMENT, bill_reference="B2")
    with pytest.raises(LiveOrderExists):
        ledger.add_payment(several("B1", "B2"), "TP", ["TX", "TY"])
    assert ledger.live_orders(several("B1", "B2")) == [alone]


def test_one_bill_twice_is_no_payment(ledger: Ledger) -> None:
    with pytest.raises(LiveOrderExists):
        ledger.add_payment(NewPayment((NEW, NEW), "x", NEW.payee, "a"), "TP", ["TA", "TB"])
    assert ledger.live_order(NEW) is None


@pytest.mark.parametrize("source", OF_ALL)
def test_a_part_makes_no_move_of_the_whole_alone(ledger: Ledger, source: OrderState) -> None:
    """Every legal move to where the trade is takes all orders along, whichever of them it was asked of."""
    for target in [target for start, target in TRANSITIONS if start is source and target in OF_TRADE]:
        payment = payment_in(ledger, source)
        moved = ledger.move(payment.orders[1], target, "test")
        assert (moved.trade_number, moved.state) == ("TB", target)
        assert _states(ledger) == [target.value] * 3
        for order in payment.orders:
            assert ledger.transitions(order.trade_number)[-1].target is target
        _forget_all(ledger)


@pytest.mark.parametrize("source", OF_ALL)
def test_illegal(ledger: Ledger, source: OrderState) -> None:
    payment = payment_in(ledger, source)
    for target in OrderState:
        if (source, target) not in TRANSITIONS:
            for order in payment.orders:
                with pytest.raises(IllegalTransition):
                    ledger.move(order, target, "test")
    assert ledger.payment("TP") == payment


def test_of_two_moves_of_its_orders_one_wins(ledger: Ledger) -> None:
    payment = payment_in(ledger, OrderState.AWAITING_PAYMENT)
    ledger.move(payment.orders[2], OrderState.CLOSED, "given_up")
    with pytest.raises(OrderMovedOn):
        ledger.move(payment.orders[0], OrderState.PAID, "too late")
    assert _states(ledger) == ["closed"] * 3


def test_closed_and_paid_at_once_all_orders_stand_together(ledger: Ledger) -> None:
    payment = payment_in(ledger, OrderState.AWAITING_PAYMENT)
    barrier = Barrier(4)

    def act(number: int) -> str:
        barrier.wait()
        if number % 2:
            return ledger.record_payment("TP", "42", PAID_AT, TOTAL, None)[1].value
        try:
            return ledger.move(payment.orders[number], OrderState.CLOSED, "race").state.value
        except OrderMovedOn:
            return "moved_on"

    with ThreadPoolExecutor(4) as pool:
        came = sorted(pool.map(act, range(4)))
    expected = {
        ("closed", "late", "moved_on", "repeated"): "paid_late",
        ("moved", "moved_on", "moved_on", "repeated"): "paid",
    }
    assert _states(ledger) == [expected[tuple(came)]] * 3


def test_paid_each_order_is_settled_or_goes_back_by_itself(ledger: Ledger) -> None:
    payment_in(ledger, OrderState.AWAITING_PAYMENT)
    payment, outcome = ledger.record_payment("TP", "42", PAID_AT, TOTAL, _notice("n1"))
    assert (outcome, _states(ledger)) == (PaymentOutcome.MOVED, ["paid"] * 3)
    assert {(order.paid_at, order.provider_trade_number, order.paid_amount) for order in payment.orders} == {
        (PAID_AT, "42", None)
    }
    ledger.move(payment.orders[0], OrderState.SETTLED, "city_receipt", receipt_number="R1")
    back = ledger.move(payment.orders[1], OrderState.REFUNDING, "bill_already_paid")
    assert _states(ledger) == ["settled", "refunding", "paid"]
    assert (back.refund_number, back.refund_amount) == ("TBR", back.amount)
    ledger.move_refund(back, RefundState.DONE)
    assert _states(ledger) == ["settled", "refunded", "paid"]
    # What was refunded may be paid anew; the others may not.
    assert ledger.live_orders(several("B1", "B2", "B3")) == [ledger.order("TA"), ledger.order("TC")]


def test_the_same_notice_twice_moves_once(ledger: Ledger) -> None:
    payment_in(ledger, OrderState.AWAITING_PAYMENT)
    outcomes = [ledger.record_payment("TP", "42", PAID_AT, TOTAL, _notice(name))[1] for name in ("n1", "n1", "n2")]
    assert outcomes == [PaymentOutcome.MOVED, PaymentOutcome.REPEATED, PaymentOutcome.REPEATED]
    assert [len(ledger.transitions(number)) for number in ("TA", "TB", "TC")] == [3, 3, 3]
    order_in(ledger, OrderState.AWAITING_PAYMENT, "TX", bill_reference="B9")
    with pytest.raises(NoticeIdReused):
        ledger.record_payment("TX", "42", PAID_AT, NEW.amount, _notice("n1", "TX"))


@pytest.mark.parametrize("source", [OrderState.CREATED, OrderState.AWAITING_PAYMENT])
@pytest.mark.parametrize("amount", ["45.60", "1.00", "139.81"])
def test_another_sum_goes_back_whole_and_leaves_all_bills_to_be_paid(
    ledger: Ledger, source: OrderState, amount: str
) -> None:
    """Also where it is just the sum of one of them: nobody can say that it was for that one."""
    payment_in(ledger, source)
    payment, outcome = ledger.record_payment(
        "TP", "42", PAID_AT, Decimal(amount), _notice("n1", amount=Decimal(amount))
    )
    assert (outcome, _states(ledger)) == (PaymentOutcome.MISPAID, ["mispaid", "closed", "closed"])
    assert payment.paid_amount == Decimal(amount)
    assert [(order.trade_number, order.refund_amount) for order in ledger.going_back()] == [("TA", Decimal(amount))]
    assert ledger.watched() == []
    assert ledger.live_orders(several("B1", "B2", "B3")) == []


@pytest.mark.parametrize("amount", [TOTAL, Decimal("1.00")])
def test_paid_after_it_was_closed_everything_goes_back(ledger: Ledger, amount: Decimal) -> None:
    payment = payment_in(ledger, OrderState.AWAITING_PAYMENT)
    ledger.move(payment.first, OrderState.CLOSED, "given_up", watched_until=PAID_AT)
    assert ledger.record_payment("TP", "42", PAID_AT, amount, None)[1] is PaymentOutcome.LATE
    assert ledger.record_payment("TP", "42", PAID_AT, amount, None)[1] is PaymentOutcome.REPEATED
    assert sum((order.refund_amount for order in ledger.going_back()), Decimal(0)) == amount
    assert ledger.watched() == []


def test_what_is_noted_of_an_unpaid_payment_is_noted_of_all_its_orders(ledger: Ledger) -> None:
    payment = payment_in(ledger, OrderState.AWAITING_PAYMENT)
    ledger.note_check(payment.orders[1])
    ledger.note_trouble(payment.orders[1], "trade_unknown")
    assert {order.check_code for order in ledger.payment("TP").orders} == {"trade_unknown"}
    assert all(order.checked_at for order in ledger.payment("TP").orders)
    paid, _ = ledger.record_payment("TP", "42", PAID_AT, TOTAL, None)
    ledger.note_trouble(paid.orders[1], "down")
    assert [order.check_code for order in ledger.payment("TP").orders] == [None, "down", None]


def test_who_had_not_opened_it_leaves_all_of_it(ledger: Ledger) -> None:
    payment = payment_in(ledger, OrderState.AWAITING_PAYMENT)
    ledger.note_conversation(payment, "conversation-b")
    assert len(ledger.open_orders("conversation-b")) == 3
    ledger.leave(payment.orders[1], "conversation-b")
    assert ledger.open_orders("conversation-b") == []
    assert len(ledger.open_orders("conversation-a")) == 3


def _forget_all(ledger: Ledger) -> None:
    tables = ledger.tables
    with ledger.engine.begin() as connection:
        for table in (tables.order_transitions, tables.order_conversations, tables.payment_orders, tables.payments):
            connection.execute(table.delete())
