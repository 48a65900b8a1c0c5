"""The provider's daily statement: every payment and refund of a day, ready from ten in the morning of the next."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from fastapi import APIRouter, Depends
from sqlalchemy import select

from city_api.payments import Statement, StatementLine
from sandbox.clock import SHANGHAI
from sandbox.context import InSandbox
from sandbox.errors import CityError
from sandbox.oauth import require_client
from sandbox.tables import Refund, Trade

READY_AT = time(10)

router = APIRouter(prefix="/payments/statements", tags=["payments"])


@router.get(
    "/{day}", response_model=Statement, response_model_exclude_none=True, dependencies=[Depends(require_client)]
)
def show_statement(day: date, sandbox: InSandbox) -> Statement:
    """A day's statement, in the order in which the money moved.

    Raises:
        CityError: 404 statement_not_ready.
    """
    begin = datetime.combine(day, time(), SHANGHAI)
    end = begin + timedelta(days=1)
    if sandbox.now() < datetime.combine(end.date(), READY_AT, SHANGHAI):
        raise CityError(404, "statement_not_ready", "这一天的对账单还没有生成")
    paid = select(Trade).where(Trade.paid_at >= begin, Trade.paid_at < end)
    given_back = select(Refund).where(Refund.outcome == "done", Refund.ends_at >= begin, Refund.ends_at < end)
    with sandbox.database.read() as session:
        lines = [
            StatementLine(kind="payment", trade_number=trade.trade_number, amount=trade.amount, at=trade.paid_at)
            for trade in session.execute(paid).scalars()
        ] + [
            StatementLine(
                kind="refund",
                trade_number=refund.trade_number,
                refund_number=refund.refund_number,
                amount=refund.amount,
                at=refund.ends_at,
            )
            for refund in session.execute(given_back).scalars()
        ]
    return Statement(day=day, lines=sorted(lines, key=lambda line: line.at))
