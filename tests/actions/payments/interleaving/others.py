"""A payment provider and a city in memory that keep the promises of the real ones, and fail in the ways those do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actions.city.errors import CityError, Conflict, NotFound, Unavailable
from city_api.base import CHINA
from city_api.payments import Receipt, Refund, Statement, StatementLine, Trade

LINK_LIFE = dt.timedelta(minutes=15)
ENDS_AFTER = dt.timedelta(minutes=4)
"""How long after its link has expired a payment that was begun in time may still end."""
READY = dt.timedelta(days=1, hours=10)
"""From when a day's statement can be had, counted from the day's beginning."""

Arrive = Callable[[str], Awaitable[None]]
Clock = Callable[[], dt.datetime]


class Party:
    """Another party, each of whose calls is a step, and fails as it is told to until it is told otherwise.

    Args:
        arrive: waits for the step.
        now: the true time, whatever our own clock says.
    """

    def __init__(self, arrive: Arrive, now: Clock) -> None:
        self.now = now
        self.faults: dict[str, str] = {}
        self._arrive = arrive

    async def call(self, operation: str, do: Callable[[], Any]) -> Any:
        """Do something, or do it and lose the answer (`lost`, `forgotten`), or only fail (`down`, `unknown`, `refused`)."""
        await self._arrive(operation)
        fault = self.faults.get(operation)
        if fault == "down":
            raise Unavailable("timeout")
        if fault == "unknown":
            raise NotFound("trade_not_found")
        if fault == "refused":
            raise Conflict("not_now")
        answer = do()
        if fault in ("lost", "forgotten"):
            raise Unavailable("timeout")
        return answer


@dataclass
class AtProvider:
    """A trade as the provider has it."""

    number: str
    amount: Decimal
    expires_at: dt.datetime
    is_closed: bool = False
    paid_at: dt.datetime | None = None

    @property
    def is_paid(self) -> bool:
        """Whether the provider has the money, or has had it."""
        return self.paid_at is not None


@dataclass
class GoingBack:
    """A refund as the provider has it."""

    number: str
    trade_number: str
    amount: Decimal
    state: str
    done_at: dt.datetime | None = None


class Provider(Party):
    """Trades and refunds.

    Args:
        arrive, now: as for every party.
        key: its notices' key.
        closes_expired: whether an expired trade counts as closed by itself (Alipay), or only once we close it (WeChat).
    """

    def __init__(self, arrive: Arrive, now: Clock, key: rsa.RSAPrivateKey, closes_expired: bool = True) -> None:
        super().__init__(arrive, now)
        self.key = key
        self.closes_expired = closes_expired
        self.refunds_begin = "processing"
        self.trades: dict[str, AtProvider] = {}
        self.refunds: dict[str, GoingBack] = {}
        self.strangers: list[StatementLine] = []

    def can_be_paid(self, trade: AtProvider) -> bool:
        """Whether a payment that was begun in time could still end now, closed meanwhile or not."""
        return not trade.is_paid and self.now() <= trade.expires_at + ENDS_AFTER

    def pay(self, trade: AtProvider, amount: Decimal | None = None) -> None:
        """The resident has paid, perhaps another sum than was asked for."""
        trade.paid_at = self.now()
        trade.amount = amount or trade.amount

    def end_refund(self, refund: GoingBack, state: str) -> None:
        """A refund that was under way has come to an end."""
        refund.state = state
        refund.done_at = self.now() if state == "done" else None

    def given_back(self, trade_number: str, *states: str) -> Decimal:
        """What of a trade's money is in refunds of these states."""
        found = (one for one in self.refunds.values() if one.trade_number == trade_number and one.state in states)
        return sum((one.amount for one in found), Decimal(0))

    async def open_trade(self, trade_number: str, subject: str, payee: str, amount: Decimal, notify_url: str) -> Trade:
        """Open a trade, once a number."""

        def do() -> Trade:
            known = self.trades.setdefault(trade_number, AtProvider(trade_number, amount, self.now() + LINK_LIFE))
            return self._shown(known)

        return await self.call("open_trade", do)

    async def trade(self, trade_number: str) -> Trade:
        """A trade as it stands."""
        return await self.call("trade", lambda: self._shown(self._known(trade_number)))

    async def close_trade(self, trade_number: str) -> Trade:
        """Close a trade that nobody has paid."""

        def do() -> Trade:
            trade = self._known(trade_number)
            if trade.is_paid:
                raise Conflict("trade_already_paid")
            trade.is_closed = True
            return self._shown(trade)

        return await self.call("close_trade", do)

    async def refund(self, trade_number: str, refund_number: str, amount: Decimal) -> Refund:
        """Begin to give money back, once a refund number, and never more than was paid."""

        def do() -> Refund:
            trade = self._known(trade_number)
            if not trade.is_paid:
                raise Conflict("trade_not_paid")
            if refund_number not in self.refunds:
                if self.given_back(trade_number, "processing", "done", "abnormal") + amount > trade.amount:
                    raise Conflict("refund_exceeds_amount")
                self.refunds[refund_number] = refund = GoingBack(refund_number, trade_number, amount, "processing")
                if self.refunds_begin != "processing":
                    self.end_refund(refund, self.refunds_begin)
            return self._shown_refund(refund_number)

        return await self.call("refund", do)

    async def refund_state(self, trade_number: str, refund_number: str) -> Refund:
        """A refund as it stands."""
        return await self.call("refund_state", lambda: self._shown_refund(refund_number))

    async def statement(self, day: dt.date) -> Statement:
        """Everything that was paid or given back on a day."""
        return await self.call("statement", lambda: self._statement(day))

    async def public_key(self) -> str:
        """The key of its notices, as PEM."""
        form = PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(Encoding.PEM, form).decode("ascii")

    def _known(self, trade_number: str) -> AtProvider:
        if trade_number not in self.trades:
            raise NotFound("trade_not_found")
        return self.trades[trade_number]

    def _shown(self, trade: AtProvider) -> Trade:
        is_over = trade.is_closed or (self.closes_expired and trade.expires_at <= self.now())
        return Trade(
            trade_number=trade.number,
            state="paid" if trade.is_paid else "closed" if is_over else "awaiting",
            amount=trade.amount,
            cashier_url=f"http://pay.test/cashier/{trade.number}",
            expires_at=trade.expires_at,
            provider_trade_number=f"42{trade.number}" if trade.is_paid else None,
            paid_at=trade.paid_at,
        )

    def _shown_refund(self, refund_number: str) -> Refund:
        if refund_number not in self.refunds:
            raise NotFound("refund_not_found")
        return Refund(refund_number=refund_number, state=self.refunds[refund_number].state)

    def _statement(self, day: dt.date) -> Statement:
        if self.now() < dt.datetime.combine(day, dt.time(), CHINA) + READY:
            raise NotFound("statement_not_ready")
        lines = [
            StatementLine(kind="payment", trade_number=trade.number, amount=trade.amount, at=trade.paid_at)
            for trade in self.trades.values()
            if trade.paid_at
        ] + [
            StatementLine(
                kind="refund",
                trade_number=one.trade_number,
                refund_number=one.number,
                amount=one.amount,
                at=one.done_at,
            )
            for one in self.refunds.values()
            if one.done_at
        ]
        of_day = [line for line in (*lines, *self.strangers) if line.at.astimezone(CHINA).date() == day]
        return Statement(day=day, lines=of_day)


class City(Party):
    """Bills, each paid once; a write under a key that is known gets the answer it got, a refusal, too.

    It stands behind the real settlers, in place of the way to a city.
    """

    def __init__(self, arrive: Arrive, now: Clock) -> None:
        super().__init__(arrive, now)
        self.owed: dict[str, Decimal] = {}
        self.receipts: dict[str, tuple[str, Receipt]] = {}
        self._answers: dict[str, Receipt | Conflict] = {}

    def at(self, _city: str, _service: str) -> City:
        """The way to a service of a city."""
        return self

    def paid_elsewhere(self, bill: str) -> None:
        """Somebody has paid a bill at the counter."""
        if bill not in self.receipts:
            self._give_receipt(bill, "COUNTER")

    def forget_keys(self) -> None:
        """Keys are kept for a while only (Stripe: a day)."""
        self._answers.clear()

    def settled_by(self, trade_number: str) -> list[str]:
        """The bills that a trade has paid."""
        return [bill for bill, (trade, _) in self.receipts.items() if trade == trade_number]

    async def write(
        self, _operation: str, *parts: str, answer: type[Receipt], idempotency_key: str, **body: str
    ) -> Any:
        """Take a payment of a bill."""

        def do() -> Receipt:
            if idempotency_key not in self._answers:
                try:
                    self._answers[idempotency_key] = self._settle(parts[-2], body["trade_number"], body["amount"])
                except Conflict as error:
                    self._answers[idempotency_key] = error
            known = self._answers[idempotency_key]
            if self.faults.get("settle") == "forgotten":
                self.forget_keys()
            if isinstance(known, CityError):
                raise known
            return known

        return await self.call("settle", do)

    def _settle(self, bill: str, trade_number: str, amount: str) -> Receipt:
        if bill in self.receipts:
            by, receipt = self.receipts[bill]
            number, paid_at = receipt.receipt_number, receipt.paid_at
            raise Conflict("bill_already_paid", trade_number=by, receipt_number=number, paid_at=paid_at)
        if self.owed[bill] != Decimal(amount):
            raise Conflict("amount_mismatch")
        return self._give_receipt(bill, trade_number)

    def _give_receipt(self, bill: str, trade_number: str) -> Receipt:
        receipt = Receipt(receipt_number=f"R{len(self.receipts) + 1:014}", paid_at=self.now())
        self.receipts[bill] = (trade_number, receipt)
        return receipt
