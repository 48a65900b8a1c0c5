"""What payments need of the city and of the provider, and no more."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from city_api.payments import Receipt, Refund, Trade


class City(Protocol):
    """Where payments are settled. `actions.city.CityClient` is one."""

    async def pay_bill(
        self, city: str, bill_id: str, trade_number: str, amount: Decimal, idempotency_key: str
    ) -> Receipt:
        """Settle a bill."""

    async def pay_decision(
        self, city: str, decision_number: str, trade_number: str, amount: Decimal, idempotency_key: str
    ) -> Receipt:
        """Settle a fine."""


class Provider(Protocol):
    """Who takes the money. `actions.city.PaymentProvider` is one."""

    async def open_trade(self, trade_number: str, subject: str, payee: str, amount: Decimal, notify_url: str) -> Trade:
        """Open a trade."""

    async def trade(self, trade_number: str) -> Trade:
        """A trade as it stands."""

    async def close_trade(self, trade_number: str) -> Trade:
        """Close a trade."""

    async def refund(self, trade_number: str, refund_number: str, amount: Decimal) -> Refund:
        """Give money back."""

    async def public_key(self) -> str:
        """The PEM that notices are verified with."""
