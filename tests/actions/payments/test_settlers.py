"""Who settles which payment kind: exactly one each, known at the start; and what becomes of the city's refusals."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from actions.city import Cities
from actions.city.errors import CityError, Conflict, InMaintenance, Invalid, NotConnected, NotFound, Unavailable
from actions.ledger import Order
from actions.payments import SettlerError, Settlers, check_settlers, settlers, settles
from actions.payments.ports import NotTaken
from actions.services import load_handlers
from city_api.payments import Receipt
from manifests import services
from tests.actions.payments.fakes import PAID_AT

RECEIPT = Receipt(receipt_number="R1", paid_at=PAID_AT)
KIND = "ferry_ticket"


@pytest.fixture(autouse=True)
def _registry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The settlers of the services, and room for a test's own that nobody else sees."""
    load_handlers()
    monkeypatch.setattr(settlers, "_SETTLERS", dict(settlers._SETTLERS))


class FakeCities:
    """Cities of which only the way to them is asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []

    def at(self, city: str, service: str) -> str:
        self.asked.append((city, service))
        return f"{city}/{service}"


def order(kind: str = KIND, city: str = "330400", service: str = "ferry") -> Order:
    return cast(Order, SimpleNamespace(kind=kind, city_code=city, city_service=service, trade_number="T1"))


def written_by(module: str, name: str = "settle") -> Any:
    """A settler as some handler's module would have it."""

    async def settle(city: Any, order: Any) -> Receipt:
        return RECEIPT

    settle.__module__, settle.__qualname__ = module, name
    return settle


async def settle(error: Exception | None = None, refused: tuple[str, ...] = ("already_paid",)) -> tuple[Receipt, Any]:
    """Settle a ferry order whose settler raises `error`; the receipt, and what was asked."""
    seen: list[Any] = []

    @settles(KIND, refused=refused)
    async def settle_ferry(city: Any, order: Order) -> Receipt:
        seen.append((city, order.trade_number))
        if error is not None:
            raise error
        return RECEIPT

    cities = FakeCities()
    receipt = await Settlers(cast(Cities, cities)).settle(order())
    return receipt, (cities.asked, seen)


class TestAtTheStart:
    def test_every_payment_kind_of_the_manifests_has_one(self) -> None:
        check_settlers(services().payment_kinds())
        assert Settlers(cast(Cities, None)).kinds() == services().payment_kinds()

    def test_a_kind_nobody_settles_is_named(self) -> None:
        with pytest.raises(SettlerError, match=f"没有结算函数的付款种类：{KIND}、tolls"):
            check_settlers({*services().payment_kinds(), "tolls", KIND})

    def test_a_kind_nobody_pays_is_named(self) -> None:
        with pytest.raises(SettlerError, match="没有任务付的付款种类：traffic_fine"):
            check_settlers(services().payment_kinds() - {"traffic_fine"})

    def test_the_handlers_do_not_load_without_it(self) -> None:
        del settlers._SETTLERS["traffic_fine"]
        with pytest.raises(SettlerError, match="traffic_fine"):
            load_handlers()

    @pytest.mark.parametrize(
        ("first", "second"),
        [
            (("actions.services.ferry", "settle_ferry"), ("actions.services.ferry", "settle_again")),
            (("actions.services.ferry", "settle"), ("actions.services.tolls", "settle")),
        ],
    )
    def test_two_of_one_kind(self, first: tuple[str, str], second: tuple[str, str]) -> None:
        one, other = written_by(*first), written_by(*second)
        settles(KIND, refused=())(one)
        with pytest.raises(SettlerError, match=f"{KIND} 有两个结算函数：{'.'.join(first)}、{'.'.join(second)}"):
            settles(KIND, refused=())(other)
        assert settlers._SETTLERS[KIND].settle is one

    def test_a_module_that_is_loaded_anew_is_no_second(self) -> None:
        first, again = written_by("actions.services.ferry"), written_by("actions.services.ferry")
        assert settles(KIND, refused=())(first) is first
        settles(KIND, refused=())(again)
        assert settlers._SETTLERS[KIND].settle is again


async def test_it_is_done_at_the_orders_own_city_and_service() -> None:
    receipt, (asked, seen) = await settle()
    assert receipt is RECEIPT
    assert asked == [("330400", "ferry")]
    assert seen == [("330400/ferry", "T1")]


@pytest.mark.parametrize("error", [Conflict("already_paid"), NotFound("already_paid")])
async def test_a_refusal_is_known_by_its_code(error: CityError) -> None:
    with pytest.raises(NotTaken) as caught:
        await settle(error)
    assert (caught.value.code, caught.value.__suppress_context__) == ("already_paid", True)


@pytest.mark.parametrize(
    "error",
    [
        Conflict("state_changed"),
        NotFound("vehicle_not_found"),
        NotConnected("already_paid"),
        Invalid("already_paid"),
        InMaintenance(),
        Unavailable("timeout"),
        Unavailable("already_paid"),
    ],
)
async def test_anything_else_may_pass_and_gives_no_money_back(error: CityError) -> None:
    with pytest.raises(CityError) as caught:
        await settle(error)
    assert caught.value is error
    assert not isinstance(caught.value, NotTaken)


@pytest.mark.parametrize(
    ("kind", "refused"),
    [
        ("utility_bill", {"bill_already_paid", "bill_not_found", "amount_mismatch"}),
        ("traffic_fine", {"decision_already_paid", "decision_not_found", "amount_mismatch"}),
    ],
)
def test_what_bills_and_fines_are_refused_for(kind: str, refused: set[str]) -> None:
    assert settlers._SETTLERS[kind].refused == refused


async def test_settled_by_our_own_payment_is_settled_and_not_given_back() -> None:
    """The first answer was lost and the city has forgotten its key: what it refuses for is our own money."""
    receipt, _ = await settle(Conflict("already_paid", trade_number="T1", receipt_number="R1", paid_at=RECEIPT.paid_at))
    assert (receipt.receipt_number, receipt.paid_at) == ("R1", RECEIPT.paid_at)


async def test_our_own_payment_without_a_receipt_is_asked_for_again_and_not_given_back() -> None:
    with pytest.raises(Unavailable):
        await settle(Conflict("already_paid", trade_number="T1"))


async def test_settled_by_another_payment_it_goes_back() -> None:
    with pytest.raises(NotTaken):
        await settle(Conflict("already_paid", trade_number="T2", receipt_number="R1", paid_at=RECEIPT.paid_at))
