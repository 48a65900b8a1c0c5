"""Credit: a resident's score, its grade, and what moved it."""

from __future__ import annotations

from fastapi import APIRouter, Depends
from pydantic import BaseModel
from sqlalchemy import select

from sandbox.checks import find_resident, require_id_number, require_service
from sandbox.context import InSandbox
from sandbox.errors import CityError
from sandbox.oauth import require_client
from sandbox.schemas.people import PersonIn
from sandbox.tables import CreditFactor, CreditRecord

router = APIRouter(prefix="/cities/{city}/credit", tags=["credit"], dependencies=[Depends(require_client)])

GRADES = (
    (700, "AAA", "信用极好"),
    (650, "AA", "信用优秀"),
    (600, "A", "信用良好"),
    (550, "B", "信用中等"),
    (0, "C", "信用待提升"),
)
"""The least score of a grade, its code and its name, best first."""


class FactorOut(BaseModel):
    """One thing that moved the score."""

    name: str
    effect: int
    reason: str


class ScoreOut(BaseModel):
    """A score as of a day."""

    score: int
    grade: str
    grade_name: str
    as_of: str
    factors: list[FactorOut]


def grade_of(score: int) -> tuple[str, str]:
    """A score's grade: code and name."""
    return next((code, name) for least, code, name in GRADES if score >= least)


@router.post("/score", response_model=ScoreOut)
def show_score(city: str, body: PersonIn, sandbox: InSandbox) -> ScoreOut:
    """A resident's score; the factors that moved it most come first.

    Raises:
        CityError: 404 service_not_connected, credit_record_not_found; 422 invalid_id_number, identity_mismatch.
    """
    id_number = require_id_number(body.id_number, sandbox.today())
    with sandbox.database.read() as session:
        require_service(session, city, "credit")
        resident = find_resident(session, body.name, id_number)
        record = None if resident is None or resident.city_code != city else session.get(CreditRecord, resident.id)
        if record is None:
            raise CityError(404, "credit_record_not_found", "没有找到信用记录")
        query = select(CreditFactor).where(CreditFactor.resident_id == record.resident_id)
        factors = sorted(session.execute(query).scalars(), key=lambda factor: (-abs(factor.effect), factor.position))
        grade, grade_name = grade_of(record.score)
        return ScoreOut(
            score=record.score,
            grade=grade,
            grade_name=grade_name,
            as_of=record.as_of.isoformat(),
            factors=[FactorOut(name=one.name, effect=one.effect, reason=one.reason) for one in factors],
        )
