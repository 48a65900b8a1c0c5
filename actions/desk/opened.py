"""The ledger, opened for one command of the desk, and what all of them show alike."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import click

from actions.ledger import Ledger, OrderMovedOn, WrongLedgerKey
from actions.settings import Settings, SettingsError
from city_api.base import CHINA


@contextmanager
def opened_ledger() -> Iterator[Ledger]:
    """Open the ledger of the settings for a block, and close it.

    Raises:
        click.ClickException: a setting cannot be used, the key does not fit, or what was read has moved on meanwhile.
    """
    try:
        ledger = Ledger.from_settings(Settings.from_env())
    except SettingsError as error:
        raise click.ClickException(str(error)) from error
    try:
        ledger.upgrade()
        yield ledger
    except WrongLedgerKey as error:
        raise click.ClickException(
            "BIANMIN_LEDGER_KEY（或 var/ledger.key）不是写这本账的密钥，没有读也没有写。"
        ) from error
    except OrderMovedOn as error:
        raise click.ClickException("这笔订单刚刚变了，请再看一次列表") from error
    finally:
        ledger.close()


def when(moment: dt.datetime) -> str:
    """A moment as the lists show it, in China's time."""
    return f"{moment.astimezone(CHINA):%m-%d %H:%M}"
