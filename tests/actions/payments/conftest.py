"""Payments between a ledger of the test's own, a city and a provider in memory, under a clock the test moves."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from actions.ledger import Ledger, NewOrder, NewPayment, Order, OrderState, Payment
from actions.payments import PaymentService
from actions.settings import Settings
from tests.actions.ledger.databases import KEY, fresh_database_url, ledger
from tests.actions.payments.fakes import PAID_AT, FakeCity, FakeProvider, signed

__all__ = ["fresh_database_url", "ledger"]

BILL: dict[str, Any] = {
    "city_code": "330100",
    "kind": "utility_bill",
    "city_service": "water",
    "biller_code": "330100-water",
    "payee": "杭州市水务集团",
    "account": "3301234567",
    "bill_reference": "B3301234567202610",
    "amount": Decimal("45.60"),
    "subject": "水费 2026年10月",
    "conversation_id": "conversation-a",
}


@dataclass
class World:
    """Everybody who takes part in a payment."""

    ledger: Ledger
    city: FakeCity
    provider: FakeProvider
    payments: PaymentService
    settings: Settings
    started: dt.datetime = field(default_factory=lambda: dt.datetime.now(dt.timezone.utc))
    passed: dt.timedelta = dt.timedelta(0)

    def now(self) -> dt.datetime:
        return dt.datetime.now(dt.timezone.utc) + self.passed

    def wait(self, **duration: float) -> None:
        """Let time pass."""
        self.passed += dt.timedelta(**duration)

    async def open(self, **changes: Any) -> Order:
        return await self.payments.open_order(**{**BILL, **changes})

    async def open_all(self, *bills: str, who: str = "conversation-a", **amounts: str) -> Payment:
        """One payment of several bills of an account, B1 of 45.60 yuan and each further one of a yuan more."""
        orders = tuple(
            NewOrder(**{**BILL, "bill_reference": bill, "conversation_id": who, "amount": self.owed(bill, amounts)})
            for bill in bills
        )
        return await self.payments.open_payment(NewPayment(orders, f"水费 {len(bills)} 笔", BILL["payee"], who))

    @staticmethod
    def owed(bill: str, amounts: Mapping[str, str] | None = None) -> Decimal:
        """What a bill of `open_all` costs."""
        return Decimal((amounts or {}).get(bill) or BILL["amount"] + int(bill[1:]) - 1)

    def came_to(self, number: str) -> list[str]:
        """The states of a payment's orders."""
        return [order.state.value for order in self.ledger.payment(number).orders]

    def restart(self) -> PaymentService:
        """A new process over the same ledger, city and provider."""
        self.payments = PaymentService(self.ledger, self.city, self.provider, self.settings)
        return self.payments

    def notice(self, order: Order | Payment, **changes: Any) -> tuple[dict[str, str], bytes]:
        """The provider's notice of a paid order, or of a payment of several."""
        number, amount = (
            (order.number, order.total) if isinstance(order, Payment) else (order.trade_number, order.amount)
        )
        content = {
            "merchant_id": self.settings.merchant_id,
            "app_id": self.settings.app_id,
            "notice_id": "notice-1",
            "trade_number": number,
            "provider_trade_number": "4200000001",
            "amount": f"{amount:.2f}",
            "state": "paid",
            "paid_at": PAID_AT.isoformat(),
        }
        return signed(self.provider.key, {**content, **changes}, time.time())

    def states(self, order: Order) -> list[str]:
        """The states an order has been in."""
        return [move.target.value for move in self.ledger.transitions(order.trade_number)]

    def state(self, order: Order) -> OrderState:
        return self.ledger.order(order.trade_number).state


@pytest.fixture(scope="session")
def provider_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
async def world(ledger: Ledger, provider_key: rsa.RSAPrivateKey) -> AsyncIterator[World]:
    city, provider = FakeCity(), FakeProvider(provider_key, lambda: world.now())
    settings = Settings(database_url="", ledger_key=KEY, reconcile_seconds=30)
    world = World(ledger, city, provider, PaymentService(ledger, city, provider, settings), settings)
    ledger.now = world.now
    yield world
    await world.payments.close()
