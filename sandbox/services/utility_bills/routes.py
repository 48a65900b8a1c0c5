"""An account's bills, and the paying of one."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from city_api.payments import Receipt
from city_api.utility_bills import Account as AccountAnswer
from city_api.utility_bills import Bill as BillAnswer
from city_api.utility_bills import Biller, Bills
from sandbox.errors import CityError
from sandbox.here import InCity
from sandbox.idempotency import Once
from sandbox.masking import mask_address, mask_name
from sandbox.payable import PaymentIn, settle
from sandbox.services.utility_bills.seeding import RECEIPT_SERIES, TARIFFS
from sandbox.services.utility_bills.tables import Account, Bill
from sandbox.tables import Resident

router = APIRouter()

BillType = Literal["water", "electricity", "gas"]


@router.get("/{bill_type}/accounts/{account_number}/bills", response_model=Bills, response_model_exclude_none=True)
def list_bills(
    bill_type: BillType, account_number: str, here: InCity, status: Literal["unpaid", "all"] = "unpaid"
) -> Bills:
    """An account's bills of the last 12 months.

    Raises:
        CityError: 404 service_not_connected, account_not_found.
    """
    here.require(bill_type)
    with here.read() as session:
        row = session.execute(
            select(Account, Resident)
            .join(Resident, Account.resident_id == Resident.id)
            .where(
                Account.account_number == account_number,
                Account.city_code == here.code,
                Account.bill_type == bill_type,
            )
        ).first()
        if row is None:
            raise CityError(404, "account_not_found", "没有找到这个户号")
        account, holder = row
        query = select(Bill).where(Bill.account_id == account.id).order_by(Bill.period.desc())
        if status == "unpaid":
            query = query.where(Bill.receipt_number.is_(None))
        bills = session.execute(query).scalars().all()
        return Bills(
            biller=Biller(code=f"{here.code}-{bill_type}", name=account.biller_name),
            account=AccountAnswer(
                account_number=account.account_number,
                holder_name_masked=mask_name(holder.name),
                address_masked=mask_address(account.address),
            ),
            bills=[_shown(bill, bill_type) for bill in bills],
        )


@router.post("/bills/{bill_id}/payments", response_model=Receipt)
def pay_bill(bill_id: str, body: PaymentIn, here: InCity, once: Once) -> Response:
    """Settle a bill, once.

    Raises:
        CityError: 404 service_not_connected, bill_not_found; 409 bill_already_paid, amount_mismatch.
    """

    def pay(session: Session) -> Receipt:
        row = session.execute(
            select(Bill, Account.bill_type)
            .join(Account, Bill.account_id == Account.id)
            .where(Bill.bill_id == bill_id, Account.city_code == here.code)
            .with_for_update(of=Bill)
        ).first()
        if row is None:
            raise CityError(404, "bill_not_found", "没有找到这张账单")
        bill, bill_type = row
        here.require(bill_type)
        return settle(
            session,
            here,
            bill,
            bill.amount,
            body,
            series=RECEIPT_SERIES[bill_type],
            paid_code="bill_already_paid",
            paid_message="这张账单已经缴清",
            mismatch_message="金额与账单不一致",
        )

    return once.run(body, pay)


def _shown(bill: Bill, bill_type: str) -> BillAnswer:
    return BillAnswer(
        bill_id=bill.bill_id,
        period=bill.period,
        usage=bill.usage,
        unit=TARIFFS[bill_type].unit,
        amount=bill.amount,
        status="unpaid" if bill.receipt_number is None else "paid",
        due_on=bill.due_on,
        receipt_number=bill.receipt_number,
        paid_at=bill.paid_at,
    )
