"""Believable things to say to this city: who owes what, read from the database as it stands now."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sandbox.money import yuan
from sandbox.tables import Account, Appointment, Bill, CreditRecord, Decision, Resident, Vehicle, Violation

UNPAID_COUNTS = {"none_unpaid": 0, "one_unpaid": 1, "two_unpaid": 2}


def collect_samples(session: Session, city: str) -> dict[str, Any]:
    """The samples of a city. What does not exist (any more) is null.

    Args:
        session: an open session.
        city: GB/T 2260 code.
    """
    accounts, owed = _accounts(session, city)
    return {
        "city": city,
        "accounts": accounts,
        "owed": owed,
        "plates": _plates(session, city),
        "decision_numbers": _decision_numbers(session, city),
        "people": _people(session, city),
    }


def _accounts(session: Session, city: str) -> tuple[dict[str, dict[str, str | None]], dict[str, str]]:
    """By bill type an account with no, one and two unpaid bills; and what those accounts owe altogether."""
    unpaid = Bill.receipt_number.is_(None)
    query = (
        select(
            Account.bill_type,
            Account.account_number,
            func.count(Bill.bill_id).filter(unpaid),
            func.coalesce(func.sum(Bill.amount).filter(unpaid), 0),
        )
        .join(Bill, Bill.account_id == Account.id)
        .where(Account.city_code == city)
        .group_by(Account.id)
        .order_by(Account.id)
    )
    samples: dict[str, dict[str, str | None]] = {}
    owed: dict[str, str] = {}
    for bill_type, number, count, total in session.execute(query):
        kinds = samples.setdefault(bill_type, dict.fromkeys(UNPAID_COUNTS))
        for kind, wanted in UNPAID_COUNTS.items():
            if count == wanted and kinds[kind] is None:
                kinds[kind] = number
                owed[number] = yuan(Decimal(total))
    return samples, owed


def _plates(session: Session, city: str) -> dict[str, str | None]:
    query = (
        select(Vehicle.plate_number, Violation.camera, Violation.violation_id, Decision)
        .outerjoin(Violation, Violation.plate_number == Vehicle.plate_number)
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
    return {
        "camera_unconfirmed": next((plate for plate, held in states.items() if held == {"camera_unconfirmed"}), None),
        "decided_unpaid": next((plate for plate, held in states.items() if held == {"decided_unpaid"}), None),
        "clean": next((plate for plate, held in states.items() if not held), None),
    }


def _decision_numbers(session: Session, city: str) -> dict[str, str | None]:
    query = select(Decision.decision_number).where(Decision.city_code == city).order_by(Decision.decision_number)
    unpaid = session.execute(query.where(Decision.receipt_number.is_(None))).scalars().first()
    paid = session.execute(query.where(Decision.receipt_number.isnot(None))).scalars().first()
    return {"unpaid": unpaid, "paid": paid}


def _people(session: Session, city: str) -> dict[str, dict[str, str] | None]:
    adults = (
        select(Resident)
        .outerjoin(CreditRecord, CreditRecord.resident_id == Resident.id)
        .where(Resident.city_code == city, Resident.licence_issued_on.isnot(None))
        .order_by(Resident.id)
    )
    booked = select(Appointment.id_number).where(Appointment.active_key.isnot(None))
    queries = {
        "with_credit": adults.where(CreditRecord.resident_id.isnot(None)),
        "without_credit": adults.where(CreditRecord.resident_id.is_(None)),
        "patient": adults.where(Resident.id_number.not_in(booked)).offset(1),
    }
    found = {kind: session.execute(query).scalars().first() for kind, query in queries.items()}
    return {
        kind: None if one is None else {"name": one.name, "id_number": one.id_number} for kind, one in found.items()
    }
