"""Bus cards: what is left on one, and putting money on it."""

from __future__ import annotations

import re
from contextlib import suppress
from decimal import Decimal
from typing import Any
from uuid import uuid4

from actions import context
from actions.city import CityConnection, CityError, NotFound, payment
from actions.conversation.checkout import report
from actions.conversation.speech import yuan
from actions.conversation.task import Task
from actions.conversation.turn import Turn, payload
from actions.ledger import Order
from actions.payments import settles
from city_api.bus_card import BusCard
from city_api.payments import Receipt

LEAST, MOST = Decimal(10), Decimal(500)
UNPAID = ("created", "awaiting_payment")
_BARE = re.compile(
    r"(?:那就|那|就|先|充|要|来)?(?:(\d{1,5}(?:\.\d{1,2})?)|([一二两三四五六七八九])([十百]))(?:块|元)?钱?[吧的]?[。.!！]?"
)


class BusCardTask(Task):
    """What looking up and topping up share: the card."""

    async def card(self, turn: Turn) -> BusCard | None:
        """The card; None where its number must be told first, or is not known to the city, which is said."""
        number = turn.slot("card_number")
        if number is None:
            return None
        try:
            return await self.city(turn).get("bus_card", "bus-card", "cards", number, answer=BusCard)
        except NotFound:
            turn.say("utter_bus_card_not_found", asked=number)
            turn.forget("card_number")
            return None


class QueryBusCard(BusCardTask, intent="query_bus_card"):
    """What is left on a card."""

    async def advance(self, turn: Turn) -> None:
        """Once the card is known, say what is left, and offer to top it up."""
        card = await self.card(turn)
        if card is None:
            return
        again = payload("top_up_bus_card", card_number=card.card_number)
        turn.offer("utter_bus_card_balance", [("充值", again)], asked=card.card_number, balance=yuan(card.balance))
        self.finish(turn)


class TopUpBusCard(BusCardTask, intent="top_up_bus_card"):
    """Put money on a card: card, amount, then a yes to the sentence with payee, card and amount."""

    def answered(self, turn: Turn, found: dict[str, Any]) -> dict[str, Any]:
        """Where the sum was just asked for, a bare number is one: 50, 五十, 充一百吧."""
        said = _BARE.fullmatch("".join(turn.text.split())) if turn.requested == "amount" else None
        if said is None or "amount" in found:
            return super().answered(turn, found)
        digits, count, unit = said.groups()
        value = Decimal(digits or "零一二三四五六七八九".index(count.replace("两", "二")) * {"十": 10, "百": 100}[unit])
        return {"amount": yuan(value)}

    async def advance(self, turn: Turn) -> None:
        """Find the card, then see that the sum can be put on it; both make the quote."""
        basis = [turn.city_code, turn.slot("card_number"), turn.slot("amount")]
        if (turn.slot("quote") or {}).get("basis") == basis:
            return
        turn.forget(*self.yes_no, "quote")
        self.check_amount(turn)
        card = await self.card(turn)
        if card is None or turn.slot("amount") is None:
            return
        quote = {
            "basis": basis,
            "biller_code": card.biller_code,
            "payee": card.payee,
            "account": card.card_number,
            "bill_reference": await self.reference(turn, card.card_number),
            "amount": turn.slot("amount"),
            "subject": "公交卡充值",
        }
        turn.set("quote", quote)

    @staticmethod
    def check_amount(turn: Turn) -> None:
        """Forget a sum that cannot be put on a card, and say so."""
        said = turn.slot("amount")
        if said is not None and not (LEAST <= Decimal(said) <= MOST and Decimal(said) % 1 == 0):
            turn.say("utter_top_up_not_possible", said=said)
            turn.forget("amount")

    async def reference(self, turn: Turn, card_number: str) -> str:
        """What tells this top-up from the next one, as a bill's id does.

        While a link for the card is out and unpaid, asking again means the same top-up, whatever the sum is now: its reference
        stays, so that there is one live order. Once it is paid, which is said, or closed, the next one is another.
        """
        payments = context.current().payments
        for order in await payments.open_orders(turn.conversation_id):
            if (order.kind, order.city_code, order.account) == (self.manifest.pays, turn.city_code, card_number):
                # Where nobody can say whether it was paid, it is taken for unpaid: that never charges twice.
                with suppress(CityError):
                    order = await payments.check(order.trade_number)
                if order.state in UNPAID:
                    return order.bill_reference
                if order.state != "closed":
                    report(turn, order)
        return str(uuid4())


@settles("bus_card_top_up", refused=("card_not_found", "amount_not_possible", "trade_already_used"))
async def settle_top_up(city: CityConnection, order: Order) -> Receipt:
    """Have the money put on the card: once a trade, however often it is told."""
    return await city.write(
        "top_up_bus_card",
        *("bus-card", "cards", order.account, "top-ups"),
        answer=Receipt,
        idempotency_key=order.trade_number,
        **payment(order.trade_number, order.amount),
    )
