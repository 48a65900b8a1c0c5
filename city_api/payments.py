"""A receipt of the city, and the payment provider's trades, refunds and notices."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer, Yuan


class Receipt(Answer):
    """The city's proof that a bill or a fine is paid."""

    receipt_number: str
    paid_at: dt.datetime


class Trade(Answer):
    """A trade at the payment provider, and the page where it can be paid until `expires_at`."""

    trade_number: str
    state: Literal["awaiting", "paid", "closed"]
    amount: Yuan
    cashier_url: str
    expires_at: dt.datetime
    provider_trade_number: str | None = None
    paid_at: dt.datetime | None = None


class Refund(Answer):
    """Money that goes back; accepted (`processing`) is not done."""

    refund_number: str
    state: Literal["processing", "done", "failed", "abnormal"]


class PaymentNotice(Answer):
    """What the provider tells us of its own accord.

    Attributes:
        merchant_id, app_id: whose payment it is; those of another merchant are not ours to take.
    """

    merchant_id: str
    app_id: str
    notice_id: str
    trade_number: str
    provider_trade_number: str
    amount: Yuan
    state: Literal["paid"]
    paid_at: dt.datetime


class StatementLine(Answer):
    """One movement of money in a day's statement."""

    kind: Literal["payment", "refund"]
    trade_number: str
    refund_number: str | None = None
    amount: Yuan
    at: dt.datetime


class Statement(Answer):
    """Every payment and refund that succeeded on a day in Shanghai; ready from 10:00 of the next."""

    day: dt.date
    lines: list[StatementLine]
