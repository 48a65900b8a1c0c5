"""Heating: households' bills, one a season, by area and the city's price."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Column, Date, ForeignKey, Integer, String, and_, func, select
from sqlalchemy.orm import Session

from city_api.heating import HeatingBill as BillAnswer
from city_api.heating import HeatingBills
from city_api.payments import Receipt
from sandbox.column_types import Hundredths
from sandbox.errors import CityError
from sandbox.here import InCity
from sandbox.idempotency import Once
from sandbox.masking import mask_address, mask_name
from sandbox.money import CENT
from sandbox.payable import Payable, PaymentIn, settle
from sandbox.seeding.accounts import make_account_numbers
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base, Resident

UNPAID_PATTERN = (1, 0, 2)
"""How many of the last two seasons households have not paid, in turn."""
PRICES = ("19.50", "22.20", "24.00", "26.70")
RECEIPT_SERIES = "32"


class HeatingAccount(Base):
    """A household with the heating company."""

    __tablename__ = "heating_accounts"
    id = Column(String(24), primary_key=True)
    city_code = Column(String(6), nullable=False)
    account_number = Column(String(13), nullable=False, index=True)
    resident_id = Column(ForeignKey("residents.id"), nullable=False)
    address = Column(String(80), nullable=False)
    area = Column(Hundredths, nullable=False)


class HeatingBill(Payable, Base):
    """A household's bill of a season."""

    __tablename__ = "heating_bills"
    bill_id = Column(String(24), primary_key=True)
    account_id = Column(ForeignKey("heating_accounts.id"), nullable=False, index=True)
    begins_in = Column(Integer, nullable=False)
    price = Column(Hundredths, nullable=False)
    amount = Column(Hundredths, nullable=False)
    due_on = Column(Date, nullable=False)


def seed(growth: Growth) -> None:
    """Give every household the bills of the last two seasons; a season's are sent out in October."""
    price = Decimal(growth.stream("price").choice(PRICES))
    latest = growth.today.year if growth.today.month > 10 else growth.today.year - 1
    numbers = make_account_numbers(growth, len(growth.holders))
    households = zip(growth.holders, growth.register.addresses, numbers, strict=True)
    for place, (holder, address, number) in enumerate(households):
        area = Decimal(growth.stream("area", place).randint(4200, 14500)) / 100
        account, unpaid = growth.key(place), UNPAID_PATTERN[place % len(UNPAID_PATTERN)]
        growth.add(
            HeatingAccount,
            id=account,
            city_code=growth.city.code,
            account_number=number,
            resident_id=holder.id,
            address=address,
            area=area,
        )
        for back in range(2):
            autumn = latest - back
            paid_at = None if back < unpaid else growth.moment(date(autumn, 10, 8 + place % 20), 10)
            growth.add(
                HeatingBill,
                bill_id=growth.number("H", 8),
                account_id=account,
                begins_in=autumn,
                price=price,
                amount=(area * price).quantize(CENT, ROUND_HALF_UP),
                due_on=date(autumn, 12, 31),
                paid_at=paid_at,
                receipt_number=None if paid_at is None else growth.receipt(paid_at, RECEIPT_SERIES),
            )


def samples(session: Session, city: str) -> dict[str, Any]:
    """Accounts with no, one and two unpaid bills."""
    unpaid = and_(HeatingBill.account_id == HeatingAccount.id, HeatingBill.receipt_number.is_(None))
    query = select(func.count(HeatingBill.bill_id), HeatingAccount.account_number).outerjoin(HeatingBill, unpaid)
    query = query.where(HeatingAccount.city_code == city).group_by(HeatingAccount.account_number)
    by_count = dict(session.execute(query).all())
    accounts = {word: by_count.get(count) for count, word in enumerate(("none", "one", "two"))}
    say = f"交取暖费，户号 {accounts['one']}" if accounts["one"] else None
    return {"heating_accounts": accounts, "say": {"heating": say}}


router = APIRouter()


@router.get("/accounts/{account_number}/bills", response_model=HeatingBills)
def list_bills(account_number: str, here: InCity) -> HeatingBills:
    """A household's unpaid bills.

    Raises:
        CityError: 404 service_not_connected, account_not_found.
    """
    with here.read() as session:
        query = select(HeatingAccount, Resident).join(Resident, HeatingAccount.resident_id == Resident.id)
        query = query.where(HeatingAccount.city_code == here.code, HeatingAccount.account_number == account_number)
        row = session.execute(query).one_or_none()
        if row is None:
            raise CityError(404, "account_not_found", "没有找到这个供热户号")
        account, holder = row
        unpaid = select(HeatingBill).where(HeatingBill.account_id == account.id, HeatingBill.receipt_number.is_(None))
        return HeatingBills(
            biller_code=f"{here.code}-heating",
            payee=here.payee("heating"),
            account_number=account_number,
            holder_name_masked=mask_name(holder.name),
            address_masked=mask_address(account.address),
            area=account.area,
            bills=[
                BillAnswer(
                    bill_id=one.bill_id, begins_in=one.begins_in, price=one.price, amount=one.amount, due_on=one.due_on
                )
                for one in session.execute(unpaid.order_by(HeatingBill.begins_in)).scalars()
            ],
        )


@router.post("/bills/{bill_id}/payments", response_model=Receipt)
def pay_bill(bill_id: str, body: PaymentIn, once: Once, here: InCity) -> Response:
    """Settle a bill, once.

    Raises:
        CityError: 404 service_not_connected, heating_bill_not_found; 409 heating_bill_already_paid, amount_mismatch.
    """

    def pay(session: Session) -> Receipt:
        query = select(HeatingBill).join(HeatingAccount).where(HeatingAccount.city_code == here.code)
        query = query.where(HeatingBill.bill_id == bill_id).with_for_update()
        bill = session.execute(query).scalar_one_or_none()
        if bill is None:
            raise CityError(404, "heating_bill_not_found", "没有找到这笔取暖费")
        return settle(
            session,
            here,
            bill,
            bill.amount,
            body,
            series=RECEIPT_SERIES,
            paid_code="heating_bill_already_paid",
            paid_message="这笔取暖费已经缴清",
        )

    return once.run(body, pay)


service = SandboxService(router, seed, samples)
