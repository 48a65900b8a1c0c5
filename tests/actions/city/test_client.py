"""Every operation: what is sent, and the type of what comes back."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import Any

import pytest
import respx

from actions.city import CityClient, IdentityMismatch, Invalid, NotFound
from city_api.credit import CreditScore
from city_api.hospital import Appointment
from city_api.payments import Receipt
from city_api.traffic import Decision, Violations
from city_api.utility_bills import Bills

CITY = "330100"
ID_NUMBER = "110101199003077475"
RECEIPT = {"receipt_number": "R20261101000001", "paid_at": "2026-11-01T09:00:00+08:00"}
BILLS = {
    "biller": {"code": "330100-water", "name": "杭州市水务集团"},
    "account": {"account_number": "3301234567", "holder_name_masked": "张*", "address_masked": "文一路***"},
    "bills": [
        {
            "bill_id": "B1",
            "period": "2026-10",
            "usage": "12.50",
            "unit": "立方米",
            "amount": "45.60",
            "status": "paid",
            "due_on": "2026-11-30",
            **RECEIPT,
        }
    ],
}
VIOLATIONS = {
    "plate_number": "浙A12345",
    "vehicle_kind": "小型汽车",
    "driver": {"points_left": 9, "points_total": 12, "cycle_ends_on": "2027-06-24"},
    "violations": [
        {
            "violation_id": "V1",
            "occurred_at": "2026-11-01T09:00:00+08:00",
            "place": "文一路",
            "behaviour": "闯红灯",
            "behaviour_code": "1625",
            "fine": "200.00",
            "points": 6,
            "camera": True,
            "status": "unconfirmed",
            "decision_number": None,
        }
    ],
}
DECISION = {
    "decision_number": "330100443641619",
    "plate_number_masked": "浙A1***5",
    "occurred_at": "2026-11-01T09:00:00+08:00",
    "place": "文一路",
    "behaviour": "闯红灯",
    "fine": "200.00",
    "late_fee": "6.00",
    "total": "206.00",
    "points": 6,
    "status": "unpaid",
    "payee": "杭州市公安局",
}
SLOT = {
    "slot_id": "S1",
    "hospital": "市第一人民医院",
    "department": "口腔科",
    "doctor": "王医生",
    "title": "主任医师",
    "date": "2026-11-25",
    "period": "afternoon",
    "starts_at": "2026-11-25T14:00:00+08:00",
    "fee": "25.00",
    "remaining": 3,
}
APPOINTMENT = {
    **SLOT,
    "appointment_number": "H4363349835",
    "patient_name_masked": "张*",
    "status": "booked",
    "cancel_before": "2026-11-24T23:59:59+08:00",
}
SCORE = {
    "score": 553,
    "grade": "C",
    "grade_name": "信用中等",
    "as_of": "2026-11-01",
    "factors": [{"name": "志愿服务", "effect": -12, "reason": "少"}],
}
HOSPITALS = {
    "hospitals": [{"code": "h1", "name": "市一院", "level": "三甲", "address": "路1号", "departments": ["口腔科"]}]
}
BILLS_PATH = f"/cities/{CITY}/utilities/water/accounts/3301234567/bills"
BOOKINGS_PATH = f"/cities/{CITY}/hospitals/appointments"
PERSON = {"name": "张三", "id_number": ID_NUMBER}

Call = Callable[[CityClient], Awaitable[Any]]

READS: list[tuple[Call, str, dict[str, str], dict[str, Any], type]] = [
    (lambda c: c.bills(CITY, "water", "3301234567"), BILLS_PATH, {"status": "unpaid"}, BILLS, Bills),
    (lambda c: c.bills(CITY, "water", "3301234567", "all"), BILLS_PATH, {"status": "all"}, BILLS, Bills),
    (
        lambda c: c.violations(CITY, plate_number="浙A12345"),
        f"/cities/{CITY}/traffic/vehicles/%E6%B5%99A12345/violations",
        {"status": "open"},
        VIOLATIONS,
        Violations,
    ),
    (lambda c: c.decision(CITY, "330100"), f"/cities/{CITY}/traffic/decisions/330100", {}, DECISION, Decision),
    (lambda c: c.hospitals(CITY), f"/cities/{CITY}/hospitals", {}, HOSPITALS, list),
    (
        lambda c: c.slots(CITY, department="口腔科"),
        f"/cities/{CITY}/hospitals/slots",
        {"department": "口腔科"},
        {"slots": [SLOT]},
        list,
    ),
    (
        lambda c: c.slots(CITY, "口腔科", hospital="市一院", date=dt.date(2026, 11, 25), period="afternoon"),
        f"/cities/{CITY}/hospitals/slots",
        {"department": "口腔科", "hospital": "市一院", "date": "2026-11-25", "period": "afternoon"},
        {"slots": []},
        list,
    ),
]


@pytest.mark.parametrize(("call", "path", "params", "answer", "kind"), READS)
async def test_read(
    api: respx.MockRouter,
    client: CityClient,
    call: Call,
    path: str,
    params: dict[str, str],
    answer: dict[str, Any],
    kind: type,
) -> None:
    route = api.get(path__startswith="/cities").respond(json=answer)
    assert isinstance(await call(client), kind)
    request = route.calls.last.request
    assert request.url.raw_path.decode().partition("?")[0] == path
    assert dict(request.url.params) == params
    assert "Idempotency-Key" not in request.headers


WRITES: list[tuple[Call, str, dict[str, Any], dict[str, Any], type]] = [
    (
        lambda c: c.pay_bill(CITY, "B1", trade_number="T1", amount=Decimal("45.6"), idempotency_key="k"),
        f"/cities/{CITY}/utilities/bills/B1/payments",
        {"trade_number": "T1", "amount": "45.60"},
        RECEIPT,
        Receipt,
    ),
    (
        lambda c: c.pay_decision(CITY, "33", trade_number="T1", amount=Decimal(206), idempotency_key="k"),
        f"/cities/{CITY}/traffic/decisions/33/payments",
        {"trade_number": "T1", "amount": "206.00"},
        RECEIPT,
        Receipt,
    ),
    (
        lambda c: c.confirm_violation(CITY, "V1", idempotency_key="k"),
        f"/cities/{CITY}/traffic/violations/V1/confirmation",
        {},
        DECISION,
        Decision,
    ),
    (
        lambda c: c.book(CITY, "S1", **PERSON, phone="13800138000", idempotency_key="k"),
        BOOKINGS_PATH,
        {"slot_id": "S1", "patient": {**PERSON, "phone": "13800138000"}},
        APPOINTMENT,
        Appointment,
    ),
    (
        lambda c: c.book(CITY, "S1", **PERSON, phone=None, idempotency_key="k"),
        BOOKINGS_PATH,
        {"slot_id": "S1", "patient": PERSON},
        APPOINTMENT,
        Appointment,
    ),
    (
        lambda c: c.cancel_appointment(CITY, "H1", id_number=ID_NUMBER, idempotency_key="k"),
        f"{BOOKINGS_PATH}/H1/cancellation",
        {"id_number": ID_NUMBER},
        APPOINTMENT,
        Appointment,
    ),
]


@pytest.mark.parametrize(("call", "path", "body", "answer", "kind"), WRITES)
async def test_write(
    api: respx.MockRouter,
    client: CityClient,
    call: Call,
    path: str,
    body: dict[str, Any],
    answer: dict[str, Any],
    kind: type,
) -> None:
    route = api.post(path).respond(json=answer)
    assert isinstance(await call(client), kind)
    request = route.calls.last.request
    assert json.loads(request.content) == body
    assert request.headers["Idempotency-Key"] == "k"


SEARCHES: list[tuple[Call, str, dict[str, Any], type]] = [
    (lambda c: c.appointments(CITY, **PERSON), f"{BOOKINGS_PATH}/search", {"appointments": [APPOINTMENT]}, list),
    (lambda c: c.credit_score(CITY, **PERSON), f"/cities/{CITY}/credit/score", SCORE, CreditScore),
    (lambda c: c.verify_identity(CITY, **PERSON), f"/cities/{CITY}/identity/verification", {"matched": False}, bool),
]


@pytest.mark.parametrize(("call", "path", "answer", "kind"), SEARCHES)
async def test_search_keeps_the_person_out_of_the_url(
    api: respx.MockRouter, client: CityClient, call: Call, path: str, answer: dict[str, Any], kind: type
) -> None:
    route = api.post(path).respond(json=answer)
    assert isinstance(await call(client), kind)
    request = route.calls.last.request
    assert (request.url.query, json.loads(request.content)) == (b"", PERSON)
    assert "Idempotency-Key" not in request.headers


@pytest.mark.parametrize("number", ["../admin/reset", "a/b", "?x=1", "#", "%2e%2e", "..\\..", "\u4e00 \u4e00"])
async def test_what_a_resident_says_cannot_leave_its_place_in_the_path(
    api: respx.MockRouter, client: CityClient, number: str
) -> None:
    route = api.get(path__startswith="/cities/330100/traffic/decisions/").respond(
        404, json={"code": "decision_not_found"}
    )
    with pytest.raises(NotFound):
        await client.decision(CITY, decision_number=number)
    raw = route.calls.last.request.url.raw_path.decode()
    assert raw.startswith("/cities/330100/traffic/decisions/")
    assert raw.count("/") == 5
    assert "?" not in raw


@pytest.mark.parametrize("number", ["", ".", ".."])
async def test_nor_point_at_another_place(api: respx.MockRouter, client: CityClient, number: str) -> None:
    route = api.route(path__startswith="/cities").respond(json=DECISION)
    with pytest.raises(Invalid):
        await client.decision(CITY, decision_number=number)
    assert route.call_count == 0


async def test_identity_mismatch(api: respx.MockRouter, client: CityClient) -> None:
    api.post(f"/cities/{CITY}/credit/score").respond(422, json={"code": "identity_mismatch"})
    with pytest.raises(IdentityMismatch):
        await client.credit_score(CITY, **PERSON)
