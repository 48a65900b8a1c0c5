"""What a person has to see to: each reason an order is stuck for, from when on, and hand-overs taken by one."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import text

from actions.ledger import Ledger, OrderState, RefundState, Stuck, WorkList
from actions.ledger.hand_overs import NotToBeMoved
from actions.ledger.store import utc_now
from tests.actions.ledger.orders import order_in


def _stuck(ledger: Ledger, **later: float) -> list[tuple[str, Stuck]]:
    ledger.now = lambda: utc_now() + dt.timedelta(**later)
    work = WorkList(ledger)
    found = work.orders()
    assert work.count() == len([one for one in found if one.why is not Stuck.UNREADABLE])
    return [(one.trade_number, one.why) for one in found]


@pytest.mark.parametrize("state", [OrderState.SETTLED, OrderState.REFUNDED, OrderState.CLOSED])
def test_what_is_over_is_never_stuck(ledger: Ledger, state: OrderState) -> None:
    order_in(ledger, state)
    assert _stuck(ledger, days=30) == []


@pytest.mark.parametrize(
    ("state", "why", "minutes"),
    [(OrderState.CREATED, Stuck.NOT_OPENED, 10), (OrderState.PAID, Stuck.NOT_SETTLED, 10)],
)
def test_after_a_while(ledger: Ledger, state: OrderState, why: Stuck, minutes: int) -> None:
    order_in(ledger, state)
    assert _stuck(ledger, minutes=minutes - 1) == []
    assert _stuck(ledger, minutes=minutes + 1) == [("TA", why)]


def test_a_link_that_has_expired_without_an_answer(ledger: Ledger) -> None:
    order = order_in(ledger, OrderState.CREATED)
    until = utc_now() + dt.timedelta(minutes=30)
    ledger.move(order, OrderState.AWAITING_PAYMENT, "test", expires_at=until, cashier_url="http://pay.test/c")
    assert _stuck(ledger, minutes=39) == []
    assert _stuck(ledger, minutes=41) == [("TA", Stuck.NOT_ANSWERED_FOR)]


def test_a_closed_order_that_nobody_answers_for(ledger: Ledger) -> None:
    order = order_in(ledger, OrderState.AWAITING_PAYMENT)
    closed = ledger.move(order, OrderState.CLOSED, "test", watched_until=utc_now())
    ledger.note_trouble(closed, "trade_unknown")
    assert _stuck(ledger, minutes=59) == []
    assert _stuck(ledger, minutes=61) == [("TA", Stuck.STILL_WATCHED)]
    assert WorkList(ledger).orders()[0].code == "trade_unknown"
    ledger.end_watch(closed)
    assert _stuck(ledger, minutes=61) == []


@pytest.mark.parametrize(
    ("refund", "why", "later"),
    [
        (RefundState.REQUESTED, Stuck.REFUND_NOT_ACCEPTED, {"minutes": 31}),
        (RefundState.PROCESSING, Stuck.REFUND_SLOW, {"days": 4}),
        (RefundState.FAILED, Stuck.REFUND_FAILED, {"seconds": 1}),
        (RefundState.ABNORMAL, Stuck.REFUND_ABNORMAL, {"seconds": 1}),
    ],
)
@pytest.mark.parametrize("state", [OrderState.REFUNDING, OrderState.PAID_LATE, OrderState.MISPAID])
def test_money_that_does_not_get_back(
    ledger: Ledger, state: OrderState, refund: RefundState, why: Stuck, later: dict[str, float]
) -> None:
    order = order_in(ledger, state)
    if refund is not RefundState.REQUESTED:
        ledger.move_refund(order, refund)
    assert _stuck(ledger, **later) == [("TA", why)]


def test_a_row_that_cannot_be_read(ledger: Ledger) -> None:
    order_in(ledger, OrderState.AWAITING_PAYMENT)
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE payment_orders SET account = 'gAAAA'"))
    assert _stuck(ledger, seconds=1) == [("TA", Stuck.UNREADABLE)]


def test_a_hand_over_is_taken_by_one_and_closed(ledger: Ledger) -> None:
    work = WorkList(ledger)
    waiting = ledger.open_hand_over("a", "330100", {"said": "x"})
    assert work.waiting() == 1
    barrier = Barrier(3)

    def take(name: str) -> str:
        barrier.wait()
        try:
            return ledger.move_hand_over(waiting.hand_over_id, "taken", name).taken_by or ""
        except NotToBeMoved:
            return ""

    with ThreadPoolExecutor(3) as pool:
        takers = [name for name in pool.map(take, ("甲", "乙", "丙")) if name]
    assert len(takers) == 1
    assert work.waiting() == 0
    assert ledger.hand_overs()[0].taken_by == takers[0]
    assert ledger.move_hand_over(waiting.hand_over_id, "closed", "甲").state == "closed"
    with pytest.raises(NotToBeMoved):
        ledger.move_hand_over(waiting.hand_over_id, "taken", "乙")
    with pytest.raises(NotToBeMoved):
        ledger.move_hand_over("none", "closed", "乙")
