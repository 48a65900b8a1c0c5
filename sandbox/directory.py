"""What a city has connected, and the check of a name against an ID number."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from sqlalchemy import select

from city_api.directory import CityService, CityServices, IdentityVerification
from sandbox.checks import require_id_number
from sandbox.here import InCity, grown
from sandbox.oauth import require_client
from sandbox.people import PersonIn
from sandbox.tables import Resident

router = APIRouter(prefix="/cities/{city}", tags=["city"], dependencies=[Depends(require_client)])


@router.get("/services", response_model=CityServices, response_model_exclude_none=True)
def list_services(here: InCity) -> CityServices:
    """The services a city has connected by now, and which of them are in maintenance: that of a service's path is its own.

    Raises:
        CityError: 404 service_not_connected.
    """
    services = []
    for one in here.sandbox.services:
        for code, declared in one.manifest.city_services.items():
            if not here.offers(code):
                continue
            until = here.sandbox.faults.maintenance_until(f"/cities/{here.code}/{declared.path}")
            services.append(
                CityService(
                    code=code,
                    name=declared.title,
                    status="available" if until is None else "maintenance",
                    until=until,
                )
            )
    return CityServices(services=services)


@router.post("/identity/verification", response_model=IdentityVerification, dependencies=[Depends(grown(()))])
def verify_identity(body: PersonIn, here: InCity) -> IdentityVerification:
    """Whether the register knows this person; a number it does not know is not matched.

    Raises:
        CityError: 404 service_not_connected; 422 invalid_id_number.
    """
    id_number = require_id_number(body.id_number, here.today())
    with here.read() as session:
        known = select(Resident.id).where(Resident.id_number == id_number, Resident.name == body.name.strip())
        return IdentityVerification(matched=session.execute(known).first() is not None)
