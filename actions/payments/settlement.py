"""What happens to money the provider has: the city gets it against a receipt, or it goes back."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import structlog

from actions.city.errors import CityError, Conflict, NotFound
from actions.ledger import Ledger, Order, OrderMovedOn, OrderState, Payment, RefundState
from actions.ledger.states import GOES_BACK
from actions.payments.ports import City, NotTaken, Provider

log = structlog.stdlib.get_logger(__name__)


async def move(ledger: Ledger, order: Order, target: OrderState, reason: str, **values: Any) -> Order:
    """Move an order on; where another process was faster, the order as that one left it.

    Args:
        ledger: where it stands.
        order: as it was read.
        target: where to.
        reason: a short code for the audit row.
        values: columns that come with the move.

    Raises:
        IllegalTransition: no order may make this move.
    """
    try:
        moved = await asyncio.to_thread(ledger.move, order, target, reason, **values)
    except OrderMovedOn as faster:
        return faster.order
    log.info("order_moved", trade_number=order.trade_number, to=target.value, reason=reason)
    return moved


class Settlement:
    """Settles paid orders, each by itself, and gives back the money of those the city does not take: that part of a payment.

    Every step can be repeated: the city's and the provider's calls carry keys made from the order's number, and the
    ledger's moves are compare-and-set. So a process may die between any two of them.
    """

    def __init__(self, ledger: Ledger, city: City, provider: Provider) -> None:
        self._ledger = ledger
        self._city = city
        self._provider = provider

    async def settle_all(self, payment: Payment) -> Payment:
        """Bring each order of a payment as far as it goes now: one that the city does not take keeps no other back.

        Args:
            payment: as it was read.

        Returns:
            The payment as it stands.
        """
        return replace(payment, orders=tuple([await self.settle(order) for order in payment.orders]))

    async def settle(self, order: Order) -> Order:
        """Bring an order that is paid, or whose money goes back, as far as it goes now; others are given back as they are.

        Args:
            order: as it was read.

        Returns:
            The order as it stands: unmoved where the city or the provider could not be reached.
        """
        if order.state is OrderState.PAID:
            order = await self._pay_city(order)
        if order.state in GOES_BACK:
            order = await self._give_back(order)
        return order

    async def _pay_city(self, order: Order) -> Order:
        try:
            receipt = await self._city.settle(order)
        except (Conflict, NotFound) as error:
            log.error("settlement_not_understood", trade_number=order.trade_number, code=error.code)
            await asyncio.to_thread(self._ledger.note_trouble, order, error.code)
            return order
        except NotTaken as error:
            log.warning("settlement_refused", trade_number=order.trade_number, code=error.code)
            return await move(self._ledger, order, OrderState.REFUNDING, error.code)
        except CityError as error:
            log.warning("settlement_postponed", trade_number=order.trade_number, code=error.code)
            await asyncio.to_thread(self._ledger.note_trouble, order, error.code)
            return order
        return await move(
            self._ledger,
            order,
            OrderState.SETTLED,
            "city_receipt",
            receipt_number=receipt.receipt_number,
            settled_at=self._ledger.now(),
        )

    async def _give_back(self, order: Order) -> Order:
        """Ask for the refund, or after it; a refund that has failed waits for a person."""
        number = order.refund_number or ""
        try:
            if order.refund_state is RefundState.REQUESTED:
                refund = await self._provider.refund(order.payment_number, number, order.refund_amount)
            elif order.refund_state is RefundState.PROCESSING:
                refund = await self._provider.refund_state(order.payment_number, number)
            else:
                return order
        except CityError as error:
            log.warning("refund_postponed", trade_number=order.trade_number, code=error.code)
            await asyncio.to_thread(self._ledger.note_trouble, order, error.code)
            return order
        target = RefundState(refund.state)
        if target is order.refund_state:
            return order
        try:
            moved = await asyncio.to_thread(self._ledger.move_refund, order, target)
        except OrderMovedOn as faster:
            return faster.order
        if target in (RefundState.FAILED, RefundState.ABNORMAL):
            log.error("refund_not_done", trade_number=order.trade_number, state=target.value)
        return moved
