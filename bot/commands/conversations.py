"""`python -m bot conversations`: how many are kept; `erase` one resident's; `hash`, its name in the logs; `rotate-key` encrypts all with a new key."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.conversations.cipher import ConversationCipher
from bot.conversations.errors import ConversationError, ConversationSettingError
from bot.conversations.overview import overview
from bot.conversations.rotation import Rotated, Rotation
from bot.conversations.settings import KEY, KEY_FILE, NEW_KEY, ConversationSettings, checked_key
from bot.runtime import tokens
from bot.runtime.key_files import key_in_file
from bot.runtime.settings import ROOT, SettingError
from serving.names import name_of

PLAIN_CHANNEL = "rest"
"""The channel whose senders are conversations as they are; others put their name before the user's id (docs/connectors.md)."""


@click.group(
    invoke_without_command=True,
    help="Say how many conversations are kept; or erase one, find one in the logs, or change the key.",
)
@click.pass_context
def command(context: click.Context) -> None:
    """Count, unless a further command follows."""
    if context.invoked_subcommand is not None:
        return
    with saying_what_is_wrong():
        counts = overview(ConversationSettings.from_environment().url)
    oldest = counts.oldest.astimezone().strftime("%Y-%m-%d %H:%M") if counts.oldest else "—"
    click.echo(
        f"对话 {counts.conversations} 段，话轮 {counts.turns} 个，最久没动静的停在 {oldest}，占 {counts.size / 2**20:.1f} MB"
    )


@command.command(
    "erase", help="Erase all that is kept of one resident's conversation, also beside a running assistant."
)
@click.argument("channel")
@click.argument("sender")
def erase(channel: str, sender: str) -> None:
    """Erase one conversation, for good."""
    with saying_what_is_wrong():
        found = asyncio.run(_erase(_conversation_id(channel, sender)))
    if not found:
        raise click.ClickException("没有这段对话：请核对渠道名和用户编号 / there is no such conversation")
    click.echo("已删除。正在运行的助手不会再用到它；备份里的要等备份过期。缴费记录在账本里，不在此列。")


@command.command("hash", help="Say how one resident's conversation is called in the logs of all processes.")
@click.argument("channel")
@click.argument("sender")
def hashed(channel: str, sender: str) -> None:
    """Print what stands as `conversation` in its log lines."""
    try:
        key = tokens.names_key()
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    click.echo(name_of(_conversation_id(channel, sender), key))


@command.command("rotate-key", help="Encrypt all conversations with a new key; run it again where it was cut off.")
def rotate_key() -> None:
    """Change the key: from BIANMIN_CONVERSATIONS_NEW_KEY, or a new one in var/ where the old one stands there."""
    with saying_what_is_wrong():
        settings = ConversationSettings.from_environment()
        in_file = not os.environ.get(KEY, "").strip()
        new_file = ROOT / (KEY_FILE + ".new")
        new = checked_key(os.environ.get(NEW_KEY, "").strip() or _new_key(in_file, new_file), NEW_KEY)
        done = Rotation(settings.url, ConversationCipher(settings.key), ConversationCipher(new)).run(_tell)
    if in_file:
        _put_in_place(new, new_file)
    click.echo(
        f"对话库已换成新密钥：转换 {done.moved} 段"
        + (f"，读不出、留在原处 {done.unreadable} 段" if done.unreadable else "")
    )
    where = f"新密钥在 {KEY_FILE}，旧的留在 {KEY_FILE}.old" if in_file else f"请把 {KEY} 设成 {NEW_KEY} 的值"
    click.echo(f"{where}。重新启动助手后生效；换密钥之前的备份还要用旧密钥。")


@contextmanager
def saying_what_is_wrong() -> Iterator[None]:
    """Say in one line at the terminal what is wrong with the database or its settings."""
    try:
        yield
    except ConversationSettingError as error:
        raise click.ClickException(str(error)) from error
    except ConversationError as error:
        raise click.ClickException(f"对话库或 Redis 没有应答（{error.code}：{error}） / does not answer") from error


def _conversation_id(channel: str, sender: str) -> str:
    return sender if channel == PLAIN_CHANNEL else f"{channel}-{sender}"


async def _erase(conversation_id: str) -> bool:
    # Rasa is imported only here: counting need not wait for it.
    from bot.conversations.lock_store import ConversationLocks
    from bot.conversations.tracker_store import ConversationStore

    store, locks = ConversationStore(), ConversationLocks()
    try:
        # A turn that is being answered ends first and is erased as well, where locks are shared.
        async with locks.lock(conversation_id):
            return await store.erase(conversation_id)
    finally:
        await locks.close()
        await store.close()


def _new_key(in_file: bool, new_file: Path) -> str:
    if not in_file:
        raise ConversationSettingError(
            f"请把新密钥放进 {NEW_KEY}；可以这样生成一把："
            "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'"
        )
    # Written before anything is encrypted with it: whoever is cut off finds it again.
    return key_in_file(new_file)


def _put_in_place(new: str, new_file: Path) -> None:
    key_file = ROOT / KEY_FILE
    if not new_file.exists():
        new_file.touch(mode=0o600)
        new_file.write_text(new, encoding="ascii")
    old_file = ROOT / (KEY_FILE + ".old")
    # A second name for the old one: at no moment is there none, for then a start would make another.
    old_file.unlink(missing_ok=True)
    os.link(key_file, old_file)
    new_file.replace(key_file)


def _tell(so_far: Rotated) -> None:
    if so_far.moved and so_far.moved % 1000 == 0:
        click.echo(f"已转换 {so_far.moved} 段…")
