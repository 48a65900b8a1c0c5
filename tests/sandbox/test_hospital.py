"""Free slots, and appointments made, seen and cancelled."""

import threading
from datetime import date, datetime, timedelta

import pytest

from sandbox.services.hospital.tables import Appointment, Doctor, Slot

HOSPITALS = "/cities/330100/hospitals"


@pytest.fixture
def slots(city):
    """Free slots, by the query's members."""

    def find(department="口腔科", **query):
        return city.get(f"{HOSPITALS}/slots", department=department, **query).json()["slots"]

    return find


@pytest.fixture
def book(city, person):
    """Books a slot for the nth person from elsewhere."""

    def book(slot, number=0, **changes):
        patient = {**person(number), **changes}
        return city.write(f"{HOSPITALS}/appointments", slot_id=slot["slot_id"], patient=patient)

    return book


@pytest.fixture
def places(city):
    """Sets or reads how many places a slot has."""

    def places(slot_id, count=None):
        with city.database.write() as session:
            slot = session.get(Slot, slot_id)
            if count is not None:
                slot.remaining = count
            return slot.remaining

    return places


def test_hospitals(city):
    hospitals = city.get(HOSPITALS).json()["hospitals"]
    assert [one["name"] for one in hospitals][:3] == ["市第一人民医院", "市第二人民医院", "市中医院"]
    assert all(one["departments"] and one["level"] and one["address"] for one in hospitals)
    assert city.get("/cities/999999/hospitals").json()["code"] == "service_not_connected"


@pytest.mark.parametrize(
    ("city_code", "name", "aliases"),
    [
        ("330100", "市第一人民医院", {"市一院", "市一医院", "第一人民医院", "人民医院", "杭州市第一人民医院"}),
        ("330100", "浙江大学附属邵逸夫医院", {"邵逸夫医院", "邵逸夫"}),
        ("330100", "市儿童医院", {"儿童医院", "儿保"}),
        ("330400", "嘉兴市第一医院", {"市一院", "市第一医院", "市第一人民医院", "第一医院", "嘉兴一院"}),
        ("330400", "嘉兴市第二医院", {"市二院", "嘉兴市第二人民医院"}),
    ],
)
def test_what_residents_call_them(city, city_code, name, aliases):
    called = {one["name"]: one["aliases"] for one in city.get(f"/cities/{city_code}/hospitals").json()["hospitals"]}
    assert aliases <= set(called[name])
    every = [alias for each in called.values() for alias in each] + list(called)
    assert len(every) == len(set(every))
    assert "医院" not in every


@pytest.mark.parametrize("query", [{"department": "算命科"}, {"department": "内科", "hospital": "没有这家医院"}])
def test_no_day_is_free(city, query):
    assert city.get(f"{HOSPITALS}/free-days", **query).json() == {"days": []}


def test_free_days_need_a_department(city):
    assert city.get(f"{HOSPITALS}/free-days").json()["code"] == "invalid_request"
    assert city.get("/cities/999999/hospitals/free-days", department="内科").status_code == 404


def test_free_days_are_those_of_the_slots(city, slots):
    found = city.get(f"{HOSPITALS}/free-days", department="儿科", hospital="市儿童医院").json()["days"]
    days = [date(2026, 11, 24) + timedelta(days=ahead) for ahead in range(16)]
    expected = []
    for day in map(str, days):
        free = {one["period"] for one in slots("儿科", hospital="市儿童医院", date=day)}
        if free:
            expected.append(
                {"date": day, "periods": [one for one in ("morning", "afternoon", "evening") if one in free]}
            )
    assert found == expected
    assert 10 <= len(found) <= 15
    assert any("evening" in one["periods"] for one in found)


def test_free_days_go_with_the_clock_and_stay_two_weeks(city):
    city.clock.move(days=9, hours=7)
    city.authorize()
    found = city.get(f"{HOSPITALS}/free-days", department="内科").json()["days"]
    # 17:00: of today the evening alone is left.
    assert found[0] == {"date": "2026-12-03", "periods": ["evening"]}
    assert found[-1]["date"] == "2026-12-17"
    assert len(found) == 15


def test_a_day_without_places_is_not_free(city):
    with city.database.write() as session:
        session.query(Slot).filter(Slot.department == "内科", Slot.date == date(2026, 11, 26)).update({"remaining": 0})
    found = [one["date"] for one in city.get(f"{HOSPITALS}/free-days", department="内科").json()["days"]]
    assert "2026-11-26" not in found
    assert "2026-11-27" in found


@pytest.mark.parametrize(
    "query",
    [{"department": "算命科"}, {"hospital": "没有这家医院"}, {"date": "2027-11-24"}, {"date": "2026-11-23"}],
)
def test_nothing_free(slots, query):
    assert slots(**query) == []


@pytest.mark.parametrize(
    "query", [{}, {"department": "内科", "date": "明天"}, {"department": "内科", "period": "noon"}]
)
def test_queries_without_form(city, query):
    answer = city.get(f"{HOSPITALS}/slots", **query)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_slots_are_free_and_to_come_and_in_order(slots):
    found = slots()
    starts = [one["starts_at"] for one in found]
    assert len(found) == 20
    assert starts == sorted(starts)
    assert starts[0] > "2026-11-24T10:00:00+08:00"
    assert all(one["remaining"] > 0 for one in found)


def test_slots_are_those_asked_for(slots):
    found = slots("儿科", hospital="市第二人民医院", date="2026-11-26", period="morning")
    assert found
    for one in found:
        assert (one["department"], one["hospital"], one["date"], one["period"]) == (
            "儿科", "市第二人民医院", "2026-11-26", "morning",
        )  # fmt: skip
        assert one["starts_at"] < "2026-11-26T12:00:00+08:00"


def test_every_department_has_something_free(city, slots):
    departments = {name for one in city.get(HOSPITALS).json()["hospitals"] for name in one["departments"]}
    assert len(departments) >= 20
    today = date(2026, 11, 24)
    with city.database.read() as session:
        rows = (
            session.query(Slot.department, Slot.date, Slot.period, Doctor.hospital_code)
            .join(Doctor, Slot.doctor_id == Doctor.id)
            .filter(Slot.remaining > 0, Doctor.hospital_code.like("H3301%"))
        )
        free = {tuple(row) for row in rows}
    for department in departments:
        for offset in range(1, 15):
            day = today + timedelta(days=offset)
            for period in ("morning", "afternoon"):
                assert len({hospital for *where, hospital in free if where == [department, day, period]}) >= 2
    assert any(slots("儿科", period="evening"))


def test_book_and_see(city, slots, book, places, person):
    slot = slots()[0]
    before = places(slot["slot_id"])
    answer = book(slot, phone="13800000000")
    appointment = answer.json()
    assert answer.status_code == 200
    assert appointment["appointment_number"][0] == "H"
    assert len(appointment["appointment_number"]) == 11
    assert appointment["status"] == "booked"
    assert appointment["patient_name_masked"] == "外***"
    assert {name: appointment[name] for name in ("hospital", "doctor", "starts_at", "fee")} == {
        name: slot[name] for name in ("hospital", "doctor", "starts_at", "fee")
    }
    assert places(slot["slot_id"]) == before - 1
    assert city.ask(f"{HOSPITALS}/appointments/search", **person()).json()["appointments"] == [appointment]


def test_the_last_place_goes_to_one_of_eight(city, slots, book, places):
    slot = slots()[0]
    places(slot["slot_id"], 1)
    together, answers = threading.Barrier(8), []

    def try_to_book(number):
        together.wait()
        answers.append(book(slot, number))

    threads = [threading.Thread(target=try_to_book, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"slot_taken"}
    assert places(slot["slot_id"]) == 0
    with city.database.read() as session:
        assert session.query(Appointment).count() == 1


def test_one_patient_twice_at_once_is_booked_once(slots, book, city):
    one, two = slots(date="2026-11-26")[:2]
    together, statuses = threading.Barrier(2), []

    def try_to_book(slot):
        together.wait()
        statuses.append(book(slot).status_code)

    threads = [threading.Thread(target=try_to_book, args=(slot,)) for slot in (one, two)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200, 409]


def test_taken_between_offer_and_yes(slots, book, places):
    slot = slots()[0]
    places(slot["slot_id"], 0)
    answer = book(slot)
    assert (answer.status_code, answer.json()["code"]) == (409, "slot_taken")
    assert slot["slot_id"] not in {one["slot_id"] for one in slots()}


def test_once_a_day_and_department(slots, book, places):
    one, two = slots(date="2026-11-26")[:2]
    assert book(one).status_code == 200
    left = places(two["slot_id"])
    answer = book(two)
    assert (answer.status_code, answer.json()["code"]) == (409, "already_booked")
    assert places(two["slot_id"]) == left
    assert book(two, 1).status_code == 200
    assert book(slots("眼科", date="2026-11-26")[0]).status_code == 200
    assert book(slots(date="2026-11-27")[0]).status_code == 200


def test_who_cannot_be_booked(city, slots, book):
    slot = slots()[0]
    registered = city.samples()["people"]["patient"]
    assert book(slot, id_number=registered["id_number"]).json()["code"] == "identity_mismatch"
    wrong = book(slot, id_number="110101199003074518")
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_id_number")
    assert "110101" not in wrong.text
    assert book(slot, **registered).status_code == 200


def test_what_cannot_be_booked(city, slots, book):
    assert book({"slot_id": "S0"}).json()["code"] == "slot_not_found"
    slot = slots()[0]
    city.clock.moment = datetime.fromisoformat(slot["starts_at"]) + timedelta(seconds=1)
    city.authorize()
    assert book(slot).json()["code"] == "slot_not_found"


def test_cancel_gives_the_place_back(city, slots, book, places, person):
    slot = slots(date="2026-11-27")[0]
    left = places(slot["slot_id"])
    number = book(slot).json()["appointment_number"]
    path = f"{HOSPITALS}/appointments/{number}/cancellation"
    stranger = city.write(path, id_number=person(1)["id_number"])
    assert (stranger.status_code, stranger.json()["code"]) == (404, "appointment_not_found")
    answer = city.write(path, id_number=person()["id_number"])
    assert (answer.status_code, answer.json()["status"]) == (200, "cancelled")
    assert places(slot["slot_id"]) == left
    again = city.write(path, id_number=person()["id_number"])
    assert (again.status_code, again.json()["code"]) == (409, "appointment_already_cancelled")
    assert places(slot["slot_id"]) == left
    assert book(slot).status_code == 200


def test_cancel_deadline(city, slots, book, person):
    slot = slots(hospital="市第一人民医院", date="2026-11-27")[0]
    appointment = book(slot).json()
    deadline = datetime.fromisoformat(appointment["cancel_before"])
    assert datetime.fromisoformat(slot["starts_at"]) - deadline == timedelta(hours=12)
    path = f"{HOSPITALS}/appointments/{appointment['appointment_number']}/cancellation"
    city.clock.moment = deadline + timedelta(seconds=1)
    city.authorize()
    late = city.write(path, id_number=person()["id_number"])
    assert (late.status_code, late.json()["code"]) == (409, "cancel_deadline_passed")
    city.clock.moment = deadline
    city.authorize()
    assert city.write(path, id_number=person()["id_number"]).status_code == 200


def test_upcoming_first(city, slots, book, person):
    for day in ("2026-11-28", "2026-11-25", "2026-11-26", "2026-12-01"):
        assert book(slots(date=day)[0]).status_code == 200
    city.clock.moment = datetime.fromisoformat("2026-11-27T09:00:00+08:00")
    city.authorize()
    found = city.ask(f"{HOSPITALS}/appointments/search", **person()).json()["appointments"]
    assert [(one["date"], one["status"]) for one in found] == [
        ("2026-11-28", "booked"), ("2026-12-01", "booked"), ("2026-11-26", "visited"), ("2026-11-25", "visited"),
    ]  # fmt: skip


def test_another_name_sees_nothing(city, slots, book, person):
    book(slots()[0])
    stranger = {**person(), "name": "李四"}
    assert city.ask(f"{HOSPITALS}/appointments/search", **stranger).json() == {"appointments": []}


def test_schedules_keep_ahead_of_the_calendar(city, slots):
    before = slots(date="2026-12-20")
    city.clock.move(days=20)
    city.authorize()
    assert before == []
    assert slots(date="2026-12-20", period="morning")
    assert slots(date="2026-12-28", period="afternoon")
    assert slots(date="2026-12-29") == []
