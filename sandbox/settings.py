"""The sandbox's settings, read from the environment once, at the start."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

PROJECT_ROOT = Path(__file__).resolve().parent.parent
SQLITE_PREFIX = "sqlite:///"
DEFAULT_CLIENT = ("bianmin", "sandbox-secret")
"""The client id and secret that every checkout starts with: this city is a pretend one."""


@dataclass(frozen=True)
class Settings:
    """Everything that can be set.

    Args:
        database_url: SQLAlchemy address; a relative SQLite path counts from the project root.
        seed: the number the city grows from; the same seed gives the same people, meters and plates.
        host: address to listen on.
        port: port to listen on.
        client_id: the one OAuth2 client the city knows.
        client_secret: its secret.
        merchant_id, app_id: the one merchant that the payment provider knows; its notices name both.
        public_url: where residents' browsers reach the cashier page; empty means host and port.
        token_seconds: how long an access token lives.
        trade_minutes: how long a trade waits for the payer.
        refund_seconds: how long a refund is under way.
        notice_timeout_seconds: how long the receiver of a payment notice may take.
        notice_waits_seconds: the pauses before each further attempt to deliver a notice.
    """

    database_url: str
    seed: int = 20260101
    host: str = "127.0.0.1"
    port: int = 8600
    client_id: str = DEFAULT_CLIENT[0]
    client_secret: str = field(default=DEFAULT_CLIENT[1], repr=False)
    merchant_id: str = "sandbox-merchant"
    app_id: str = "sandbox-app"
    public_url: str = ""
    token_seconds: int = 3600
    trade_minutes: int = 30
    refund_seconds: float = 2.0
    notice_timeout_seconds: float = 5.0
    notice_waits_seconds: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 16.0)

    @property
    def cashier_base(self) -> str:
        """The absolute address in front of /cashier, without a slash at its end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings.

        Args:
            environ: variables to read; the process's own when absent.

        Raises:
            ValueError: a port or seed that is not a number.
        """
        values = os.environ if environ is None else environ
        return cls(
            database_url=_from_project_root(values.get("BIANMIN_SANDBOX_DATABASE_URL", "sqlite:///var/sandbox.db")),
            seed=int(values.get("BIANMIN_SANDBOX_SEED", "20260101")),
            port=int(values.get("BIANMIN_SANDBOX_PORT", "8600")),
            client_id=values.get("BIANMIN_CITY_CLIENT_ID", DEFAULT_CLIENT[0]),
            client_secret=values.get("BIANMIN_CITY_CLIENT_SECRET", DEFAULT_CLIENT[1]),
            merchant_id=values.get("BIANMIN_MERCHANT_ID", "sandbox-merchant"),
            app_id=values.get("BIANMIN_APP_ID", "sandbox-app"),
            public_url=values.get("BIANMIN_SANDBOX_PUBLIC_URL", ""),
        )


def _from_project_root(url: str) -> str:
    """Make a relative SQLite path absolute and see that its folder exists; other addresses pass as they are."""
    path = url.removeprefix(SQLITE_PREFIX)
    if path == url or path in {"", ":memory:"}:
        return url
    absolute = PROJECT_ROOT / path
    absolute.parent.mkdir(parents=True, exist_ok=True)
    return f"{SQLITE_PREFIX}{absolute}"
