"""Offences, their confirmation, and the paying of fines."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest

from sandbox.services.traffic.penalties import penalty
from sandbox.services.traffic.tables import Decision, Violation
from sandbox.tables import Resident, Vehicle

TRAFFIC = "/cities/330100/traffic"


@pytest.fixture
def open_offences(city):
    """Offences of the sampled plate of a kind."""

    def find(kind, status="open"):
        plate = city.samples()["plates"][kind]
        return city.get(f"{TRAFFIC}/vehicles/{plate}/violations", status=status).json()

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
    answer = city.get(f"/cities/{city_code}/traffic/vehicles/{plate}/violations")
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_a_vehicle_belongs_to_its_city(city):
    plate = city.samples()["plates"]["clean"]
    answer = city.get(f"/cities/330400/traffic/vehicles/{plate}/violations")
    assert answer.json()["code"] == "vehicle_not_found"


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
    after = city.get(f"{TRAFFIC}/vehicles/{before['plate_number']}/violations").json()
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
    ("days", "late_fee"),
    [(0, "0.00"), (15, "0.00"), (16, "4.50"), (25, "45.00"), (48, "148.50"), (49, "150.00"), (400, "150.00")],
)
def test_late_fee(days, late_fee):
    decided = datetime(2026, 1, 5, 4, 0, tzinfo=timezone.utc)
    cost = penalty(Violation(fine=Decimal("150.00")), Decision(decided_at=decided), decided + timedelta(days=days))
    assert (cost.late_fee, cost.total) == (Decimal(late_fee), Decimal("150.00") + Decimal(late_fee))


def test_points_come_back_with_a_new_cycle(city, open_offences):
    before = open_offences("decided_unpaid")
    assert before["driver"]["points_left"] == 6
    city.clock.move(days=370)
    city.authorize()
    after = city.get(f"{TRAFFIC}/vehicles/{before['plate_number']}/violations").json()
    assert after["driver"]["points_left"] == 12
    assert after["driver"]["cycle_ends_on"] > before["driver"]["cycle_ends_on"]
