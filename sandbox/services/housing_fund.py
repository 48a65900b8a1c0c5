"""The housing fund: accounts, deposits and loans."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from sqlalchemy import Boolean, Column, ForeignKey, Integer, String
from sqlalchemy.orm import Session

from city_api.housing_fund import Deposit, HousingFund, Loan
from sandbox.column_types import Hundredths
from sandbox.here import InCity
from sandbox.people import PersonIn, record_of, samples_with_and_without
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base

EMPLOYERS = ("{name}软件园科技有限公司", "{name}市第一中学", "{name}城市建设集团", "{name}日报社")
DEPOSITS_SHOWN = 3


class FundAccount(Base):
    """A resident's account."""

    __tablename__ = "housing_fund_accounts"
    resident_id = Column(ForeignKey("residents.id"), primary_key=True)
    employer = Column(String(60), nullable=False)
    balance = Column(Hundredths, nullable=False)
    monthly = Column(Hundredths, nullable=False)
    sealed = Column(Boolean, nullable=False)
    loan_months = Column(Integer, nullable=False)


def seed(growth: Growth) -> None:
    """Give three adults in four an account, and every third of these a loan."""
    for place, holder in enumerate(growth.holders):
        if place % 4 == 3:
            continue
        rng = growth.stream("account", place)
        monthly = Decimal(rng.randrange(600, 4800, 20))
        growth.add(
            FundAccount,
            resident_id=holder.id,
            employer=rng.choice(EMPLOYERS).format(name=growth.city.name),
            balance=monthly * rng.randint(6, 60) + Decimal(rng.randint(0, 9999)) / 100,
            monthly=monthly,
            sealed=place % 7 == 5,
            loan_months=rng.randint(24, 240) if place % 3 == 0 else 0,
        )


def samples(session: Session, city: str) -> dict[str, Any]:
    """A resident who has an account, and one who has none."""
    return samples_with_and_without(session, city, FundAccount, "housing_fund")


router = APIRouter()


@router.post("/account", response_model=HousingFund, response_model_exclude_none=True)
def show_account(body: PersonIn, here: InCity) -> HousingFund:
    """A resident's account, deposits up to last month.

    Raises:
        CityError: 404 service_not_connected, fund_account_not_found; 422 invalid_id_number, identity_mismatch.
    """
    with here.read() as session:
        account = record_of(session, here, FundAccount, body, "fund_account_not_found", "没有找到公积金账户")
        today = here.today()
        months = [today.year * 12 + today.month - 2 - back for back in range(DEPOSITS_SHOWN)]
        payback = (account.monthly * Decimal("1.5")).quantize(Decimal("0.01"))
        return HousingFund(
            state="sealed" if account.sealed else "active",
            employer=account.employer,
            balance=account.balance,
            monthly=account.monthly,
            as_of=today,
            deposits=[Deposit(period=f"{m // 12}-{m % 12 + 1:02d}", amount=account.monthly) for m in months],
            loan=Loan(balance=payback * account.loan_months, monthly=payback, next_due_on=today.replace(day=28))
            if account.loan_months
            else None,
        )


service = SandboxService(router, seed, samples)
