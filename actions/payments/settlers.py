"""How each payment kind is settled: a service's handler says it once, beside what it pays.

@settles("utility_bill", refused=("bill_already_paid", "bill_not_found", "amount_mismatch"))
async def settle_bill(city: CityConnection, order: Order) -> Receipt: ...
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass

from actions.city.cities import Cities
from actions.city.connection import CityConnection, payment
from actions.city.errors import Conflict, NotFound, Unavailable
from actions.ledger import Order
from actions.payments.ports import NotTaken
from city_api.payments import Receipt

Settle = Callable[[CityConnection, Order], Awaitable[Receipt]]


class SettlerError(RuntimeError):
    """A payment kind that nobody settles, or that two settle: the process must not start and take money for it."""


@dataclass(frozen=True)
class _Settler:
    settle: Settle
    refused: frozenset[str]


_SETTLERS: dict[str, _Settler] = {}


def settles(kind: str, refused: Iterable[str]) -> Callable[[Settle], Settle]:
    """Make a function the settler of a payment kind. It may be called again for the same order at any time.

    Args:
        kind: as the manifest's `pays` has it.
        refused: the city's codes after which asking again changes nothing, so that the money goes back.

    Raises:
        SettlerError: the kind has another settler.
    """

    def register(settle: Settle) -> Settle:
        known = _SETTLERS.get(kind)
        if known is not None and _place(known.settle) != _place(settle):
            raise SettlerError(f"付款种类 {kind} 有两个结算函数：{_place(known.settle)}、{_place(settle)}")
        _SETTLERS[kind] = _Settler(settle, frozenset(refused))
        return settle

    return register


def _place(settle: Settle) -> str:
    """Where a settler is written; a module that is loaded anew writes its own again."""
    return f"{settle.__module__}.{settle.__qualname__}"


def settled_at(kind: str, *path: str, refused: Iterable[str]) -> None:
    """Settle a payment kind in the usual way: the trade is posted to <path>/<bill reference>/payments.

    Args:
        kind: as the manifest's `pays` has it.
        path: parts of the path behind the city's.
        refused: as for `settles`.

    Raises:
        SettlerError: the kind has another settler.
    """

    async def post(city: CityConnection, order: Order) -> Receipt:
        body = payment(order.trade_number, order.amount)
        parts = (*path, order.bill_reference, "payments")
        return await city.write(f"pay_{kind}", *parts, answer=Receipt, idempotency_key=order.trade_number, **body)

    post.__qualname__ = f"{kind} at {'/'.join(path)}"
    settles(kind, refused)(post)


def check_settlers(kinds: Iterable[str]) -> None:
    """See that what can be paid can be settled, and the other way round.

    Args:
        kinds: the payment kinds of all manifests.

    Raises:
        SettlerError: naming the kinds.
    """
    wanted = set(kinds)
    missing, unknown = sorted(wanted - set(_SETTLERS)), sorted(set(_SETTLERS) - wanted)
    if missing:
        raise SettlerError(f"没有结算函数的付款种类：{'、'.join(missing)}。在服务的处理模块里加一个 @settles(…)")
    if unknown:
        raise SettlerError(f"没有任务付的付款种类：{'、'.join(unknown)}。在服务清单的任务里写 pays，或删掉结算函数")


class Settlers:
    """Settles an order at the service of the city that it belongs to.

    Args:
        cities: the way there.
    """

    def __init__(self, cities: Cities) -> None:
        self._cities = cities

    def kinds(self) -> frozenset[str]:
        """Everything that has a settler."""
        return frozenset(_SETTLERS)

    async def settle(self, order: Order) -> Receipt:
        """Tell the city that an order is paid.

        Args:
            order: paid.

        Raises:
            NotTaken: the city will never take it.
            CityError: it did not answer, or not so that it could be understood.
        """
        settler = _SETTLERS[order.kind]
        try:
            return await settler.settle(self._cities.at(order.city_code, order.city_service), order)
        except (Conflict, NotFound) as error:
            # The answer that brought the receipt was lost, and the city no longer knows the key it was asked under.
            if isinstance(error, Conflict) and error.trade_number == order.trade_number:
                if error.receipt_number is None or error.paid_at is None:
                    raise Unavailable("unexpected_answer", repeatable=False) from None
                return Receipt(receipt_number=error.receipt_number, paid_at=error.paid_at)
            if error.code in settler.refused:
                raise NotTaken(error.code) from None
            raise
