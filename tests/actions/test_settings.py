"""What the environment may say, and what is made of its silence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from actions.settings import Settings, SettingsError, resolve_database_url
from bot.runtime import tokens

KEY = Fernet.generate_key().decode("ascii")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BIANMIN_ACTIONS_PORT", "http"),
        ("BIANMIN_ACTIONS_PORT", "0"),
        ("BIANMIN_ACTIONS_PORT", "70000"),
        ("BIANMIN_ACTIONS_PORT", "-1"),
        ("BIANMIN_RECONCILE_SECONDS", "soon"),
        ("BIANMIN_RECONCILE_SECONDS", "0"),
        ("BIANMIN_RECONCILE_SECONDS", "nan"),
        ("BIANMIN_RECONCILE_SECONDS", "inf"),
        ("BIANMIN_LEDGER_KEY", "secret-but-no-key"),
        ("BIANMIN_IDENTITY_FAILURES", "many"),
        ("BIANMIN_LIMITS", "perhaps"),
        ("BIANMIN_REDIS_URL", "secret-but-no-key"),
        ("BIANMIN_ACTIONS_TOKEN", "too-short"),
        ("BIANMIN_ACTIONS_TOKEN", "secret-but-no-key with blanks"),
        ("BIANMIN_QUOTE_KEY", "secret-but-no-key-16-and-more"),
        ("BIANMIN_ACTIONS_URL", "http://[secret-but-no-key/webhook"),
    ],
)
def test_cannot_be_used(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name) as caught:
        Settings.from_env({name: value}, tmp_path)
    assert "secret-but-no-key" not in str(caught.value)


def test_silence(tmp_path: Path) -> None:
    settings = Settings.from_env({}, tmp_path)
    assert settings.database_url == f"sqlite:///{tmp_path / 'var' / 'ledger.db'}"
    assert (settings.port, settings.reconcile_seconds, settings.city_client_id) == (5055, 30.0, "bianmin")
    assert settings.notice_url == "http://127.0.0.1:5055/payments/notice"


def test_the_port_moves_the_notices_too(tmp_path: Path) -> None:
    settings = Settings.from_env({"BIANMIN_ACTIONS_PORT": "6055", "BIANMIN_CITY_API_URL": "http://city.test"}, tmp_path)
    assert settings.notice_url == "http://127.0.0.1:6055/payments/notice"
    assert settings.payment_api_url == "http://city.test"


def test_secrets_are_made_once_and_for_the_owner_only(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        starts = pool.map(lambda _: Settings.from_env({}, tmp_path), range(4))
        made = {(one.ledger_key, one.token, one.quote_key) for one in starts}
    assert len(made) == 1
    assert len(set(next(iter(made)))) == 3
    files = sorted((tmp_path / "var").iterdir())
    assert [path.name for path in files] == ["actions.token", "ledger.key", "quote.key"]
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}


def test_given_secrets_leave_no_file(tmp_path: Path) -> None:
    environ = {
        "BIANMIN_LEDGER_KEY": KEY,
        "BIANMIN_ACTIONS_TOKEN": " given-by-the-house\n",
        "BIANMIN_QUOTE_KEY": "given-to-all-servers-of-the-house",
    }
    given = Settings.from_env(environ, tmp_path)
    assert (given.ledger_key, given.token) == (KEY, "given-by-the-house")
    assert given.quote_key == "given-to-all-servers-of-the-house"
    assert not (tmp_path / "var").exists()


@pytest.mark.parametrize("environ", [{}, {tokens.ACTIONS: "given-by-the-house"}])
def test_the_assistant_shows_what_is_asked_for(tmp_path: Path, environ: dict[str, str]) -> None:
    assert tokens.secret(tokens.ACTIONS, environ, tmp_path) == Settings.from_env(environ, tmp_path).token


@pytest.mark.parametrize(("limits", "holds"), [("", True), ("on", True), ("off", False)])
def test_limits_hold_unless_switched_off(tmp_path: Path, limits: str, holds: bool) -> None:
    found = Settings.from_env({"BIANMIN_LIMITS": limits}, tmp_path)
    assert (found.identity_failures is not None, found.limits_look_ups) == (holds, holds)


def test_it_may_be_called_by_the_name_that_the_assistant_was_told(tmp_path: Path) -> None:
    told = Settings.from_env({"BIANMIN_ACTIONS_URL": "http://Actions.internal:5055/webhook"}, tmp_path)
    assert told.hosts == ("127.0.0.1", "localhost", "actions.internal")


def test_secrets_do_not_show(tmp_path: Path) -> None:
    environ = {
        "BIANMIN_LEDGER_KEY": KEY,
        "BIANMIN_CITY_CLIENT_SECRET": "very-secret",
        "BIANMIN_ACTIONS_TOKEN": "very-secret-token",
        "BIANMIN_QUOTE_KEY": "very-secret-key-that-signs-what-is-read-out",
    }
    shown = repr(Settings.from_env(environ, tmp_path))
    assert KEY not in shown
    assert "very-secret" not in shown


@pytest.mark.parametrize(
    ("url", "resolved"),
    [
        ("postgres://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u@h/d?options=x", "postgresql://u@h/d?options=x"),
        ("sqlite:////tmp/x.db", "sqlite:////tmp/x.db"),
        ("sqlite:///x.db", "sqlite:////srv/bianmin/x.db"),
        ("sqlite:///:memory:", "sqlite:///:memory:"),
        ("sqlite://", "sqlite://"),
    ],
)
def test_database_url(url: str, resolved: str) -> None:
    assert resolve_database_url(url, Path("/srv/bianmin")) == resolved
