"""Credit: a resident's score, its grade, and what moved it."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from sqlalchemy import Column, Date, ForeignKey, Integer, String, select
from sqlalchemy.orm import Session

from city_api.credit import CreditFactor as FactorAnswer
from city_api.credit import CreditScore
from sandbox.here import InCity
from sandbox.people import PersonIn, record_of, samples_with_and_without
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base

GRADES = (
    (700, "AAA", "信用极好"),
    (650, "AA", "信用优秀"),
    (600, "A", "信用良好"),
    (550, "B", "信用中等"),
    (0, "C", "信用待提升"),
)
"""The least score of a grade, its code and its name, best first."""
BASE = 550
"""What every record starts from."""
FACTORS = (
    ("水电气缴费", "近 12 个月按时缴纳水电气费", (20, 60)),
    ("社保缴纳", "连续缴纳社会保险", (30, 80)),
    ("志愿服务", "近一年参加志愿服务", (10, 50)),
    ("无偿献血", "近三年有无偿献血记录", (15, 40)),
    ("图书借阅", "按期归还图书馆图书", (5, 20)),
    ("交通违法", "近一年有未处理或多次交通违法", (-60, -10)),
    ("逾期缴费", "近 12 个月有账单逾期", (-40, -10)),
    ("预约爽约", "近半年有预约挂号未就诊", (-25, -5)),
)
"""Name, reason, and the least and greatest number of points."""


class CreditRecord(Base):
    """A resident's credit score as of a day."""

    __tablename__ = "credit_records"
    resident_id = Column(ForeignKey("residents.id"), primary_key=True)
    score = Column(Integer, nullable=False)
    as_of = Column(Date, nullable=False)


class CreditFactor(Base):
    """One thing that moved a credit score, by a signed number of points."""

    __tablename__ = "credit_factors"
    resident_id = Column(ForeignKey("credit_records.resident_id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    name = Column(String(20), nullable=False)
    effect = Column(Integer, nullable=False)
    reason = Column(String(80), nullable=False)


def seed(growth: Growth) -> None:
    """Give four adults in five a record, as of the first of the month."""
    for place, holder in enumerate(growth.holders):
        if place % 5 == 4:
            continue
        rng = growth.stream("record", place)
        chosen = sorted(rng.sample(range(len(FACTORS)), rng.randint(3, 5)))
        effects = [rng.randint(*FACTORS[index][2]) for index in chosen]
        growth.add(CreditRecord, resident_id=holder.id, score=BASE + sum(effects), as_of=growth.today.replace(day=1))
        for position, (index, effect) in enumerate(zip(chosen, effects, strict=True)):
            name, reason, _ = FACTORS[index]
            growth.add(CreditFactor, resident_id=holder.id, position=position, name=name, effect=effect, reason=reason)


def samples(session: Session, city: str) -> dict[str, Any]:
    """An adult who has a record, and one who has none."""
    found = samples_with_and_without(session, city, CreditRecord, "credit")
    person = found["people"]["with_credit"]
    say = f"查信用分，我叫{person['name']}，身份证号 {person['id_number']}" if person else None
    return {**found, "say": {"credit": say}}


def grade_of(score: int) -> tuple[str, str]:
    """A score's grade: code and name."""
    return next((code, name) for least, code, name in GRADES if score >= least)


router = APIRouter()


@router.post("/score", response_model=CreditScore)
def show_score(body: PersonIn, here: InCity) -> CreditScore:
    """A resident's score; the factors that moved it most come first.

    Raises:
        CityError: 404 service_not_connected, credit_record_not_found; 422 invalid_id_number, identity_mismatch.
    """
    with here.read() as session:
        record = record_of(session, here, CreditRecord, body, "credit_record_not_found", "没有找到信用记录")
        query = select(CreditFactor).where(CreditFactor.resident_id == record.resident_id)
        factors = sorted(session.execute(query).scalars(), key=lambda factor: (-abs(factor.effect), factor.position))
        grade, grade_name = grade_of(record.score)
        return CreditScore(
            score=record.score,
            grade=grade,
            grade_name=grade_name,
            as_of=record.as_of,
            factors=[FactorAnswer(name=one.name, effect=one.effect, reason=one.reason) for one in factors],
        )


service = SandboxService(router, seed, samples)
