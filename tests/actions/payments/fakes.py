"""A city and a payment provider in memory, which keep the promises of the real ones, or fail when told to."""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from actions.city.errors import CityError, Conflict, NotFound, Unavailable
from actions.ledger import Order
from actions.payments.ports import NotTaken
from city_api.payments import Receipt, Refund, Statement, StatementLine, Trade

PAID_AT = dt.datetime(2026, 11, 24, 2, 0, tzinfo=dt.timezone.utc)
LINK_LIFE = dt.timedelta(minutes=15)


class Faults:
    """What fails at the next calls, by operation: an error to raise, until it is taken away."""

    def __init__(self) -> None:
        self.errors: dict[str, CityError] = {}
        self.calls: list[str] = []

    def enter(self, operation: str) -> None:
        """Count a call and fail if told to."""
        self.calls.append(operation)
        if operation in self.errors:
            raise self.errors[operation]


class FakeCity(Faults):
    """Bills and fines: each is settled once, and the same key gets the same receipt again.

    Of some bills it may say nothing (`silent_about`); some it takes no more (`refuses`).
    """

    def __init__(self) -> None:
        super().__init__()
        self.settled: dict[str, tuple[str, Decimal]] = {}
        self.refuses: set[str] = set()
        self.silent_about: set[str] = set()
        self.owed: dict[str, Decimal] = {}
        self._answers: dict[str, Receipt] = {}

    def kinds(self) -> frozenset[str]:
        return frozenset({"utility_bill", "traffic_fine"})

    async def settle(self, order: Order) -> Receipt:
        kind = "bill" if order.kind == "utility_bill" else "decision"
        try:
            return self._pay(kind, order.bill_reference, order.trade_number, order.amount, order.trade_number)
        except (Conflict, NotFound) as error:
            if error.code.endswith(("_already_paid", "_mismatch", "_not_found")):
                raise NotTaken(error.code) from None
            raise

    def _pay(self, kind: str, reference: str, trade_number: str, amount: Decimal, key: str) -> Receipt:
        self.enter(f"pay_{kind}")
        if reference in self.silent_about:
            raise Unavailable("timeout")
        if reference in self.refuses:
            raise Conflict(f"{kind}_already_paid")
        if key not in self._answers:
            if reference in self.settled:
                raise Conflict(f"{kind}_already_paid")
            if self.owed.get(reference, amount) != amount:
                raise Conflict("amount_mismatch")
            self.settled[reference] = (trade_number, amount)
            self._answers[key] = Receipt(receipt_number=f"R{len(self.settled):014}", paid_at=PAID_AT)
        return self._answers[key]


class FakeProvider(Faults):
    """Trades: opened once a number, paid by `pay`, closed once nobody has paid, refunded once."""

    def __init__(self, key: rsa.RSAPrivateKey, now: Callable[[], dt.datetime]) -> None:
        super().__init__()
        self.key = key
        self.now = now
        self.trades: dict[str, dict[str, Any]] = {}
        self.refunds: dict[str, Decimal] = {}
        self.refund_states: dict[str, str] = {}
        self.refunds_are = "done"
        self.statements: dict[dt.date, list[StatementLine]] = {}

    def pay(self, trade_number: str, amount: Decimal | None = None) -> None:
        """The resident presses the cashier's button; where told so, another sum than was asked for is taken."""
        self.trades[trade_number].update(state="paid", paid_at=PAID_AT, provider_trade_number="4200000001")
        if amount is not None:
            self.trades[trade_number]["amount"] = amount

    async def open_trade(self, trade_number: str, subject: str, payee: str, amount: Decimal, notify_url: str) -> Trade:
        self.enter("open_trade")
        self.trades.setdefault(
            trade_number,
            {
                "trade_number": trade_number,
                "state": "awaiting",
                "amount": amount,
                "cashier_url": f"http://pay.test/cashier/{len(self.trades)}",
                "expires_at": self.now() + LINK_LIFE,
            },
        )
        return self._shown(trade_number)

    async def trade(self, trade_number: str) -> Trade:
        self.enter("trade")
        return self._shown(trade_number)

    async def close_trade(self, trade_number: str) -> Trade:
        self.enter("close_trade")
        if self._shown(trade_number).state == "paid":
            raise Conflict("trade_already_paid")
        self.trades[trade_number]["state"] = "closed"
        return self._shown(trade_number)

    async def refund(self, trade_number: str, refund_number: str, amount: Decimal) -> Refund:
        self.enter("refund")
        self.refunds[refund_number] = amount
        self.refund_states.setdefault(refund_number, self.refunds_are)
        return Refund(refund_number=refund_number, state=self.refund_states[refund_number])

    async def refund_state(self, trade_number: str, refund_number: str) -> Refund:
        self.enter("refund_state")
        if refund_number not in self.refunds:
            raise NotFound("refund_not_found")
        return Refund(refund_number=refund_number, state=self.refund_states[refund_number])

    async def statement(self, day: dt.date) -> Statement:
        if day not in self.statements:
            raise NotFound("statement_not_ready")
        self.enter("statement")
        return Statement(day=day, lines=self.statements[day])

    async def public_key(self) -> str:
        self.enter("public_key")
        form = PublicFormat.SubjectPublicKeyInfo
        return self.key.public_key().public_bytes(Encoding.PEM, form).decode("ascii")

    def _shown(self, trade_number: str) -> Trade:
        if trade_number not in self.trades:
            raise NotFound("trade_not_found")
        trade = self.trades[trade_number]
        is_over = trade["state"] == "awaiting" and trade["expires_at"] <= self.now()
        return Trade(**{**trade, "state": "closed" if is_over else trade["state"]})


def signed(
    key: rsa.RSAPrivateKey, content: dict[str, Any] | bytes, timestamp: float, nonce: str = "nonce-1"
) -> tuple[dict[str, str], bytes]:
    """The headers and the body of a notice, signed as the provider signs."""
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    message = f"{int(timestamp)}\n{nonce}\n".encode() + body + b"\n"
    signature = base64.b64encode(key.sign(message, padding.PKCS1v15(), SHA256())).decode()
    return {
        "Payment-Timestamp": str(int(timestamp)),
        "Payment-Nonce": nonce,
        "Payment-Signature": signature,
    }, body
