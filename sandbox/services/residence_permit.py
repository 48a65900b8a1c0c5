"""Residence permits: issued for a year, and endorsed in the last month of it for another."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Column, Date, ForeignKey, select
from sqlalchemy.orm import Session

from city_api.residence_permit import ResidencePermit, State
from sandbox.here import InCity
from sandbox.people import PersonIn, as_sample, record_of, samples_with_and_without
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base, Resident

NOT_FOUND = ("residence_permit_not_found", "没有找到居住证")
DAYS_LEFT = {"valid": (40, 300), "endorsement_due": (3, 25), "suspended": (-200, -5), "in_making": (368, 375)}
"""The least and the most days that a permit of a state has left when it is seeded."""
YEAR, MONTH = timedelta(days=365), timedelta(days=30)


class Permit(Base):
    """A resident's permit; it was issued, or endorsed last, a year before it ends."""

    __tablename__ = "residence_permits"
    resident_id = Column(ForeignKey("residents.id"), primary_key=True)
    valid_until = Column(Date, nullable=False)


def seed(growth: Growth) -> None:
    """Give four adults in five a permit, the states in turn."""
    states = list(DAYS_LEFT)
    for place, holder in enumerate(growth.holders):
        if place % 5 < len(states):
            days = growth.stream("permit", place).randint(*DAYS_LEFT[states[place % 5]])
            growth.add(Permit, resident_id=holder.id, valid_until=growth.today + timedelta(days=days))


def samples(session: Session, city: str) -> dict[str, Any]:
    """A resident who has a permit, whose permit ran out, whose is in making, and who has none."""
    people = samples_with_and_without(session, city, Permit, "residence_permit")["people"]
    here = select(Resident).join(Permit, Permit.resident_id == Resident.id).where(Resident.city_code == city)
    for name, order in (("suspended", Permit.valid_until), ("in_making", Permit.valid_until.desc())):
        people[f"{name}_residence_permit"] = as_sample(session.execute(here.order_by(order)).scalars().first())
    return {"people": people}


def state_of(issued_on: date, valid_until: date, today: date) -> State:
    """The state of a permit on a day."""
    if today < issued_on:
        return "in_making"
    if today > valid_until:
        return "suspended"
    return "endorsement_due" if today >= valid_until - MONTH else "valid"


router = APIRouter()


@router.post("/permit", response_model=ResidencePermit)
def show_permit(body: PersonIn, here: InCity) -> ResidencePermit:
    """A resident's permit.

    Raises:
        CityError: 404 service_not_connected, residence_permit_not_found; 422 invalid_id_number, identity_mismatch.
    """
    with here.read() as session:
        permit = record_of(session, here, Permit, body, *NOT_FOUND)
        until: date = permit.valid_until
        return ResidencePermit(
            state=state_of(until - YEAR, until, here.today()),
            issued_on=until - YEAR,
            endorse_from=until - MONTH,
            valid_until=until,
        )


service = SandboxService(router, seed, samples)
