"""The provider's trades, closings and refunds."""

import pytest


def test_open_a_trade(city):
    answer = city.trade()
    trade = answer.json()
    assert answer.status_code == 200
    assert set(trade) == {"trade_number", "state", "amount", "cashier_url", "expires_at"}
    assert (trade["state"], trade["amount"], trade["expires_at"]) == ("awaiting", "52.20", "2026-11-24T10:30:00+08:00")
    assert trade["cashier_url"].startswith("http://127.0.0.1:8600/cashier/")
    assert city.get("/payments/trades/T0001").json() == trade


def test_same_number_same_trade(city):
    assert city.trade().json() == city.trade().json()
    other = city.trade(amount="52.21")
    assert (other.status_code, other.json()["code"]) == (409, "trade_number_reused")


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "0.00"}, {"amount": "5"}, {"trade_number": ""}, {"trade_number": "T 1"}, {"trade_number": "T1\n"},
        {"notify_url": "ftp://merchant.test"}, {"notify_url": ""}, {"payee": ""}, {"subject": "x" * 129},
    ],
)  # fmt: skip
def test_trades_without_form(city, change):
    assert city.trade(**change).status_code == 422


def test_no_trade(city):
    assert city.get("/payments/trades/T9").json()["code"] == "trade_not_found"
    for path in ("/payments/trades/T9/closing", "/payments/trades/T9/refunds"):
        answer = city.write(path, refund_number="F1", amount="1.00")
        assert (answer.status_code, answer.json()["code"]) == (404, "trade_not_found")


def test_a_trade_expires(city):
    trade = city.trade().json()
    city.clock.move(minutes=30)
    assert city.get("/payments/trades/T0001").json()["state"] == "closed"
    assert city.confirm(trade).status_code == 410
    assert city.get("/payments/trades/T0001").json()["state"] == "closed"


def test_close(city):
    trade = city.trade().json()
    assert city.write("/payments/trades/T0001/closing").json()["state"] == "closed"
    assert city.write("/payments/trades/T0001/closing").json()["state"] == "closed"
    assert city.confirm(trade).status_code == 410
    assert city.receiver.received == []


def test_what_is_paid_cannot_be_closed(city):
    city.confirm(city.trade().json())
    answer = city.write("/payments/trades/T0001/closing")
    assert (answer.status_code, answer.json()["code"]) == (409, "trade_already_paid")
    paid = city.get("/payments/trades/T0001").json()
    assert (paid["state"], paid["paid_at"]) == ("paid", "2026-11-24T10:00:00+08:00")
    assert len(paid["provider_trade_number"]) == 28


def test_refunds(city):
    path = "/payments/trades/T0001/refunds"
    trade = city.trade().json()
    assert city.write(path, refund_number="F1", amount="1.00").json()["code"] == "trade_not_paid"
    city.confirm(trade)
    for amount in ("52.21", "0.00"):
        answer = city.write(path, refund_number="F1", amount=amount)
        assert (answer.status_code, answer.json()["code"]) == (409, "refund_exceeds_amount")
    assert city.write(path, refund_number="F1", amount="50.00").json() == {"refund_number": "F1", "state": "processing"}
    assert city.write(path, refund_number="F1", amount="50.00").json() == {"refund_number": "F1", "state": "processing"}
    assert city.write(path, refund_number="F1", amount="1.00").json()["code"] == "refund_number_reused"
    assert city.write(path, refund_number="F2", amount="2.21").json()["code"] == "refund_exceeds_amount"
    assert city.write(path, refund_number="F2", amount="2.20").status_code == 200
    assert city.write(path, refund_number="F3", amount="0.01").json()["code"] == "refund_exceeds_amount"


def test_a_refund_is_under_way_before_it_is_done(city):
    city.confirm(city.trade().json())
    path = "/payments/trades/T0001/refunds"
    assert city.get(f"{path}/F1").json()["code"] == "refund_not_found"
    city.write(path, refund_number="F1", amount="52.20")
    assert city.get(f"{path}/F1").json() == {"refund_number": "F1", "state": "processing"}
    city.clock.move(minutes=1)
    assert city.get(f"{path}/F1").json() == {"refund_number": "F1", "state": "done"}
    assert city.get("/payments/trades/T0002/refunds/F1").json()["code"] == "refund_not_found"


@pytest.mark.parametrize("state", ["failed", "abnormal"])
def test_a_refund_that_does_not_come_about(city, state):
    city.confirm(city.trade().json())
    path = "/payments/trades/T0001/refunds"
    city.http.post("/admin/faults", json={"kind": f"refund_{state}", "times": 1}).raise_for_status()
    city.write(path, refund_number="F1", amount="52.20")
    city.clock.move(minutes=1)
    assert city.get(f"{path}/F1").json()["state"] == state
    again = city.write(path, refund_number="F2", amount="52.20")
    # What failed has not moved, so it may be asked for anew; what is abnormal is still on its way.
    assert again.status_code == (200 if state == "failed" else 409)


def test_public_key_outlives_a_reset(city):
    before = city.get("/payments/public-key")
    assert before.headers["content-type"].startswith("text/plain")
    assert before.text.startswith("-----BEGIN PUBLIC KEY-----")
    city.http.post("/admin/reset")
    assert city.get("/payments/public-key").text == before.text


def test_the_statement_of_a_day(city):
    city.confirm(city.trade().json())
    city.trade("T0002")
    city.write("/payments/trades/T0001/refunds", refund_number="F1", amount="2.20")
    path = "/payments/statements/2026-11-24"
    assert city.get(path).json()["code"] == "statement_not_ready"
    city.clock.move(hours=23)
    city.authorize()
    assert city.get(path).json()["code"] == "statement_not_ready"
    city.clock.move(hours=1)
    city.authorize()
    paid, back = city.get(path).json()["lines"]
    assert (paid["kind"], paid["trade_number"], paid["amount"]) == ("payment", "T0001", "52.20")
    assert (back["kind"], back["refund_number"], back["amount"]) == ("refund", "F1", "2.20")
    assert city.get("/payments/statements/2026-11-23").json()["lines"] == []
