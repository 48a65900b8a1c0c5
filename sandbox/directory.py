"""What a city has connected, and the check of a name against an ID number."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import select

from sandbox.checks import require_city, require_id_number
from sandbox.clock import local_text
from sandbox.context import InSandbox
from sandbox.oauth import require_client
from sandbox.schemas.people import PersonIn
from sandbox.tables import CityService, Resident

router = APIRouter(prefix="/cities/{city}", tags=["city"], dependencies=[Depends(require_client)])

SERVICE_PATHS = {
    "water": "utilities/water",
    "electricity": "utilities/electricity",
    "gas": "utilities/gas",
    "traffic": "traffic",
    "hospital": "hospitals",
    "credit": "credit",
}
"""Under which path of its city a service lives: a maintenance of that path is the service's own."""


class ServiceOut(BaseModel):
    """A connected service."""

    code: Literal["water", "electricity", "gas", "traffic", "hospital", "credit"]
    name: str
    status: Literal["available", "maintenance"]
    until: str | None


class ServicesOut(BaseModel):
    """All services a city has connected."""

    services: list[ServiceOut]


class VerificationOut(BaseModel):
    """Whether name and ID number belong together."""

    matched: bool


@router.get("/services", response_model=ServicesOut, response_model_exclude_none=True)
def list_services(city: str, sandbox: InSandbox) -> ServicesOut:
    """The services a city has connected, and which of them are in maintenance.

    Raises:
        CityError: 404 service_not_connected.
    """
    with sandbox.database.read() as session:
        require_city(session, city)
        query = select(CityService).where(CityService.city_code == city).order_by(CityService.position)
        services = []
        for service in session.execute(query).scalars():
            until = sandbox.faults.maintenance_until(f"/cities/{city}/{SERVICE_PATHS[service.code]}")
            services.append(
                ServiceOut(
                    code=service.code,
                    name=service.name,
                    status="available" if until is None else "maintenance",
                    until=None if until is None else local_text(until),
                )
            )
        return ServicesOut(services=services)


@router.post("/identity/verification", response_model=VerificationOut)
def verify_identity(city: str, body: PersonIn, sandbox: InSandbox) -> VerificationOut:
    """Whether the register knows this person; a number it does not know is not matched.

    Raises:
        CityError: 404 service_not_connected; 422 invalid_id_number.
    """
    id_number = require_id_number(body.id_number, sandbox.today())
    with sandbox.database.read() as session:
        require_city(session, city)
        known = select(Resident.id).where(Resident.id_number == id_number, Resident.name == body.name.strip())
        return VerificationOut(matched=session.execute(known).first() is not None)
