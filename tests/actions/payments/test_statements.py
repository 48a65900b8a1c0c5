"""The provider's statement against the ledger, both ways: what is found, what is mended, what is left to a person."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from actions.city.errors import NotFound, Unavailable
from actions.ledger import Difference, Order, OrderState, RefundState, Statements
from actions.payments.statements import Comparison
from city_api.base import CHINA
from city_api.payments import StatementLine
from tests.actions.payments.conftest import World
from tests.actions.payments.fakes import PAID_AT

DAY = PAID_AT.astimezone(CHINA).date()


def line(
    order: Order, kind: str = "payment", amount: Decimal | None = None, number: str | None = None
) -> StatementLine:
    refund = (number or f"{order.trade_number}R") if kind == "refund" else None
    values = {"kind": kind, "trade_number": order.trade_number, "refund_number": refund, "at": PAID_AT}
    return StatementLine.parse_obj({**values, "amount": f"{order.amount if amount is None else amount:.2f}"})


def comparison(world: World) -> Comparison:
    payments = world.payments
    return Comparison(world.ledger, world.provider, payments._trades, payments._settlement)


async def found(world: World, *lines: StatementLine) -> list[tuple[Difference, str]]:
    world.provider.statements[DAY] = list(lines)
    await comparison(world).compare(DAY)
    return [(one.kind, one.trade_number) for one in Statements(world.ledger).open()]


async def _settled(world: World, **changes: str) -> Order:
    order = await world.open(**changes)
    world.provider.pay(order.trade_number)
    return await world.payments.check(order.trade_number)


async def test_the_same_on_both_sides(world: World) -> None:
    first, second = await _settled(world), await _settled(world, bill_reference="B2")
    assert await found(world, line(second), line(first)) == []
    assert Statements(world.ledger).compared(DAY) == {DAY}


async def test_money_that_nobody_here_knows(world: World) -> None:
    order = await world.open()
    stranger = line(order).copy(update={"trade_number": "X1"})
    assert await found(world, stranger) == [(Difference.UNKNOWN_TRADE, "X1")]


async def test_a_payment_that_was_never_heard_of_is_asked_after_and_settled(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    assert await found(world, line(order)) == []
    assert world.state(order) is OrderState.SETTLED


async def test_of_a_closed_order_it_goes_back(world: World) -> None:
    order = await world.open()
    await world.payments.give_up(order.trade_number, order.conversation_id)
    world.provider.pay(order.trade_number)
    assert await found(world, line(order)) == []
    assert world.state(order) is OrderState.REFUNDED


async def test_nothing_is_settled_from_a_statement_alone(world: World) -> None:
    order = await world.open()
    assert await found(world, line(order)) == [(Difference.PAID_ONLY_THERE, order.trade_number)]
    assert world.state(order) is OrderState.AWAITING_PAYMENT


async def test_what_only_we_call_paid(world: World) -> None:
    order = await _settled(world)
    assert await found(world) == [(Difference.PAID_ONLY_HERE, order.trade_number)]


async def test_another_sum(world: World) -> None:
    order = await _settled(world)
    assert await found(world, line(order, amount=Decimal("1.00"))) == [(Difference.AMOUNT_DIFFERS, order.trade_number)]


async def test_a_refund_on_both_sides(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number, Decimal("1.00"))
    assert (await world.payments.check(order.trade_number)).state is OrderState.REFUNDED
    paid, back = line(order, amount=Decimal("1.00")), line(order, "refund", Decimal("1.00"))
    assert await found(world, paid, back) == []


async def test_a_refund_that_nobody_here_asked_for(world: World) -> None:
    order = await _settled(world)
    assert await found(world, line(order), line(order, "refund")) == [(Difference.UNKNOWN_REFUND, order.trade_number)]


async def test_a_refund_that_only_we_call_done(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number, Decimal("1.00"))
    await world.payments.check(order.trade_number)
    world.provider.refunds.clear()
    # Its day here is the day on which it was found to be done.
    day = world.now().astimezone(CHINA).date()
    world.provider.statements[day] = []
    await comparison(world).compare(day)
    (difference,) = Statements(world.ledger).open()
    assert (difference.kind, difference.trade_number) == (Difference.REFUNDED_ONLY_HERE, order.trade_number)


@pytest.mark.parametrize("ended", ["failed", "abnormal"])
async def test_what_a_person_has_given_back_otherwise_is_not_to_be_given_back_again(world: World, ended: str) -> None:
    order = await world.open()
    world.provider.refunds_are = ended
    world.provider.pay(order.trade_number, Decimal("1.00"))
    world.ledger.move_refund(await world.payments.check(order.trade_number), RefundState.DONE)
    day = world.now().astimezone(CHINA).date()
    world.provider.statements[day] = []
    await comparison(world).compare(day)
    assert Statements(world.ledger).open() == []


async def test_compared_twice_a_difference_is_one_and_resolved_it_is_none(world: World) -> None:
    await _settled(world)
    assert len(await found(world)) == len(await found(world)) == 1
    statements = Statements(world.ledger)
    (difference,) = statements.open()
    assert (statements.count(), statements.resolve(difference.id), statements.count()) == (1, True, 0)
    assert not statements.resolve(difference.id)


@pytest.mark.parametrize("error", [Unavailable("timeout"), NotFound("statement_not_ready")])
async def test_a_day_that_cannot_be_had_stays_due(world: World, error: Exception) -> None:
    day = (world.now().astimezone(CHINA) - dt.timedelta(days=3)).date()
    world.provider.statements[day] = []
    world.provider.errors["statement"] = error  # type: ignore[assignment]
    running = comparison(world)
    assert await running.run() == 0
    world.provider.errors.clear()
    assert await running.run() == 0, "not again at once"
    world.wait(minutes=11)
    assert await running.run() == 1
    assert day in Statements(world.ledger).compared(day)
    world.wait(minutes=11)
    assert await running.run() == 0
