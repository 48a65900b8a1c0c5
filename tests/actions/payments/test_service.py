"""Opening, checking and settling orders: never two live ones, never paid twice, never lost."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from actions.city.errors import Conflict, InMaintenance, Invalid, NotConnected, NotFound, Unavailable
from actions.ledger import OrderState, UnknownTrade
from tests.actions.payments.conftest import World

DOWN = Unavailable("timeout")


class TestOpening:
    @pytest.mark.parametrize("amount", ["0", "-1.00", "0.001", "45.605", "NaN", "Infinity"])
    async def test_of_no_amount(self, world: World, amount: str) -> None:
        with pytest.raises(ValueError, match="amount"):
            await world.open(amount=Decimal(amount))
        assert world.provider.calls == []

    @pytest.mark.parametrize("amount", [45.6, 45, "45.60", None])
    async def test_of_an_amount_that_is_no_decimal(self, world: World, amount: Any) -> None:
        with pytest.raises(ValueError, match="amount"):
            await world.open(amount=amount)

    async def test_of_an_unknown_kind(self, world: World) -> None:
        with pytest.raises(ValueError, match="donation"):
            await world.open(kind="donation")

    @pytest.mark.parametrize("error", [DOWN, InMaintenance(), Invalid("invalid_request"), Conflict("x")])
    async def test_provider_opens_none(self, world: World, error: Exception) -> None:
        world.provider.errors["open_trade"] = error  # type: ignore[assignment]
        with pytest.raises(type(error)):
            await world.open()
        assert [order.state for order in await world.payments.open_orders("conversation-a")] == [OrderState.CREATED]
        del world.provider.errors["open_trade"]
        order = await world.open()
        assert (order.state, len(world.provider.trades)) == (OrderState.AWAITING_PAYMENT, 1)

    async def test_provider_opens_a_trade_of_another_amount(self, world: World) -> None:
        world.provider.errors["open_trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.open()
        order = (await world.payments.open_orders("conversation-a"))[0]
        del world.provider.errors["open_trade"]
        await world.provider.open_trade(order.trade_number, "", "", Decimal("1.00"), "")
        with pytest.raises(Unavailable):
            await world.open()
        assert world.state(order) is OrderState.CREATED

    async def test_gives_a_link(self, world: World) -> None:
        order = await world.open()
        assert (order.state, order.cashier_url) == (OrderState.AWAITING_PAYMENT, "http://pay.test/cashier/0")
        assert (order.amount, order.payee, order.account) == (Decimal("45.60"), "杭州市水务集团", "3301234567")
        assert order == await world.payments.latest_order("conversation-a")

    async def test_again_gives_the_same(self, world: World) -> None:
        assert (await world.open()).trade_number == (await world.open()).trade_number
        assert len(world.provider.trades) == 1

    async def test_twice_at_once_gives_one(self, world: World) -> None:
        orders = await asyncio.gather(*(world.open(conversation_id=f"c{number}") for number in range(4)))
        assert len({order.id for order in orders}) == 1
        assert len(world.provider.trades) == 1
        assert {order.state for order in orders} == {OrderState.AWAITING_PAYMENT}
        for number in range(4):
            assert await world.payments.latest_order(f"c{number}") == orders[0]

    async def test_again_while_the_provider_is_down_gives_the_link_it_has(self, world: World) -> None:
        order = await world.open()
        world.provider.errors["trade"] = DOWN
        assert (await world.open()).cashier_url == order.cashier_url


class TestGivingUp:
    async def test_an_unpaid_order_is_closed_there_and_here(self, world: World) -> None:
        order = await world.open()
        closed = await world.payments.give_up(order.trade_number, order.conversation_id)
        assert closed.state is OrderState.CLOSED
        assert world.provider.trades[order.trade_number]["state"] == "closed"
        assert world.ledger.transitions(order.trade_number)[-1].reason == "given_up"

    async def test_what_was_paid_meanwhile_is_settled(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        assert (await world.payments.give_up(order.trade_number, order.conversation_id)).state is OrderState.SETTLED

    async def test_with_the_provider_down_it_stays_open(self, world: World) -> None:
        order = await world.open()
        world.provider.errors["close_trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.payments.give_up(order.trade_number, order.conversation_id)
        assert world.state(order) is OrderState.AWAITING_PAYMENT

    async def test_only_who_opened_it_closes_it_for_all(self, world: World) -> None:
        order = await world.open(conversation_id="conversation-a")
        await world.open(conversation_id="conversation-b")
        left = await world.payments.give_up(order.trade_number, "conversation-b")
        assert left.state is OrderState.AWAITING_PAYMENT
        assert world.provider.trades[order.trade_number]["state"] == "awaiting"
        assert await world.payments.open_orders("conversation-b") == []
        assert [found.id for found in await world.payments.open_orders("conversation-a")] == [order.id]
        closed = await world.payments.give_up(order.trade_number, "conversation-a")
        assert closed.state is OrderState.CLOSED

    async def test_a_settled_order_stays_settled(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        await world.payments.check(order.trade_number)
        assert (await world.payments.give_up(order.trade_number, order.conversation_id)).state is OrderState.SETTLED


class TestOpeningAnew:
    @pytest.mark.parametrize(
        ("minutes", "amount", "reason"),
        [(15, "45.60", "link_expired"), (14.9, "45.60", "link_expired"), (0, "46.10", "amount_changed")],
    )
    async def test_the_old_one_is_closed_first(self, world: World, minutes: float, amount: str, reason: str) -> None:
        old = await world.open()
        world.wait(minutes=minutes)
        new = await world.open(amount=Decimal(amount))
        assert world.provider.trades[old.trade_number]["state"] == "closed"
        assert world.ledger.transitions(old.trade_number)[-1].reason == reason
        assert (new.state, new.amount) == (OrderState.AWAITING_PAYMENT, Decimal(amount))
        assert await world.payments.open_orders("conversation-a") == [new]

    @pytest.mark.parametrize(("minutes", "amount"), [(15, "45.60"), (0, "46.10")])
    async def test_but_what_was_paid_is_moved_on(self, world: World, minutes: float, amount: str) -> None:
        old = await world.open()
        world.provider.pay(old.trade_number)
        world.wait(minutes=minutes)
        order = await world.open(amount=Decimal(amount))
        assert (order.trade_number, order.state) == (old.trade_number, OrderState.SETTLED)
        assert len(world.provider.trades) == 1

    async def test_also_when_the_provider_answers_a_closing_with_the_paid_trade(
        self, world: World, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        old = await world.open()
        world.provider.pay(old.trade_number)
        monkeypatch.setattr(world.provider, "close_trade", world.provider.trade)
        order = await world.open(amount=Decimal("46.10"))
        assert (order.trade_number, order.state) == (old.trade_number, OrderState.SETTLED)

    async def test_nothing_is_closed_here_that_may_be_open_there(self, world: World) -> None:
        old = await world.open()
        world.provider.errors["close_trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.open(amount=Decimal("46.10"))
        assert world.state(old) is OrderState.AWAITING_PAYMENT

    async def test_the_provider_never_knew_the_old_one(self, world: World) -> None:
        world.provider.errors["open_trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.open()
        del world.provider.errors["open_trade"]
        order = await world.open(amount=Decimal("46.10"))
        assert (order.amount, len(world.provider.trades)) == (Decimal("46.10"), 1)

    async def test_at_once_gives_one(self, world: World) -> None:
        await world.open()
        world.wait(minutes=16)
        orders = await asyncio.gather(*(world.open() for _ in range(3)))
        assert len({order.id for order in orders}) == 1
        assert [trade["state"] for trade in world.provider.trades.values()] == ["closed", "awaiting"]

    async def test_a_settled_bill_is_not_paid_again(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        await world.payments.check(order.trade_number)
        again = await world.open(amount=Decimal("46.10"))
        assert (again.trade_number, again.state) == (order.trade_number, OrderState.SETTLED)
        assert len(world.provider.trades) == 1


class TestChecking:
    async def test_unknown_trade(self, world: World) -> None:
        with pytest.raises(UnknownTrade):
            await world.payments.check("TX")

    async def test_provider_down(self, world: World) -> None:
        order = await world.open()
        world.provider.errors["trade"] = DOWN
        with pytest.raises(Unavailable):
            await world.payments.check(order.trade_number)
        assert world.state(order) is OrderState.AWAITING_PAYMENT

    async def test_not_paid(self, world: World) -> None:
        order = await world.open()
        assert (await world.payments.check(order.trade_number)).state is OrderState.AWAITING_PAYMENT
        assert world.city.calls == []

    async def test_expired(self, world: World) -> None:
        order = await world.open()
        world.wait(minutes=16)
        assert (await world.payments.check(order.trade_number)).state is OrderState.CLOSED

    async def test_unknown_to_the_provider_is_not_closed(self, world: World) -> None:
        order = await world.open()
        trades, world.provider.trades = world.provider.trades, {}
        with pytest.raises(Unavailable, match="trade_unknown"):
            await world.payments.check(order.trade_number)
        with pytest.raises(Unavailable, match="trade_unknown"):
            await world.payments.give_up(order.trade_number, order.conversation_id)
        assert world.state(order) is OrderState.AWAITING_PAYMENT
        assert (await world.open()).trade_number == order.trade_number
        world.provider.trades = trades
        world.provider.pay(order.trade_number)
        assert (await world.payments.check(order.trade_number)).state is OrderState.SETTLED

    async def test_paid_with_another_sum(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number, Decimal("1.00"))
        world.provider.refunds_are = "processing"
        checked = await world.payments.check(order.trade_number)
        assert (checked.state, checked.paid_amount) == (OrderState.MISPAID, Decimal("1.00"))
        assert world.city.calls == []
        # Whoever asks for the bill next gets a link of its own, not the one that was paid.
        following = await world.open(conversation_id="conversation-b")
        assert (following.state, following.trade_number != order.trade_number) == (OrderState.AWAITING_PAYMENT, True)
        world.provider.refund_states[f"{order.trade_number}R"] = "done"
        await world.payments.reconcile()
        assert (world.state(order), world.state(following)) == (OrderState.REFUNDED, OrderState.AWAITING_PAYMENT)
        assert world.provider.refunds == {f"{order.trade_number}R": Decimal("1.00")}

    async def test_paid_without_a_notice(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        settled = await world.payments.check(order.trade_number)
        assert (settled.state, settled.receipt_number) == (OrderState.SETTLED, "R00000000000001")
        assert world.city.settled == {order.bill_reference: (order.trade_number, order.amount)}

    async def test_a_fine_goes_to_the_fines(self, world: World) -> None:
        order = await world.open(kind="traffic_fine", bill_reference="330100443641619")
        world.provider.pay(order.trade_number)
        assert (await world.payments.check(order.trade_number)).state is OrderState.SETTLED
        assert world.city.calls == ["pay_decision"]

    async def test_ten_times_at_once_settles_once(self, world: World) -> None:
        order = await world.open()
        world.provider.pay(order.trade_number)
        checked = await asyncio.gather(*(world.payments.check(order.trade_number) for _ in range(10)))
        assert {found.state for found in checked} == {OrderState.SETTLED}
        assert len(world.city.settled) == 1
        assert world.states(order) == ["created", "awaiting_payment", "paid", "settled"]


class TestSettling:
    async def _paid(self, world: World) -> str:
        order = await world.open()
        world.provider.pay(order.trade_number)
        return order.trade_number

    @pytest.mark.parametrize(
        "error", [DOWN, InMaintenance(), NotConnected(), Invalid("x"), NotFound("x"), Conflict("busy")]
    )
    async def test_city_cannot_now(self, world: World, error: Exception) -> None:
        trade_number = await self._paid(world)
        world.city.errors["pay_bill"] = error  # type: ignore[assignment]
        assert (await world.payments.check(trade_number)).state is OrderState.PAID
        world.city.errors.clear()
        assert (await world.payments.check(trade_number)).state is OrderState.SETTLED
        assert world.provider.refunds == {}

    @pytest.mark.parametrize(
        ("prepare", "reason"),
        [
            (lambda city: city.settled.update({"B3301234567202610": ("other", Decimal("45.60"))}), "bill_already_paid"),
            (lambda city: city.owed.update({"B3301234567202610": Decimal("46.10")}), "amount_mismatch"),
            (lambda city: city.errors.update(pay_bill=NotFound("bill_not_found")), "bill_not_found"),
        ],
    )
    async def test_city_will_not(self, world: World, prepare: Any, reason: str) -> None:
        trade_number = await self._paid(world)
        prepare(world.city)
        order = await world.payments.check(trade_number)
        assert order.state is OrderState.REFUNDED
        assert world.provider.refunds == {f"{trade_number}R": Decimal("45.60")}
        assert [move.reason for move in world.ledger.transitions(trade_number)][-2:] == [reason, "refund_done"]

    async def test_refund_cannot_now(self, world: World) -> None:
        trade_number = await self._paid(world)
        world.city.owed["B3301234567202610"] = Decimal("46.10")
        world.provider.errors["refund"] = DOWN
        assert (await world.payments.check(trade_number)).state is OrderState.REFUNDING
        del world.provider.errors["refund"]
        assert (await world.payments.check(trade_number)).state is OrderState.REFUNDED
        assert len(world.provider.refunds) == 1

    @pytest.mark.parametrize("state", ["created", "awaiting", "closed"])
    async def test_nothing_unpaid_is_settled(self, world: World, state: str) -> None:
        if state == "created":
            world.provider.errors["open_trade"] = DOWN
            with pytest.raises(Unavailable):
                await world.open()
            order = (await world.payments.open_orders("conversation-a"))[0]
        else:
            order = await world.open()
            if state == "closed":
                world.wait(minutes=16)
                order = await world.payments.check(order.trade_number)
        assert await world.payments.settle(order) == order
        assert world.city.calls == []

    async def test_a_refunded_bill_may_be_paid_anew(self, world: World) -> None:
        trade_number = await self._paid(world)
        world.city.owed["B3301234567202610"] = Decimal("46.10")
        await world.payments.check(trade_number)
        order = await world.open(amount=Decimal("46.10"))
        assert (order.state, order.trade_number != trade_number) == (OrderState.AWAITING_PAYMENT, True)


class TestRecent:
    """What somebody who says "paid" may mean."""

    async def two(self, world: World) -> list[str]:
        """Two orders, the first of them settled; their numbers."""
        first = await world.open()
        world.provider.pay(first.trade_number)
        await world.payments.check(first.trade_number)
        second = await world.open(bill_reference="B2")
        return [second.trade_number, first.trade_number]

    async def test_settled_ones_are_among_them(self, world: World) -> None:
        expected = await self.two(world)
        found = await world.payments.recent_orders("conversation-a")
        assert [order.trade_number for order in found] == expected

    async def test_after_two_hours_only_what_is_open(self, world: World) -> None:
        open_one, _ = await self.two(world)
        world.wait(hours=2, minutes=1)
        found = await world.payments.recent_orders("conversation-a")
        assert [order.trade_number for order in found] == [open_one]

    async def test_closed_ones_only_where_nothing_else_is_known(self, world: World) -> None:
        order = await world.open()
        await world.payments.give_up(order.trade_number, "conversation-a")
        (found,) = await world.payments.recent_orders("conversation-a")
        assert found.state is OrderState.CLOSED
        assert await world.payments.recent_orders("conversation-b") == []
