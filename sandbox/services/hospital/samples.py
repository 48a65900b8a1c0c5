"""A person who can be booked."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.people import as_sample
from sandbox.services.hospital.tables import Appointment
from sandbox.tables import Resident


def samples(session: Session, city: str) -> dict[str, Any]:
    """A grown-up resident with no visit to come."""
    booked = select(Appointment.id_number).where(Appointment.active_key.isnot(None))
    query = (
        select(Resident)
        .where(Resident.city_code == city, Resident.licence_issued_on.isnot(None), Resident.id_number.not_in(booked))
        .order_by(Resident.id)
        .offset(1)
    )
    return {"people": {"patient": as_sample(session.execute(query).scalars().first())}}
