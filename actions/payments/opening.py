"""Opens a payment, or finds the one that is open: one live order a bill, whoever asks, and in whatever company."""

from __future__ import annotations

import asyncio
import secrets
import string

from actions.city.errors import Unavailable
from actions.ledger import Ledger, LiveOrderExists, NewPayment, Order, OrderState, Payment
from actions.payments.settlement import Settlement
from actions.payments.trades import Trades

ROUNDS = 4
_OPEN = (OrderState.CREATED, OrderState.AWAITING_PAYMENT)


class Taken(Exception):
    """Some of the bills have live orders in other payments; nothing was opened.

    Attributes:
        orders: these. Paid, or further; or unpaid, in a payment that somebody else has opened.
    """

    def __init__(self, orders: list[Order]) -> None:
        super().__init__(f"{len(orders)} of the bills are being paid otherwise")
        self.orders = orders


class Opening:
    """Opens payments.

    Args:
        ledger, trades, settlement: what the steps are made of.
    """

    def __init__(self, ledger: Ledger, trades: Trades, settlement: Settlement) -> None:
        self._ledger = ledger
        self._trades = trades
        self._settlement = settlement

    async def open(self, new: NewPayment) -> Payment:
        """The live payment of exactly these bills, or a new one with a cashier link that works.

        An unpaid payment of them whose link has expired, or of other amounts, is closed at the provider first and then
        here, and a new one takes its place. So is an unpaid one of some of them that the same conversation has opened:
        what was said yes to last stands. What the provider says was paid is moved on instead.

        Raises:
            Taken: some of the bills are being paid otherwise.
            CityError: the provider cannot be reached, or does not open the trade; nothing has been paid.
        """
        for _ in range(ROUNDS):
            payment = await self._live_or_new(new)
            if payment is not None:
                payment = await self._bring_forward(payment, new)
                if payment.is_live:
                    return payment
        raise Unavailable("order_contended", repeatable=False, counts=False)

    async def _live_or_new(self, new: NewPayment) -> Payment | None:
        number = make_number()
        numbers = [number] if len(new.orders) == 1 else [make_number() for _ in new.orders]
        try:
            return await asyncio.to_thread(self._ledger.add_payment, new, number, numbers)
        except LiveOrderExists:
            live = await asyncio.to_thread(self._ledger.live_orders, new)
        payments = [
            await asyncio.to_thread(self._ledger.payment, other)
            for other in dict.fromkeys(one.payment_number for one in live)
        ]
        if len(payments) == 1 and payments[0].amounts.keys() == new.amounts.keys():
            await asyncio.to_thread(self._ledger.note_conversation, payments[0], new.conversation_id)
            return payments[0]
        await self._clear_the_way(new, payments)
        return None

    async def _clear_the_way(self, new: NewPayment, payments: list[Payment]) -> None:
        """Close what stands in the way, where it is unpaid and the same conversation's.

        Raises:
            Taken: something else does.
        """
        taken: list[Order] = []
        for payment in payments:
            payment = await self._settlement.settle_all(await self._closed_if_ours(payment, new.conversation_id))
            taken += [order for order in payment.orders if order.is_live and order.bill in new.amounts]
        if taken:
            raise Taken(taken)

    async def _closed_if_ours(self, payment: Payment, conversation_id: str) -> Payment:
        if payment.state not in _OPEN:
            return payment
        if payment.conversation_id == conversation_id:
            return await self._trades.close(payment, "asked_for_otherwise")
        if payment.state is OrderState.AWAITING_PAYMENT and not self._trades.is_usable(payment):
            return await self._trades.close(payment, "link_expired")
        return await self._trades.ask_quietly(payment)

    async def _bring_forward(self, payment: Payment, new: NewPayment) -> Payment:
        is_same = payment.amounts == new.amounts
        if payment.state is OrderState.CREATED and is_same:
            payment = await self._trades.open(payment)
        elif payment.state in _OPEN:
            if not is_same:
                payment = await self._trades.close(payment, "amount_changed")
            elif not self._trades.is_usable(payment):
                payment = await self._trades.close(payment, "link_expired")
            else:
                # It may have been paid without a notice; where the provider cannot say, the link is still good.
                payment = await self._trades.ask_quietly(payment)
        return await self._settlement.settle_all(payment)


def make_number() -> str:
    """26 letters and no digit, so that the masking of logs leaves it whole."""
    return "T" + "".join(secrets.choice(string.ascii_uppercase) for _ in range(25))
