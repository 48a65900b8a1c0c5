"""Finds the orders left half-way, by a process that died or a notice that never came, and finishes them."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable

import structlog

from actions.city.deadline import turn
from actions.city.errors import CityError
from actions.ledger import Ledger, Order, OrderState, Payment
from actions.ledger.states import UNPAID
from actions.payments.settlement import Settlement
from actions.payments.statements import Comparison
from actions.payments.trades import Trades

AT_A_TIME = 4
CREATED_SECONDS = 15.0
"""Longer than any turn: before that, the process that created the order may still be asking for its trade."""

log = structlog.stdlib.get_logger(__name__)
Step = Callable[[Order], Awaitable[None]]


class Reconciliation:
    """Looks at unfinished orders, all steps repeatable, so that two processes may do it at once.

    Args:
        ledger, trades, settlement: what the steps are made of.
        comparison: of the provider's daily statements, after the orders.
        seconds: between two passes, and how long an order may await its payment before the provider is asked.
    """

    def __init__(
        self, ledger: Ledger, trades: Trades, settlement: Settlement, comparison: Comparison, seconds: float
    ) -> None:
        self._ledger = ledger
        self._trades = trades
        self._settlement = settlement
        self._comparison = comparison
        self._seconds = seconds

    async def run_forever(self) -> None:
        """A pass at once, and then one every so many seconds."""
        while True:
            try:
                await self.run()
            except Exception:
                log.exception("reconciliation_failed")
            await asyncio.sleep(self._seconds)

    async def run(self) -> dict[str, int]:
        """One pass.

        Returns:
            How many orders were looked at: by the state they were in, `going_back` for money on its way back, `watched`
            for closed orders whose link might still be paid.
        """
        ledger = self._ledger
        since = ledger.now() - dt.timedelta(seconds=self._seconds)
        created_since = ledger.now() - dt.timedelta(seconds=CREATED_SECONDS)
        # What is paid needs no age: nobody waits for it but the resident.
        passes: list[tuple[str, Callable[[], list[Order]], Step]] = [
            ("paid", lambda: ledger.unfinished(OrderState.PAID, None), self._settle),
            ("going_back", ledger.going_back, self._settle),
            ("awaiting_payment", lambda: ledger.unfinished(OrderState.AWAITING_PAYMENT, since), self._look_after),
            ("created", lambda: ledger.unfinished(OrderState.CREATED, created_since), self._look_after),
            ("watched", ledger.watched, self._watch),
        ]
        seen: dict[str, int] = {}
        with turn(None):
            for name, find, step in passes:
                orders = _one_of_each(await asyncio.to_thread(find))
                await self._each(orders, step)
                seen[name] = len(orders)
            await self._comparison.run()
        if any(seen.values()):
            log.info("reconciled", **seen)
        return seen

    async def _look_after(self, order: Order) -> None:
        """Ask the provider after an unpaid payment: paid, it is settled; closed there, closed; expired, closed."""
        payment = await self._read(order)
        if payment.state in (OrderState.CREATED, OrderState.AWAITING_PAYMENT):
            payment = await self._trades.ask(payment)
        expires_at = payment.first.expires_at
        if payment.state is OrderState.AWAITING_PAYMENT and expires_at and expires_at <= self._ledger.now():
            payment = await self._trades.close(payment, "link_expired")
        await self._settlement.settle_all(payment)

    async def _watch(self, order: Order) -> None:
        """Ask after a closed payment: made all the same, its money goes back."""
        payment = await self._read(order)
        if payment.state is OrderState.CLOSED:
            payment = await self._trades.watch(payment)
        await self._settlement.settle_all(payment)

    async def _settle(self, order: Order) -> None:
        await self._settlement.settle(order)

    async def _read(self, order: Order) -> Payment:
        return await asyncio.to_thread(self._ledger.payment, order.payment_number)

    async def _each(self, orders: list[Order], step: Step) -> None:
        gate = asyncio.Semaphore(AT_A_TIME)

        async def one(order: Order) -> None:
            async with gate:
                try:
                    await step(order)
                except CityError as error:
                    log.warning("reconciliation_postponed", trade_number=order.trade_number, code=error.code)
                    await asyncio.to_thread(self._ledger.note_trouble, order, error.code)
                except Exception:
                    log.exception("reconciliation_of_order_failed", trade_number=order.trade_number)
                    await asyncio.to_thread(self._ledger.note_trouble, order, "mistake_of_ours")
                await asyncio.to_thread(self._ledger.note_check, order)

        await asyncio.gather(*(one(order) for order in orders))


def _one_of_each(orders: list[Order]) -> list[Order]:
    """One order of each payment that is still unpaid, for it stands for the others; and every other order."""
    return list({(one.payment_number if one.state in UNPAID else one.trade_number): one for one in orders}.values())
