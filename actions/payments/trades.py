"""An order and its trade at the provider: opening it, asking after it, closing it."""

from __future__ import annotations

import asyncio
import datetime as dt

import structlog

from actions.city.errors import CityError, Conflict, NotFound, Unavailable
from actions.ledger import Ledger, Order, OrderState
from actions.payments.ports import Provider
from actions.payments.settlement import move
from city_api.payments import Trade

LINK_MARGIN = dt.timedelta(seconds=30)
"""A cashier link with less time left than this is as good as expired."""

log = structlog.stdlib.get_logger(__name__)


class Trades:
    """Keeps orders in step with what the provider says of their trades.

    Args:
        ledger: the orders.
        provider: the trades.
        notice_url: where the provider is to send its notices.
    """

    def __init__(self, ledger: Ledger, provider: Provider, notice_url: str) -> None:
        self._ledger = ledger
        self._provider = provider
        self._notice_url = notice_url

    def is_usable(self, order: Order) -> bool:
        """Whether the order's cashier link can still be handed out."""
        return order.expires_at is not None and order.expires_at > self._ledger.now() + LINK_MARGIN

    async def open(self, order: Order) -> Order:
        """Ask for the trade of a created order; asked twice, the provider gives the same one.

        Raises:
            CityError: nothing is known of it; the order stays created, for another try or for reconciliation to close.
        """
        trade = await self._provider.open_trade(
            trade_number=order.trade_number,
            subject=order.subject,
            payee=order.payee,
            amount=order.amount,
            notify_url=self._notice_url,
        )
        return await self.take(order, trade)

    async def ask(self, order: Order) -> Order:
        """Ask the provider after the trade of an unpaid order and move the order to where the trade is.

        Raises:
            CityError: the provider could not be asked.
        """
        try:
            trade = await self._provider.trade(order.trade_number)
        except NotFound as error:
            return await move(self._ledger, order, OrderState.CLOSED, error.code[:64])
        return await self.take(order, trade)

    async def close(self, order: Order, reason: str) -> Order:
        """Close an unpaid order and its trade; where the trade has been paid meanwhile, move the order on instead.

        Args:
            order: created or awaiting payment.
            reason: a short code for the audit row.

        Raises:
            CityError: the provider could not be asked, so the order may still be paid and stays open.
        """
        try:
            trade = await self._provider.close_trade(order.trade_number)
        except NotFound:
            return await move(self._ledger, order, OrderState.CLOSED, reason)
        except Conflict:
            return await self.ask(order)
        if trade.state == "closed":
            return await move(self._ledger, order, OrderState.CLOSED, reason)
        return await self.take(order, trade)

    async def take(self, order: Order, trade: Trade) -> Order:
        """Move an unpaid order to where its trade is.

        Args:
            order: created or awaiting payment.
            trade: what the provider says of it.

        Raises:
            Unavailable: the trade is not of this order's amount, which only a person can put right.
        """
        if trade.trade_number != order.trade_number or trade.amount != order.amount:
            log.error("trade_differs_from_order", trade_number=order.trade_number, state=trade.state)
            raise Unavailable("trade_differs_from_order", repeatable=False, counts=False)
        if trade.state == "paid":
            recorded, outcome = await asyncio.to_thread(
                self._ledger.record_payment, order.trade_number, trade.provider_trade_number, trade.paid_at, None
            )
            log.info("payment_found", trade_number=order.trade_number, outcome=outcome.value)
            return recorded
        if trade.state == "closed":
            return await move(self._ledger, order, OrderState.CLOSED, "trade_closed")
        if order.state is OrderState.CREATED:
            return await move(
                self._ledger,
                order,
                OrderState.AWAITING_PAYMENT,
                "trade_opened",
                cashier_url=trade.cashier_url,
                expires_at=trade.expires_at,
            )
        return order

    async def ask_quietly(self, order: Order) -> Order:
        """As `ask`, but an order whose trade cannot be asked after is given back as it is."""
        try:
            return await self.ask(order)
        except CityError as error:
            log.info("trade_not_asked", trade_number=order.trade_number, code=error.code)
            return order
