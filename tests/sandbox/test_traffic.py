"""Offences, their confirmation, and the paying of fines."""

import re
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest

from sandbox.services.traffic.penalties import penalty
from sandbox.services.traffic.tables import Decision, EngineNumber, Violation
from sandbox.tables import Resident, Vehicle

TRAFFIC = "/cities/330100/traffic"


def search(city, plate, **body):
    """Ask for a vehicle's offences."""
    return city.ask(f"{TRAFFIC}/vehicles/{plate}/violations/search", **body)


def told(city, plate, **body):
    """A vehicle's offences, as who has its engine number is told them, but for the pass."""
    with city.database.read() as session:
        end = session.get(EngineNumber, plate).number[-6:]
    found = search(city, plate, engine_number=end, **body).json()
    return {name: value for name, value in found.items() if name not in ("viewing_pass", "pass_until")}


@pytest.fixture
def open_offences(city):
    """Offences of the sampled plate of a kind."""

    def find(kind, status="open"):
        return told(city, city.samples()["plates"][kind], status=status)

    return find


@pytest.fixture
def people(city):
    """By who they are to the sampled vehicle with an undecided camera offence: as requests name a person."""
    plate = city.samples()["plates"]["camera_unconfirmed"]
    with city.database.read() as session:
        owner = session.get(Resident, session.get(Vehicle, plate).owner_id)
        others = session.query(Resident).filter(Resident.id != owner.id, Resident.city_code == "330100")
        found = {
            "owner": owner,
            "another_driver": others.filter(Resident.licence_issued_on.isnot(None)).first(),
            "without_licence": others.filter(Resident.licence_issued_on.is_(None)).first(),
        }
        return {who: {"name": one.name, "id_number": one.id_number} for who, one in found.items()}


@pytest.fixture
def window_offence(city):
    """An offence that no camera took and nobody has decided."""
    with city.database.read() as session:
        query = session.query(Violation.violation_id).outerjoin(
            Decision, Decision.violation_id == Violation.violation_id
        )
        return query.filter(Violation.camera.is_(False), Decision.decision_number.is_(None)).first()[0]


@pytest.mark.parametrize(
    ("city_code", "plate", "status", "code"),
    [
        ("330100", "浙A00000", 404, "vehicle_not_found"),
        ("330100", "浙A0000", 422, "invalid_plate_number"),
        ("330100", "%20", 422, "invalid_plate_number"),
        ("999999", "浙A00000", 404, "service_not_connected"),
    ],
)
def test_no_vehicle(city, city_code, plate, status, code):
    path = f"/cities/{city_code}/traffic/vehicles/{plate}/violations"
    for answer in (city.get(path), city.ask(f"{path}/search", engine_number="123456")):
        assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_vehicle_belongs_to_its_city(city):
    samples = city.samples()
    path = f"/cities/330400/traffic/vehicles/{samples['plates']['clean']}/violations"
    end = samples["engine_numbers"]["clean"]
    for answer in (city.get(path), city.ask(f"{path}/search", engine_number=end)):
        assert answer.json()["code"] == "vehicle_not_found"


def test_who_has_only_the_plate_is_told_how_many_and_how_much(city, open_offences):
    plate = city.samples()["plates"]["camera_unconfirmed"]
    offences = open_offences("camera_unconfirmed")["violations"]
    answer = city.get(f"{TRAFFIC}/vehicles/{plate}/violations")
    total = sum(Decimal(one["fine"]) for one in offences)
    assert set(answer.json()) == {"plate_number", "count", "late_fees", "late_from", "added_tomorrow", "total"}
    assert (answer.json()["count"], Decimal(answer.json()["total"])) == (len(offences), total)


@pytest.fixture
def overdue(city):
    """A plate in 杭州 with a decision that has been overdue for a while, and the decision's number."""
    with city.database.read() as session:
        found = (
            session.query(Violation.plate, Decision.decision_number)
            .join(Decision, Decision.violation_id == Violation.violation_id)
            .filter(Decision.receipt_number.is_(None), Decision.city_code == "330100")
            .order_by(Decision.decided_at)
            .first()
        )
    return found.plate, found.decision_number


def test_the_sum_is_what_is_asked_at_payment(city, overdue):
    plate, number = overdue
    asked = city.get(f"{TRAFFIC}/decisions/{number}").json()
    answer = told(city, plate)
    one = next(one for one in answer["violations"] if one["decision_number"] == number)
    assert {name: one[name] for name in ("fine", "late_fee", "total")} == {
        name: asked[name] for name in ("fine", "late_fee", "total")
    }
    assert Decimal(one["late_fee"]) > 0
    open_ones = answer["violations"]
    owed = answer["owed"]
    assert Decimal(owed["total"]) == sum(Decimal(each["total"]) for each in open_ones)
    assert Decimal(owed["late_fees"]) == sum(Decimal(each["late_fee"]) for each in open_ones)
    assert owed["late_from"] == one["late_from"]
    counted = city.get(f"{TRAFFIC}/vehicles/{plate}/violations").json()
    assert counted == {"plate_number": plate, **owed}


def test_the_sum_grows_as_it_was_told(city, overdue):
    plate, number = overdue
    before = city.get(f"{TRAFFIC}/vehicles/{plate}/violations").json()
    assert Decimal(before["added_tomorrow"]) > 0
    city.clock.move(days=1)
    city.authorize()
    after = city.get(f"{TRAFFIC}/vehicles/{plate}/violations").json()
    assert Decimal(after["total"]) == Decimal(before["total"]) + Decimal(before["added_tomorrow"])
    city.clock.move(days=60)
    city.authorize()
    after = city.get(f"{TRAFFIC}/vehicles/{plate}/violations").json()
    decided = next(one for one in told(city, plate)["violations"] if one["decision_number"] == number)
    assert (decided["late_fee"], decided["late_fee_per_day"]) == (decided["fine"], "0.00")
    assert after["added_tomorrow"] == "0.00"


def test_what_is_not_late_yet_adds_nothing_tomorrow(city, open_offences):
    answer = open_offences("decided_unpaid")
    (one,) = answer["violations"]
    assert (one["late_fee"], one["total"]) == ("0.00", one["fine"])
    assert one["late_from"] > "2026-11-25"
    assert Decimal(one["late_fee_per_day"]) == Decimal(one["fine"]) * Decimal("0.03")
    assert (answer["owed"]["added_tomorrow"], answer["owed"]["late_from"]) == ("0.00", None)


def test_what_is_not_decided_has_no_late_fee(city, open_offences):
    (one, *_) = open_offences("camera_unconfirmed")["violations"]
    assert (one["late_fee"], one["total"], one["late_from"]) == ("0.00", one["fine"], None)


def test_the_owner_is_told_by_name_and_id_number(city, people):
    plate = city.samples()["plates"]["camera_unconfirmed"]
    answer = search(city, plate, **people["owner"])
    assert answer.status_code == 200
    assert answer.json()["violations"][0]["place"]


def _wrong(city):
    """Proofs for the sampled vehicle that are none, with what is answered."""
    end = city.samples()["engine_numbers"]["camera_unconfirmed"]
    another = f"{end[:-1]}{(int(end[-1]) + 1) % 10}"
    return [
        ({"engine_number": another}, 403, "wrong_engine_number"),
        ({"engine_number": end[:5]}, 422, "invalid_request"),
        ({"engine_number": ""}, 422, "invalid_request"),
        ({}, 422, "invalid_request"),
        ({"viewing_pass": "x"}, 403, "pass_expired"),
        ({"name": "王不对"}, 422, "invalid_request"),
    ]


@pytest.mark.parametrize("place", range(6))
def test_what_is_no_proof_is_told_nothing(city, place):
    plate = city.samples()["plates"]["camera_unconfirmed"]
    proof, status, code = _wrong(city)[place]
    answer = search(city, plate, **proof)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert set(answer.json()) <= {"code", "message", "fields"}


@pytest.mark.parametrize(
    ("who", "changes", "status", "code"),
    [
        ("another_driver", {}, 403, "not_the_owner"),
        ("owner", {"name": "王不对"}, 422, "identity_mismatch"),
        ("owner", {"id_number": "110101199003077475"}, 422, "identity_mismatch"),
        ("owner", {"id_number": "110101199003077476"}, 422, "invalid_id_number"),
        ("owner", {"engine_number": "123456"}, 422, "invalid_request"),
    ],
)
def test_who_is_not_the_owner_is_told_nothing(city, people, who, changes, status, code):
    plate = city.samples()["plates"]["camera_unconfirmed"]
    answer = search(city, plate, **{**people[who], **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert people["owner"]["name"] not in answer.text


def test_small_letters_are_the_same_engine_number(city):
    with city.database.read() as session:
        known = session.query(EngineNumber).all()
    with_letter = next(one for one in known if one.number[-6].isalpha() and one.plate.startswith("浙A"))
    assert search(city, with_letter.plate, engine_number=with_letter.number[-6:].lower()).status_code == 200


def test_a_pass_stands_for_the_proof_of_one_vehicle_for_a_while(city):
    samples = city.samples()
    plate, other = samples["plates"]["camera_unconfirmed"], samples["plates"]["clean"]
    given = search(city, plate, engine_number=samples["engine_numbers"]["camera_unconfirmed"]).json()
    again = search(city, plate, viewing_pass=given["viewing_pass"])
    assert again.json() == given
    assert search(city, other, viewing_pass=given["viewing_pass"]).json()["code"] == "pass_expired"
    city.clock.move(minutes=61)
    city.authorize()
    assert search(city, plate, viewing_pass=given["viewing_pass"]).json()["code"] == "pass_expired"


def test_who_guesses_is_stopped_for_that_plate_until_a_quarter_of_an_hour_is_over(city, people):
    samples = city.samples()
    plate, end = samples["plates"]["camera_unconfirmed"], samples["engine_numbers"]["camera_unconfirmed"]
    given = search(city, plate, engine_number=end).json()["viewing_pass"]
    for wrong in _wrong(city)[0][0], {**people["owner"], "name": "王不对"}, people["another_driver"]:
        assert search(city, plate, **wrong).status_code in (403, 422)
        city.clock.move(minutes=1)
    for _ in range(2):
        assert search(city, plate, **_wrong(city)[0][0]).status_code == 403
    for proof in {"engine_number": end}, people["owner"]:
        answer = search(city, plate, **proof)
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_wrong_proofs")
        assert answer.headers["Retry-After"] == str(12 * 60)
    assert city.get(f"{TRAFFIC}/vehicles/{plate}/violations").status_code == 200
    assert search(city, plate, viewing_pass=given).status_code == 200
    other = samples["plates"]["clean"]
    assert search(city, other, engine_number=samples["engine_numbers"]["clean"]).status_code == 200
    city.clock.move(minutes=12)
    assert search(city, plate, engine_number=end).status_code == 200


def test_wrong_forms_are_no_guesses(city):
    samples = city.samples()
    plate = samples["plates"]["camera_unconfirmed"]
    for _ in range(7):
        search(city, plate, engine_number="12")
        search(city, plate, name="王明", id_number="110101199003077476")
        search(city, plate, viewing_pass="x")
    end = samples["engine_numbers"]["camera_unconfirmed"]
    assert search(city, plate, engine_number=end).status_code == 200


def test_engine_numbers_come_from_the_seed(city):
    before = city.samples()["engine_numbers"]
    city.http.post("/admin/reset")
    assert city.samples()["engine_numbers"] == before
    assert all(re.fullmatch(r"[A-Z]?\d{5,6}", end) for end in before.values())


def test_a_clean_vehicle(open_offences):
    answer = open_offences("clean")
    assert answer["violations"] == []
    assert answer["driver"]["points_left"] == answer["driver"]["points_total"] == 12


def test_a_camera_offence(open_offences):
    offence = open_offences("camera_unconfirmed")["violations"][0]
    assert offence["behaviour_code"] in {"1625", "1039", "1344", "1345", "1357"}
    assert (offence["camera"], offence["status"], offence["decision_number"]) == (True, "unconfirmed", None)
    assert offence["occurred_at"].endswith("+08:00")
    assert offence["occurred_at"] < "2026-11-24"


def test_paid_offences_are_shown_when_all_are_asked_for(open_offences):
    everything = open_offences("camera_unconfirmed", "all")["violations"]
    assert {one["status"] for one in everything} == {"unconfirmed", "paid"}
    times = [one["occurred_at"] for one in everything]
    assert times == sorted(times, reverse=True)


def test_confirm_an_offence(city, open_offences, people):
    before = open_offences("camera_unconfirmed")
    offence = before["violations"][0]
    answer = city.write(f"{TRAFFIC}/violations/{offence['violation_id']}/confirmation", **people["owner"])
    decision = answer.json()
    assert answer.status_code == 200
    assert len(decision["decision_number"]) == 15
    assert decision["decision_number"].isdigit()
    assert (decision["fine"], decision["late_fee"], decision["total"]) == (offence["fine"], "0.00", offence["fine"])
    assert decision["status"] == "unpaid"
    assert "receipt_number" not in decision
    assert before["plate_number"] not in answer.text
    shown = city.get(f"{TRAFFIC}/decisions/{decision['decision_number']}").json()
    assert shown == decision
    after = told(city, before["plate_number"])
    assert after["violations"][0]["status"] == "decided"
    assert after["violations"][0]["decision_number"] == decision["decision_number"]
    assert after["driver"]["points_left"] == before["driver"]["points_left"] - offence["points"]


def _decisions(city):
    with city.database.read() as session:
        return session.query(Decision.decision_number, Decision.driver_id).order_by(Decision.decision_number).all()


@pytest.mark.parametrize(
    ("who", "changes", "status", "code"),
    [
        ("another_driver", {}, 403, "not_the_drivers_vehicle"),
        ("without_licence", {}, 403, "no_driving_licence"),
        ("owner", {"name": "王不对"}, 422, "identity_mismatch"),
        ("owner", {"id_number": "110101199003077475"}, 422, "identity_mismatch"),
        ("owner", {"id_number": "110101199003077476"}, 422, "invalid_id_number"),
        ("owner", {"name": ""}, 422, "invalid_request"),
        (None, {}, 422, "invalid_request"),
    ],
)
def test_nobody_but_the_owner_with_a_licence_accepts_an_offence(
    city, open_offences, people, who, changes, status, code
):
    before, decisions = open_offences("camera_unconfirmed"), _decisions(city)
    path = f"{TRAFFIC}/violations/{before['violations'][0]['violation_id']}/confirmation"
    answer = city.write(path, **{**people.get(who, {}), **changes})
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert people["owner"]["name"] not in answer.text
    assert people["owner"]["id_number"] not in answer.text
    assert open_offences("camera_unconfirmed") == before
    assert _decisions(city) == decisions


def test_an_owner_who_has_no_licence_accepts_nothing(city, open_offences, people):
    offence = open_offences("camera_unconfirmed")["violations"][0]
    with city.database.write() as session:
        owner = session.query(Resident).filter(Resident.id_number == people["owner"]["id_number"]).one()
        owner.licence_issued_on = None
    answer = city.write(f"{TRAFFIC}/violations/{offence['violation_id']}/confirmation", **people["owner"])
    assert (answer.status_code, answer.json()["code"]) == (403, "no_driving_licence")


def test_points_are_taken_from_the_driver_and_not_from_the_vehicle(city, open_offences, people):
    before = open_offences("decided_unpaid")
    with city.database.write() as session:
        owner = session.query(Resident).filter(Resident.id_number == people["owner"]["id_number"]).one()
        mine = city.samples()["plates"]["camera_unconfirmed"]
        offence = session.query(Violation).filter(Violation.plate == mine, Violation.camera.is_(True)).all()
        undecided = [
            one for one in offence if not session.query(Decision).filter_by(violation_id=one.violation_id).all()
        ]
        undecided[0].points = 3
        session.get(Vehicle, before["plate_number"]).owner_id = owner.id
        violation_id = undecided[0].violation_id
    points = open_offences("decided_unpaid")["driver"]["points_left"]
    city.write(f"{TRAFFIC}/violations/{violation_id}/confirmation", **people["owner"])
    assert open_offences("decided_unpaid")["driver"]["points_left"] == points - 3


def test_confirm_twice(city, open_offences, people):
    path = f"{TRAFFIC}/violations/{open_offences('camera_unconfirmed')['violations'][0]['violation_id']}/confirmation"
    first = city.write(path, **people["owner"])
    second = city.write(path, **people["owner"])
    assert (second.status_code, second.json()["code"]) == (409, "violation_already_decided")
    assert second.json()["decision_number"] == first.json()["decision_number"]


def test_confirm_what_cannot_be(city, window_offence, people):
    answer = city.write(f"{TRAFFIC}/violations/V0/confirmation", **people["owner"])
    assert answer.json()["code"] == "violation_not_found"
    answer = city.write(f"{TRAFFIC}/violations/{window_offence}/confirmation", **people["owner"])
    assert (answer.status_code, answer.json()["code"]) == (409, "not_a_camera_offence")


def test_no_decision(city):
    for path in (
        f"{TRAFFIC}/decisions/000000000000000",
        f"/cities/330400/traffic/decisions/{city.samples()['decision_numbers']['unpaid']}",
    ):
        assert city.get(path).json()["code"] == "decision_not_found"
        answer = city.write(f"{path}/payments", trade_number="T1", amount="1.00")
        assert (answer.status_code, answer.json()["code"]) == (404, "decision_not_found")


def test_pay_a_fine(city):
    path = f"{TRAFFIC}/decisions/{city.samples()['decision_numbers']['unpaid']}"
    decision = city.get(path).json()
    wrong = city.write(f"{path}/payments", trade_number="T1", amount="0.01")
    assert (wrong.status_code, wrong.json()["code"], wrong.json()["amount"]) == (
        409,
        "amount_mismatch",
        decision["total"],
    )
    paid = city.write(f"{path}/payments", trade_number="T1", amount=decision["total"])
    assert paid.status_code == 200
    again = city.write(f"{path}/payments", trade_number="T1", amount=decision["total"])
    assert (again.status_code, again.json()["code"]) == (409, "decision_already_paid")
    assert again.json()["receipt_number"] == paid.json()["receipt_number"]
    shown = city.get(path).json()
    assert (shown["status"], shown["receipt_number"]) == ("paid", paid.json()["receipt_number"])


def test_a_paid_decision(city):
    decision = city.get(f"{TRAFFIC}/decisions/{city.samples()['decision_numbers']['paid']}").json()
    assert decision["status"] == "paid"
    assert Decimal(decision["fine"]) + Decimal(decision["late_fee"]) == Decimal(decision["total"])


@pytest.mark.parametrize(
    ("days", "late_fee", "per_day"),
    [
        (0, "0.00", "4.50"),
        (15, "0.00", "4.50"),
        (16, "4.50", "4.50"),
        (25, "45.00", "4.50"),
        (48, "148.50", "1.50"),
        (49, "150.00", "0.00"),
        (400, "150.00", "0.00"),
    ],
)
def test_late_fee(days, late_fee, per_day):
    decided = datetime(2026, 1, 5, 4, 0, tzinfo=timezone.utc)
    cost = penalty(Violation(fine=Decimal("150.00")), Decision(decided_at=decided), decided + timedelta(days=days))
    assert (cost.late_fee, cost.total) == (Decimal(late_fee), Decimal("150.00") + Decimal(late_fee))
    assert (cost.late_from, cost.per_day) == (date(2026, 1, 21), Decimal(per_day))


def test_what_is_paid_or_not_decided_does_not_grow():
    now = datetime(2026, 3, 5, 4, 0, tzinfo=timezone.utc)
    fine = Violation(fine=Decimal("150.00"))
    paid = penalty(fine, Decision(decided_at=now - timedelta(days=30), paid_amount=Decimal("154.50")), now)
    assert (paid.total, paid.late_from, paid.added_by(date(2026, 3, 6))) == (Decimal("154.50"), None, 0)
    undecided = penalty(fine, None, now)
    assert (undecided.total, undecided.late_from, undecided.added_by(date(2026, 3, 6))) == (Decimal("150.00"), None, 0)


def test_points_come_back_with_a_new_cycle(city, open_offences):
    before = open_offences("decided_unpaid")
    assert before["driver"]["points_left"] == 6
    city.clock.move(days=370)
    city.authorize()
    after = told(city, before["plate_number"])
    assert after["driver"]["points_left"] == 12
    assert after["driver"]["cycle_ends_on"] > before["driver"]["cycle_ends_on"]
