"""Who is told the particulars of a vehicle's offences: its owner, and who knows the end of its engine number.

A city's own query of offences asks for the last six characters of the engine number (发动机号后六位). Who guesses is stopped:
so many wrong proofs for one plate within a quarter of an hour, and no further one is looked at, a right one neither.
"""

from __future__ import annotations

import hashlib
import hmac
import math
import secrets
from datetime import datetime, timedelta

from pydantic import BaseModel, Field, root_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.errors import CityError
from sandbox.here import Here
from sandbox.people import PersonIn, find_resident
from sandbox.services.traffic.tables import EngineNumber, ViewingPass, WrongProof
from sandbox.tables import Vehicle

MOST_WRONG = 5
WINDOW = timedelta(minutes=15)
PASS_LENGTH = timedelta(hours=1)
ENGINE_CHARACTERS = 6


class ProofIn(BaseModel):
    """One proof: the end of the engine number, or the owner by name and ID number, or a pass that was given for one."""

    engine_number: str | None = Field(None, regex=r"^[0-9A-Za-z]{6}$")
    name: str | None = Field(None, min_length=1, max_length=40)
    id_number: str | None = Field(None, min_length=1, max_length=40)
    viewing_pass: str | None = Field(None, min_length=1, max_length=100)

    @root_validator(skip_on_failure=True)
    def _is_one(cls, values: dict[str, str | None]) -> dict[str, str | None]:
        person = (values["name"] is not None, values["id_number"] is not None)
        given = [values["engine_number"] is not None, any(person), values["viewing_pass"] is not None]
        if sum(given) != 1 or any(person) != all(person):
            raise ValueError("exactly one proof")
        return values


def require_proof(here: Here, plate: str, proof: ProofIn) -> tuple[str, datetime]:
    """See that somebody may be told of a vehicle's offences.

    Args:
        here: the city.
        plate: of a vehicle that is registered there.
        proof: what was sent.

    Returns:
        A pass for the same vehicle and until when it is good: the one that was sent, or a new one.

    Raises:
        CityError: 403 wrong_engine_number, not_the_owner, pass_expired; 422 invalid_id_number, identity_mismatch; 429
            too_many_wrong_proofs.
    """
    with here.write() as session:
        # One after the other for a vehicle: many at once are not to get more tries.
        vehicle = session.execute(select(Vehicle).where(Vehicle.plate == plate).with_for_update()).scalar_one()
        if proof.viewing_pass is not None:
            return _require_pass(session, plate, proof.viewing_pass, here.now())
        _require_tries_left(session, plate, here.now())
        refusal = _refusal(session, here, vehicle, proof)
        if refusal is None:
            return _new_pass(session, plate, here.now())
        session.add(WrongProof(plate=plate, at=here.now()))
    raise refusal


def _refusal(session: Session, here: Here, vehicle: Vehicle, proof: ProofIn) -> CityError | None:
    """What is wrong with a proof; None where it holds. A number that cannot be an ID number is no guess: it is raised."""
    if proof.engine_number is not None:
        known = session.get(EngineNumber, vehicle.plate)
        end = "" if known is None else known.number[-ENGINE_CHARACTERS:]
        if hmac.compare_digest(end.encode(), proof.engine_number.upper().encode()):
            return None
        return CityError(403, "wrong_engine_number", "发动机号后六位与登记信息不一致")
    person = PersonIn(name=proof.name or "", id_number=proof.id_number or "")
    try:
        resident = find_resident(session, person, here.today())
    except CityError as error:
        if error.code == "invalid_id_number":
            raise
        return error
    if resident is None:
        return CityError(422, "identity_mismatch", "姓名与身份证号码不一致")
    return None if resident.id == vehicle.owner_id else CityError(403, "not_the_owner", "这辆车不在这个人名下")


def _require_tries_left(session: Session, plate: str, now: datetime) -> None:
    wrong = (
        session.execute(
            select(WrongProof.at)
            .where(WrongProof.plate == plate, WrongProof.at > now - WINDOW)
            .order_by(WrongProof.at.desc())
            .limit(MOST_WRONG)
        )
        .scalars()
        .all()
    )
    if len(wrong) == MOST_WRONG:
        seconds = math.ceil((wrong[-1] + WINDOW - now).total_seconds())
        raise CityError(
            429,
            "too_many_wrong_proofs",
            "这辆车的信息核对错误次数过多，请稍后再试",
            headers={"Retry-After": str(max(1, seconds))},
        )


def _new_pass(session: Session, plate: str, now: datetime) -> tuple[str, datetime]:
    made, until = secrets.token_urlsafe(24), now + PASS_LENGTH
    session.add(ViewingPass(digest=_digest(made), plate=plate, expires_at=until))
    return made, until


def _require_pass(session: Session, plate: str, shown: str, now: datetime) -> tuple[str, datetime]:
    known = session.get(ViewingPass, _digest(shown))
    if known is None or known.plate != plate or known.expires_at <= now:
        raise CityError(403, "pass_expired", "查询凭证已失效，请重新核对")
    return shown, known.expires_at


def _digest(shown: str) -> str:
    return hashlib.sha256(shown.encode()).hexdigest()
