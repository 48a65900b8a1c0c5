"""Social insurance: for how many months residents have paid, and their last payment."""

from __future__ import annotations

from decimal import Decimal

from fastapi import APIRouter
from sqlalchemy import Column, ForeignKey, Integer, String

from city_api.base import CENT
from city_api.social_insurance import Kind, SocialInsurance
from sandbox.column_types import Hundredths
from sandbox.here import InCity
from sandbox.people import PersonIn, record_of, samples_with_and_without
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base

EMPLOYERS = ("{name}建筑设计院有限公司", "{name}食品厂", "{name}人民商场", "{name}物流有限公司")
OWN, BY_EMPLOYER, ALONE = Decimal("0.105"), Decimal("0.262"), Decimal("0.295")
"""Parts of the wage: an employee's and the employer's, and what is paid by who has none, for pension and medical."""

BY_EMPLOYERS: tuple[Kind, ...] = ("unemployment", "work_injury", "maternity")
"""Kinds that only employees are insured in."""


class InsuredPerson(Base):
    """A resident's record; `stopped_in` is the last month paid, where it is not last month."""

    __tablename__ = "insured_people"
    resident_id = Column(ForeignKey("residents.id"), primary_key=True)
    employer = Column(String(60))
    wage = Column(Hundredths, nullable=False)
    months = Column(Integer, nullable=False)
    medical_months = Column(Integer, nullable=False)
    stopped_in = Column(String(7))


def seed(growth: Growth) -> None:
    """Give four adults in five a record; of these some have no employer, and some have stopped."""
    for place, holder in enumerate(growth.holders):
        if place % 5 == 4:
            continue
        rng = growth.stream("record", place)
        months = rng.randint(14, 180)
        growth.add(
            InsuredPerson,
            resident_id=holder.id,
            employer=None if place % 4 == 2 else rng.choice(EMPLOYERS).format(name=growth.city.name),
            wage=Decimal(rng.randrange(4800, 24000, 10)),
            months=months,
            medical_months=months - rng.randint(0, 12),
            stopped_in=f"{growth.today.year - 1}-{rng.randint(1, 12):02d}" if place % 6 == 3 else None,
        )


router = APIRouter()


@router.post("/record", response_model=SocialInsurance, response_model_exclude_none=True)
def show_record(body: PersonIn, here: InCity) -> SocialInsurance:
    """A resident's record; who has not stopped has paid up to last month.

    Raises:
        CityError: 404 service_not_connected, social_insurance_not_found; 422 invalid_id_number, identity_mismatch.
    """
    with here.read() as session:
        record = record_of(session, here, InsuredPerson, body, "social_insurance_not_found", "没有找到社保缴费记录")
        today, employed = here.today(), record.employer is not None
        year, month = divmod(today.year * 12 + today.month - 2, 12)
        return SocialInsurance(
            state="stopped" if record.stopped_in else "paying",
            employer=record.employer,
            as_of=today,
            months={
                "pension": record.months,
                "medical": record.medical_months,
                **{kind: record.months for kind in BY_EMPLOYERS if employed},
            },
            last_period=record.stopped_in or f"{year}-{month + 1:02d}",
            last_own=(record.wage * (OWN if employed else ALONE)).quantize(CENT),
            last_by_employer=(record.wage * BY_EMPLOYER).quantize(CENT) if employed else None,
        )


service = SandboxService(
    router, seed, lambda session, city: samples_with_and_without(session, city, InsuredPerson, "social_insurance")
)
