"""`python -m bot ledger`: what is done with the ledger as a whole."""

from __future__ import annotations

import os
from pathlib import Path

import click

from actions.ledger import Ledger, WrongLedgerKey
from actions.ledger.rotation import rotate
from actions.settings import ROOT, Settings, SettingsError, checked_key, key_in_file

KEY = "BIANMIN_LEDGER_KEY"
KEY_FILE = Path("var/ledger.key")


@click.group(help="What is done with the ledger as a whole.")
def command() -> None:
    """A group of commands."""


@command.command("rotate-key", help="Write the ledger anew under a new key. Stop the action server first.")
@click.option("--new-key", envvar="BIANMIN_NEW_LEDGER_KEY", default="", help="A Fernet key; made where none is given.")
@click.confirmation_option(prompt="办事进程（action server）都停了吗？")
def rotate_key(new_key: str) -> None:
    """All rows change in one transaction, so that a crash leaves the old key or the new, never both.

    The new key stands in a file before a row is written with it, and is never written over: whoever is cut off runs the
    command again.
    """
    waiting = ROOT / f"{KEY_FILE}.new"
    try:
        now = Settings.from_env()
        key = key_in_file(waiting, checked_key(new_key, "--new-key") if new_key else "")
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    if new_key and key != new_key:
        raise click.ClickException(f"{waiting} 里有上次没换完的新密钥：先不带 --new-key 再运行一次")
    if key == now.ledger_key:
        raise click.ClickException(f"{waiting} 里就是现在的密钥：确认 {KEY} 已经是它，再删掉这个文件")
    count = _written_anew(now, key)
    if os.environ.get(KEY):
        click.echo(f"{count} 行已换成新密钥。新密钥在 {waiting}：把它设为 {KEY}，再删掉这个文件。")
        return
    # A second name for the old one: at no moment is there none, for then a start would make another.
    old = ROOT / f"{KEY_FILE}.old"
    old.unlink(missing_ok=True)
    os.link(ROOT / KEY_FILE, old)
    waiting.replace(ROOT / KEY_FILE)
    click.echo(f"{count} 行已换成新密钥，{KEY_FILE} 已更新。旧备份要用旧密钥才能读，它在 {KEY_FILE}.old。")


def _written_anew(now: Settings, key: str) -> int:
    """How many rows were written; none where an earlier run had written all and was cut off before the file.

    Raises:
        click.ClickException: a row fits neither key; nothing has been changed.
    """
    ledger = Ledger.from_settings(now)
    try:
        ledger.upgrade()
        return rotate(ledger.engine, now.ledger_key, key)
    except WrongLedgerKey as error:
        anew = Ledger(now.database_url, key)
        try:
            anew.upgrade()
        except WrongLedgerKey:
            raise click.ClickException("有的行不是用现在的密钥写的，什么都没有改。") from error
        finally:
            anew.close()
        return 0
    finally:
        ledger.close()
