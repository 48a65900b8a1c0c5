"""Traffic: a vehicle's offences, their confirmation, and the paying of fines."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.checks import require_plate_number, require_service
from sandbox.clock import local_date, local_text
from sandbox.context import InSandbox
from sandbox.errors import CityError
from sandbox.idempotency import Once
from sandbox.masking import mask_plate
from sandbox.money import yuan
from sandbox.numbers import unused
from sandbox.oauth import require_client
from sandbox.penalties import penalty
from sandbox.schemas.payments import PaymentIn, PaymentOut
from sandbox.schemas.traffic import ConfirmationIn, DecisionOut, DriverOut, ViolationOut, ViolationsOut
from sandbox.tables import City, Decision, Resident, Vehicle, Violation

router = APIRouter(prefix="/cities/{city}/traffic", tags=["traffic"], dependencies=[Depends(require_client)])

POINTS_TOTAL = 12
RECEIPT_SERIES = "2"


@router.get("/vehicles/{plate_number}/violations", response_model=ViolationsOut)
def list_violations(
    city: str,
    plate_number: str,
    sandbox: InSandbox,
    status: Literal["open", "all"] = "open",
) -> ViolationsOut:
    """A vehicle's offences, open ones (not yet paid) or all, and the points left on its owner's licence.

    Raises:
        CityError: 404 service_not_connected, vehicle_not_found; 422 invalid_plate_number.
    """
    require_plate_number(plate_number)
    with sandbox.database.read() as session:
        require_service(session, city, "traffic")
        vehicle = session.get(Vehicle, plate_number)
        if vehicle is None or vehicle.city_code != city:
            raise CityError(404, "vehicle_not_found", "没有找到这辆车的登记信息")
        rows = session.execute(
            select(Violation, Decision)
            .outerjoin(Decision, Decision.violation_id == Violation.violation_id)
            .where(Violation.plate_number == plate_number)
            .order_by(Violation.occurred_at.desc())
        ).all()
        shown = [_shown(violation, decision) for violation, decision in rows]
        return ViolationsOut(
            plate_number=vehicle.plate_number,
            vehicle_kind=vehicle.kind,
            driver=_driver(session.get(Resident, vehicle.owner_id), rows, sandbox.today()),
            violations=[one for one in shown if status == "all" or one.status != "paid"],
        )


@router.post("/violations/{violation_id}/confirmation", response_model=DecisionOut, response_model_exclude_none=True)
def confirm_violation(
    city: str,
    violation_id: str,
    once: Once,
    sandbox: InSandbox,
    body: ConfirmationIn | None = None,
) -> Response:
    """Accept a camera's offence; the decision is made at once.

    Raises:
        CityError: 404 service_not_connected, violation_not_found; 409 violation_already_decided,
            not_a_camera_offence.
    """

    def confirm(session: Session) -> dict[str, Any]:
        require_service(session, city, "traffic")
        violation = session.execute(
            select(Violation)
            .join(Vehicle, Violation.plate_number == Vehicle.plate_number)
            .where(Violation.violation_id == violation_id, Vehicle.city_code == city)
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
        decision = Decision(
            decision_number=unused(session, Decision.decision_number, city, 9),
            violation_id=violation_id,
            city_code=city,
            payee=f"{session.get(City, city).name}市公安局交通警察支队",
            decided_at=sandbox.now(),
        )
        session.add(decision)
        session.flush()
        return _decision_shown(decision, violation, sandbox.now())

    return once.run(body or ConfirmationIn(), confirm)


@router.get("/decisions/{decision_number}", response_model=DecisionOut, response_model_exclude_none=True)
def show_decision(city: str, decision_number: str, sandbox: InSandbox) -> dict[str, Any]:
    """A decision and what it costs today.

    Raises:
        CityError: 404 service_not_connected, decision_not_found.
    """
    with sandbox.database.read() as session:
        decision, violation = _find_decision(session, city, decision_number)
        return _decision_shown(decision, violation, sandbox.now())


@router.post("/decisions/{decision_number}/payments", response_model=PaymentOut)
def pay_decision(
    city: str,
    decision_number: str,
    body: PaymentIn,
    once: Once,
    sandbox: InSandbox,
) -> Response:
    """Settle a fine with its late fee, once.

    Raises:
        CityError: 404 service_not_connected, decision_not_found; 409 decision_already_paid, amount_mismatch.
    """

    def settle(session: Session) -> dict[str, Any]:
        decision, violation = _find_decision(session, city, decision_number)
        if decision.receipt_number is not None:
            raise CityError(
                409,
                "decision_already_paid",
                "这份处罚决定的罚款已经缴清",
                receipt_number=decision.receipt_number,
                paid_at=local_text(decision.paid_at),
                trade_number=decision.trade_number,
            )
        now = sandbox.now()
        total = penalty(violation, decision, now).total
        if total != Decimal(body.amount):
            raise CityError(409, "amount_mismatch", "金额与应缴罚款不一致", amount=yuan(total))
        prefix = f"R{sandbox.today():%Y%m%d}{RECEIPT_SERIES}"
        decision.receipt_number = unused(session, Decision.receipt_number, prefix, 5)
        decision.trade_number = body.trade_number
        decision.paid_amount = total
        decision.paid_at = now
        return PaymentOut(receipt_number=decision.receipt_number, paid_at=local_text(now)).dict()

    return once.run(body, settle)


def _find_decision(session: Session, city: str, decision_number: str) -> tuple[Decision, Violation]:
    require_service(session, city, "traffic")
    row = session.execute(
        select(Decision, Violation)
        .join(Violation, Decision.violation_id == Violation.violation_id)
        .where(Decision.decision_number == decision_number, Decision.city_code == city)
        .with_for_update(of=Decision)
    ).first()
    if row is None:
        raise CityError(404, "decision_not_found", "没有找到这份处罚决定书")
    return row[0], row[1]


def _driver(owner: Resident, rows: list[Any], today: date) -> DriverOut:
    """Points count for a year from the day the licence was issued (记分管理办法 2022, article 4); only decided
    offences take points.
    """
    issued = owner.licence_issued_on
    starts_on = issued.replace(year=today.year)
    if starts_on > today:
        starts_on = issued.replace(year=today.year - 1)
    lost = sum(
        violation.points
        for violation, decision in rows
        if decision is not None and local_date(decision.decided_at) >= starts_on
    )
    return DriverOut(
        points_left=max(0, POINTS_TOTAL - lost),
        points_total=POINTS_TOTAL,
        cycle_ends_on=(starts_on.replace(year=starts_on.year + 1) - timedelta(days=1)).isoformat(),
    )


def _status(decision: Decision | None) -> Literal["unconfirmed", "decided", "paid"]:
    if decision is None:
        return "unconfirmed"
    return "decided" if decision.receipt_number is None else "paid"


def _shown(violation: Violation, decision: Decision | None) -> ViolationOut:
    return ViolationOut(
        violation_id=violation.violation_id,
        occurred_at=local_text(violation.occurred_at),
        place=violation.place,
        behaviour=violation.behaviour,
        behaviour_code=violation.behaviour_code,
        fine=yuan(violation.fine),
        points=violation.points,
        camera=violation.camera,
        status=_status(decision),
        decision_number=None if decision is None else decision.decision_number,
    )


def _decision_shown(decision: Decision, violation: Violation, now: datetime) -> dict[str, Any]:
    cost = penalty(violation, decision, now)
    return DecisionOut(
        decision_number=decision.decision_number,
        plate_number_masked=mask_plate(violation.plate_number),
        occurred_at=local_text(violation.occurred_at),
        place=violation.place,
        behaviour=violation.behaviour,
        fine=yuan(cost.fine),
        late_fee=yuan(cost.late_fee),
        total=yuan(cost.total),
        points=violation.points,
        status="unpaid" if decision.receipt_number is None else "paid",
        payee=decision.payee,
        receipt_number=decision.receipt_number,
    ).dict(exclude_none=True)
