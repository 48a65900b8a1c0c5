"""The payment provider's operations: keys that make them repeatable, and a circuit that is not the city's."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
import respx

from actions.city import Conflict, NotFound, Party, PaymentProvider, Unavailable

TRADE = {
    "trade_number": "T1",
    "state": "awaiting",
    "amount": "45.60",
    "cashier_url": "http://pay.test/cashier/x",
    "expires_at": "2026-11-24T18:30:00+08:00",
    "provider_trade_number": None,
    "paid_at": None,
}


@pytest.fixture
def provider(party: Party) -> PaymentProvider:
    return PaymentProvider(party)


async def test_trade_unknown(api: respx.MockRouter, provider: PaymentProvider) -> None:
    api.get("/payments/trades/T1").respond(404, json={"code": "trade_not_found"})
    with pytest.raises(NotFound):
        await provider.trade("T1")


async def test_closing_a_paid_trade(api: respx.MockRouter, provider: PaymentProvider) -> None:
    api.post("/payments/trades/T1/closing").respond(409, json={"code": "trade_already_paid"})
    with pytest.raises(Conflict):
        await provider.close_trade("T1")


async def test_public_key_cannot_be_had(api: respx.MockRouter, provider: PaymentProvider) -> None:
    api.get("/payments/public-key").respond(500)
    with pytest.raises(Unavailable):
        await provider.public_key()


async def test_public_key(api: respx.MockRouter, provider: PaymentProvider) -> None:
    api.get("/payments/public-key").respond(text="-----BEGIN PUBLIC KEY-----\n")
    assert (await provider.public_key()).startswith("-----BEGIN")


async def test_writes_have_a_key_each(api: respx.MockRouter, provider: PaymentProvider) -> None:
    opening = api.post("/payments/trades").respond(json=TRADE)
    closing = api.post("/payments/trades/T1/closing").respond(json={**TRADE, "state": "closed"})
    refund = api.post("/payments/trades/T1/refunds").respond(json={"refund_number": "T1R", "state": "processing"})
    asked = {"trade_number": "T1", "subject": "水费", "payee": "水务", "notify_url": "http://us.test/payments/notice"}
    await provider.open_trade(**asked, amount=Decimal("45.6"))
    assert (await provider.close_trade("T1")).state == "closed"
    assert (await provider.refund("T1", refund_number="T1R", amount=Decimal("45.60"))).state == "processing"
    assert json.loads(opening.calls.last.request.content) == {**asked, "amount": "45.60"}
    assert json.loads(refund.calls.last.request.content) == {"refund_number": "T1R", "amount": "45.60"}
    # The provider keeps a key for ever, and the city's settlement has the bare trade number for its own.
    keys = [route.calls.last.request.headers["Idempotency-Key"] for route in (opening, closing, refund)]
    assert keys == ["open-T1", "close-T1", "refund-T1R"]
