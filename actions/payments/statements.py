"""Every day the provider's statement is compared with the ledger, line by line and both ways.

Nothing is settled from a statement alone: the provider is asked after the trade first. What cannot be brought together is
written down for a person.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from decimal import Decimal

import structlog

from actions.city.errors import CityError, NotFound
from actions.ledger import Difference, Ledger, Order, OrderState, Payment, Statements, UnknownTrade
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
        paid = await asyncio.to_thread(self._statements.paid_between, begin, end)
        for number in dict.fromkeys(order.payment_number for order in paid):
            if number not in there:
                payment = await asyncio.to_thread(self._ledger.payment, number)
                await self._differs(day, Difference.PAID_ONLY_HERE, number, "", payment.paid_amount)
        gone = {line.refund_number for line in statement.lines if line.kind == "refund"}
        for order in await asyncio.to_thread(self._statements.refunded_between, begin, end):
            if order.refund_number not in gone and not await self._is_refunded(order):
                numbers = (order.payment_number, order.refund_number or "")
                await self._differs(day, Difference.REFUNDED_ONLY_HERE, *numbers, order.refund_amount)
        await asyncio.to_thread(self._statements.note_compared, day, len(statement.lines))
        log.info("statement_compared", day=day.isoformat(), lines=len(statement.lines))

    async def _due(self, now: dt.datetime) -> list[dt.date]:
        last = now.date() - dt.timedelta(days=1 if now.time() >= READY_AT else 2)
        days = [last - dt.timedelta(days=back) for back in range(DAYS_BACK)]
        compared = await asyncio.to_thread(self._statements.compared, days[-1])
        return sorted(set(days) - compared)

    async def _take(self, day: dt.date, line: StatementLine) -> None:
        try:
            payment = await asyncio.to_thread(self._ledger.payment, line.trade_number)
        except UnknownTrade:
            await self._line_differs(day, Difference.UNKNOWN_TRADE, line)
            return
        if line.kind == "refund":
            await self._take_refund(day, line, payment)
            return
        if payment.first.paid_at is None:
            payment = await self._ask(payment)
        if payment.first.paid_at is None:
            await self._line_differs(day, Difference.PAID_ONLY_THERE, line)
        elif line.amount != payment.paid_amount:
            await self._line_differs(day, Difference.AMOUNT_DIFFERS, line)

    async def _take_refund(self, day: dt.date, line: StatementLine, payment: Payment) -> None:
        """A refund is that of one order; of several in a payment its number tells which."""
        number = line.refund_number or ""
        order = next((one for one in payment.orders if is_of(number, one.trade_number)), None)
        if order is None or order.refund_number is None:
            await self._line_differs(day, Difference.UNKNOWN_REFUND, line)
        elif order.refund_number == number:
            order = await self._settlement.settle(order)
            if line.amount != order.refund_amount:
                await self._line_differs(day, Difference.AMOUNT_DIFFERS, line)

    async def _ask(self, payment: Payment) -> Payment:
        """Bring a payment that counts as unpaid to where the provider, asked, says that it is."""
        if payment.state is OrderState.CLOSED:
            payment = await self._trades.watch(payment)
        elif payment.state in (OrderState.CREATED, OrderState.AWAITING_PAYMENT):
            payment = await self._trades.ask(payment)
        return await self._settlement.settle_all(payment)

    async def _is_refunded(self, order: Order) -> bool:
        """Whether the provider calls a refund done: it may stand in the statement of another day than ours."""
        try:
            refund = await self._provider.refund_state(order.payment_number, order.refund_number or "")
        except NotFound:
            return False
        return refund.state == "done"

    async def _line_differs(self, day: dt.date, kind: Difference, line: StatementLine) -> None:
        await self._differs(day, kind, line.trade_number, line.refund_number or "", line.amount)

    async def _differs(self, day: dt.date, kind: Difference, number: str, refund_number: str, amount: Decimal) -> None:
        """Write a difference down, under the number the provider knows."""
        log.error("statement_differs", day=day.isoformat(), trade_number=number, kind=kind.value)
        await asyncio.to_thread(self._statements.add, day, kind, number[:64], refund_number[:64], amount)
