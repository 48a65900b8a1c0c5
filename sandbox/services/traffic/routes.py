"""A vehicle's offences, their confirmation, and the paying of fines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from city_api.payments import Receipt
from city_api.traffic import Decision as DecisionAnswer
from city_api.traffic import Driver, OpenViolations, Owed, Violations
from city_api.traffic import Violation as ViolationAnswer
from sandbox.clock import local_date
from sandbox.errors import CityError
from sandbox.here import Here, InCity
from sandbox.idempotency import Once
from sandbox.masking import mask_plate
from sandbox.numbers import unused
from sandbox.payable import PaymentIn, settle
from sandbox.people import PersonIn, find_resident
from sandbox.plates import require_plate
from sandbox.services.traffic.penalties import ZERO, penalty
from sandbox.services.traffic.proofs import ProofIn, require_proof
from sandbox.services.traffic.seeding import RECEIPT_SERIES
from sandbox.services.traffic.tables import Decision, Violation
from sandbox.tables import Resident, Vehicle

router = APIRouter()

POINTS_TOTAL = 12


class ConfirmationIn(PersonIn):
    """The driver who accepts the offence that is named in the path."""


class ViolationSearchIn(ProofIn):
    """Which of a vehicle's offences are asked for, and the proof that they may be told."""

    status: Literal["open", "all"] = "open"


@router.get("/vehicles/{plate_number}/violations", response_model=OpenViolations)
def count_violations(plate_number: str, here: InCity) -> OpenViolations:
    """How many open offences a vehicle has and what is owed for them: all that is told to who has only the plate.

    Raises:
        CityError: 404 service_not_connected, vehicle_not_found; 422 invalid_plate_number.
    """
    with here.read() as session:
        _require_vehicle(session, here, plate_number)
        owed = _owed(_of_vehicle(session, plate_number, "open"), here.now())
        return OpenViolations(plate_number=plate_number, **owed.dict())


@router.post("/vehicles/{plate_number}/violations/search", response_model=Violations)
def search_violations(plate_number: str, body: ViolationSearchIn, here: InCity) -> Violations:
    """A vehicle's offences, open ones (not yet paid) or all, and the points left on its owner's licence, for who proves.

    The proof stands in the body and not in the address, which others write into their logs.

    Raises:
        CityError: 404 service_not_connected, vehicle_not_found; 422 invalid_plate_number, invalid_id_number,
            identity_mismatch; 403 wrong_engine_number, not_the_owner, pass_expired; 429 too_many_wrong_proofs.
    """
    with here.read() as session:
        _require_vehicle(session, here, plate_number)
    viewing_pass, pass_until = require_proof(here, plate_number, body)
    with here.read() as session:
        vehicle = session.get(Vehicle, plate_number)
        rows = _of_vehicle(session, plate_number, body.status)
        return Violations(
            plate_number=vehicle.plate,
            vehicle_kind=vehicle.kind,
            driver=_driver(session, session.get(Resident, vehicle.owner_id), here.today()),
            owed=_owed(_of_vehicle(session, plate_number, "open"), here.now()),
            violations=[_shown(violation, decision, here.now()) for violation, decision in rows],
            viewing_pass=viewing_pass,
            pass_until=pass_until,
        )


@router.post("/violations/{violation_id}/confirmation", response_model=DecisionAnswer, response_model_exclude_none=True)
def confirm_violation(violation_id: str, here: InCity, once: Once, body: ConfirmationIn) -> Response:
    """Accept a camera's offence as its driver; the decision is made at once, and takes the points off their licence.

    Here only the owner of the vehicle is taken for its driver; whoever drove another's goes to the window, where papers
    are looked at.

    Raises:
        CityError: 404 service_not_connected, violation_not_found; 409 violation_already_decided,
            not_a_camera_offence; 422 invalid_id_number, identity_mismatch; 403 no_driving_licence,
            not_the_drivers_vehicle.
    """

    def confirm(session: Session) -> DecisionAnswer:
        violation = session.execute(
            select(Violation)
            .join(Vehicle, Violation.plate == Vehicle.plate)
            .where(Violation.violation_id == violation_id, Vehicle.city_code == here.code)
            .with_for_update(of=Violation)
        ).scalar_one_or_none()
        if violation is None:
            raise CityError(404, "violation_not_found", "没有找到这条违法记录")
        decided = session.execute(
            select(Decision.decision_number).where(Decision.violation_id == violation_id)
        ).scalar_one_or_none()
        if decided is not None:
            raise CityError(409, "violation_already_decided", "这条违法记录已经处理", decision_number=decided)
        if not violation.camera:
            raise CityError(409, "not_a_camera_offence", "这条违法记录须到交警窗口处理")
        driver = _require_driver(session, violation, body, here.today())
        decision = Decision(
            decision_number=unused(session, Decision.decision_number, here.code, 9),
            violation_id=violation_id,
            city_code=here.code,
            driver_id=driver.id,
            payee=here.payee("traffic"),
            decided_at=here.now(),
        )
        session.add(decision)
        session.flush()
        return _decision_shown(decision, violation, here.now())

    return once.run(body, confirm)


@router.get("/decisions/{decision_number}", response_model=DecisionAnswer, response_model_exclude_none=True)
def show_decision(decision_number: str, here: InCity) -> DecisionAnswer:
    """A decision and what it costs today.

    Raises:
        CityError: 404 service_not_connected, decision_not_found.
    """
    with here.read() as session:
        decision, violation = _find_decision(session, here, decision_number)
        return _decision_shown(decision, violation, here.now())


@router.post("/decisions/{decision_number}/payments", response_model=Receipt)
def pay_decision(decision_number: str, body: PaymentIn, here: InCity, once: Once) -> Response:
    """Settle a fine with its late fee, once.

    Raises:
        CityError: 404 service_not_connected, decision_not_found; 409 decision_already_paid, amount_mismatch.
    """

    def pay(session: Session) -> Receipt:
        decision, violation = _find_decision(session, here, decision_number)
        total = penalty(violation, decision, here.now()).total
        receipt = settle(
            session,
            here,
            decision,
            total,
            body,
            series=RECEIPT_SERIES,
            paid_code="decision_already_paid",
            paid_message="这份处罚决定的罚款已经缴清",
            mismatch_message="金额与应缴罚款不一致",
        )
        decision.paid_amount = total
        return receipt

    return once.run(body, pay)


def _require_vehicle(session: Session, here: Here, plate_number: str) -> None:
    """See that a plate is one, of a vehicle that is registered in the city."""
    require_plate(plate_number)
    vehicle = session.get(Vehicle, plate_number)
    if vehicle is None or vehicle.city_code != here.code:
        raise CityError(404, "vehicle_not_found", "没有找到这辆车的登记信息")


def _of_vehicle(session: Session, plate_number: str, status: str) -> list[tuple[Violation, Decision | None]]:
    """A vehicle's offences with what was decided on them, the latest first."""
    rows = session.execute(
        select(Violation, Decision)
        .outerjoin(Decision, Decision.violation_id == Violation.violation_id)
        .where(Violation.plate == plate_number)
        .order_by(Violation.occurred_at.desc())
    ).all()
    return [(violation, decision) for violation, decision in rows if status == "all" or _status(decision) != "paid"]


def _owed(rows: list[tuple[Violation, Decision | None]], now: datetime) -> Owed:
    """What is owed for open offences together, and how that grows."""
    costs = [penalty(violation, decision, now) for violation, decision in rows]
    tomorrow = local_date(now) + timedelta(days=1)
    return Owed(
        count=len(costs),
        total=sum((cost.total for cost in costs), ZERO),
        late_fees=sum((cost.late_fee for cost in costs), ZERO),
        late_from=min((cost.late_from for cost in costs if cost.late_from and cost.late_fee), default=None),
        added_tomorrow=sum((cost.added_by(tomorrow) for cost in costs), ZERO),
    )


def _find_decision(session: Session, here: Here, decision_number: str) -> tuple[Decision, Violation]:
    row = session.execute(
        select(Decision, Violation)
        .join(Violation, Decision.violation_id == Violation.violation_id)
        .where(Decision.decision_number == decision_number, Decision.city_code == here.code)
        .with_for_update(of=Decision)
    ).first()
    if row is None:
        raise CityError(404, "decision_not_found", "没有找到这份处罚决定书")
    return row[0], row[1]


def _require_driver(session: Session, violation: Violation, person: PersonIn, today: date) -> Resident:
    """The resident who may accept an offence: known by name and number, with a licence, and the vehicle's owner."""
    resident = find_resident(session, person, today)
    if resident is None:
        raise CityError(422, "identity_mismatch", "姓名与身份证号码不一致")
    if resident.licence_issued_on is None:
        raise CityError(403, "no_driving_licence", "没有查到这个人的驾驶证")
    if session.get(Vehicle, violation.plate).owner_id != resident.id:
        raise CityError(403, "not_the_drivers_vehicle", "这辆车不在这个人名下，须由驾驶人本人到交警窗口处理")
    return resident


def _driver(session: Session, owner: Resident, today: date) -> Driver:
    """Points count for a year from the day the licence was issued (记分管理办法 2022, article 4); only decided
    offences take points, in whatever vehicle.
    """
    issued = owner.licence_issued_on
    starts_on = issued.replace(year=today.year)
    if starts_on > today:
        starts_on = issued.replace(year=today.year - 1)
    taken = session.execute(
        select(Violation.points, Decision.decided_at)
        .join(Decision, Decision.violation_id == Violation.violation_id)
        .where(Decision.driver_id == owner.id)
    ).all()
    lost = sum(points for points, decided_at in taken if local_date(decided_at) >= starts_on)
    return Driver(
        points_left=max(0, POINTS_TOTAL - lost),
        points_total=POINTS_TOTAL,
        cycle_ends_on=starts_on.replace(year=starts_on.year + 1) - timedelta(days=1),
    )


def _status(decision: Decision | None) -> Literal["unconfirmed", "decided", "paid"]:
    if decision is None:
        return "unconfirmed"
    return "decided" if decision.receipt_number is None else "paid"


def _shown(violation: Violation, decision: Decision | None, now: datetime) -> ViolationAnswer:
    cost = penalty(violation, decision, now)
    return ViolationAnswer(
        violation_id=violation.violation_id,
        occurred_at=violation.occurred_at,
        place=violation.place,
        behaviour=violation.behaviour,
        behaviour_code=violation.behaviour_code,
        fine=cost.fine,
        late_fee=cost.late_fee,
        total=cost.total,
        late_from=cost.late_from,
        late_fee_per_day=cost.per_day,
        points=violation.points,
        camera=violation.camera,
        status=_status(decision),
        decision_number=None if decision is None else decision.decision_number,
    )


def _decision_shown(decision: Decision, violation: Violation, now: datetime) -> DecisionAnswer:
    cost = penalty(violation, decision, now)
    return DecisionAnswer(
        decision_number=decision.decision_number,
        plate_number_masked=mask_plate(violation.plate),
        occurred_at=violation.occurred_at,
        place=violation.place,
        behaviour=violation.behaviour,
        fine=cost.fine,
        late_fee=cost.late_fee,
        total=cost.total,
        points=violation.points,
        status="unpaid" if decision.receipt_number is None else "paid",
        payee=decision.payee,
        receipt_number=decision.receipt_number,
    )
