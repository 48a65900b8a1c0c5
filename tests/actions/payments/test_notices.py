"""Notices: forged, stale, of another amount, of nobody's trade, twice, late; and one as it should be."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from actions.city.errors import Unavailable
from actions.ledger import OrderState, PaymentOutcome
from actions.payments import NoticeRefused
from tests.actions.payments.conftest import World
from tests.actions.payments.fakes import signed


async def _refused(world: World, headers: dict[str, str], body: bytes) -> str:
    with pytest.raises(NoticeRefused) as caught:
        await world.payments.receive_notice(headers, body)
    assert 400 <= caught.value.status < 500
    return caught.value.code


async def test_signed_by_another_key(world: World) -> None:
    order = await world.open()
    _, body = world.notice(order)
    forger = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    headers, _ = signed(forger, body, time.time())
    assert await _refused(world, headers, body) == "signature_invalid"
    assert world.state(order) is OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Payment-Signature": ""}, "signature_missing"),
        ({"Payment-Signature": "不是"}, "signature_invalid"),
        ({"Payment-Signature": base64.b64encode(b"x" * 256).decode()}, "signature_invalid"),
        ({"Payment-Nonce": "another"}, "signature_invalid"),
        ({"Payment-Nonce": ""}, "signature_missing"),
        ({"Payment-Timestamp": ""}, "signature_missing"),
        ({"Payment-Timestamp": "now"}, "timestamp_stale"),
        ({"Payment-Timestamp": "٣"}, "timestamp_stale"),
        ({"Payment-Timestamp": "9" * 13}, "timestamp_stale"),
        ({"Payment-Timestamp": "9" * 400}, "timestamp_stale"),
        ({"Payment-Timestamp": "9" * 5000}, "header_too_long"),
        ({"Payment-Signature": "A" * 5000}, "header_too_long"),
    ],
)
async def test_altered_headers(world: World, change: dict[str, str], code: str) -> None:
    order = await world.open()
    headers, body = world.notice(order)
    assert await _refused(world, {**headers, **change}, body) == code
    assert world.state(order) is OrderState.AWAITING_PAYMENT


async def test_altered_timestamp(world: World) -> None:
    order = await world.open()
    headers, body = world.notice(order)
    later = str(int(headers["Payment-Timestamp"]) + 5)
    assert await _refused(world, {**headers, "Payment-Timestamp": later}, body) == "signature_invalid"


async def test_altered_body(world: World) -> None:
    order = await world.open()
    headers, body = world.notice(order)
    assert await _refused(world, headers, body.replace(b"45.60", b"45.61")) == "signature_invalid"
    assert await _refused(world, headers, body + b" ") == "signature_invalid"


@pytest.mark.parametrize("age", [-310, 310, 86400])
async def test_stale(world: World, age: float) -> None:
    order = await world.open()
    _, body = world.notice(order)
    headers, _ = signed(world.provider.key, body, time.time() - age)
    assert await _refused(world, headers, body) == "timestamp_stale"
    assert world.state(order) is OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize("age", [-280, 280])
async def test_not_yet_stale(world: World, age: float) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    _, body = world.notice(order)
    headers, _ = signed(world.provider.key, body, time.time() - age)
    assert await world.payments.receive_notice(headers, body) is PaymentOutcome.MOVED


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount": "45.61"}, "amount_mismatch"),
        ({"amount": "0.01"}, "amount_mismatch"),
        ({"trade_number": "TX"}, "unknown_trade"),
        ({}, "trade_not_paid"),
        ({"merchant_id": "another"}, "not_our_merchant"),
        ({"app_id": "another"}, "not_our_merchant"),
        ({"amount": "-45.60"}, "body_invalid"),
        ({"amount": None}, "body_invalid"),
        ({"state": "closed"}, "body_invalid"),
        ({"paid_at": "2026-11-24T10:00:00"}, "body_invalid"),
        ({"notice_id": "n" * 129}, "body_invalid"),
        ({"provider_trade_number": "4" * 65}, "body_invalid"),
    ],
)
async def test_signed_but_not_ours_to_take(world: World, change: dict[str, Any], code: str) -> None:
    order = await world.open()
    assert await _refused(world, *world.notice(order, **change)) == code
    assert world.state(order) is OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff", b'{"notice_id": "n"}'])
async def test_signed_but_no_notice(world: World, body: bytes) -> None:
    assert await _refused(world, *signed(world.provider.key, body, time.time())) == "body_invalid"


async def test_too_large(world: World) -> None:
    body = json.dumps({"padding": "x" * 20000}).encode()
    assert await _refused(world, *signed(world.provider.key, body, time.time())) == "body_too_large"


async def test_the_key_cannot_be_had(world: World) -> None:
    order = await world.open()
    world.provider.errors["public_key"] = Unavailable("timeout")
    with pytest.raises(Unavailable):
        await world.payments.receive_notice(*world.notice(order))
    assert world.state(order) is OrderState.AWAITING_PAYMENT


async def test_the_provider_changes_its_key(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    await world.payments.receive_notice(*world.notice(order))
    other = await world.open(bill_reference="B2")
    world.provider.pay(other.trade_number)
    world.provider.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    notice = world.notice(other, notice_id="notice-2")
    assert await _refused(world, *notice) == "signature_invalid"
    # A forger's tries must not each fetch the key, so it is looked for once a minute.
    assert world.provider.calls.count("public_key") == 1
    started = time.time()
    monkeypatch.setattr(world.payments._verifier, "_clock", lambda: started + 61)
    assert await world.payments.receive_notice(*notice) is PaymentOutcome.MOVED


async def test_one_as_it_should_be(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    headers, body = world.notice(order)
    lower = {name.lower(): value for name, value in headers.items()}
    assert await world.payments.receive_notice(lower, body) is PaymentOutcome.MOVED
    await world.payments.drain()
    settled = world.ledger.order(order.trade_number)
    assert (settled.state, settled.provider_trade_number) == (OrderState.SETTLED, "4200000001")
    assert list(world.city.settled) == [order.bill_reference]


async def test_acknowledged_even_if_the_city_is_down(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    world.city.errors["pay_bill"] = Unavailable("timeout")
    assert await world.payments.receive_notice(*world.notice(order)) is PaymentOutcome.MOVED
    await world.payments.drain()
    assert world.state(order) is OrderState.PAID


@pytest.mark.parametrize("second", [{}, {"notice_id": "notice-2"}])
async def test_twice(world: World, second: dict[str, str]) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    assert await world.payments.receive_notice(*world.notice(order)) is PaymentOutcome.MOVED
    await world.payments.drain()
    assert await world.payments.receive_notice(*world.notice(order, **second)) is PaymentOutcome.REPEATED
    await world.payments.drain()
    assert world.states(order) == ["created", "awaiting_payment", "paid", "settled"]
    assert world.city.calls == ["pay_bill"]


async def test_twice_at_once(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number)
    notice = world.notice(order)
    outcomes = await asyncio.gather(*(world.payments.receive_notice(*notice) for _ in range(3)))
    await world.payments.drain()
    assert sorted(outcome.value for outcome in outcomes) == ["moved", "repeated", "repeated"]
    assert world.city.calls == ["pay_bill"]


async def test_with_the_id_of_another_trades(world: World) -> None:
    order, other = await world.open(), await world.open(bill_reference="B2")
    world.provider.pay(order.trade_number)
    world.provider.pay(other.trade_number)
    await world.payments.receive_notice(*world.notice(order))
    assert await _refused(world, *world.notice(other)) == "notice_id_reused"
    assert world.state(other) is OrderState.AWAITING_PAYMENT


async def test_before_we_know_that_the_trade_is_open(world: World) -> None:
    world.provider.errors["open_trade"] = Unavailable("timeout")
    with pytest.raises(Unavailable):
        await world.open()
    order = (await world.payments.open_orders("conversation-a"))[0]
    del world.provider.errors["open_trade"]
    await world.provider.open_trade(order.trade_number, order.subject, order.payee, order.amount, "")
    world.provider.pay(order.trade_number)
    assert await world.payments.receive_notice(*world.notice(order)) is PaymentOutcome.MOVED
    await world.payments.drain()
    assert world.states(order) == ["created", "awaiting_payment", "paid", "settled"]


async def test_for_a_closed_order_sends_the_money_back_beside_the_new_one(world: World) -> None:
    old = await world.open()
    world.wait(minutes=16)
    new = await world.open()
    world.provider.pay(old.trade_number)
    world.provider.errors["refund"] = Unavailable("timeout")
    assert await world.payments.receive_notice(*world.notice(old)) is PaymentOutcome.LATE
    await world.payments.drain()
    assert (world.state(old), world.state(new)) == (OrderState.PAID_LATE, OrderState.AWAITING_PAYMENT)
    del world.provider.errors["refund"]
    await world.payments.reconcile()
    assert (world.state(old), world.state(new)) == (OrderState.REFUNDED, OrderState.AWAITING_PAYMENT)
    assert world.provider.refunds == {f"{old.trade_number}R": old.amount}
    assert world.city.settled == {}


async def test_a_signature_alone_moves_no_money_while_the_trade_cannot_be_asked_after(world: World) -> None:
    order = await world.open()
    world.provider.errors["trade"] = Unavailable("timeout")
    with pytest.raises(Unavailable):
        await world.payments.receive_notice(*world.notice(order))
    assert world.state(order) is OrderState.AWAITING_PAYMENT


async def test_of_another_sum_that_was_really_paid(world: World) -> None:
    order = await world.open()
    world.provider.pay(order.trade_number, order.amount * 2)
    notice = world.notice(order, amount=f"{order.amount * 2:.2f}")
    assert await world.payments.receive_notice(*notice) is PaymentOutcome.MISPAID
    await world.payments.drain()
    assert world.state(order) is OrderState.REFUNDED
    assert world.provider.refunds == {f"{order.trade_number}R": order.amount * 2}
    assert world.city.settled == {}
