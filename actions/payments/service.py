"""Payments: one live order a bill, handed out as a cashier link alone or with others, settled once whatever happens."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Coroutine, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

import structlog

from actions.city.deadline import turn
from actions.ledger import (
    Ledger,
    NewOrder,
    NewPayment,
    Notice,
    NoticeIdReused,
    Order,
    OrderState,
    Payment,
    PaymentOutcome,
    UnknownTrade,
)
from actions.payments.notices import NoticeRefused, NoticeVerifier
from actions.payments.opening import Opening, Taken
from actions.payments.ports import City, Provider
from actions.payments.reconciliation import Reconciliation
from actions.payments.settlement import Settlement
from actions.payments.statements import Comparison
from actions.payments.trades import Trades
from actions.settings import Settings

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
        self._opening = Opening(ledger, self._trades, self._settlement)
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
        """The bill's live order, or a new one with a cashier link that works: a payment of one bill alone.

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
            Taken: the bill is in an unpaid payment of several that somebody else has opened.
            CityError: the provider cannot be reached, or does not open the trade; nothing has been paid.
        """
        new = NewOrder(
            kind=kind,
            city_code=city_code,
            city_service=city_service,
            biller_code=biller_code,
            payee=payee,
            account=account,
            bill_reference=bill_reference,
            amount=amount,
            subject=subject,
            conversation_id=conversation_id,
        )
        try:
            return (await self.open_payment(NewPayment.of(new))).first
        except Taken as taken:
            (order,) = taken.orders
            if order.state is OrderState.AWAITING_PAYMENT or order.state is OrderState.CREATED:
                raise
            return order

    async def open_payment(self, new: NewPayment) -> Payment:
        """The live payment of exactly these bills, or a new one with a cashier link that works: see `Opening.open`.

        Args:
            new: one or more orders, of one account or of several; each amount above zero, two places.

        Returns:
            The payment: `awaiting_payment` with its `cashier_url`, or paid or further if it is so already.

        Raises:
            ValueError: an amount or a kind is none, or a bill is among them twice.
            Taken: some of the bills are being paid otherwise; nothing was opened.
            CityError: the provider cannot be reached, or does not open the trade; nothing has been paid.
        """
        for order in new.orders:
            if order.kind not in self._city.kinds():
                raise ValueError(f"nobody settles the payment kind {order.kind!r}")
        orders = tuple(replace(order, amount=_checked(order.amount)) for order in new.orders)
        if not orders or len({order.bill for order in orders}) != len(orders):
            raise ValueError("a payment has one order or more, each of another bill")
        return await self._opening.open(replace(new, orders=orders))

    async def check(self, trade_number: str) -> Order:
        """An order as it stands by now: see `check_payment`.

        Args:
            trade_number: the order's.
        """
        order = await asyncio.to_thread(self._ledger.order, trade_number)
        return _order_of(await self.check_payment(order.payment_number), order)

    async def check_payment(self, number: str) -> Payment:
        """A payment as it stands by now: the provider is asked when it is not paid, and it is settled when it is.

        Args:
            number: the payment's.

        Returns:
            The payment; orders that the city could not settle now are still `paid`, which reconciliation will finish.

        Raises:
            UnknownTrade: there is no such payment.
            CityError: it was unpaid and the provider could not be asked.
        """
        payment = await asyncio.to_thread(self._ledger.payment, number)
        if payment.state is OrderState.CREATED:
            payment = await self._trades.open(payment)
        elif payment.state is OrderState.AWAITING_PAYMENT:
            payment = await self._trades.ask(payment)
        return await self._settlement.settle_all(payment)

    async def give_up(self, trade_number: str, conversation_id: str) -> Order:
        """Close the unpaid payment of an order: see `give_up_payment`. The orders that are paid with it are closed, too.

        Args:
            trade_number: the order's.
            conversation_id: who no longer wants to pay it.
        """
        order = await asyncio.to_thread(self._ledger.order, trade_number)
        return _order_of(await self.give_up_payment(order.payment_number, conversation_id), order)

    async def give_up_payment(self, number: str, conversation_id: str) -> Payment:
        """Close an unpaid payment because its resident no longer wants to make it; one that was made meanwhile moves on.

        A bill has one order, whoever asks for it. Only who opened its payment closes it for all; for anybody else it is
        only taken out of their conversation, and stays as it is.

        Args:
            number: the payment's.
            conversation_id: who no longer wants to make it.

        Returns:
            The payment: closed, moved on, or, left by one who had not opened it, as it was.

        Raises:
            UnknownTrade: there is no such payment.
            CityError: the provider could not be asked, so it may still be paid and stays open.
        """
        payment = await asyncio.to_thread(self._ledger.payment, number)
        if payment.state in (OrderState.CREATED, OrderState.AWAITING_PAYMENT):
            if payment.conversation_id != conversation_id:
                await asyncio.to_thread(self._ledger.leave, payment.first, conversation_id)
                return payment
            payment = await self._trades.close(payment, "given_up")
        return await self._settlement.settle_all(payment)

    async def payment(self, number: str) -> Payment:
        """A payment as the ledger has it. UnknownTrade where there is none."""
        return await asyncio.to_thread(self._ledger.payment, number)

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
            What the notice was to its payment. Settlement goes on in the background.

        Raises:
            NoticeRefused: it is forged, stale, malformed, for another merchant, of an unknown trade, of another amount than
                the trade, or of a trade that nobody has paid: a signature alone moves no money.
            CityError: the provider's key could not be had, or the trade not asked after; it may send the notice again.
        """
        with turn(None):
            notice = await self._verifier.verify(headers, body)
            try:
                await asyncio.to_thread(self._ledger.payment, notice.trade_number)
            except UnknownTrade:
                raise NoticeRefused("unknown_trade", 404) from None
            trade = await self._provider.trade(notice.trade_number)
            if notice.amount != trade.amount:
                log.error("notice_amount_differs", trade_number=trade.trade_number)
                raise NoticeRefused("amount_mismatch", 422)
            if trade.state != "paid":
                log.error("notice_of_unpaid_trade", trade_number=trade.trade_number)
                raise NoticeRefused("trade_not_paid", 409)
            payment, outcome = await self._record(notice)
        log.info("notice_taken", trade_number=payment.number, outcome=outcome.value)
        if outcome in (PaymentOutcome.LATE, PaymentOutcome.MISPAID):
            log.error("paid_otherwise", trade_number=payment.number, outcome=outcome.value)
        if outcome is not PaymentOutcome.REPEATED:
            self._in_background(self._settlement.settle_all(payment))
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

    async def _record(self, notice: Notice) -> tuple[Payment, PaymentOutcome]:
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

    def _in_background(self, work: Coroutine[Any, Any, Payment]) -> None:
        async def outside_the_turn() -> None:
            with turn(None):
                try:
                    await work
                except Exception:
                    log.exception("background_settlement_failed")

        task = asyncio.create_task(outside_the_turn())
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _order_of(payment: Payment, order: Order) -> Order:
    """The same order as a payment has it; as it was, where its row could not be read with the others."""
    return next((one for one in payment.orders if one.id == order.id), order)


def _checked(amount: Decimal) -> Decimal:
    if not isinstance(amount, Decimal) or not amount.is_finite() or amount <= 0:
        raise ValueError("an amount is a Decimal above zero")
    if amount != amount.quantize(CENT):
        raise ValueError("an amount has two places")
    return amount.quantize(CENT)
