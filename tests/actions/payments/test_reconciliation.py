"""What is found and finished after a process died, a notice never came, or nobody ever paid."""

from __future__ import annotations

import asyncio

import pytest

from actions.city.errors import Unavailable
from actions.ledger import Order, OrderState
from tests.actions.payments.conftest import World

DOWN = Unavailable("timeout")


async def _created(world: World, **changes: str) -> Order:
    world.provider.errors["open_trade"] = DOWN
    with pytest.raises(Unavailable):
        await world.open(**changes)
    del world.provider.errors["open_trade"]
    return (await world.payments.open_orders("conversation-a"))[0]


async def _paid(world: World, **changes: str) -> Order:
    order = await world.open(**changes)
    world.provider.pay(order.trade_number)
    world.city.errors["pay_bill"] = DOWN
    await world.payments.check(order.trade_number)
    del world.city.errors["pay_bill"]
    return order


async def test_nothing_to_do(world: World) -> None:
    assert set((await world.payments.reconcile()).values()) == {0}


async def test_paid_and_not_settled_when_the_process_died(world: World) -> None:
    order = await _paid(world)
    assert world.state(order) is OrderState.PAID
    payments = world.restart()
    assert (await payments.reconcile())["paid"] == 1
    assert world.state(order) is OrderState.SETTLED
    assert (await payments.reconcile())["paid"] == 0
    assert world.city.calls == ["pay_bill", "pay_bill"]
    assert len(world.city.settled) == 1


async def test_settled_at_the_city_but_not_yet_here_when_the_process_died(world: World) -> None:
    order = await _paid(world)
    await world.city.settle(order)
    await world.restart().reconcile()
    assert world.state(order) is OrderState.SETTLED
    assert world.provider.refunds == {}


async def test_two_processes_reconcile_at_once(world: World) -> None:
    order = await _paid(world)
    first, second = world.payments, world.restart()
    await asyncio.gather(first.reconcile(), second.reconcile())
    assert world.states(order) == ["created", "awaiting_payment", "paid", "settled"]
    assert len(world.city.settled) == 1


async def test_refunding_when_the_process_died(world: World) -> None:
    order = await _paid(world)
    world.city.settled[order.bill_reference] = ("other", order.amount)
    world.provider.errors["refund"] = DOWN
    await world.payments.reconcile()
    assert world.state(order) is OrderState.REFUNDING
    del world.provider.errors["refund"]
    await world.restart().reconcile()
    assert world.state(order) is OrderState.REFUNDED
    assert len(world.provider.refunds) == 1


class TestAwaiting:
    async def test_the_notice_never_came(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        assert (await world.payments.reconcile())["awaiting_payment"] == 0
        world.wait(seconds=31)
        assert (await world.payments.reconcile())["awaiting_payment"] == 1
        assert world.state(order) is OrderState.SETTLED

    async def test_not_paid_yet(self, world: World) -> None:
        order = await world.open()
        world.wait(seconds=31)
        await world.payments.reconcile()
        assert world.state(order) is OrderState.AWAITING_PAYMENT
        assert (await world.payments.reconcile())["awaiting_payment"] == 0

    async def test_expired(self, world: World) -> None:
        order = await world.open()
        world.wait(minutes=16)
        await world.payments.reconcile()
        assert world.state(order) is OrderState.CLOSED

    async def test_expired_but_paid_before(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        world.wait(minutes=16)
        await world.payments.reconcile()
        assert world.state(order) is OrderState.SETTLED

    async def test_the_provider_is_down(self, world: World) -> None:
        order = await world.open()
        world.wait(minutes=16)
        world.provider.errors["trade"] = DOWN
        await world.payments.reconcile()
        assert world.state(order) is OrderState.AWAITING_PAYMENT


class TestCreated:
    async def test_its_process_may_still_be_asking(self, world: World) -> None:
        order = await _created(world)
        assert (await world.payments.reconcile())["created"] == 0
        assert world.state(order) is OrderState.CREATED

    async def test_without_a_trade_is_closed(self, world: World) -> None:
        order = await _created(world)
        world.wait(seconds=16)
        await world.payments.reconcile()
        assert world.state(order) is OrderState.CLOSED

    async def test_with_a_trade_gets_its_link(self, world: World) -> None:
        order = await _created(world)
        await world.provider.open_trade(order.trade_number, order.subject, order.payee, order.amount, "")
        world.wait(seconds=16)
        await world.payments.reconcile()
        assert world.ledger.order(order.trade_number).cashier_url == "http://pay.test/cashier/0"
        assert world.state(order) is OrderState.AWAITING_PAYMENT


async def test_one_order_that_breaks_does_not_stop_the_others(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    bad, good = await _paid(world), await _paid(world, bill_reference="B2")
    settle = world.city.settle

    async def settle_but_one(order: Order) -> object:
        if order.bill_reference == bad.bill_reference:
            raise RuntimeError("a mistake of ours")
        return await settle(order)

    monkeypatch.setattr(world.city, "settle", settle_but_one)
    await world.payments.reconcile()
    assert (world.state(bad), world.state(good)) == (OrderState.PAID, OrderState.SETTLED)


async def test_for_ever_goes_on_after_an_error(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    passes: list[int] = []

    async def run() -> None:
        passes.append(1)
        if len(passes) == 3:
            raise asyncio.CancelledError
        raise RuntimeError("the database is gone")

    monkeypatch.setattr(world.payments._reconciliation, "run", run)
    monkeypatch.setattr(world.payments._reconciliation, "_seconds", 0.01)
    with pytest.raises(asyncio.CancelledError):
        await world.payments.reconcile_forever()
    assert len(passes) == 3
