"""People as requests name them, and the look-up of what the city knows of one by name and ID number."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.checks import require_id_number
from sandbox.errors import CityError
from sandbox.here import Here
from sandbox.tables import Resident


class PersonIn(BaseModel):
    """A person as named on the ID card."""

    name: str = Field(..., min_length=1, max_length=40)
    id_number: str = Field(..., min_length=1, max_length=40)


def find_resident(session: Session, person: PersonIn, today: date) -> Resident | None:
    """The registered resident of an ID number; None when the register does not know the number.

    Args:
        session: a session.
        person: name and number as they were sent.
        today: the day in the city.

    Raises:
        CityError: 422 invalid_id_number; 422 identity_mismatch: the number is another person's.
    """
    number = require_id_number(person.id_number, today)
    query = select(Resident).where(Resident.id_number == number)
    resident: Resident | None = session.execute(query).scalar_one_or_none()
    if resident is not None and resident.name != person.name.strip():
        raise CityError(422, "identity_mismatch", "姓名与身份证号码不一致")
    return resident


def record_of(session: Session, here: Here, table: Any, person: PersonIn, code: str, message: str) -> Any:
    """The one row that a city keeps of a person, in a table with the column `resident_id`.

    Args:
        session: a session.
        here: the city; what another city keeps of the person is not found.
        table: the table.
        person: name and number as they were sent.
        code: the error's code when there is none: fund_account_not_found.
        message: and its sentence.

    Raises:
        CityError: 422 invalid_id_number, identity_mismatch; 404 with the code given.
    """
    resident = find_resident(session, person, here.today())
    if resident is not None and resident.city_code == here.code:
        query = select(table).where(table.resident_id == resident.id)
        record = session.execute(query).scalars().first()
        if record is not None:
            return record
    raise CityError(404, code, message)


def as_sample(resident: Resident | None) -> dict[str, str] | None:
    """A person as requests name one, for the samples."""
    return None if resident is None else {"name": resident.name, "id_number": resident.id_number}


def samples_with_and_without(session: Session, city: str, table: Any, what: str) -> dict[str, Any]:
    """A grown-up resident who has a row in a table with the column `resident_id`, and one who has none.

    Args:
        session: a session.
        city: GB/T 2260.
        table: the table.
        what: its name in the samples: with_<what>, without_<what>.
    """
    adults = (
        select(Resident)
        .outerjoin(table, table.resident_id == Resident.id)
        .where(Resident.city_code == city, Resident.licence_issued_on.isnot(None))
        .order_by(Resident.id)
    )
    has = session.execute(adults.where(table.resident_id.isnot(None))).scalars().first()
    lacks = session.execute(adults.where(table.resident_id.is_(None))).scalars().first()
    return {"people": {f"with_{what}": as_sample(has), f"without_{what}": as_sample(lacks)}}
