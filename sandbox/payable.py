"""What can be paid at an office of the city: a bill, a fine, a fee. Paid once, with the right amount, for a receipt."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import Column, String
from sqlalchemy.orm import Session

from city_api.payments import Receipt
from sandbox.clock import local_text
from sandbox.column_types import UtcMoment
from sandbox.errors import CityError
from sandbox.here import Here
from sandbox.money import amount_field, yuan
from sandbox.numbers import receipt_prefix, unused


class PaymentIn(BaseModel):
    """A payment the provider has taken, reported to the office that is owed it."""

    trade_number: str = Field(..., min_length=1, max_length=64)
    amount: str = amount_field()


class Payable:
    """The columns of a table whose rows are paid; a row is paid when it has a receipt."""

    trade_number: Any = Column(String(64))
    receipt_number: Any = Column(String(24), unique=True)
    paid_at: Any = Column(UtcMoment)


def settle(
    session: Session,
    here: Here,
    owed: Any,
    amount: Decimal,
    body: PaymentIn,
    *,
    series: str,
    paid_code: str,
    paid_message: str,
    mismatch_message: str = "金额与应缴金额不一致",
) -> Receipt:
    """Take the payment of a `Payable` row that the session has locked.

    Args:
        session: the write's session, from `once.run`.
        here: the city.
        owed: the row.
        amount: what it costs now.
        body: the payment.
        series: two digits that tell this office's receipts from others' in the city.
        paid_code: the error's code when it is paid already: bill_already_paid.
        paid_message: and its sentence.
        mismatch_message: the sentence of amount_mismatch.

    Raises:
        CityError: 409 with `paid_code`, which says by which payment, so that a payer who lost the answer can tell the own
            one; 409 amount_mismatch, with the amount.
    """
    if owed.receipt_number is not None:
        raise CityError(
            409,
            paid_code,
            paid_message,
            receipt_number=owed.receipt_number,
            paid_at=local_text(owed.paid_at),
            trade_number=owed.trade_number,
        )
    if amount != Decimal(body.amount):
        raise CityError(409, "amount_mismatch", mismatch_message, amount=yuan(amount))
    now = here.now()
    prefix = receipt_prefix(now, here.code, series)
    owed.receipt_number = unused(session, type(owed).receipt_number, prefix, 4)
    owed.trade_number = body.trade_number
    owed.paid_at = now
    return Receipt(receipt_number=owed.receipt_number, paid_at=now)
