"""Every day the provider's statement is compared with the ledger, line by line and both ways.

Nothing is settled from a statement alone: the provider is asked after the trade first. What cannot be brought together is
written down for a person.
"""

from __future__ import annotations

import asyncio
import datetime as dt

import structlog

from actions.city.errors import CityError, NotFound
from actions.ledger import Difference, Ledger, Order, OrderState, Statements, UnknownTrade
from actions.ledger.refund_numbers import is_of
from actions.payments.ports import Provider
from actions.payments.settlement import Settlement
from actions.payments.trades import Trades
from city_api.base import CHINA
from city_api.payments import StatementLine

READY_AT = dt.time(10)
"""From when yesterday's statement can be had, as WeChat Pay and Alipay have it."""
DAYS_BACK = 7
"""So long a statement that could not be had is asked for again."""
PAUSE = dt.timedelta(minutes=10)

log = structlog.stdlib.get_logger(__name__)


class Comparison:
    """Compares the statements that are due.

    Args:
        ledger, provider: what is compared with what.
        trades, settlement: what brings an order to where its trade is.
    """

    def __init__(self, ledger: Ledger, provider: Provider, trades: Trades, settlement: Settlement) -> None:
        self._ledger = ledger
        self._provider = provider
        self._trades = trades
        self._settlement = settlement
        self._statements = Statements(ledger)
        self._tried_at: dt.datetime | None = None

    async def run(self) -> int:
        """Compare every day that is due; how many could be."""
        now = self._ledger.now()
        if self._tried_at is not None and self._tried_at <= now < self._tried_at + PAUSE:
            return 0
        self._tried_at = now
        count = 0
        for day in await self._due(now.astimezone(CHINA)):
            try:
                await self.compare(day)
                count += 1
            except NotFound as error:
                log.info("statement_not_ready", day=day.isoformat(), code=error.code)
            except CityError as error:
                log.warning("statement_postponed", day=day.isoformat(), code=error.code)
        return count

    async def compare(self, day: dt.date) -> None:
        """Compare one day.

        Args:
            day: in Shanghai, past.

        Raises:
            CityError: its statement, or a trade in it, could not be had; the day stays due.
        """
        statement = await self._provider.statement(day)
        begin = dt.datetime.combine(day, dt.time(), CHINA)
        end = begin + dt.timedelta(days=1)
        for line in statement.lines:
            await self._take(day, line)
        there = {line.trade_number for line in statement.lines if line.kind == "payment"}
        for order in await asyncio.to_thread(self._statements.paid_between, begin, end):
            if order.trade_number not in there:
                await self._differs(day, Difference.PAID_ONLY_HERE, order)
        gone = {line.refund_number for line in statement.lines if line.kind == "refund"}
        for order in await asyncio.to_thread(self._statements.refunded_between, begin, end):
            if order.refund_number not in gone and not await self._is_refunded(order):
                await self._differs(day, Difference.REFUNDED_ONLY_HERE, order)
        await asyncio.to_thread(self._statements.note_compared, day, len(statement.lines))
        log.info("statement_compared", day=day.isoformat(), lines=len(statement.lines))

    async def _due(self, now: dt.datetime) -> list[dt.date]:
        last = now.date() - dt.timedelta(days=1 if now.time() >= READY_AT else 2)
        days = [last - dt.timedelta(days=back) for back in range(DAYS_BACK)]
        compared = await asyncio.to_thread(self._statements.compared, days[-1])
        return sorted(set(days) - compared)

    async def _take(self, day: dt.date, line: StatementLine) -> None:
        try:
            order = await asyncio.to_thread(self._ledger.order, line.trade_number)
        except UnknownTrade:
            await self._differs(day, Difference.UNKNOWN_TRADE, line)
            return
        if line.kind == "refund":
            if order.refund_number is None or not is_of(line.refund_number or "", order.trade_number):
                await self._differs(day, Difference.UNKNOWN_REFUND, line)
            elif order.refund_number == line.refund_number:
                order = await self._settlement.settle(order)
                if line.amount != order.refund_amount:
                    await self._differs(day, Difference.AMOUNT_DIFFERS, line)
            return
        if order.paid_at is None:
            order = await self._ask(order)
        if order.paid_at is None:
            await self._differs(day, Difference.PAID_ONLY_THERE, line)
        elif line.amount != order.refund_amount:
            await self._differs(day, Difference.AMOUNT_DIFFERS, line)

    async def _ask(self, order: Order) -> Order:
        """Bring an order that counts as unpaid to where the provider, asked, says that it is."""
        if order.state is OrderState.CLOSED:
            order = await self._trades.watch(order)
        elif order.state in (OrderState.CREATED, OrderState.AWAITING_PAYMENT):
            order = await self._trades.ask(order)
        return await self._settlement.settle(order)

    async def _is_refunded(self, order: Order) -> bool:
        """Whether the provider calls a refund done: it may stand in the statement of another day than ours."""
        try:
            refund = await self._provider.refund_state(order.trade_number, order.refund_number or "")
        except NotFound:
            return False
        return refund.state == "done"

    async def _differs(self, day: dt.date, kind: Difference, what: StatementLine | Order) -> None:
        """Write a difference down: of a line that only the provider has so, or of an order that only we have so."""
        log.error("statement_differs", day=day.isoformat(), trade_number=what.trade_number, kind=kind.value)
        amount = what.refund_amount if isinstance(what, Order) else what.amount
        numbers = (what.trade_number[:64], (what.refund_number or "")[:64])
        await asyncio.to_thread(self._statements.add, day, kind, *numbers, amount)
