"""From status and code to a named error; from JSON to a typed answer."""

from __future__ import annotations

from decimal import Decimal

import httpx
import pytest

from actions.city import errors
from actions.city.reading import error_of, read
from city_api.payments import Trade
from city_api.traffic import Decision
from city_api.utility_bills import Bill

BILL = {
    "bill_id": "B1",
    "period": "2026-10",
    "usage": "12.50",
    "unit": "立方米",
    "amount": "45.60",
    "status": "unpaid",
    "due_on": "2026-11-30",
}

ERRORS = [
    (400, {"code": "idempotency_key_missing"}, errors.Invalid, "idempotency_key_missing"),
    (401, {"code": "invalid_token"}, errors.Unavailable, "invalid_token"),
    (403, {}, errors.Unavailable, "unexpected_answer"),
    (403, {"code": "no_driving_licence"}, errors.Refused, "no_driving_licence"),
    (404, {"code": "service_not_connected"}, errors.NotConnected, "service_not_connected"),
    (404, {"code": "account_not_found"}, errors.NotFound, "account_not_found"),
    (404, {"detail": "Not Found"}, errors.Unavailable, "unexpected_answer"),
    (405, {}, errors.Unavailable, "unexpected_answer"),
    (409, {"code": "slot_taken"}, errors.Conflict, "slot_taken"),
    (409, None, errors.Conflict, "conflict"),
    (422, {"code": "identity_mismatch"}, errors.IdentityMismatch, "identity_mismatch"),
    (422, {"code": "invalid_id_number"}, errors.Invalid, "invalid_id_number"),
    (422, {"detail": []}, errors.Invalid, "invalid_request"),
    (429, {}, errors.Unavailable, "too_many_requests"),
    (429, {"code": "too_many_requests"}, errors.Unavailable, "too_many_requests"),
    (429, {"code": "too_many_wrong_proofs"}, errors.TooManyTries, "too_many_wrong_proofs"),
    (302, None, errors.Unavailable, "unexpected_answer"),
    (500, {"code": "internal"}, errors.Unavailable, "internal"),
    (500, ["not", "a", "body"], errors.Unavailable, "unavailable"),
    (503, {"code": "maintenance"}, errors.InMaintenance, "maintenance"),
    (503, {"code": "maintenance", "until": "soon"}, errors.InMaintenance, "maintenance"),
    (503, {"code": "maintenance", "until": "2026-11-24T18:00:00"}, errors.InMaintenance, "maintenance"),
]


@pytest.mark.parametrize(("status", "body", "kind", "code"), ERRORS)
def test_error(status: int, body: object, kind: type[errors.CityError], code: str) -> None:
    error = error_of(httpx.Response(status, json=body))
    assert (type(error), error.code) == (kind, code)
    if isinstance(error, errors.InMaintenance):
        assert error.until is None


@pytest.mark.parametrize(
    ("header", "seconds"), [("3", 3.0), (None, None), ("Wed, 21 Oct 2026 07:28:00 GMT", None), ("-1", None)]
)
def test_retry_after(header: str | None, seconds: float | None) -> None:
    error = error_of(httpx.Response(503, headers={"Retry-After": header} if header else {}))
    assert isinstance(error, errors.Unavailable)
    assert error.retry_after == seconds


@pytest.mark.parametrize(
    "change",
    [
        {"amount": "45.601"},
        {"amount": "-1.00"},
        {"amount": "NaN"},
        {"amount": "Infinity"},
        {"amount": "四十五"},
        {"amount": None},
        {"due_on": "30.11.2026"},
        {"status": "half"},
        {"bill_id": None},
    ],
)
def test_answer_of_another_shape(change: dict[str, object]) -> None:
    with pytest.raises(errors.Unavailable) as caught:
        read(httpx.Response(200, json={**BILL, **change}), Bill)
    assert caught.value.code == "unexpected_answer"
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(
    ("written", "amount"), [('"45.60"', "45.60"), ("45.6", "45.6"), ("0.1", "0.1"), ('"0.00"', "0.00")]
)
def test_amount_never_passes_through_a_float(written: str, amount: str) -> None:
    text = '{"bill_id": "B1", "period": "2026-10", "usage": "1", "unit": "立方米", "status": "unpaid", '
    response = httpx.Response(200, text=f'{text}"due_on": "2026-11-30", "amount": {written}}}')
    bill = read(response, Bill)
    assert (type(bill.amount), bill.amount) == (Decimal, Decimal(amount))


def test_what_a_newer_city_adds_does_no_harm() -> None:
    assert read(httpx.Response(200, json={**BILL, "carbon": "1 kg"}), Bill).usage == Decimal("12.50")


def test_times_keep_their_offset() -> None:
    body = {"trade_number": "T", "state": "awaiting", "amount": "1.00", "cashier_url": "http://c.test/1"}
    trade = read(httpx.Response(200, json={**body, "expires_at": "2026-11-24T18:30:00+08:00"}), Trade)
    assert trade.expires_at.isoformat() == "2026-11-24T18:30:00+08:00"


def test_an_answer_does_not_change() -> None:
    bill = read(httpx.Response(200, json=BILL), Bill)
    with pytest.raises(TypeError):
        bill.amount = Decimal(1)
    assert "total" in Decision.__fields__
