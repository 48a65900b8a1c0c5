"""The cashier: the page where a resident pays, and what its button does."""

from __future__ import annotations

import secrets
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates
from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.clock import SHANGHAI
from sandbox.context import InSandbox, Sandbox
from sandbox.money import yuan
from sandbox.numbers import digits
from sandbox.provider.notices import write_notice
from sandbox.provider.trades import state_of
from sandbox.tables import Trade

router = APIRouter(prefix="/cashier", tags=["cashier"])
templates = Jinja2Templates(Path(__file__).resolve().parent.parent / "templates")
STATUS_OF_STATE = {"missing": 404, "closed": 410, "expired": 410}


@router.get("/{token}", response_class=HTMLResponse)
def show_page(request: Request, token: str, sandbox: InSandbox) -> Response:
    """The page of a trade: to pay, paid, closed or expired; 404 for a token that stands for none."""
    with sandbox.database.read() as session:
        trade = _find(session, token)
        return _page(request, trade, _page_state(trade, sandbox))


@router.post("/{token}/confirmation", response_class=HTMLResponse)
def confirm(request: Request, token: str, sandbox: InSandbox) -> Response:
    """Pay a trade once and send its notice off; pressed again, say that it is paid and do nothing."""
    notice_id: str | None = None
    with sandbox.database.write() as session:
        trade = _find(session, token)
        state = _page_state(trade, sandbox)
        if trade is not None and state == "awaiting":
            trade.paid_at = sandbox.now()
            trade.provider_trade_number = "42" + digits(26)
            notice_id = write_notice(session, trade, sandbox.settings)
            state = "just_paid"
        elif state == "paid":
            state = "paid_before"
        page = _page(request, trade, state)
    if notice_id is not None:
        sandbox.courier.dispatch(notice_id)
    return page


def _find(session: Session, token: str) -> Trade | None:
    query = select(Trade).where(Trade.token == token).with_for_update()
    trade: Trade | None = session.execute(query).scalar_one_or_none()
    return trade


def _page_state(trade: Trade | None, sandbox: Sandbox) -> str:
    if trade is None:
        return "missing"
    state = state_of(trade, sandbox.now())
    return "expired" if state == "closed" and trade.closed_at is None else state


def _page(request: Request, trade: Trade | None, state: str) -> Response:
    nonce = secrets.token_urlsafe(16)
    context = {
        "state": state,
        "nonce": nonce,
        "trade": trade,
        "amount": None if trade is None else yuan(trade.amount),
        "expires_at": None if trade is None else f"{trade.expires_at.astimezone(SHANGHAI):%H:%M}",
        "paid_at": None
        if trade is None or trade.paid_at is None
        else f"{trade.paid_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}",
    }
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    status = STATUS_OF_STATE.get(state, 200)
    return templates.TemplateResponse(request, "cashier.html", context, status_code=status, headers=headers)
