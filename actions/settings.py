"""Everything the action server is told by its environment, read once and in one place."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from limits import RateLimitItem

from manifests import places
from serving.counting import LimitError, are_on, limit

ROOT = Path(__file__).resolve().parent.parent
LIKELY_CITIES = ("330100", "320100", "440100", "510100", "420100", "610100")
"""Offered to a resident of whom nothing is known, where the settings name no others: six big ones, far apart."""

SHOWN = "BIANMIN_ACTIONS_TOKEN"
QUOTE_KEY = "BIANMIN_QUOTE_KEY"
SHORTEST_TOKEN = 16
"""Characters; as the assistant reads the same secret (`bot.runtime.tokens`)."""

SHORTEST_KEY = 32
"""Characters of a key that signs (RFC 7518, 3.2: as many as its hash has bytes)."""

LOCAL_HOSTS = ("127.0.0.1", "localhost")


class SettingsError(ValueError):
    """A setting has a value nothing can be done with; the message names the setting, never a secret's value."""


@dataclass(frozen=True)
class Settings:
    """What the action server runs with. Durations are seconds; secrets stay out of `repr`.

    Attributes:
        port: where the action server listens, on 127.0.0.1.
        token: what the assistant shows; without one nobody may have an action run.
        quote_key: signs what is read out and the yes to it; the same for all action servers. Nobody is told it.
        hosts: the names that the action server may be called by (`Host`).
        database_url: the ledger, as SQLAlchemy writes it; a relative SQLite path counts from the project root.
        ledger_key: Fernet key of the ledger's encrypted columns.
        city_api_url, city_client_id, city_client_secret: the city's API and our client credentials there.
        payment_api_url: the payment provider; the same server unless said otherwise.
        merchant_id, app_id: who we are at the payment provider; notices for anybody else are refused.
        notice_url: where the provider is to send its notices.
        reconcile_seconds: time between two reconciliations.
        turn_seconds: how long one turn of a conversation may wait for other parties altogether.
        action_seconds: after this an action is given up, whatever it is doing.
        circuit_failures, circuit_seconds: failures in a row that open a party's circuit, and for how long.
        conversation_days: how long what was said is kept after its last message, as residents are told; the assistants keep to it.
        default_city: GB/T 2260 code of the city of residents who have not said theirs; empty: they are asked.
        likely_cities: codes of the cities that are offered as buttons when they are asked.
        redis_url: where the processes count together how often something was asked; empty counts in this one's memory.
        identity_failures: names and ID numbers that may be wrong before one waits; None is without limit.
        limits_look_ups: whether the limits of the manifests hold (`at_most`).
        log_format: `json`, `console`, or empty to choose by whether a terminal is watching.
    """

    database_url: str
    ledger_key: str = field(repr=False)
    port: int = 5055
    token: str = field(default="", repr=False)
    quote_key: str = field(default_factory=lambda: secrets.token_urlsafe(SHORTEST_KEY), repr=False)
    hosts: tuple[str, ...] = LOCAL_HOSTS
    city_api_url: str = "http://127.0.0.1:8600"
    city_client_id: str = "bianmin"
    city_client_secret: str = field(default="sandbox-secret", repr=False)
    payment_api_url: str = "http://127.0.0.1:8600"
    merchant_id: str = "sandbox-merchant"
    app_id: str = "sandbox-app"
    notice_url: str = "http://127.0.0.1:5055/payments/notice"
    reconcile_seconds: float = 30.0
    turn_seconds: float = 2.5
    action_seconds: float = 10.0
    circuit_failures: int = 5
    circuit_seconds: float = 5.0
    conversation_days: int = 30
    default_city: str = ""
    likely_cities: tuple[str, ...] = ()
    redis_url: str = field(default="", repr=False)
    identity_failures: RateLimitItem | None = None
    limits_look_ups: bool = False
    log_format: str = ""

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, root: Path = ROOT) -> Settings:
        """Read the environment; make `var/` and, where none is given, the ledger's key.

        Args:
            environ: the environment; the process's own by default.
            root: the folder that relative paths and `var/` count from.

        Raises:
            SettingsError: a value cannot be used.
        """
        env = os.environ if environ is None else environ
        port = _whole(env, "BIANMIN_ACTIONS_PORT", 5055)
        city_api_url = env.get("BIANMIN_CITY_API_URL") or "http://127.0.0.1:8600"
        return cls(
            database_url=resolve_database_url(env.get("DATABASE_URL") or "sqlite:///var/ledger.db", root),
            ledger_key=_ledger_key(env.get("BIANMIN_LEDGER_KEY") or "", root),
            port=port,
            token=_secret(env.get(SHOWN) or "", root, SHOWN, "actions.token", SHORTEST_TOKEN),
            quote_key=_secret(env.get(QUOTE_KEY) or "", root, QUOTE_KEY, "quote.key", SHORTEST_KEY),
            hosts=_hosts(env),
            city_api_url=city_api_url,
            city_client_id=env.get("BIANMIN_CITY_CLIENT_ID") or "bianmin",
            city_client_secret=env.get("BIANMIN_CITY_CLIENT_SECRET") or "sandbox-secret",
            payment_api_url=env.get("BIANMIN_PAYMENT_API_URL") or city_api_url,
            merchant_id=env.get("BIANMIN_MERCHANT_ID") or "sandbox-merchant",
            app_id=env.get("BIANMIN_APP_ID") or "sandbox-app",
            notice_url=env.get("BIANMIN_NOTICE_URL") or f"http://127.0.0.1:{port}/payments/notice",
            reconcile_seconds=_seconds(env, "BIANMIN_RECONCILE_SECONDS", 30.0),
            conversation_days=_whole(env, "BIANMIN_CONVERSATIONS_DAYS", cls.conversation_days, most=3650),
            default_city=_city(env, "BIANMIN_DEFAULT_CITY"),
            likely_cities=_cities(env, "BIANMIN_LIKELY_CITIES"),
            redis_url=_redis_url(env),
            identity_failures=_limit(env, "BIANMIN_IDENTITY_FAILURES", "5 per 15 minutes"),
            limits_look_ups=are_on(env),
            log_format=env.get("BIANMIN_LOG_FORMAT") or "",
        )


def resolve_database_url(url: str, root: Path) -> str:
    """The URL as SQLAlchemy 1.4 wants it: a relative SQLite path counted from `root`, `postgres://` spelled out.

    Args:
        url: as the operator wrote it.
        root: the project's folder.
    """
    if url.startswith("postgres://"):
        return "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("sqlite:///") and not url.startswith("sqlite:////"):
        path = url.removeprefix("sqlite:///")
        if path and not path.startswith(":memory:"):
            return f"sqlite:///{(root / path).resolve()}"
    return url


def _whole(env: Mapping[str, str], name: str, default: int, most: int = 65535) -> int:
    text = (env.get(name) or "").strip() or str(default)
    if not text.isdecimal() or not 0 < int(text) <= most:
        raise SettingsError(f"{name} must be a whole number between 1 and {most}")
    return int(text)


def _city(env: Mapping[str, str], name: str) -> str:
    code = (env.get(name) or "").strip()
    if code and not places().is_served(code):
        raise SettingsError(f"{name} must be the code of a city that has a file in data/cities")
    return code


def _cities(env: Mapping[str, str], name: str) -> tuple[str, ...]:
    codes = tuple(code.strip() for code in (env.get(name) or "").split(",") if code.strip()) or LIKELY_CITIES
    if env.get(name) and not all(places().is_served(code) for code in codes):
        raise SettingsError(f"{name} must be codes, with commas, of cities that have a file in data/cities")
    return codes


def _limit(env: Mapping[str, str], name: str, default: str) -> RateLimitItem | None:
    try:
        return limit(name, default, env)
    except LimitError as error:
        raise SettingsError(str(error)) from None


def _redis_url(env: Mapping[str, str]) -> str:
    url = (env.get("BIANMIN_REDIS_URL") or "").strip()
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise SettingsError("BIANMIN_REDIS_URL must be an address of Redis, redis://…")
    return url


def _seconds(env: Mapping[str, str], name: str, default: float) -> float:
    try:
        seconds = float(env.get(name) or default)
    except ValueError:
        raise SettingsError(f"{name} must be a number of seconds") from None
    if not 0.1 <= seconds <= 86400:
        raise SettingsError(f"{name} must be between 0.1 and 86400 seconds")
    return seconds


def _ledger_key(given: str, root: Path) -> str:
    """The key given, or the one in `var/ledger.key`, made there when nobody has yet."""
    if not given:
        given = key_in_file(root / "var" / "ledger.key")
    return checked_key(given, "BIANMIN_LEDGER_KEY")


def _secret(given: str, root: Path, setting: str, file: str, shortest: int) -> str:
    """The secret given, or the one in its file in `var/`, made there by whichever process is first."""
    secret = given.strip() or key_in_file(root / "var" / file)
    if len(secret) < shortest or not secret.isascii() or not secret.isprintable() or " " in secret:
        source = setting if given.strip() else f"var/{file}"
        raise SettingsError(f"{source} must have {shortest} or more ASCII characters, no blanks")
    return secret


def _hosts(env: Mapping[str, str]) -> tuple[str, ...]:
    """Our own names, and the one by which the assistant calls us where it was told another."""
    try:
        told = urlsplit(env.get("BIANMIN_ACTIONS_URL") or "").hostname
    except ValueError:
        raise SettingsError("BIANMIN_ACTIONS_URL must be an address: http://host:port/path") from None
    return (*LOCAL_HOSTS, *((told,) if told else ()))


def checked_key(key: str, source: str) -> str:
    """Give a key back as it is.

    Args:
        key: what is said to be one.
        source: the setting or option it comes from.

    Raises:
        SettingsError: it is none; names the source, never the value.
    """
    try:
        Fernet(key)
    except ValueError:
        raise SettingsError(f"{source} must be a Fernet key: 32 bytes in URL-safe base64") from None
    return key


def key_in_file(path: Path, given: str = "") -> str:
    """Give the key in a file, which is made where there is none yet; one that stands there is never written over.

    Args:
        path: the file; of mode 0600 when it is made.
        given: what is written into a new file; a new key by default.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written whole under another name and linked into place, so two processes that start at once agree on one key.
        descriptor, name = tempfile.mkstemp(prefix=path.name, dir=path.parent)
        with os.fdopen(descriptor, "w", encoding="ascii") as stream:
            stream.write(given or Fernet.generate_key().decode("ascii"))
            stream.flush()
            # Before anything is encrypted with it: a crash must not lose it.
            os.fsync(stream.fileno())
        with suppress(FileExistsError):
            os.link(name, path)
        os.unlink(name)
    return path.read_text(encoding="ascii").strip()
