"""The payment provider: trades, their cashier page, refunds. We never hold money; it does."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from urllib.parse import quote

import httpx

from actions.city.party import Party, Request
from actions.settings import Settings
from city_api.payments import Refund, Statement, Trade


class PaymentProvider:
    """The client of the payment provider, another party than the city, with a circuit of its own.

    Every method raises the errors of `actions.city.errors` and nothing else. Asking twice opens, closes or refunds once.
    """

    def __init__(self, party: Party) -> None:
        self.party = party

    @classmethod
    def from_settings(cls, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> PaymentProvider:
        """The client for the provider named in the settings.

        Args:
            settings: the process's settings.
            transport: in place of the network, for tests.
        """
        return cls(Party.from_settings("payment_provider", settings.payment_api_url, settings, transport))

    async def close(self) -> None:
        """Close the connections."""
        await self.party.close()

    async def open_trade(self, trade_number: str, subject: str, payee: str, amount: Decimal, notify_url: str) -> Trade:
        """Open a trade under our number; the same number again gives the same trade.

        Args:
            trade_number: ours, unique.
            subject: what is paid, as the cashier page shows it.
            payee: who gets the money.
            amount: yuan.
            notify_url: where to send the notice.
        """
        body = {
            "trade_number": trade_number,
            "subject": subject,
            "payee": payee,
            "amount": f"{amount:.2f}",
            "notify_url": notify_url,
        }
        request = Request("open_trade", "POST", "/payments/trades", body=body, idempotency_key=f"open-{trade_number}")
        return await self.party.call(request, Trade)

    async def trade(self, trade_number: str) -> Trade:
        """A trade as it stands. NotFound trade_not_found."""
        return await self.party.call(Request("trade", "GET", _path(trade_number)), Trade)

    async def close_trade(self, trade_number: str) -> Trade:
        """Close a trade so that nobody can pay it any more. Conflict trade_already_paid; NotFound trade_not_found."""
        path = f"{_path(trade_number)}/closing"
        request = Request("close_trade", "POST", path, body={}, idempotency_key=f"close-{trade_number}")
        return await self.party.call(request, Trade)

    async def refund(self, trade_number: str, refund_number: str, amount: Decimal) -> Refund:
        """Ask for a trade's money to go back; the same refund number again gives the same refund as it stands.

        Args:
            trade_number: the paid trade.
            refund_number: ours, unique.
            amount: yuan.
        """
        body = {"refund_number": refund_number, "amount": f"{amount:.2f}"}
        path = f"{_path(trade_number)}/refunds"
        request = Request("refund", "POST", path, body=body, idempotency_key=f"refund-{refund_number}")
        return await self.party.call(request, Refund)

    async def refund_state(self, trade_number: str, refund_number: str) -> Refund:
        """A refund as it stands. NotFound refund_not_found: it was never asked for.

        Args:
            trade_number: the paid trade.
            refund_number: ours.
        """
        path = f"{_path(trade_number)}/refunds/{quote(refund_number, safe='')}"
        return await self.party.call(Request("refund_state", "GET", path), Refund)

    async def statement(self, day: dt.date) -> Statement:
        """A day's statement. NotFound statement_not_ready before ten in the morning of the next day.

        Args:
            day: in Shanghai.
        """
        return await self.party.call(Request("statement", "GET", f"/payments/statements/{day.isoformat()}"), Statement)

    async def public_key(self) -> str:
        """The RSA key, as PEM, that the provider signs its notices with."""
        return await self.party.text(Request("public_key", "GET", "/payments/public-key"))


def _path(trade_number: str) -> str:
    return f"/payments/trades/{quote(trade_number, safe='')}"
