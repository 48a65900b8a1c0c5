"""Water, electricity and gas: what an account owes, and the paying of a bill."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.checks import require_service
from sandbox.clock import local_text
from sandbox.context import InSandbox
from sandbox.errors import CityError
from sandbox.idempotency import Once
from sandbox.masking import mask_address, mask_name
from sandbox.money import yuan
from sandbox.numbers import unused
from sandbox.oauth import require_client
from sandbox.schemas.payments import PaymentIn, PaymentOut
from sandbox.schemas.utility_bills import AccountOut, BillerOut, BillOut, BillsOut, Unit
from sandbox.tables import Account, Bill, Biller, Resident

router = APIRouter(prefix="/cities/{city}/utilities", tags=["utility_bills"], dependencies=[Depends(require_client)])

BillType = Literal["water", "electricity", "gas"]
UNITS: dict[str, Unit] = {"water": "立方米", "electricity": "千瓦时", "gas": "立方米"}
RECEIPT_SERIES = "1"
"""The digit after the day in this office's receipt numbers; fines have another, so that no two receipts are alike."""


@router.get("/{bill_type}/accounts/{account_number}/bills", response_model=BillsOut, response_model_exclude_none=True)
def list_bills(
    city: str,
    bill_type: BillType,
    account_number: str,
    sandbox: InSandbox,
    status: Literal["unpaid", "all"] = "unpaid",
) -> BillsOut:
    """An account's bills of the last 12 months.

    Raises:
        CityError: 404 service_not_connected, account_not_found.
    """
    with sandbox.database.read() as session:
        require_service(session, city, bill_type)
        row = session.execute(
            select(Account, Biller, Resident)
            .join(Biller, Account.biller_code == Biller.code)
            .join(Resident, Account.resident_id == Resident.id)
            .where(Account.account_number == account_number, Account.city_code == city, Account.bill_type == bill_type)
        ).first()
        if row is None:
            raise CityError(404, "account_not_found", "没有找到这个户号")
        account, biller, holder = row
        query = select(Bill).where(Bill.account_id == account.id).order_by(Bill.period.desc())
        if status == "unpaid":
            query = query.where(Bill.receipt_number.is_(None))
        bills = session.execute(query).scalars().all()
        return BillsOut(
            biller=BillerOut(code=biller.code, name=biller.name),
            account=AccountOut(
                account_number=account.account_number,
                holder_name_masked=mask_name(holder.name),
                address_masked=mask_address(account.address),
            ),
            bills=[_shown(bill, bill_type) for bill in bills],
        )


@router.post("/bills/{bill_id}/payments", response_model=PaymentOut)
def pay_bill(city: str, bill_id: str, body: PaymentIn, once: Once, sandbox: InSandbox) -> Response:
    """Settle a bill, once.

    Raises:
        CityError: 404 service_not_connected, bill_not_found; 409 bill_already_paid, amount_mismatch.
    """

    def settle(session: Session) -> dict[str, Any]:
        row = session.execute(
            select(Bill, Account.bill_type)
            .join(Account, Bill.account_id == Account.id)
            .where(Bill.bill_id == bill_id, Account.city_code == city)
            .with_for_update(of=Bill)
        ).first()
        if row is None:
            raise CityError(404, "bill_not_found", "没有找到这张账单")
        bill, bill_type = row
        require_service(session, city, bill_type)
        if bill.receipt_number is not None:
            raise _already_paid(bill)
        if bill.amount != Decimal(body.amount):
            raise CityError(409, "amount_mismatch", "金额与账单不一致", amount=yuan(bill.amount))
        now = sandbox.now()
        bill.receipt_number = unused(session, Bill.receipt_number, f"R{sandbox.today():%Y%m%d}{RECEIPT_SERIES}", 5)
        bill.trade_number = body.trade_number
        bill.paid_at = now
        return PaymentOut(receipt_number=bill.receipt_number, paid_at=local_text(now)).dict()

    return once.run(body, settle)


def _already_paid(bill: Bill) -> CityError:
    """409 that says by which payment, so that a payer who lost the answer can tell the own one."""
    return CityError(
        409,
        "bill_already_paid",
        "这张账单已经缴清",
        receipt_number=bill.receipt_number,
        paid_at=local_text(bill.paid_at),
        trade_number=bill.trade_number,
    )


def _shown(bill: Bill, bill_type: str) -> BillOut:
    return BillOut(
        bill_id=bill.bill_id,
        period=bill.period,
        usage=str(bill.usage),
        unit=UNITS[bill_type],
        amount=yuan(bill.amount),
        status="unpaid" if bill.receipt_number is None else "paid",
        due_on=bill.due_on.isoformat(),
        receipt_number=bill.receipt_number,
        paid_at=None if bill.paid_at is None else local_text(bill.paid_at),
    )
