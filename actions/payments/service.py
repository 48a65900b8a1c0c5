"""Payments: one live order a bill, handed out as a cashier link, settled once whatever happens on the way."""

from __future__ import annotations

import asyncio
import datetime as dt
import secrets
import string
from collections.abc import Coroutine, Mapping
from decimal import Decimal
from typing import Any

import structlog

from actions.city.deadline import turn
from actions.city.errors import Unavailable
from actions.ledger import (
    Ledger,
    LiveOrderExists,
    NewOrder,
    Notice,
    NoticeIdReused,
    Order,
    OrderState,
    PaymentOutcome,
    UnknownTrade,
)
from actions.payments.notices import NoticeRefused, NoticeVerifier
from actions.payments.ports import City, Provider
from actions.payments.reconciliation import Reconciliation
from actions.payments.settlement import Settlement
from actions.payments.statements import Comparison
from actions.payments.trades import Trades
from actions.settings import Settings

ROUNDS = 4
CENT = Decimal("0.01")
RECENT = dt.timedelta(hours=2)
"""For so long a payment that is over is among those whose resident says that they are paid."""
log = structlog.stdlib.get_logger(__name__)


class PaymentService:
    """Opens payment orders, follows them, and settles them.

    Args:
        ledger: where orders stand.
        city: where they are settled.
        provider: who takes the money.
        settings: the notice address and the time between reconciliations.
    """

    def __init__(self, ledger: Ledger, city: City, provider: Provider, settings: Settings) -> None:
        self._ledger = ledger
        self._city = city
        self._settlement = Settlement(ledger, city, provider)
        self._trades = Trades(ledger, provider, settings.notice_url)
        self._provider = provider
        self._verifier = NoticeVerifier(provider, settings.merchant_id, settings.app_id)
        comparison = Comparison(ledger, provider, self._trades, self._settlement)
        self._reconciliation = Reconciliation(
            ledger, self._trades, self._settlement, comparison, settings.reconcile_seconds
        )
        self._background: set[asyncio.Task[Any]] = set()

    async def open_order(
        self,
        *,
        city_code: str,
        city_service: str,
        kind: str,
        biller_code: str,
        payee: str,
        account: str,
        bill_reference: str,
        amount: Decimal,
        subject: str,
        conversation_id: str,
    ) -> Order:
        """The bill's live order, or a new one with a cashier link that works.

        An unpaid order whose link has expired, or of another amount, is closed at the provider first and then here, and
        a new one takes its place; if the provider says that it was paid, it is moved on and given back instead.

        Args:
            city_code: GB/T 2260.
            city_service: the code of the city's service that settles it.
            kind: a payment kind of some manifest.
            biller_code, payee: who is owed, by code and by name.
            account: account number, or whatever else names what is paid.
            bill_reference: the city's own id of it.
            amount: yuan, above zero, two places.
            subject: what the cashier page says is paid.
            conversation_id: who asks.

        Returns:
            The order: `awaiting_payment` with its `cashier_url`, or paid or further if it is so already.

        Raises:
            ValueError: the amount or the kind is none.
            CityError: the provider cannot be reached, or does not open the trade; nothing has been paid.
        """
        if kind not in self._city.kinds():
            raise ValueError(f"nobody settles the payment kind {kind!r}")
        new = NewOrder(
            kind=kind,
            city_code=city_code,
            city_service=city_service,
            biller_code=biller_code,
            payee=payee,
            account=account,
            bill_reference=bill_reference,
            amount=_checked(amount),
            subject=subject,
            conversation_id=conversation_id,
        )
        for _ in range(ROUNDS):
            order = await self._live_or_new(new)
            if order is not None:
                order = await self._bring_forward(order, new.amount)
                if order.is_live:
                    return order
        raise Unavailable("order_contended", repeatable=False, counts=False)

    async def check(self, trade_number: str) -> Order:
        """An order as it stands by now: the provider is asked when it is not paid, and it is settled when it is.

        Args:
            trade_number: the order's.

        Returns:
            The order; still `paid` when the city could not settle it now, which reconciliation will finish.

        Raises:
            UnknownTrade: there is no such order.
            CityError: the order was unpaid and the provider could not be asked.
        """
        order = await asyncio.to_thread(self._ledger.order, trade_number)
        if order.state is OrderState.CREATED:
            order = await self._trades.open(order)
        elif order.state is OrderState.AWAITING_PAYMENT:
            order = await self._trades.ask(order)
        return await self.settle(order)

    async def give_up(self, trade_number: str, conversation_id: str) -> Order:
        """Close an unpaid order because its resident no longer wants to pay it; one that was paid meanwhile moves on.

        A bill has one order, whoever asks for it. Only who opened it closes it for all; for anybody else it is only
        taken out of their conversation, and stays as it is.

        Args:
            trade_number: the order's.
            conversation_id: who no longer wants to pay it.

        Returns:
            The order: closed, moved on, or, left by one who had not opened it, as it was.

        Raises:
            UnknownTrade: there is no such order.
            CityError: the provider could not be asked, so it may still be paid and stays open.
        """
        order = await asyncio.to_thread(self._ledger.order, trade_number)
        if order.state in (OrderState.CREATED, OrderState.AWAITING_PAYMENT):
            if order.conversation_id != conversation_id:
                await asyncio.to_thread(self._ledger.leave, order, conversation_id)
                return order
            order = await self._trades.close(order, "given_up")
        return await self.settle(order)

    async def recent_orders(self, conversation_id: str) -> list[Order]:
        """The orders of a conversation that are open or have lately come to their end, the last asked for first.

        Those that were closed unpaid are left out; with none left it is the latest one, whatever its state and age.
        """
        since = self._ledger.now() - RECENT
        found = await asyncio.to_thread(self._ledger.open_orders, conversation_id, since)
        recent = [order for order in found if order.state is not OrderState.CLOSED]
        latest = None if recent else await self.latest_order(conversation_id)
        return recent if latest is None else [latest]

    async def latest_order(self, conversation_id: str) -> Order | None:
        """The order asked for last in a conversation, whatever its state."""
        return await asyncio.to_thread(self._ledger.latest_order, conversation_id)

    async def open_orders(self, conversation_id: str) -> list[Order]:
        """The orders of a conversation that are not at their end yet, the last asked for first."""
        return await asyncio.to_thread(self._ledger.open_orders, conversation_id)

    async def settle(self, order: Order) -> Order:
        """Bring a paid or refunding order as far as it goes now; never raises for a city that cannot be reached."""
        return await self._settlement.settle(order)

    async def receive_notice(self, headers: Mapping[str, str], body: bytes) -> PaymentOutcome:
        """Take a provider's notice: once this returns, what it says stands in the ledger and may be acknowledged.

        Args:
            headers: of the request.
            body: of the request, byte for byte.

        Returns:
            What the notice was to its order. Settlement goes on in the background.

        Raises:
            NoticeRefused: it is forged, stale, malformed, for another merchant, of an unknown trade, of another amount than
                the trade, or of a trade that nobody has paid: a signature alone moves no money.
            CityError: the provider's key could not be had, or the trade not asked after; it may send the notice again.
        """
        with turn(None):
            notice = await self._verifier.verify(headers, body)
            try:
                order = await asyncio.to_thread(self._ledger.order, notice.trade_number)
            except UnknownTrade:
                raise NoticeRefused("unknown_trade", 404) from None
            trade = await self._provider.trade(notice.trade_number)
            if notice.amount != trade.amount:
                log.error("notice_amount_differs", trade_number=order.trade_number)
                raise NoticeRefused("amount_mismatch", 422)
            if trade.state != "paid":
                log.error("notice_of_unpaid_trade", trade_number=order.trade_number)
                raise NoticeRefused("trade_not_paid", 409)
            order, outcome = await self._record(notice)
        log.info("notice_taken", trade_number=order.trade_number, outcome=outcome.value)
        if outcome in (PaymentOutcome.LATE, PaymentOutcome.MISPAID):
            log.error("paid_otherwise", trade_number=order.trade_number, outcome=outcome.value)
        if outcome is not PaymentOutcome.REPEATED:
            self._in_background(self._settlement.settle(order))
        return outcome

    async def reconcile(self) -> dict[str, int]:
        """Look at every order left half-way and bring it as far as it goes; how many were looked at, by state."""
        return await self._reconciliation.run()

    async def reconcile_forever(self) -> None:
        """Reconcile now and then for ever; an error is logged and the next pass comes all the same."""
        await self._reconciliation.run_forever()

    async def drain(self) -> None:
        """Wait for what goes on in the background."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def close(self, seconds: float = 3.0) -> None:
        """Give what goes on in the background some time to end, then stop it: reconciliation takes it up again."""
        if self._background:
            await asyncio.wait(self._background, timeout=seconds)
        for task in self._background:
            task.cancel()

    async def _live_or_new(self, new: NewOrder) -> Order | None:
        try:
            return await asyncio.to_thread(self._ledger.add_order, new, _trade_number())
        except LiveOrderExists:
            live = await asyncio.to_thread(self._ledger.live_order, new)
        if live is not None:
            await asyncio.to_thread(self._ledger.note_conversation, live, new.conversation_id)
        return live

    async def _bring_forward(self, order: Order, amount: Decimal) -> Order:
        if order.state is OrderState.CREATED and order.amount == amount:
            order = await self._trades.open(order)
        elif order.state is OrderState.CREATED or order.state is OrderState.AWAITING_PAYMENT:
            if order.amount != amount:
                order = await self._trades.close(order, "amount_changed")
            elif not self._trades.is_usable(order):
                order = await self._trades.close(order, "link_expired")
            else:
                # It may have been paid without a notice; where the provider cannot say, the link is still good.
                order = await self._trades.ask_quietly(order)
        return await self.settle(order)

    async def _record(self, notice: Notice) -> tuple[Order, PaymentOutcome]:
        try:
            return await asyncio.to_thread(
                self._ledger.record_payment,
                notice.trade_number,
                notice.provider_trade_number,
                notice.paid_at,
                notice.amount,
                notice,
            )
        except NoticeIdReused:
            raise NoticeRefused("notice_id_reused", 422) from None

    def _in_background(self, work: Coroutine[Any, Any, Order]) -> None:
        async def outside_the_turn() -> None:
            with turn(None):
                try:
                    await work
                except Exception:
                    log.exception("background_settlement_failed")

        task = asyncio.create_task(outside_the_turn())
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _trade_number() -> str:
    """26 letters and no digit, so that the masking of logs leaves it whole."""
    return "T" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(25))


def _checked(amount: Decimal) -> Decimal:
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0:
        raise ValueError("an amount is a Decimal above zero")
    if amount != amount.quantize(CENT):
        raise ValueError("an amount has two places")
    return amount.quantize(CENT)
