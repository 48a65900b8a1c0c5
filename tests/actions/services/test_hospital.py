"""The handler of hospital visits, against a scripted city."""

import datetime as dt

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.city.errors import Conflict, IdentityMismatch, Unavailable
from actions.conversation.turn import Turn
from actions.services.hospital import (
    AskDate,
    AskDepartment,
    BookHospitalAppointment,
    EndBooking,
    EndCancellation,
    offer,
    spoken_day,
)
from city_api.hospital import Slot
from tests.actions.conversation.trackers import heard, said, sign, slots_set
from tests.actions.services.scripted import run

BOOK = BookHospitalAppointment.form()
WHO = {"person_name": "王小明", "id_number": "330102199003071230"}


def slot(number, doctor="何子涵", starts=8):
    """A doctor's free place."""
    return Slot(
        slot_id=f"S{number}",
        hospital="市第一人民医院",
        department="口腔科",
        doctor=doctor,
        title="主任医师",
        date="2026-12-01",
        period="morning",
        starts_at=dt.datetime(2026, 12, 1, starts, tzinfo=dt.timezone(dt.timedelta(hours=8))),
        fee="50.00",
        remaining=1,
    )


def wants(*entities, **slots):
    """A message that starts the booking."""
    return heard("book_hospital_appointment", "挂号", *entities, slots=slots, after=["action_leave_task"])


async def test_a_day_without_places_is_said_and_another_asked_for():
    tracker = wants(("department", "口腔科"), ("date", "2026-12-01"))
    events, dispatcher, _ = await run(BookHospitalAppointment, tracker, slots=[], free_days=[])
    assert said(dispatcher) == ["utter_no_free_slots_at_all"]
    assert slots_set(events)["requested_slot"] is None


def day(value, **more):
    """A day as the extractor finds it."""
    return {"entity": "date", "value": value, "start": 0, "end": 2, **more}


CONTRADICTED = day("2026-12-05", role="doubted", candidates=["2026-12-05", "2026-12-06"])


@pytest.mark.parametrize(
    ("days", "response", "offered"),
    [
        ([CONTRADICTED], "utter_date_contradicted", ["12月5日（周六）", "12月6日（周日）"]),
        ([day("2026-12-01"), day("2026-12-02")], "utter_which_date", ["12月1日（周二）", "12月2日（周三）"]),
        (
            [day("2026-12-01", candidates=["2026-12-01", "2026-12-02"])],
            "utter_which_date",
            ["12月1日（周二）", "12月2日（周三）"],
        ),
    ],
    ids=["a weekday that contradicts the date", "two days", "two days in one word"],
)
@pytest.mark.parametrize("known", [None, "2026-12-03"], ids=["no day yet", "a day before"])
async def test_of_several_days_it_is_asked_which(known, days, response, offered):
    slots = {"department": "口腔科", "date": known}
    tracker = heard("inform", "说了几天", *days, slots=slots, form=BOOK, requested="slot_choice" if known else "date")
    events, _, _ = await run(BookHospitalAppointment, tracker)
    assert slots_set(events)["date"] is None
    assert slots_set(events)["requested_slot"] == "date"
    dispatcher = CollectingDispatcher()
    asked = heard("inform", "说了几天", *days, slots={"department": "口腔科"}, form=BOOK)
    await AskDate().run(dispatcher, asked, {})
    assert said(dispatcher) == [response]
    assert [button["title"] for button in dispatcher.messages[0]["buttons"]] == offered
    assert '"date":' in dispatcher.messages[0]["buttons"][1]["payload"].replace('"date": ', '"date":')


async def test_a_day_told_of_something_else_is_not_the_one_that_is_booked():
    tracker = wants(("department", "口腔科"), day("2026-11-24", role="passing"))
    events, _, _ = await run(BookHospitalAppointment, tracker)
    assert slots_set(events)["requested_slot"] == "date"
    assert slots_set(events).get("date") is None


async def test_the_city_down_ends_the_task():
    tracker = wants(("department", "口腔科"), ("date", "2026-12-01"))
    events, dispatcher, _ = await run(BookHospitalAppointment, tracker, slots=Unavailable())
    assert said(dispatcher) == ["utter_city_unavailable"]
    assert slots_set(events)["requested_slot"] is None


async def test_each_doctor_is_offered_once_the_earliest_place():
    found = [slot(1), slot(2, starts=9), slot(3, doctor="赵海峰", starts=9)]
    tracker = wants(("department", "口腔科"), ("date", "2026-12-01"))
    events, _, _ = await run(BookHospitalAppointment, tracker, slots=found)
    assert [offer["slot_id"] for offer in slots_set(events)["quote"]["offers"]] == ["S1", "S3"]
    assert slots_set(events)["requested_slot"] == "slot_choice"


async def test_a_person_who_does_not_match_is_asked_for_again():
    quote = {"basis": ["330100", "口腔科", None, "2026-12-01", None], "offers": [{"slot_id": "S1", "doctor": "何子涵"}]}
    slots = {"department": "口腔科", "date": "2026-12-01", "slot_choice": "1", "quote": quote, "person_name": "王小明"}
    tracker = heard("inform", "", ("id_number", WHO["id_number"]), slots=slots, form=BOOK, requested="id_number")
    events, dispatcher, _ = await run(BookHospitalAppointment, tracker, verify_identity=False)
    assert said(dispatcher) == ["utter_identity_mismatch"]
    assert slots_set(events)["requested_slot"] == "person_name"


@pytest.mark.parametrize("words", ["赵海峰", "赵主任的", "就赵医生吧"])
async def test_a_doctor_is_chosen_by_name(words):
    quote = {"offers": [offer(slot(1)), offer(slot(2, doctor="赵海峰"))]}
    tracker = heard("inform", words, slots={"quote": quote}, form=BOOK, requested="slot_choice")
    assert BookHospitalAppointment().heard(Turn(None, sign(tracker))) == {"slot_choice": "2"}


@pytest.mark.parametrize(
    ("error", "response", "back"),
    [
        (Conflict("slot_taken"), "utter_slot_taken", True),
        (Conflict("already_booked"), "utter_already_booked", False),
        (IdentityMismatch(), "utter_identity_mismatch", False),
        (Unavailable(), "utter_city_unavailable", False),
    ],
)
async def test_what_can_go_wrong_at_the_yes(error, response, back):
    quote = {"key": "k", "offers": [{"slot_id": "S1", "line": "…"}]}
    slots = {"quote": quote, "slot_choice": "1", "confirmation": True, "department": "口腔科", **WHO}
    events, dispatcher, services = await run(EndBooking, heard("affirm", slots=slots), book=error)
    assert said(dispatcher) == [response]
    assert services.city.book.await_args.kwargs["idempotency_key"] == "book-k-S1"
    assert (events[-1].get("name") == BOOK) is back
    assert ("department" in slots_set(events)) is not back


async def test_a_no_books_nothing():
    quote = {"key": "k", "offers": [{"slot_id": "S1", "line": "…"}]}
    slots = {"quote": quote, "slot_choice": "1", "confirmation": False, **WHO}
    _, dispatcher, services = await run(EndBooking, heard("deny", slots=slots), book=Unavailable())
    services.city.book.assert_not_awaited()
    assert said(dispatcher) == ["utter_booking_declined"]


@pytest.mark.parametrize(
    ("code", "response"),
    [("cancel_deadline_passed", "utter_cancel_too_late"), ("appointment_already_cancelled", "utter_already_cancelled")],
)
async def test_a_booking_that_cannot_be_cancelled(code, response):
    quote = {"key": "k", "offers": [{"appointment_number": "H1", "line": "…", "deadline": "…"}]}
    slots = {"quote": quote, "appointment_choice": "1", "confirmation": True, **WHO}
    _, dispatcher, _ = await run(EndCancellation, heard("affirm", slots=slots), cancel_appointment=Conflict(code))
    assert said(dispatcher) == [response]


async def test_the_department_is_asked_for_even_with_the_city_down():
    _, dispatcher, _ = await run(AskDepartment, heard("book_hospital_appointment"), hospitals=Unavailable())
    assert said(dispatcher) == ["utter_ask_department"]


def test_a_day_as_residents_read_it():
    assert spoken_day("2026-12-01", "afternoon") == "12月1日（周二）下午"
