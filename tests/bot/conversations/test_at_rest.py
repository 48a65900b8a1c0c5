"""What stands in the database cannot be read without the key, and with another key nothing starts."""

import os
import stat
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.shared.core.events import SlotSet

from bot.conversations.cipher import ConversationCipher
from bot.conversations.database import ConversationDatabase
from bot.conversations.errors import (
    ConversationSettingError,
    ConversationsUnreachable,
    ConversationUnreadable,
    WrongConversationsKey,
)
from bot.conversations.settings import AT_HAND, DAYS, KEY, REDIS, URL, ConversationSettings
from bot.conversations.tables import facts
from tests.bot.conversations.conftest import OpenStore
from tests.bot.conversations.talk import DOMAIN, session_started

OTHER_KEY = Fernet.generate_key().decode("ascii")


async def test_nothing_that_was_said_is_readable(open_store: OpenStore, database_url: str, tmp_path: Path) -> None:
    # ruff: noqa: ASYNC240
    store = open_store()
    tracker = await store.get_or_create_tracker("13812345678", append_action_listen=False)
    tracker.update_with_events([*session_started(), SlotSet("account", "3301257647"), SlotSet("city", "嘉兴")], DOMAIN)
    for _ in range(9):
        tracker.update(SlotSet("amount", "67.60"))
        await store.save(tracker)
    with store._database._reads() as connection:
        tables = ("bianmin_facts", "bianmin_conversations", "bianmin_turns", "bianmin_snapshots")
        rows = [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all()]
    fields = [bytes(field) if isinstance(field, memoryview) else str(field).encode() for row in rows for field in row]
    files = {path: path.read_bytes() for path in sorted(tmp_path.iterdir())}
    fields += files.values()
    assert len(rows) == 2 + 1 + 9 + 1
    for secret in ("13812345678", "3301257647", "嘉兴", "67.60", "account", "session"):
        assert [field for field in fields if secret.encode() in field] == [], secret
    if database_url.startswith("sqlite"):
        assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_with_another_key_the_store_does_not_open(open_store: OpenStore, database_url: str) -> None:
    open_store()
    with pytest.raises(WrongConversationsKey, match="BIANMIN_CONVERSATIONS_KEY"):
        ConversationDatabase(database_url, ConversationCipher(OTHER_KEY)).open()


def test_with_other_tables_the_store_does_not_open(open_store: OpenStore) -> None:
    database = open_store()._database
    with database._writing() as connection:
        connection.execute(facts.update().where(facts.c.name == "version").values(value=b"7"))
    with pytest.raises(ConversationSettingError, match="7"):
        database.open()


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:9/none", "sqlite:////proc/none/conversations.db"])
def test_without_a_database_the_store_does_not_open(url: str) -> None:
    with pytest.raises((ConversationsUnreachable, OSError)):
        ConversationDatabase(url, ConversationCipher(OTHER_KEY)).open()


def test_a_text_belongs_to_its_place() -> None:
    cipher = ConversationCipher(OTHER_KEY)
    kept = cipher.encrypt("户号 3301\ud83d", "turn:a:1")
    assert cipher.decrypt(kept, "turn:a:1") == "户号 3301\ud83d"
    for altered, place in ((kept, "turn:a:2"), (kept[:-1] + b"\0", "turn:a:1"), (b"", "turn:a:1")):
        with pytest.raises(ConversationUnreadable):
            cipher.decrypt(altered, place)
    assert cipher.encrypt("x", "y") != cipher.encrypt("x", "y")


def test_ids_are_found_by_a_digest_of_the_key() -> None:
    cipher = ConversationCipher(OTHER_KEY)
    assert cipher.index("a") == ConversationCipher(OTHER_KEY).index("a") != cipher.index("b")
    assert cipher.index("a") != ConversationCipher(Fernet.generate_key().decode()).index("a")


def test_a_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    first = ConversationSettings.from_environment({}, tmp_path)
    path = tmp_path / "var" / "conversations.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert first.key == path.read_text() == ConversationSettings.from_environment({}, tmp_path).key
    assert os.listdir(path.parent) == ["conversations.key"]
    assert first.url == f"sqlite:///{tmp_path}/var/conversations.db"
    assert not first.shared


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        (URL, "mysql://x/y"),
        (URL, "sqlite://"),
        (URL, "sqlite:///:memory:"),
        (KEY, "secret"),
        (KEY, "钥匙"),
        (DAYS, "0"),
        (DAYS, "many"),
        (AT_HAND, "-1"),
        (REDIS, "127.0.0.1:6379"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, variable: str, value: str) -> None:
    with pytest.raises(ConversationSettingError, match=variable) as error:
        ConversationSettings.from_environment({variable: value}, tmp_path)
    assert value not in str(error.value) or variable != KEY


def test_settings_are_read(tmp_path: Path) -> None:
    chosen = ConversationSettings.from_environment(
        {URL: "postgres://h/d", KEY: OTHER_KEY, DAYS: "7", AT_HAND: "9", REDIS: "redis://r"}, tmp_path
    )
    assert chosen == ConversationSettings("postgresql://h/d", OTHER_KEY, 7, 9, "redis://r")
    assert chosen.shared
    assert OTHER_KEY not in repr(chosen)
    assert ConversationSettings.from_environment({URL: "postgres://h/d", KEY: OTHER_KEY}, tmp_path).shared
