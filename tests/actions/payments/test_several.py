"""Several bills in one payment: one trade, each bill its own order, its own receipt or its own refund."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from actions.city.errors import Unavailable
from actions.ledger import Difference, OrderState, Statements, UnknownTrade
from actions.payments import Taken
from actions.payments.statements import Comparison
from city_api.base import CHINA
from city_api.payments import StatementLine
from tests.actions.payments.conftest import World
from tests.actions.payments.fakes import PAID_AT

DOWN = Unavailable("timeout")
BILLS = ("B1", "B2", "B3")
TOTAL = Decimal("139.80")


class TestOpening:
    async def test_gives_one_link_for_the_total(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        assert world.came_to(payment.number) == ["awaiting_payment"] * 3
        assert list(world.provider.trades) == [payment.number]
        assert world.provider.trades[payment.number]["amount"] == payment.total == TOTAL
        assert {order.cashier_url for order in payment.orders} == {"http://pay.test/cashier/0"}
        assert len({order.trade_number for order in payment.orders} | {payment.number}) == 4

    async def test_again_gives_the_same_also_to_somebody_else(self, world: World) -> None:
        first = await world.open_all(*BILLS)
        again = await world.open_all("B3", "B1", "B2", who="conversation-b")
        assert again.number == first.number
        assert len(world.provider.trades) == 1
        assert len(await world.payments.open_orders("conversation-b")) == 3

    async def test_twice_at_once_gives_one(self, world: World) -> None:
        payments = await asyncio.gather(*(world.open_all(*BILLS, who=f"c{number}") for number in range(4)))
        assert len({payment.number for payment in payments}) == 1
        assert len(world.provider.trades) == 1

    @pytest.mark.parametrize("bills", [(), ("B1", "B1")])
    async def test_of_nothing_or_of_one_bill_twice(self, world: World, bills: tuple[str, ...]) -> None:
        with pytest.raises(ValueError, match="one order or more"):
            await world.open_all(*bills)
        assert world.provider.calls == []

    async def test_with_the_provider_down_nothing_can_be_paid_and_it_is_tried_again(self, world: World) -> None:
        world.provider.errors["open_trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.open_all(*BILLS)
        del world.provider.errors["open_trade"]
        payment = await world.open_all(*BILLS)
        assert world.came_to(payment.number) == ["awaiting_payment"] * 3
        assert len(world.provider.trades) == 1

    async def test_another_amount_of_one_closes_all_and_opens_anew(self, world: World) -> None:
        old = await world.open_all(*BILLS)
        new = await world.open_all(*BILLS, B2="99.00")
        assert world.came_to(old.number) == ["closed"] * 3
        assert world.provider.trades[old.number]["state"] == "closed"
        assert (new.state, new.total) == (OrderState.AWAITING_PAYMENT, TOTAL - world.owed("B2") + Decimal("99.00"))


class TestInTheWay:
    async def test_the_own_unpaid_order_of_one_gives_way(self, world: World) -> None:
        alone = await world.open(bill_reference="B2")
        payment = await world.open_all(*BILLS)
        assert world.state(alone) is OrderState.CLOSED
        assert world.provider.trades[alone.trade_number]["state"] == "closed"
        assert payment.state is OrderState.AWAITING_PAYMENT

    async def test_the_own_unpaid_payment_gives_way_to_an_order_of_one(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        alone = await world.open(bill_reference="B2", amount=world.owed("B2"))
        assert world.came_to(payment.number) == ["closed"] * 3
        assert alone.state is OrderState.AWAITING_PAYMENT

    @pytest.mark.parametrize("bills", [("B1",), ("B1", "B2"), ("B3", "B4")])
    async def test_somebody_elses_unpaid_payment_does_not(self, world: World, bills: tuple[str, ...]) -> None:
        payment = await world.open_all(*BILLS)
        with pytest.raises(Taken) as caught:
            await world.open_all(*bills, who="conversation-b")
        assert {order.bill_reference for order in caught.value.orders} == set(bills) & set(BILLS)
        assert world.came_to(payment.number) == ["awaiting_payment"] * 3
        assert len(world.provider.trades) == 1
        assert await world.payments.open_orders("conversation-b") == []

    async def test_but_once_its_link_has_expired(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.wait(minutes=16)
        assert (await world.open_all("B1", who="conversation-b")).state is OrderState.AWAITING_PAYMENT
        assert world.came_to(payment.number) == ["closed"] * 3

    async def test_what_was_paid_meanwhile_is_told_and_the_rest_can_be_paid(self, world: World) -> None:
        alone = await world.open(bill_reference="B2")
        world.provider.pay(alone.trade_number)
        with pytest.raises(Taken) as caught:
            await world.open_all(*BILLS)
        (order,) = caught.value.orders
        assert (order.trade_number, order.state) == (alone.trade_number, OrderState.SETTLED)
        rest = await world.open_all("B1", "B3")
        assert rest.total == world.owed("B1") + world.owed("B3")

    async def test_with_the_provider_down_the_own_one_stays_and_nothing_is_opened(self, world: World) -> None:
        alone = await world.open(bill_reference="B2")
        world.provider.errors["close_trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.open_all(*BILLS)
        assert world.state(alone) is OrderState.AWAITING_PAYMENT
        assert len(world.provider.trades) == 1


class TestSettling:
    async def test_each_gets_its_receipt_under_its_own_number(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        settled = await world.payments.check_payment(payment.number)
        assert [order.state.value for order in settled.orders] == ["settled"] * 3
        assert len({order.receipt_number for order in settled.orders}) == 3
        for order in settled.orders:
            assert world.city.settled[order.bill_reference] == (order.trade_number, order.amount)

    async def test_asked_after_one_all_are_settled(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        order = await world.payments.check(payment.orders[1].trade_number)
        assert (order.bill_reference, order.state) == ("B2", OrderState.SETTLED)
        assert world.came_to(payment.number) == ["settled"] * 3

    async def test_what_the_city_refuses_goes_back_alone(self, world: World) -> None:
        world.city.refuses.add("B2")
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        assert world.came_to(payment.number) == ["settled", "refunded", "settled"]
        refused = payment.orders[1]
        assert world.provider.refunds == {f"{refused.trade_number}R": refused.amount}

    async def test_two_that_are_refused_go_back_in_two_refunds(self, world: World) -> None:
        world.city.refuses |= {"B1", "B3"}
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        assert world.came_to(payment.number) == ["refunded", "settled", "refunded"]
        assert sorted(world.provider.refunds.values()) == [world.owed("B1"), world.owed("B3")]

    async def test_what_the_city_is_silent_about_is_settled_later(self, world: World) -> None:
        world.city.silent_about.add("B1")
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        assert world.came_to(payment.number) == ["paid", "settled", "settled"]
        world.city.silent_about.clear()
        await world.restart().reconcile()
        assert world.came_to(payment.number) == ["settled"] * 3
        assert [moves.count("settled") for moves in (world.states(order) for order in payment.orders)] == [1, 1, 1]

    async def test_another_sum_goes_back_whole(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number, world.owed("B1"))
        await world.payments.check_payment(payment.number)
        assert world.came_to(payment.number) == ["refunded", "closed", "closed"]
        assert list(world.provider.refunds.values()) == [world.owed("B1")]
        assert world.city.settled == {}


class TestNotices:
    @pytest.mark.parametrize("times", [1, 2])
    async def test_settles_all_once(self, world: World, times: int) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        headers, body = world.notice(payment)
        for _ in range(times):
            await world.payments.receive_notice(headers, body)
        await world.payments.drain()
        assert world.came_to(payment.number) == ["settled"] * 3
        assert world.city.calls == ["pay_bill"] * 3

    async def test_never_come_it_is_found_by_reconciliation(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        world.wait(seconds=31)
        seen = await world.payments.reconcile()
        # Asked after once, for the three.
        assert (seen["awaiting_payment"], world.provider.calls.count("trade")) == (1, 1)
        assert world.came_to(payment.number) == ["settled"] * 3


class TestClosing:
    async def test_given_up_by_one_of_its_orders_it_is_closed_whole(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        order = await world.payments.give_up(payment.orders[1].trade_number, "conversation-a")
        assert (order.bill_reference, order.state) == ("B2", OrderState.CLOSED)
        assert world.came_to(payment.number) == ["closed"] * 3
        assert world.provider.trades[payment.number]["state"] == "closed"

    async def test_who_had_not_opened_it_only_leaves_it(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        await world.open_all(*BILLS, who="conversation-b")
        await world.payments.give_up(payment.orders[0].trade_number, "conversation-b")
        assert world.came_to(payment.number) == ["awaiting_payment"] * 3
        assert await world.payments.open_orders("conversation-b") == []

    async def test_paid_after_closing_all_of_it_goes_back(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        await world.payments.give_up(payment.first.trade_number, "conversation-a")
        world.provider.pay(payment.number)
        await world.payments.reconcile()
        assert world.came_to(payment.number) == ["refunded"] * 3
        assert sum(world.provider.refunds.values()) == TOTAL

    async def test_its_link_expired_unpaid_all_are_closed(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.wait(minutes=16)
        await world.payments.reconcile()
        assert world.came_to(payment.number) == ["closed"] * 3
        world.wait(minutes=10)
        assert (await world.payments.reconcile())["watched"] == 1
        assert (await world.payments.reconcile())["watched"] == 0


class TestStatement:
    async def test_one_payment_and_one_partial_refund_agree(self, world: World) -> None:
        world.city.refuses.add("B2")
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        refused = world.ledger.payment(payment.number).orders[1]
        lines = [
            _line("payment", payment.number, TOTAL),
            _line("refund", payment.number, refused.amount, refused.refund_number),
        ]
        assert await _differences(world, *lines) == []
        assert await _differences(world, lines[0], lines[1].copy(update={"amount": Decimal("1.00")})) == [
            (Difference.AMOUNT_DIFFERS, payment.number)
        ]

    async def test_a_refund_of_a_settled_part_is_nobodys(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        number = f"{payment.orders[0].trade_number}R"
        lines = [_line("payment", payment.number, TOTAL), _line("refund", payment.number, TOTAL, number)]
        assert await _differences(world, *lines) == [(Difference.UNKNOWN_REFUND, payment.number)]

    async def test_what_only_we_call_paid_is_one_difference(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        assert await _differences(world) == [(Difference.PAID_ONLY_HERE, payment.number)]
        assert Statements(world.ledger).open()[0].amount == TOTAL

    async def test_the_amount_of_a_part_is_not_the_payments(self, world: World) -> None:
        payment = await world.open_all(*BILLS)
        world.provider.pay(payment.number)
        await world.payments.check_payment(payment.number)
        assert await _differences(world, _line("payment", payment.number, payment.first.amount)) == [
            (Difference.AMOUNT_DIFFERS, payment.number)
        ]


async def test_unknown(world: World) -> None:
    payment = await world.open_all(*BILLS)
    for number in ("TX", payment.first.trade_number):
        with pytest.raises(UnknownTrade):
            await world.payments.check_payment(number)


def _line(kind: str, number: str, amount: Decimal, refund: str | None = None) -> StatementLine:
    values = {"kind": kind, "trade_number": number, "refund_number": refund, "at": PAID_AT, "amount": amount}
    return StatementLine.parse_obj(values)


async def _differences(world: World, *lines: StatementLine) -> list[tuple[Difference, str]]:
    day = PAID_AT.astimezone(CHINA).date()
    world.provider.statements[day] = list(lines)
    payments = world.payments
    await Comparison(world.ledger, world.provider, payments._trades, payments._settlement).compare(day)
    return [(one.kind, one.trade_number) for one in Statements(world.ledger).open()]
