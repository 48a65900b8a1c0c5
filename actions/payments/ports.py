"""What payments need of the city and of the provider, and no more."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Protocol

from actions.city.errors import CityError
from actions.ledger import Order
from city_api.payments import Receipt, Refund, Statement, Trade


class NotTaken(CityError):
    """The city will not take this money, now or later: asking again changes nothing, and it goes back."""


class City(Protocol):
    """Where payments are settled. `actions.payments.settlers.Settlers` is one."""

    def kinds(self) -> frozenset[str]:
        """Everything that can be settled."""

    async def settle(self, order: Order) -> Receipt:
        """Tell the city that an order is paid; told twice, it gives the same receipt. Raises NotTaken, CityError."""


class Provider(Protocol):
    """Who takes the money. `actions.city.PaymentProvider` is one."""

    async def open_trade(self, trade_number: str, subject: str, payee: str, amount: Decimal, notify_url: str) -> Trade:
        """Open a trade."""

    async def trade(self, trade_number: str) -> Trade:
        """A trade as it stands."""

    async def close_trade(self, trade_number: str) -> Trade:
        """Close a trade."""

    async def refund(self, trade_number: str, refund_number: str, amount: Decimal) -> Refund:
        """Ask for money to go back."""

    async def refund_state(self, trade_number: str, refund_number: str) -> Refund:
        """A refund as it stands."""

    async def statement(self, day: dt.date) -> Statement:
        """A day's statement."""

    async def public_key(self) -> str:
        """The PEM that notices are verified with."""
