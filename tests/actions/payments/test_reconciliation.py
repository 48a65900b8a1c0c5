"""What is found and finished after a process died, a notice never came, or nobody ever paid."""

from __future__ import annotations

import asyncio

import pytest

from actions.city.errors import Conflict, Unavailable
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


class TestGoingBack:
    async def _refunding(self, world: World, state: str) -> Order:
        order = await _paid(world)
        world.city.settled[order.bill_reference] = ("other", order.amount)
        world.provider.refunds_are = state
        await world.payments.reconcile()
        return world.ledger.order(order.trade_number)

    async def test_accepted_is_not_done(self, world: World) -> None:
        order = await self._refunding(world, "processing")
        assert (order.state, order.refund_state) == (OrderState.REFUNDING, "processing")
        await world.payments.reconcile()
        assert world.state(order) is OrderState.REFUNDING
        world.provider.refund_states[order.refund_number or ""] = "done"
        await world.restart().reconcile()
        assert world.state(order) is OrderState.REFUNDED
        assert world.provider.calls.count("refund") == 1

    @pytest.mark.parametrize("state", ["failed", "abnormal"])
    async def test_what_did_not_go_back_waits_for_a_person(self, world: World, state: str) -> None:
        order = await self._refunding(world, state)
        assert (order.state, order.refund_state) == (OrderState.REFUNDING, state)
        calls = list(world.provider.calls)
        assert (await world.payments.reconcile())["going_back"] == 0
        assert world.provider.calls == calls

    async def test_refused_it_is_asked_for_again_and_the_reason_is_known(self, world: World) -> None:
        world.provider.errors["refund"] = Conflict("balance_not_enough")
        order = await self._refunding(world, "done")
        assert (order.state, order.check_code) == (OrderState.REFUNDING, "balance_not_enough")
        world.provider.errors.clear()
        await world.payments.reconcile()
        assert world.state(order) is OrderState.REFUNDED


class TestWatched:
    """Closed here; paid all the same."""

    async def _closed(self, world: World) -> Order:
        order = await world.open()
        closed = await world.payments.give_up(order.trade_number, order.conversation_id)
        assert closed.state is OrderState.CLOSED
        return closed

    async def test_paid_after_closing_goes_back_without_a_notice(self, world: World) -> None:
        order = await self._closed(world)
        world.provider.pay(order.trade_number)
        await world.payments.reconcile()
        assert world.state(order) is OrderState.REFUNDED
        assert world.provider.refunds == {f"{order.trade_number}R": order.amount}
        assert world.city.settled == {}

    async def test_unpaid_it_is_asked_after_until_its_link_is_dead(self, world: World) -> None:
        order = await self._closed(world)
        assert (await world.payments.reconcile())["watched"] == 1
        assert (await world.payments.reconcile())["watched"] == 1
        world.wait(minutes=21)
        assert (await world.payments.reconcile())["watched"] == 1
        assert (await world.payments.reconcile())["watched"] == 0
        assert world.state(order) is OrderState.CLOSED

    async def test_it_is_asked_after_once_more_however_late(self, world: World) -> None:
        order = await self._closed(world)
        world.provider.pay(order.trade_number)
        world.wait(days=3)
        await world.restart().reconcile()
        assert world.state(order) is OrderState.REFUNDED

    async def test_what_the_provider_does_not_know_goes_on_being_asked_after(self, world: World) -> None:
        order = await self._closed(world)
        trades, world.provider.trades = world.provider.trades, {}
        world.wait(minutes=30)
        await world.payments.reconcile()
        assert world.ledger.order(order.trade_number).check_code == "trade_unknown"
        world.provider.trades = trades
        world.provider.pay(order.trade_number)
        await world.payments.reconcile()
        assert world.state(order) is OrderState.REFUNDED

    async def test_an_order_that_never_had_a_link_is_not_watched(self, world: World) -> None:
        await _created(world)
        world.wait(seconds=16)
        await world.payments.reconcile()
        assert (await world.payments.reconcile())["watched"] == 0


class TestClock:
    async def test_set_back_it_hides_nothing_that_is_paid(self, world: World) -> None:
        order = await _paid(world)
        world.wait(hours=-3)
        assert (await world.payments.reconcile())["paid"] == 1
        assert world.state(order) is OrderState.SETTLED

    async def test_set_back_it_hides_nothing_that_awaits_payment(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        world.wait(hours=-3)
        assert (await world.payments.reconcile())["awaiting_payment"] == 1
        assert world.state(order) is OrderState.SETTLED


async def test_late_refunds_take_turns(world: World) -> None:
    late = []
    for reference in ("B1", "B2"):
        order = await world.open(bill_reference=reference)
        await world.payments.give_up(order.trade_number, order.conversation_id)
        world.provider.pay(order.trade_number)
        late.append(order.id)
    world.provider.errors["refund"] = DOWN
    await world.payments.reconcile()
    turns = []
    for _ in range(4):
        (first,) = world.ledger.going_back(limit=1)
        turns.append(first.id)
        world.wait(seconds=1)
        world.ledger.note_check(first)
    assert set(turns[:2]) == set(late)
    assert turns[2:] == turns[:2]


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
