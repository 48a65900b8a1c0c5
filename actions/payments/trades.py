"""A payment and its trade at the provider: opening it, asking after it, closing it."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import Any

import structlog

from actions.city.errors import CityError, Conflict, NotFound, Unavailable
from actions.ledger import Ledger, OrderState, Payment
from actions.payments.ports import Provider
from actions.payments.settlement import move
from city_api.payments import Trade

LINK_MARGIN = dt.timedelta(seconds=30)
"""A cashier link with less time left than this is as good as expired."""

WATCH_AFTER = dt.timedelta(minutes=5)
"""How long after its link has expired a closed payment is asked after: a payment begun in time may end later."""

log = structlog.stdlib.get_logger(__name__)


class Trades:
    """Keeps payments in step with what the provider says of their trades.

    Args:
        ledger: the payments.
        provider: the trades.
        notice_url: where the provider is to send its notices.
    """

    def __init__(self, ledger: Ledger, provider: Provider, notice_url: str) -> None:
        self._ledger = ledger
        self._provider = provider
        self._notice_url = notice_url

    def is_usable(self, payment: Payment) -> bool:
        """Whether the payment's cashier link can still be handed out."""
        expires_at = payment.first.expires_at
        return expires_at is not None and expires_at > self._ledger.now() + LINK_MARGIN

    async def open(self, payment: Payment) -> Payment:
        """Ask for the trade of a created payment; asked twice, the provider gives the same one.

        Raises:
            CityError: nothing is known of it; the payment stays created, for another try or for reconciliation to close.
        """
        trade = await self._provider.open_trade(
            trade_number=payment.number,
            subject=payment.subject,
            payee=payment.payee,
            amount=payment.total,
            notify_url=self._notice_url,
        )
        return await self.take(payment, trade)

    async def ask(self, payment: Payment) -> Payment:
        """Ask the provider after the trade of an unpaid payment and move the payment to where the trade is.

        A trade that was never opened is closed. One whose link is out is not closed because the provider does not know
        it just now: the link may still be paid.

        Raises:
            CityError: the provider could not be asked, or does not know a trade that it has opened.
        """
        try:
            trade = await self._provider.trade(payment.number)
        except NotFound as error:
            if payment.first.cashier_url is None:
                return await self._move(payment, OrderState.CLOSED, error.code[:64])
            raise _unknown(payment) from None
        return await self.take(payment, trade)

    async def watch(self, payment: Payment) -> Payment:
        """Ask once more after a closed payment whose link might have been paid all the same.

        Args:
            payment: closed, with `watched_until`.

        Returns:
            The payment: `paid_late` where it was; no longer watched once its link is dead.

        Raises:
            CityError: the provider could not be asked, or does not know the trade: it is asked again.
        """
        until = payment.first.watched_until
        is_over = until is not None and until <= self._ledger.now()
        try:
            trade = await self._provider.trade(payment.number)
        except NotFound:
            raise _unknown(payment) from None
        if trade.state == "paid":
            return await self.take(payment, trade)
        if is_over:
            await asyncio.to_thread(self._ledger.end_watch, payment.first)
        return payment

    async def close(self, payment: Payment, reason: str) -> Payment:
        """Close an unpaid payment and its trade; where the trade has been paid meanwhile, move the payment on instead.

        Args:
            payment: created or awaiting payment.
            reason: a short code for the audit rows.

        Raises:
            CityError: the provider could not be asked, so the payment may still be made and stays open.
        """
        try:
            trade = await self._provider.close_trade(payment.number)
        except NotFound:
            if payment.first.cashier_url is not None:
                raise _unknown(payment) from None
            return await self._move(payment, OrderState.CLOSED, reason)
        except Conflict:
            return await self.ask(payment)
        if trade.state == "closed":
            return await self._closed(payment, reason)
        return await self.take(payment, trade)

    async def take(self, payment: Payment, trade: Trade) -> Payment:
        """Move an unpaid payment to where its trade is.

        Args:
            payment: created, awaiting payment, or closed and watched.
            trade: what the provider says of it.

        Returns:
            The payment where the trade is: `mispaid` where another sum than its total was paid.

        Raises:
            Unavailable: an unpaid trade is not of this payment's total, which only a person can put right.
        """
        if trade.trade_number != payment.number:
            raise self._differs(payment, trade)
        if trade.state == "paid":
            recorded, outcome = await asyncio.to_thread(
                self._ledger.record_payment,
                payment.number,
                trade.provider_trade_number,
                trade.paid_at,
                trade.amount,
                None,
            )
            log.info("payment_found", trade_number=payment.number, outcome=outcome.value)
            return recorded
        if trade.amount != payment.total:
            raise self._differs(payment, trade)
        if trade.state == "closed":
            return await self._closed(payment, "trade_closed")
        if payment.state is OrderState.CREATED:
            return await self._move(
                payment,
                OrderState.AWAITING_PAYMENT,
                "trade_opened",
                cashier_url=trade.cashier_url,
                expires_at=trade.expires_at,
            )
        return payment

    async def ask_quietly(self, payment: Payment) -> Payment:
        """As `ask`, but a payment whose trade cannot be asked after is given back as it is."""
        try:
            return await self.ask(payment)
        except CityError as error:
            log.info("trade_not_asked", trade_number=payment.number, code=error.code)
            return payment

    async def _closed(self, payment: Payment, reason: str) -> Payment:
        """Close a payment here; what had a link is asked after until nobody can have paid it any more."""
        expires_at = payment.first.expires_at
        watched_until = expires_at + WATCH_AFTER if expires_at is not None else None
        return await self._move(payment, OrderState.CLOSED, reason, watched_until=watched_until)

    async def _move(self, payment: Payment, target: OrderState, reason: str, **values: Any) -> Payment:
        """Move all orders of a payment; where another process was faster, they are where that one left them."""
        await move(self._ledger, payment.first, target, reason, **values)
        return await asyncio.to_thread(self._ledger.payment, payment.number)

    def _differs(self, payment: Payment, trade: Trade) -> Unavailable:
        log.error("trade_differs_from_payment", trade_number=payment.number, state=trade.state)
        return Unavailable("trade_differs_from_order", repeatable=False, counts=False)


def _unknown(payment: Payment) -> Unavailable:
    """The provider does not know a trade that it has opened: not paid, not closed, but not known."""
    log.error("trade_unknown_to_provider", trade_number=payment.number)
    return Unavailable("trade_unknown", repeatable=False, counts=False)
