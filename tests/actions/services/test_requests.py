"""What each handler asks the city: path, query, body and key of every operation, through the handlers' own functions."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
import respx
from rasa_sdk.executor import CollectingDispatcher

from actions.city import Cities, IdentityMismatch, NotFound
from actions.city.errors import CityError
from actions.conversation.turn import Turn
from actions.payments import Settlers
from actions.services.credit import QueryCreditScore
from actions.services.hospital import EndBooking, EndCancellation, booked, free_days, free_slots, hospitals
from actions.services.traffic import PayTrafficFine, QueryTrafficViolation
from actions.services.traffic.proof import open_violations
from actions.services.utility_bills import PayUtilityBill, QueryUtilityBill
from city_api.hospital import Appointment, Hospital, Slot
from city_api.payments import Receipt
from city_api.traffic import OpenViolations
from tests.actions.conversation.trackers import heard, said, sign, slots_set

CITY = "330100"
ID_NUMBER = "110101199003077475"
PERSON = {"name": "张三", "id_number": ID_NUMBER}
WHO = {"person_name": "张三", "id_number": ID_NUMBER}
PLATE = "浙A12345"
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
            "status": "unpaid",
            "due_on": "2026-11-30",
        }
    ],
}
OPEN_VIOLATIONS = {"plate_number": PLATE, "count": 1, "late_fees": "0.00", "added_tomorrow": "0.00", "total": "200.00"}
VIOLATIONS = {
    "plate_number": PLATE,
    "vehicle_kind": "小型汽车",
    "driver": {"points_left": 9, "points_total": 12, "cycle_ends_on": "2027-06-24"},
    "owed": {"count": 1, "late_fees": "0.00", "added_tomorrow": "0.00", "total": "200.00"},
    "violations": [
        {
            "violation_id": "V1",
            "occurred_at": "2026-11-01T09:00:00+08:00",
            "place": "文一路",
            "behaviour": "闯红灯",
            "behaviour_code": "1625",
            "fine": "200.00",
            "late_fee": "0.00",
            "total": "200.00",
            "late_fee_per_day": "0.00",
            "points": 6,
            "camera": True,
            "status": "unconfirmed",
            "decision_number": None,
        }
    ],
    "viewing_pass": "p",
    "pass_until": "2026-11-24T11:00:00+08:00",
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
FREE_DAYS = {"days": [{"date": f"2026-11-{day}", "periods": ["morning"]} for day in range(25, 31)]}
BILLS_PATH = f"/cities/{CITY}/utilities/water/accounts/3301234567/bills"
BOOKINGS_PATH = f"/cities/{CITY}/hospitals/appointments"

Call = Callable[[Cities], Awaitable[Any]]


def turn(**slots: Any) -> Turn:
    """A turn in 杭州 in which these slots are known."""
    return Turn(CollectingDispatcher(), sign(heard("inform", slots=slots)))


async def task(form: type[Any], *entities: tuple[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Start a task with everything said at once; the slots it set and the names of what it said."""
    dispatcher = CollectingDispatcher()
    tracker = heard(form.intent, "", *entities, after=["action_leave_task"])
    events = await form().run(dispatcher, tracker, {})
    return slots_set(events), said(dispatcher)


def order(kind: str, reference: str, amount: str) -> Any:
    """A paid order."""
    service = {"utility_bill": "water", "traffic_fine": "traffic"}[kind]
    values = {"bill_reference": reference, "amount": Decimal(amount), "trade_number": "T1"}
    return SimpleNamespace(kind=kind, city_code=CITY, city_service=service, **values)


def at(cities: Cities) -> Any:
    """The hospitals of 杭州."""
    return cities.at(CITY, "hospital")


READS: list[tuple[Call, str, dict[str, str], dict[str, Any], type]] = [
    (
        lambda c: open_violations(c.at(CITY, "traffic"), PLATE),
        f"/cities/{CITY}/traffic/vehicles/%E6%B5%99A12345/violations",
        {},
        OPEN_VIOLATIONS,
        OpenViolations,
    ),
    (lambda c: hospitals(at(c)), f"/cities/{CITY}/hospitals", {}, HOSPITALS, list),
    (
        lambda c: free_slots(at(c), "口腔科", hospital=None, date=None, period=None),
        f"/cities/{CITY}/hospitals/slots",
        {"department": "口腔科"},
        {"slots": [SLOT]},
        list,
    ),
    (
        lambda c: free_slots(at(c), "口腔科", hospital="市一院", date="2026-11-25", period="afternoon"),
        f"/cities/{CITY}/hospitals/slots",
        {"department": "口腔科", "hospital": "市一院", "date": "2026-11-25", "period": "afternoon"},
        {"slots": []},
        list,
    ),
    (
        lambda c: free_days(at(c), "口腔科"),
        f"/cities/{CITY}/hospitals/free-days",
        {"department": "口腔科"},
        FREE_DAYS,
        list,
    ),
    (lambda c: free_days(at(c), None), f"/cities/{CITY}/hospitals/free-days", {}, FREE_DAYS, list),
]


@pytest.mark.parametrize(("call", "path", "params", "answer", "kind"), READS)
async def test_read(
    api: respx.MockRouter,
    cities: Cities,
    call: Call,
    path: str,
    params: dict[str, str],
    answer: dict[str, Any],
    kind: type,
) -> None:
    route = api.get(path__startswith="/cities").respond(json=answer)
    assert isinstance(await call(cities), kind)
    (request,) = [call.request for call in route.calls]
    assert request.url.raw_path.decode().partition("?")[0] == path
    assert dict(request.url.params) == params
    assert "Idempotency-Key" not in request.headers


ACCOUNT = (("bill_type", "water"), ("account_number", "3301234567"))
VIOLATIONS_PATH = f"/cities/{CITY}/traffic/vehicles/{PLATE}/violations"
TASKS: list[tuple[type[Any], tuple[tuple[str, str], ...], str, dict[str, str], dict[str, Any], str | None]] = [
    (PayUtilityBill, ACCOUNT, BILLS_PATH, {"status": "unpaid"}, BILLS, "confirmation"),
    (QueryUtilityBill, ACCOUNT, BILLS_PATH, {"status": "all"}, BILLS, None),
    (
        PayTrafficFine,
        (("plate_number", PLATE),),
        VIOLATIONS_PATH,
        {},
        OPEN_VIOLATIONS,
        "engine_number",
    ),
    (QueryTrafficViolation, (("plate_number", PLATE),), VIOLATIONS_PATH, {}, OPEN_VIOLATIONS, None),
    (
        PayTrafficFine,
        (("decision_number", "330100443641619"),),
        f"/cities/{CITY}/traffic/decisions/330100443641619",
        {},
        DECISION,
        "confirmation",
    ),
]


@pytest.mark.parametrize(("form", "entities", "path", "params", "answer", "asked"), TASKS)
async def test_what_a_task_looks_up(
    api: respx.MockRouter,
    cities: Cities,
    form: type[Any],
    entities: tuple[tuple[str, str], ...],
    path: str,
    params: dict[str, str],
    answer: dict[str, Any],
    asked: str | None,
) -> None:
    route = api.get(path).respond(json=answer)
    slots, _ = await task(form, *entities)
    (request,) = [call.request for call in route.calls]
    assert dict(request.url.params) == params
    assert slots["requested_slot"] == asked


@pytest.mark.parametrize("form", [QueryTrafficViolation, PayTrafficFine])
async def test_a_proof_stands_in_the_body_and_in_no_address(
    api: respx.MockRouter, cities: Cities, form: type[Any]
) -> None:
    route = api.post(f"{VIOLATIONS_PATH}/search").respond(json=VIOLATIONS)
    await task(form, ("plate_number", PLATE), ("engine_number", "A12345"))
    (request,) = [call.request for call in route.calls]
    status = "all" if form is QueryTrafficViolation else "open"
    assert json.loads(request.content) == {"status": status, "engine_number": "A12345"}
    assert "A12345" not in request.url.raw_path.decode().replace("%E6%B5%99A12345", "")


CONFIRMED = {"key": "k", "offers": [{"violation_id": "V1"}]}
WRITES: list[tuple[Call, str, dict[str, Any], dict[str, Any], str]] = [
    (
        lambda c: Settlers(c).settle(order("utility_bill", "B1", "45.6")),
        f"/cities/{CITY}/utilities/bills/B1/payments",
        {"trade_number": "T1", "amount": "45.60"},
        RECEIPT,
        "T1",
    ),
    (
        lambda c: Settlers(c).settle(order("traffic_fine", "33", "206")),
        f"/cities/{CITY}/traffic/decisions/33/payments",
        {"trade_number": "T1", "amount": "206.00"},
        RECEIPT,
        "T1",
    ),
    (
        lambda _: PayTrafficFine().confirm(turn(quote=CONFIRMED, **WHO), {"violation_id": "V1"}),
        f"/cities/{CITY}/traffic/violations/V1/confirmation",
        PERSON,
        DECISION,
        "confirm-k-V1",
    ),
    (
        lambda c: EndBooking.book(at(c), turn(quote={"key": "k"}, phone="13800138000", **WHO), {"slot_id": "S1"}),
        BOOKINGS_PATH,
        {"slot_id": "S1", "patient": {**PERSON, "phone": "13800138000"}},
        APPOINTMENT,
        "book-k-S1",
    ),
    (
        lambda c: EndBooking.book(at(c), turn(quote={"key": "k"}, **WHO), {"slot_id": "S1"}),
        BOOKINGS_PATH,
        {"slot_id": "S1", "patient": PERSON},
        APPOINTMENT,
        "book-k-S1",
    ),
    (
        lambda _: EndCancellation().complete(
            turn(
                quote={"key": "k", "offers": [{"appointment_number": "H1", "line": "…", "deadline": "…"}]},
                appointment_choice="1",
                confirmation=True,
                **WHO,
            )
        ),
        f"{BOOKINGS_PATH}/H1/cancellation",
        {"id_number": ID_NUMBER},
        APPOINTMENT,
        "cancel-k-H1",
    ),
]


@pytest.mark.parametrize(("call", "path", "body", "answer", "key"), WRITES)
async def test_write(
    api: respx.MockRouter,
    cities: Cities,
    call: Call,
    path: str,
    body: dict[str, Any],
    answer: dict[str, Any],
    key: str,
) -> None:
    route = api.post(path).respond(json=answer)
    await call(cities)
    (request,) = [call.request for call in route.calls]
    assert json.loads(request.content) == body
    assert request.headers["Idempotency-Key"] == key


async def test_what_comes_back_of_a_write(api: respx.MockRouter, cities: Cities) -> None:
    api.post(path__regex=r"/payments$").respond(json=RECEIPT)
    api.post(path__regex=r"/confirmation$").respond(json=DECISION)
    api.post(BOOKINGS_PATH).respond(json=APPOINTMENT)
    assert isinstance(await Settlers(cities).settle(order("utility_bill", "B1", "45.6")), Receipt)
    chosen = turn(quote={"key": "k", "offers": [{"violation_id": "V1", "decision_number": None}]}, **WHO)
    assert await PayTrafficFine().confirm(chosen, {"violation_id": "V1"}) == "330100443641619"
    assert chosen.slot("quote")["offers"] == [{"violation_id": "V1", "decision_number": "330100443641619"}]
    booking = turn(quote={"key": "k"}, **WHO)
    await EndBooking.book(at(cities), booking, {"slot_id": "S1"})
    (message,) = booking.dispatcher.messages
    assert message["appointment_number"] == "H4363349835"


SEARCHES: list[tuple[Call, str, dict[str, Any]]] = [
    (lambda c: booked(at(c), turn(**WHO)), f"{BOOKINGS_PATH}/search", {"appointments": [APPOINTMENT]}),
    (lambda _: QueryCreditScore().advance(turn(**WHO)), f"/cities/{CITY}/credit/score", SCORE),
    (
        lambda c: c.verify_identity(CITY, "张三", ID_NUMBER),
        f"/cities/{CITY}/identity/verification",
        {"matched": False},
    ),
]


@pytest.mark.parametrize(("call", "path", "answer"), SEARCHES)
async def test_search_keeps_the_person_out_of_the_url(
    api: respx.MockRouter, cities: Cities, call: Call, path: str, answer: dict[str, Any]
) -> None:
    route = api.post(path).respond(json=answer)
    await call(cities)
    (request,) = [call.request for call in route.calls]
    assert (request.url.query, json.loads(request.content)) == (b"", PERSON)
    assert "Idempotency-Key" not in request.headers


async def test_what_comes_back_of_a_search(api: respx.MockRouter, cities: Cities) -> None:
    cancelled = {**APPOINTMENT, "appointment_number": "H2", "status": "cancelled"}
    api.post(f"{BOOKINGS_PATH}/search").respond(json={"appointments": [cancelled, APPOINTMENT]})
    api.post(path__regex=r"/verification$").respond(json={"matched": True})
    assert await booked(at(cities), turn(**WHO)) == [Appointment(**APPOINTMENT)]
    assert await cities.verify_identity(CITY, "张三", ID_NUMBER) is True


async def test_lists_come_as_what_is_in_them(api: respx.MockRouter, cities: Cities) -> None:
    api.get(f"/cities/{CITY}/hospitals").respond(json=HOSPITALS)
    api.get(f"/cities/{CITY}/hospitals/slots").respond(json={"slots": [SLOT]})
    api.get(f"/cities/{CITY}/hospitals/free-days").respond(json=FREE_DAYS)
    assert await hospitals(at(cities)) == [Hospital(**HOSPITALS["hospitals"][0])]
    assert await free_slots(at(cities), "口腔科", None, None, None) == [Slot(**SLOT)]
    assert await free_days(at(cities), "口腔科") == ["2026-11-25", "2026-11-26", "2026-11-27", "2026-11-28"]


async def test_the_list_of_hospitals_is_kept(api: respx.MockRouter, cities: Cities) -> None:
    route = api.get(f"/cities/{CITY}/hospitals").respond(json=HOSPITALS)
    for _ in range(3):
        await hospitals(at(cities))
    assert route.call_count == 1


async def test_days_with_places_cost_one_call(api: respx.MockRouter, cities: Cities) -> None:
    route = api.get(path__startswith=f"/cities/{CITY}/hospitals").respond(json=FREE_DAYS)
    await free_days(at(cities), "口腔科")
    assert route.call_count == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"), [(422, "identity_mismatch", IdentityMismatch), (404, "unknown_person", NotFound)]
)
async def test_an_error_keeps_its_name(
    api: respx.MockRouter, cities: Cities, status: int, code: str, kind: type[CityError]
) -> None:
    api.post(f"/cities/{CITY}/identity/verification").respond(status, json={"code": code})
    with pytest.raises(kind):
        await cities.verify_identity(CITY, "张三", ID_NUMBER)
