"""Vehicles and decisions that are good to try."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.services.traffic.proofs import ENGINE_CHARACTERS
from sandbox.services.traffic.tables import Decision, EngineNumber, Violation
from sandbox.tables import Vehicle


def samples(session: Session, city: str) -> dict[str, Any]:
    """A plate of each kind with the end of its engine number, and a decision number of each kind."""
    plates = _plates(session, city)
    ends = {kind: engine_end(session, plate) if plate else None for kind, plate in plates.items()}
    caught = plates["camera_unconfirmed"]
    say = f"{caught} 有没有违章，发动机号后六位 {ends['camera_unconfirmed']}" if caught else None
    return {
        "plates": plates,
        "engine_numbers": ends,
        "decision_numbers": _decision_numbers(session, city),
        "say": {"traffic": say},
    }


def engine_end(session: Session, plate: str) -> str | None:
    """The last six characters of a vehicle's engine number; None where the service has not been grown in the city."""
    known = session.get(EngineNumber, plate)
    return None if known is None else str(known.number[-ENGINE_CHARACTERS:])


def _plates(session: Session, city: str) -> dict[str, str | None]:
    query = (
        select(Vehicle.plate, Violation.camera, Violation.violation_id, Decision)
        .outerjoin(Violation, Violation.plate == Vehicle.plate)
        .outerjoin(Decision, Decision.violation_id == Violation.violation_id)
        .where(Vehicle.city_code == city)
        .order_by(Vehicle.owner_id)
    )
    states: dict[str, set[str]] = {}
    for plate, camera, violation_id, decision in session.execute(query):
        held = states.setdefault(plate, set())
        if violation_id is None or (decision is not None and decision.receipt_number is not None):
            continue
        if decision is not None:
            held.add("decided_unpaid")
        else:
            held.add("camera_unconfirmed" if camera else "window")
    wanted = {"camera_unconfirmed": {"camera_unconfirmed"}, "decided_unpaid": {"decided_unpaid"}, "clean": set()}
    return {kind: next((plate for plate, held in states.items() if held == is_), None) for kind, is_ in wanted.items()}


def _decision_numbers(session: Session, city: str) -> dict[str, str | None]:
    query = select(Decision.decision_number).where(Decision.city_code == city).order_by(Decision.decision_number)
    unpaid = session.execute(query.where(Decision.receipt_number.is_(None))).scalars().first()
    paid = session.execute(query.where(Decision.receipt_number.isnot(None))).scalars().first()
    return {"unpaid": unpaid, "paid": paid}
