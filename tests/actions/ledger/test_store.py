"""Orders in the ledger, the same on SQLite and PostgreSQL: one live order a bill, one winner of each move."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from threading import Barrier

import pytest

from actions.ledger import (
    Ledger,
    LiveOrderExists,
    Notice,
    NoticeIdReused,
    Order,
    OrderMovedOn,
    OrderState,
    PaymentOutcome,
    RefundState,
    UnknownTrade,
)
from tests.actions.ledger.orders import NEW, order_in

PAID_AT = dt.datetime(2026, 11, 24, 10, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
OVER = [OrderState.CLOSED, OrderState.PAID_LATE, OrderState.MISPAID, OrderState.REFUNDED]
LIVE = [state for state in OrderState if state not in OVER]


def _notice(notice_id: str, trade_number: str = "TA") -> Notice:
    return Notice(notice_id, trade_number, "4200000001", NEW.amount, PAID_AT)


@pytest.mark.parametrize("state", LIVE)
def test_a_live_order_keeps_others_away(ledger: Ledger, state: OrderState) -> None:
    order = order_in(ledger, state)
    with pytest.raises(LiveOrderExists):
        ledger.add_order(NEW, "TB")
    assert ledger.live_order(NEW) == order


@pytest.mark.parametrize("state", OVER)
def test_any_number_that_are_no_longer(ledger: Ledger, state: OrderState) -> None:
    for trade_number in ("TA", "TB", "TC"):
        order_in(ledger, state, trade_number)
    assert ledger.live_order(NEW) is None
    assert ledger.add_order(NEW, "TD").state is OrderState.CREATED


@pytest.mark.parametrize(
    "change",
    [{"city_code": "330400"}, {"biller_code": "330100-gas"}, {"account": "3301234568"}, {"bill_reference": "B2"}],
)
def test_another_bill_is_another_order(ledger: Ledger, change: dict[str, str]) -> None:
    ledger.add_order(NEW, "TA")
    assert ledger.live_order(replace(NEW, **change)) is None
    assert ledger.add_order(replace(NEW, **change), "TB").trade_number == "TB"


def test_an_order_reads_back_as_written(ledger: Ledger) -> None:
    order = ledger.add_order(NEW, "TA")
    assert {name: getattr(order, name) for name in NEW.__dataclass_fields__} == vars(NEW)
    assert (type(order.amount), str(order.amount)) == (Decimal, "45.60")
    assert order.created_at.utcoffset() == dt.timedelta(0)


@pytest.mark.parametrize("amount", ["0.01", "0.10", "45.60", "1234567.89", "99999999.99"])
def test_an_amount_stays_exact(ledger: Ledger, amount: str) -> None:
    ledger.add_order(replace(NEW, amount=Decimal(amount)), "TA")
    assert str(ledger.order("TA").amount) == amount


def test_an_order_does_not_show_whose_it_is(ledger: Ledger) -> None:
    shown = repr(ledger.add_order(NEW, "TA"))
    assert NEW.account not in shown
    assert NEW.subject not in shown


def test_unknown_trade(ledger: Ledger) -> None:
    with pytest.raises(UnknownTrade):
        ledger.order("TX")
    with pytest.raises(UnknownTrade):
        ledger.record_payment("TX", None, None, NEW.amount, None)


def test_of_two_moves_from_one_state_one_wins(ledger: Ledger) -> None:
    order = order_in(ledger, OrderState.PAID)
    ledger.move(order, OrderState.SETTLED, "first", receipt_number="R1")
    with pytest.raises(OrderMovedOn) as caught:
        ledger.move(order, OrderState.REFUNDING, "second")
    assert (caught.value.order.state, caught.value.order.receipt_number) == (OrderState.SETTLED, "R1")
    assert [move.reason for move in ledger.transitions("TA")][-1] == "first"


def test_two_processes_move_at_once(ledger: Ledger, fresh_database_url: str) -> None:
    order = order_in(ledger, OrderState.PAID)
    barrier = Barrier(4)

    def move(_number: int) -> bool:
        barrier.wait()
        try:
            ledger.move(order, OrderState.SETTLED, "race")
        except OrderMovedOn:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(move, range(4))) == [False, False, False, True]
    assert len([move for move in ledger.transitions("TA") if move.reason == "race"]) == 1


def test_two_processes_open_at_once(ledger: Ledger) -> None:
    barrier = Barrier(4)

    def add(number: int) -> bool:
        barrier.wait()
        try:
            ledger.add_order(NEW, f"T{number}")
        except LiveOrderExists:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(add, range(4))) == [False, False, False, True]


class TestPayment:
    @pytest.mark.parametrize("state", [OrderState.CREATED, OrderState.AWAITING_PAYMENT])
    def test_moves_an_unpaid_order(self, ledger: Ledger, state: OrderState) -> None:
        order_in(ledger, state)
        payment, outcome = ledger.record_payment("TA", "4200000001", PAID_AT, NEW.amount, _notice("n1"))
        (order,) = payment.orders
        assert (order.state, outcome) == (OrderState.PAID, PaymentOutcome.MOVED)
        assert (order.provider_trade_number, order.paid_at) == ("4200000001", PAID_AT)
        assert [move.target for move in ledger.transitions("TA")] == [
            OrderState.CREATED,
            OrderState.AWAITING_PAYMENT,
            OrderState.PAID,
        ]

    @pytest.mark.parametrize("state", [OrderState.PAID, OrderState.SETTLED, OrderState.REFUNDING, OrderState.REFUNDED])
    def test_moves_no_other(self, ledger: Ledger, state: OrderState) -> None:
        order_in(ledger, state)
        before = ledger.payment("TA")
        assert ledger.record_payment("TA", "42", PAID_AT, NEW.amount, _notice("n1")) == (
            before,
            PaymentOutcome.REPEATED,
        )

    def test_twice(self, ledger: Ledger) -> None:
        order_in(ledger, OrderState.AWAITING_PAYMENT)
        outcomes = [ledger.record_payment("TA", "42", PAID_AT, NEW.amount, _notice("n1"))[1] for _ in range(2)]
        assert outcomes == [PaymentOutcome.MOVED, PaymentOutcome.REPEATED]

    def test_twice_at_once(self, ledger: Ledger) -> None:
        order_in(ledger, OrderState.AWAITING_PAYMENT)
        barrier = Barrier(3)

        def record(_number: int) -> str:
            barrier.wait()
            return ledger.record_payment("TA", "42", PAID_AT, NEW.amount, _notice("n1"))[1].value

        with ThreadPoolExecutor(3) as pool:
            assert sorted(pool.map(record, range(3))) == ["moved", "repeated", "repeated"]
        assert len(ledger.transitions("TA")) == 3

    def test_of_a_closed_order_is_late_until_its_money_is_back(self, ledger: Ledger) -> None:
        order_in(ledger, OrderState.CLOSED)
        assert ledger.going_back() == []
        assert ledger.record_payment("TA", "42", PAID_AT, NEW.amount, _notice("n1"))[1] is PaymentOutcome.LATE
        late = ledger.order("TA")
        assert (late.state, late.refund_state, late.refund_number) == ("paid_late", "requested", "TAR")
        assert ledger.going_back() == [late]
        refunded = ledger.move_refund(late, RefundState.DONE)
        assert (refunded.state, refunded.refund_state) == ("refunded", "done")
        assert ledger.going_back() == []

    @pytest.mark.parametrize("state", [OrderState.CREATED, OrderState.AWAITING_PAYMENT])
    def test_of_another_sum_goes_back_and_leaves_the_bill_to_be_paid(self, ledger: Ledger, state: OrderState) -> None:
        order_in(ledger, state)
        payment, outcome = ledger.record_payment("TA", "42", PAID_AT, Decimal("1.00"), _notice("n1"))
        (order,) = payment.orders
        assert (order.state, outcome) == (OrderState.MISPAID, PaymentOutcome.MISPAID)
        assert (order.paid_amount, order.refund_amount, order.amount) == (Decimal("1.00"), Decimal("1.00"), NEW.amount)
        assert ledger.going_back() == [order]
        assert ledger.add_order(NEW, "TB").is_live

    def test_with_another_trades_notice(self, ledger: Ledger) -> None:
        order_in(ledger, OrderState.AWAITING_PAYMENT)
        order_in(ledger, OrderState.AWAITING_PAYMENT, "TB", bill_reference="B2")
        ledger.record_payment("TA", "42", PAID_AT, NEW.amount, _notice("n1"))
        with pytest.raises(NoticeIdReused):
            ledger.record_payment("TB", "42", PAID_AT, NEW.amount, _notice("n1", "TB"))
        assert ledger.order("TB").state is OrderState.AWAITING_PAYMENT


class TestConversation:
    def test_knows_only_its_own(self, ledger: Ledger) -> None:
        ledger.add_order(NEW, "TA")
        assert (ledger.latest_order("conversation-b"), ledger.open_orders("conversation-b")) == (None, [])

    def test_the_last_asked_for_comes_first(self, ledger: Ledger) -> None:
        first = ledger.add_order(NEW, "TA")
        second = ledger.add_order(replace(NEW, bill_reference="B2"), "TB")
        assert ledger.open_orders("conversation-a") == [second, first]
        ledger.note_conversation(ledger.payment(first.payment_number), "conversation-a")
        assert ledger.latest_order("conversation-a") == first

    def test_whoever_asks_hears_of_the_live_order(self, ledger: Ledger) -> None:
        order = ledger.add_order(NEW, "TA")
        ledger.note_conversation(ledger.payment(order.payment_number), "conversation-b")
        assert ledger.latest_order("conversation-b") == order

    @pytest.mark.parametrize("state", OrderState)
    def test_open_means_that_something_is_still_to_come(self, ledger: Ledger, state: OrderState) -> None:
        order = order_in(ledger, state)
        is_open = state not in (OrderState.SETTLED, OrderState.CLOSED, OrderState.REFUNDED)
        assert ledger.open_orders("conversation-a") == ([order] if is_open else [])


class TestUnfinished:
    def _wait(self, ledger: Ledger, seconds: float) -> None:
        now = ledger.now()
        ledger.now = lambda: now + dt.timedelta(seconds=seconds)

    def test_only_in_that_state_and_left_alone_long_enough(self, ledger: Ledger) -> None:
        order = order_in(ledger, OrderState.AWAITING_PAYMENT)
        since = order.updated_at
        before = since - dt.timedelta(seconds=1)
        assert ledger.unfinished(OrderState.AWAITING_PAYMENT, since) == [order]
        assert ledger.unfinished(OrderState.AWAITING_PAYMENT, before) == []
        assert ledger.unfinished(OrderState.PAID, since) == []

    def test_what_has_been_looked_at_lets_others_pass(self, ledger: Ledger) -> None:
        orders: list[Order] = [
            order_in(ledger, OrderState.PAID, trade_number, bill_reference=trade_number)
            for trade_number in ("TA", "TB", "TC")
        ]
        self._wait(ledger, 10)
        ledger.note_check(orders[0])
        self._wait(ledger, 20)
        found = ledger.unfinished(OrderState.PAID, ledger.now(), limit=2)
        assert [order.trade_number for order in found] == ["TB", "TC"]
        assert [order.trade_number for order in ledger.unfinished(OrderState.PAID, ledger.now())] == ["TB", "TC", "TA"]


class TestHandOver:
    def test_reads_back_as_written(self, ledger: Ledger) -> None:
        conversation = {
            "turns": [["resident", "我要转人工"], ["bot", "好的"]],
            "slots": {"account_number": "3301234567"},
        }
        record = ledger.open_hand_over(conversation_id="a", city_code="330100", conversation=conversation)
        assert ledger.hand_overs("a") == [record]
        assert (record.state, record.conversation) == ("waiting", conversation)
        assert "3301234567" not in repr(record)

    def test_the_latest_first_and_by_state(self, ledger: Ledger) -> None:
        first = ledger.open_hand_over("a", None, [])
        second = ledger.open_hand_over("b", "330100", [])
        assert ledger.hand_overs(state="waiting") == [second, first]
        assert ledger.hand_overs(state="done") == []
        assert ledger.hand_overs("c") == []

    def test_what_was_said_can_be_forgotten_of_one_conversation_alone(self, ledger: Ledger) -> None:
        said = {"task": "pay_form", "messages": ["户号 3301234567"]}
        case = {"case_number": "20261125000001", "words": "路灯坏了", "contact": "13800138000"}
        for conversation, record in (("a", said), ("a", case), ("a", []), ("b", said)):
            ledger.open_hand_over(conversation, "330100", record)
        assert ledger.forget_hand_overs("a", "居民要求删除") == 1
        left = [one.conversation for one in ledger.hand_overs("a")]
        assert len(left) == 3
        assert all(one in left for one in ({"task": "pay_form", "erased": "居民要求删除"}, case, []))
        assert [one.state for one in ledger.hand_overs("a")] == ["waiting"] * 3
        assert ledger.hand_overs("b")[0].conversation == said
        assert ledger.forget_hand_overs("a", "居民要求删除") == 0
