"""`python -m bot ledger`: what is done with the ledger as a whole."""

import os
from pathlib import Path

import click

from bot.runtime import settings


@click.group(help="What is done with the ledger as a whole.")
def command() -> None:
    """A group of commands."""


@command.command("rotate-key", help="Write the ledger anew under a new key. Stop the action server first.")
@click.option("--new-key", envvar="BIANMIN_NEW_LEDGER_KEY", help="A Fernet key; made where none is given.")
@click.confirmation_option(prompt="办事进程（action server）都停了吗？")
def rotate_key(new_key: str | None) -> None:
    """All rows change in one transaction, so that a crash leaves the old key or the new, never both."""
    from cryptography.fernet import Fernet

    from actions.ledger import Ledger, WrongLedgerKey
    from actions.ledger.rotation import rotate
    from actions.settings import Settings, SettingsError

    try:
        now = Settings.from_env()
        key = new_key or Fernet.generate_key().decode("ascii")
        Fernet(key)
    except (SettingsError, ValueError) as error:
        raise click.ClickException(f"密钥不能用：{type(error).__name__}") from error
    waiting = _keep(settings.ROOT / "var" / "ledger.key.new", key)
    ledger = Ledger.from_settings(now)
    try:
        ledger.upgrade()
        count = rotate(ledger.engine, now.ledger_key, key)
    except WrongLedgerKey as error:
        waiting.unlink()
        raise click.ClickException("有的行不是用现在的密钥写的，什么都没有改。") from error
    finally:
        ledger.close()
    if os.environ.get("BIANMIN_LEDGER_KEY"):
        click.echo(f"{count} 行已换成新密钥。新密钥在 {waiting}：把它设为 BIANMIN_LEDGER_KEY，再删掉这个文件。")
        return
    os.replace(waiting, waiting.with_suffix(""))
    click.echo(f"{count} 行已换成新密钥，var/ledger.key 已更新。旧备份要用旧密钥才能读。")


def _keep(path: Path, key: str) -> Path:
    """Write the new key down before the ledger is: a crash between the two must not lose it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as stream:
        stream.write(key)
        stream.flush()
        os.fsync(stream.fileno())
    return path
