"""The provider's API: trades, their closing and refunds, and the key its notices are signed with."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from fastapi import APIRouter, Depends
from fastapi.responses import PlainTextResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from city_api.payments import Refund as RefundAnswer
from city_api.payments import Trade as TradeAnswer
from sandbox.context import InSandbox, Sandbox
from sandbox.errors import CityError
from sandbox.faults import REFUND_KINDS
from sandbox.idempotency import Once
from sandbox.money import amount_field
from sandbox.oauth import require_client
from sandbox.provider.signing import public_pem
from sandbox.tables import Refund, Trade

router = APIRouter(prefix="/payments", tags=["payments"])
State = Literal["awaiting", "paid", "closed"]
NUMBER_FORM = r"^[A-Za-z0-9_\-]{1,64}$(?!\n)"


class TradeIn(BaseModel):
    """A trade as the merchant opens it."""

    trade_number: str = Field(..., regex=NUMBER_FORM)
    subject: str = Field(..., min_length=1, max_length=128)
    payee: str = Field(..., min_length=1, max_length=60)
    amount: str = amount_field()
    notify_url: str = Field(..., regex=r"^https?://\S+$(?!\n)", max_length=255)


class RefundIn(BaseModel):
    """Money to be given back."""

    refund_number: str = Field(..., regex=NUMBER_FORM)
    amount: str = amount_field()


def state_of(trade: Trade, now: datetime) -> State:
    """A trade's state: what nobody paid in time is closed without anyone closing it."""
    if trade.paid_at is not None:
        return "paid"
    return "closed" if trade.closed_at is not None or trade.expires_at <= now else "awaiting"


def load_trade(session: Session, trade_number: str) -> Trade:
    """A trade, locked if the session writes.

    Raises:
        CityError: 404 trade_not_found.
    """
    query = select(Trade).where(Trade.trade_number == trade_number).with_for_update()
    trade: Trade | None = session.execute(query).scalar_one_or_none()
    if trade is None:
        raise CityError(404, "trade_not_found", "没有找到这笔交易")
    return trade


def shown(trade: Trade, sandbox: Sandbox) -> TradeAnswer:
    """A trade as it stands."""
    return TradeAnswer(
        trade_number=trade.trade_number,
        state=state_of(trade, sandbox.now()),
        amount=trade.amount,
        cashier_url=f"{sandbox.settings.cashier_base}/cashier/{trade.token}",
        expires_at=trade.expires_at,
        provider_trade_number=trade.provider_trade_number,
        paid_at=trade.paid_at,
    )


@router.post("/trades", response_model=TradeAnswer, dependencies=[Depends(require_client)])
def open_trade(body: TradeIn, once: Once, sandbox: InSandbox) -> Response:
    """Open a trade; the same trade number again gives the same trade.

    Raises:
        CityError: 409 trade_number_reused: the number stands for another payment already; 422 invalid_amount.
    """

    def open_(session: Session) -> TradeAnswer:
        trade = session.get(Trade, body.trade_number)
        if trade is None:
            trade = _new_trade(body, sandbox)
            session.add(trade)
            session.flush()
        elif (trade.amount, trade.payee) != (Decimal(body.amount), body.payee):
            raise CityError(409, "trade_number_reused", "交易号已用于另一笔付款")
        return shown(trade, sandbox)

    if Decimal(body.amount) <= 0:
        raise CityError(422, "invalid_amount", "金额必须大于零")
    return once.run(body, open_)


def _new_trade(body: TradeIn, sandbox: Sandbox) -> Trade:
    now = sandbox.now()
    return Trade(
        trade_number=body.trade_number,
        token=secrets.token_urlsafe(24),
        subject=body.subject,
        payee=body.payee,
        amount=Decimal(body.amount),
        notify_url=body.notify_url,
        created_at=now,
        expires_at=now + timedelta(minutes=sandbox.settings.trade_minutes),
    )


@router.get(
    "/trades/{trade_number}",
    response_model=TradeAnswer,
    dependencies=[Depends(require_client)],
    response_model_exclude_none=True,
)
def show_trade(trade_number: str, sandbox: InSandbox) -> TradeAnswer:
    """A trade as it stands.

    Raises:
        CityError: 404 trade_not_found.
    """
    with sandbox.database.read() as session:
        return shown(load_trade(session, trade_number), sandbox)


@router.post("/trades/{trade_number}/closing", response_model=TradeAnswer, dependencies=[Depends(require_client)])
def close_trade(trade_number: str, once: Once, sandbox: InSandbox) -> Response:
    """Close a trade, so that nobody can pay it any more; closing a closed one changes nothing.

    Raises:
        CityError: 404 trade_not_found; 409 trade_already_paid.
    """

    def close(session: Session) -> TradeAnswer:
        trade = load_trade(session, trade_number)
        if trade.paid_at is not None:
            raise CityError(409, "trade_already_paid", "这笔交易已经支付，不能关闭")
        trade.closed_at = trade.closed_at or sandbox.now()
        return shown(trade, sandbox)

    return once.run(None, close)


@router.post("/trades/{trade_number}/refunds", response_model=RefundAnswer, dependencies=[Depends(require_client)])
def refund_trade(trade_number: str, body: RefundIn, once: Once, sandbox: InSandbox) -> Response:
    """Begin to give money back, in one or several refunds; the same refund number again gives the same refund.

    Raises:
        CityError: 404 trade_not_found; 409 trade_not_paid, refund_number_reused, refund_exceeds_amount.
    """

    def refund(session: Session) -> RefundAnswer:
        trade = load_trade(session, trade_number)
        amount = Decimal(body.amount)
        if trade.paid_at is None:
            raise CityError(409, "trade_not_paid", "这笔交易尚未支付，不能退款")
        known = session.get(Refund, body.refund_number)
        if known is None:
            failed = and_(Refund.outcome == "failed", Refund.ends_at <= sandbox.now())
            refunded = session.execute(
                select(func.coalesce(func.sum(Refund.amount), 0)).where(Refund.trade_number == trade_number, ~failed)
            ).scalar_one()
            if amount <= 0 or refunded + amount > trade.amount:
                raise CityError(409, "refund_exceeds_amount", "退款金额超出可退金额")
            kinds = {fault.kind for fault in sandbox.faults.take(REFUND_KINDS, None)}
            now = sandbox.now()
            known = Refund(
                refund_number=body.refund_number,
                trade_number=trade_number,
                amount=amount,
                asked_at=now,
                ends_at=now + timedelta(seconds=sandbox.settings.refund_seconds),
                outcome=min(kinds).removeprefix("refund_") if kinds else "done",
            )
            session.add(known)
        elif (known.trade_number, known.amount) != (trade_number, amount):
            raise CityError(409, "refund_number_reused", "退款号已用于另一笔退款")
        return shown_refund(known, sandbox)

    return once.run(body, refund)


@router.get(
    "/trades/{trade_number}/refunds/{refund_number}",
    response_model=RefundAnswer,
    dependencies=[Depends(require_client)],
)
def show_refund(trade_number: str, refund_number: str, sandbox: InSandbox) -> RefundAnswer:
    """A refund as it stands.

    Raises:
        CityError: 404 refund_not_found.
    """
    with sandbox.database.read() as session:
        refund = session.get(Refund, refund_number)
        if refund is None or refund.trade_number != trade_number:
            raise CityError(404, "refund_not_found", "没有找到这笔退款")
        return shown_refund(refund, sandbox)


def shown_refund(refund: Refund, sandbox: Sandbox) -> RefundAnswer:
    """A refund as it stands."""
    state = refund.outcome if refund.ends_at <= sandbox.now() else "processing"
    return RefundAnswer.parse_obj({"refund_number": refund.refund_number, "state": state})


@router.get("/public-key", response_class=PlainTextResponse)
def public_key(sandbox: InSandbox) -> str:
    """The public key of the notices' signatures, as PEM. Open to anyone: it is no secret."""
    with sandbox.database.read() as session:
        return public_pem(session)
