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

WATCH_AFTER = dt.timedelta(minutes=5)
"""How long after its link has expired a closed order is asked after: a payment begun in time may end later."""

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

        A trade that was never opened is closed. One whose link is out is not closed because the provider does not know
        it just now: the link may still be paid.

        Raises:
            CityError: the provider could not be asked, or does not know a trade that it has opened.
        """
        try:
            trade = await self._provider.trade(order.trade_number)
        except NotFound as error:
            if order.cashier_url is None:
                return await move(self._ledger, order, OrderState.CLOSED, error.code[:64])
            raise _unknown(order) from None
        return await self.take(order, trade)

    async def watch(self, order: Order) -> Order:
        """Ask once more after a closed order whose link might have been paid all the same.

        Args:
            order: closed, with `watched_until`.

        Returns:
            The order: `paid_late` where it was; no longer watched once its link is dead.

        Raises:
            CityError: the provider could not be asked, or does not know the trade: it is asked again.
        """
        is_over = order.watched_until is not None and order.watched_until <= self._ledger.now()
        try:
            trade = await self._provider.trade(order.trade_number)
        except NotFound:
            raise _unknown(order) from None
        if trade.state == "paid":
            return await self.take(order, trade)
        if is_over:
            await asyncio.to_thread(self._ledger.end_watch, order)
        return order

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
            if order.cashier_url is not None:
                raise _unknown(order) from None
            return await move(self._ledger, order, OrderState.CLOSED, reason)
        except Conflict:
            return await self.ask(order)
        if trade.state == "closed":
            return await self._closed(order, reason)
        return await self.take(order, trade)

    async def take(self, order: Order, trade: Trade) -> Order:
        """Move an unpaid order to where its trade is.

        Args:
            order: created, awaiting payment, or closed and watched.
            trade: what the provider says of it.

        Returns:
            The order where the trade is: `mispaid` where another sum than its own was paid.

        Raises:
            Unavailable: an unpaid trade is not of this order's amount, which only a person can put right.
        """
        if trade.trade_number != order.trade_number:
            raise self._differs(order, trade)
        if trade.state == "paid":
            recorded, outcome = await asyncio.to_thread(
                self._ledger.record_payment,
                order.trade_number,
                trade.provider_trade_number,
                trade.paid_at,
                trade.amount,
                None,
            )
            log.info("payment_found", trade_number=order.trade_number, outcome=outcome.value)
            return recorded
        if trade.amount != order.amount:
            raise self._differs(order, trade)
        if trade.state == "closed":
            return await self._closed(order, "trade_closed")
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

    async def _closed(self, order: Order, reason: str) -> Order:
        """Close an order here; what had a link is asked after until nobody can have paid it any more."""
        watched_until = order.expires_at + WATCH_AFTER if order.expires_at is not None else None
        return await move(self._ledger, order, OrderState.CLOSED, reason, watched_until=watched_until)

    def _differs(self, order: Order, trade: Trade) -> Unavailable:
        log.error("trade_differs_from_order", trade_number=order.trade_number, state=trade.state)
        return Unavailable("trade_differs_from_order", repeatable=False, counts=False)


def _unknown(order: Order) -> Unavailable:
    """The provider does not know a trade that it has opened: not paid, not closed, but not known."""
    log.error("trade_unknown_to_provider", trade_number=order.trade_number)
    return Unavailable("trade_unknown", repeatable=False, counts=False)
