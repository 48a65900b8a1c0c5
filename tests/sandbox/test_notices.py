"""Payment notices: signed, once, twice, never, again after a failure."""

import base64
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from starlette.testclient import TestClient

from sandbox.app import create_app
from sandbox.tables import Notice


def finished(city, count=1):
    """Wait for so many notices to be done with; their (state, attempts), in no order."""
    give_up = time.monotonic() + 20
    while time.monotonic() < give_up:
        with city.database.read() as session:
            notices = [(one.state, one.attempts) for one in session.query(Notice).all() if one.state != "pending"]
        if len(notices) == count:
            return sorted(notices)
        time.sleep(0.01)
    raise AssertionError("notices still under way")


def check(city, body, headers):
    key = serialization.load_pem_public_key(city.get("/payments/public-key").content)
    message = f"{headers['Payment-Timestamp']}\n{headers['Payment-Nonce']}\n".encode() + body + b"\n"
    key.verify(base64.b64decode(headers["Payment-Signature"]), message, padding.PKCS1v15(), hashes.SHA256())


def pay(city, number="T0001", **changes):
    return city.confirm(city.trade(number, **changes).json())


def test_a_signed_notice(city):
    pay(city)
    assert finished(city) == [("delivered", 1)]
    ((url, body, headers),) = city.receiver.received
    trade = city.get("/payments/trades/T0001").json()
    content = json.loads(body)
    assert url == "http://merchant.test/payments/notice"
    assert len(content.pop("notice_id")) == 36
    assert content == {
        "merchant_id": "sandbox-merchant",
        "app_id": "sandbox-app",
        "trade_number": "T0001",
        "provider_trade_number": trade["provider_trade_number"],
        "amount": "52.20",
        "state": "paid",
        "paid_at": "2026-11-24T10:00:00+08:00",
    }
    assert headers["Payment-Timestamp"] == str(int(city.clock().timestamp()))
    assert headers["Content-Type"] == "application/json"
    check(city, body, headers)


@pytest.mark.parametrize("part", ["body", "Payment-Timestamp", "Payment-Nonce"])
def test_a_changed_notice_does_not_verify(city, part):
    pay(city)
    finished(city)
    ((_, body, headers),) = city.receiver.received
    if part == "body":
        body = body.replace(b"52.20", b"52.21")
    else:
        headers = {**headers, part: headers[part] + "1"}
    with pytest.raises(InvalidSignature):
        check(city, body, headers)


@pytest.mark.parametrize("failure", [500, 404, 302, 204, httpx.ConnectError("refused"), httpx.ReadTimeout("slow")])
def test_again_until_accepted(city, failure):
    city.receiver.statuses = [failure, failure]
    pay(city)
    assert finished(city) == [("delivered", 3)]
    assert len({body for _, body, _ in city.receiver.received}) == 1
    assert len({headers["Payment-Nonce"] for _, _, headers in city.receiver.received}) == 3
    for _, body, headers in city.receiver.received:
        check(city, body, headers)


def test_five_more_attempts_and_no_more(city):
    city.receiver.statuses = [500] * 20
    pay(city)
    assert finished(city) == [("given_up", 6)]
    assert len(city.receiver.received) == 6
    assert city.get("/payments/trades/T0001").json()["state"] == "paid"


def test_twice(city):
    city.http.post("/admin/faults", json={"kind": "notice_twice", "times": 1})
    pay(city)
    assert finished(city) == [("delivered", 2)]
    (_, first, one), (_, second, two) = city.receiver.received
    assert first == second
    assert one["Payment-Nonce"] != two["Payment-Nonce"]
    pay(city, "T0002")
    assert finished(city, 2) == [("delivered", 1), ("delivered", 2)]


def test_never(city):
    city.http.post("/admin/faults", json={"kind": "notice_never", "times": 1})
    pay(city)
    assert finished(city) == [("given_up", 0)]
    assert city.receiver.received == []
    assert city.get("/payments/trades/T0001").json()["state"] == "paid"
    pay(city, "T0002")
    assert finished(city, 2) == [("delivered", 1), ("given_up", 0)]


def test_pressed_twice_noticed_once(city):
    trade = city.trade().json()
    city.confirm(trade)
    city.confirm(trade)
    assert finished(city) == [("delivered", 1)]


def test_a_restart_takes_up_what_was_on_its_way(start, receiver):
    with start(notice_waits_seconds=(3600.0,)) as city:
        receiver.statuses = [500]
        pay(city)
        give_up = time.monotonic() + 20
        while not receiver.received and time.monotonic() < give_up:
            time.sleep(0.01)
    with start() as city:
        assert finished(city) == [("delivered", 2)]


def test_over_real_http(settings, clock):
    """The sender of its own, to a small server that fails once."""
    received = []

    class Merchant(BaseHTTPRequestHandler):
        def do_POST(self):
            received.append((self.rfile.read(int(self.headers["Content-Length"])), dict(self.headers)))
            self.send_response(500 if len(received) == 1 else 200)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Merchant)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        with TestClient(create_app(settings, clock=clock), client=("127.0.0.1", 50000)) as client:
            # The fixture's caller is made with a sender of its own; this one uses what production uses.
            form = {"grant_type": "client_credentials", "client_id": "bianmin", "client_secret": settings.client_secret}
            token = client.post("/oauth/token", data=form).json()["access_token"]
            body = {
                "trade_number": "T1", "subject": "电费", "payee": "国网杭州供电公司", "amount": "10.00",
                "notify_url": f"http://127.0.0.1:{server.server_port}/payments/notice",
            }  # fmt: skip
            headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "k"}
            url = client.post("/payments/trades", json=body, headers=headers).json()["cashier_url"]
            client.post(url.removeprefix(settings.cashier_base) + "/confirmation")
            give_up = time.monotonic() + 20
            while len(received) < 2 and time.monotonic() < give_up:
                time.sleep(0.01)
    finally:
        server.shutdown()
        server.server_close()
    assert len(received) == 2
    assert received[0][0] == received[1][0]
    assert {"Payment-Timestamp", "Payment-Nonce", "Payment-Signature"} <= set(received[1][1])
