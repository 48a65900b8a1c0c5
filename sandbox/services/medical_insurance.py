"""Medical insurance: residents' accounts, and what was settled at hospitals and pharmacies."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Boolean, Column, Date, ForeignKey, String, select
from sqlalchemy.orm import Session

from city_api.medical_insurance import MedicalInsurance
from city_api.medical_insurance import Settlement as SettlementAnswer
from sandbox.column_types import Hundredths
from sandbox.here import InCity
from sandbox.people import PersonIn, record_of, samples_with_and_without
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base

PLACES = ("{full_name}第一人民医院门诊", "{full_name}中医院门诊", "{name}惠民大药房")
NOT_FOUND = ("medical_insurance_not_found", "没有找到医保参保信息")
SETTLEMENTS_SHOWN = 3


class MedicalAccount(Base):
    """A resident's insurance; only employees have a balance."""

    __tablename__ = "medical_accounts"
    resident_id = Column(ForeignKey("residents.id"), primary_key=True)
    balance = Column(Hundredths)
    suspended = Column(Boolean, nullable=False)


class Settlement(Base):
    """What was paid on a day at a hospital or pharmacy."""

    __tablename__ = "medical_settlements"
    resident_id = Column(ForeignKey("medical_accounts.resident_id"), primary_key=True)
    settled_on = Column(Date, primary_key=True)
    place = Column(String(60), nullable=False)
    total = Column(Hundredths, nullable=False)
    by_fund = Column(Hundredths, nullable=False)
    by_account = Column(Hundredths, nullable=False)


def seed(growth: Growth) -> None:
    """Insure four adults in five, every third of them not as an employee; every sixth has not been ill."""
    for place, holder in enumerate(growth.holders):
        if place % 5 == 4:
            continue
        rng = growth.stream("account", place)
        employee = place % 3 != 1
        balance = Decimal(rng.randint(5_000, 900_000)) / 100 if employee else None
        growth.add(MedicalAccount, resident_id=holder.id, balance=balance, suspended=place % 7 == 6)
        for days in rng.sample(range(1, 120), 0 if place % 6 == 2 else rng.randint(1, 5)):
            where = rng.choice(PLACES if employee else PLACES[:2])
            total = Decimal(rng.randint(2_000, 60_000)) / 100
            by_fund = Decimal(0) if where == PLACES[-1] else (total * 7 / 10).quantize(Decimal("0.01"))
            growth.add(
                Settlement,
                resident_id=holder.id,
                settled_on=growth.today - timedelta(days=days),
                place=where.format(name=growth.city.name, full_name=growth.city.full_name),
                total=total,
                by_fund=by_fund,
                by_account=total - by_fund if employee else Decimal(0),
            )


def samples(session: Session, city: str) -> dict[str, Any]:
    """A resident who is insured, and one who is not."""
    return samples_with_and_without(session, city, MedicalAccount, "medical_insurance")


router = APIRouter()


@router.post("/account", response_model=MedicalInsurance, response_model_exclude_none=True)
def show_account(body: PersonIn, here: InCity) -> MedicalInsurance:
    """A resident's insurance and the last settlements.

    Raises:
        CityError: 404 service_not_connected, medical_insurance_not_found; 422 invalid_id_number, identity_mismatch.
    """
    with here.read() as session:
        account = record_of(session, here, MedicalAccount, body, *NOT_FOUND)
        query = select(Settlement).where(Settlement.resident_id == account.resident_id)
        newest = session.execute(query.order_by(Settlement.settled_on.desc()).limit(SETTLEMENTS_SHOWN)).scalars()
        return MedicalInsurance(
            kind="resident" if account.balance is None else "employee",
            state="suspended" if account.suspended else "active",
            balance=account.balance,
            as_of=here.today(),
            settlements=[
                SettlementAnswer(**{name: getattr(one, name) for name in SettlementAnswer.__fields__}) for one in newest
            ],
        )


service = SandboxService(router, seed, samples)
