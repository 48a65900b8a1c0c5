"""Writes that happen at most once per key."""

import threading

import pytest


@pytest.fixture
def bill(city):
    return city.bills()["bills"][0]


def path_of(bill):
    return f"/cities/330100/utilities/bills/{bill['bill_id']}/payments"


WRITES = [
    ("/cities/330100/utilities/bills/B1/payments", {"trade_number": "T1", "amount": "1.00"}),
    ("/cities/330100/traffic/violations/V1/confirmation", {"name": "王明", "id_number": "1"}),
    ("/cities/330100/traffic/decisions/1/payments", {"trade_number": "T1", "amount": "1.00"}),
    ("/cities/330100/hospitals/appointments", {"slot_id": "S1", "patient": {"name": "王明", "id_number": "1"}}),
    ("/cities/330100/hospitals/appointments/H1/cancellation", {"id_number": "1"}),
    ("/payments/trades/T1/closing", {}),
    ("/payments/trades/T1/refunds", {"refund_number": "F1", "amount": "1.00"}),
]


@pytest.mark.parametrize(("path", "body"), WRITES)
@pytest.mark.parametrize("key", [None, "", "  ", "k" * 256])
def test_no_write_without_a_key(city, path, body, key):
    answer = city.http.post(path, json=body, headers={} if key is None else {"Idempotency-Key": key})
    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")


def test_same_key_and_body_give_the_same_answer(city, bill):
    first = city.write(path_of(bill), key="k", trade_number="T1", amount=bill["amount"])
    city.clock.move(minutes=5)
    second = city.write(path_of(bill), key="k", trade_number="T1", amount=bill["amount"])
    assert (first.status_code, second.status_code) == (200, 200)
    assert first.content == second.content


@pytest.mark.parametrize("change", [{"amount": "1.00"}, {"trade_number": "T2"}])
def test_same_key_and_other_body(city, bill, change):
    body = {"trade_number": "T1", "amount": bill["amount"]}
    city.write(path_of(bill), key="k", **body)
    answer = city.write(path_of(bill), key="k", **{**body, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_same_key_on_another_path(city):
    one, two = city.bills("two_unpaid")["bills"]
    city.write(path_of(one), key="k", trade_number="T1", amount=one["amount"])
    answer = city.write(path_of(two), key="k", trade_number="T1", amount=one["amount"])
    assert answer.json()["code"] == "idempotency_key_reused"


def test_a_refusal_is_remembered(city, bill):
    body = {"trade_number": "T1", "amount": "0.01"}
    first = city.write(path_of(bill), key="k", **body)
    city.write(path_of(bill), trade_number="T1", amount=bill["amount"])
    second = city.write(path_of(bill), key="k", **body)
    assert first.json()["code"] == second.json()["code"] == "amount_mismatch"
    assert first.content == second.content


def test_a_malformed_request_uses_no_key_up(city, bill):
    assert city.write(path_of(bill), key="k", trade_number="T1").status_code == 422
    assert city.write(path_of(bill), key="k", trade_number="T1", amount=bill["amount"]).status_code == 200


def test_the_answer_outlives_a_restart(start):
    with start() as city:
        bill = city.bills()["bills"][0]
        first = city.write(path_of(bill), key="k", trade_number="T1", amount=bill["amount"])
    with start() as city:
        second = city.write(path_of(bill), key="k", trade_number="T1", amount=bill["amount"])
    assert first.content == second.content


def test_eight_at_once_under_one_key_get_one_answer(city, bill):
    together, answers = threading.Barrier(8), []

    def pay():
        together.wait()
        answers.append(city.write(path_of(bill), key="k", trade_number="T1", amount=bill["amount"]))

    threads = [threading.Thread(target=pay) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status_code for answer in answers] == [200] * 8
    assert len({answer.content for answer in answers}) == 1
