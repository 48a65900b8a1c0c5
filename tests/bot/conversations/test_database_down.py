"""A database that is locked, gone or silent costs its own turn a few seconds, and is used again as soon as it is back."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest

from bot.conversations import engine
from bot.conversations.errors import ConversationsUnreachable, TurnNotKept
from bot.conversations.numbers import life
from bot.conversations.settings import ConversationSettings
from bot.conversations.tracker_store import ConversationStore
from tests.bot.conversations.cable import Cable
from tests.bot.conversations.conftest import KEY, POSTGRES
from tests.bot.conversations.talk import DOMAIN, heard, listened, session_started


@pytest.fixture
async def cable() -> AsyncIterator[Cable]:
    try:
        psycopg2.connect(POSTGRES, connect_timeout=2).close()
    except psycopg2.OperationalError:
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432")
    made = Cable()
    await made.plug_in()
    yield made
    made.open.set()
    await made.cut()


@pytest.fixture
async def store(cable: Cable) -> AsyncIterator[ConversationStore]:
    schema = f"test_{time.time_ns()}"
    connection = psycopg2.connect(POSTGRES)
    connection.autocommit = True
    connection.cursor().execute(f"CREATE SCHEMA {schema}")
    url = f"postgresql://postgres@127.0.0.1:{cable.port}/postgres?options={quote(f'-csearch_path={schema}')}"
    made = await asyncio.to_thread(ConversationStore, DOMAIN, None, None, ConversationSettings(url, KEY))
    yield made
    await made.close()
    connection.cursor().execute(f"DROP SCHEMA {schema} CASCADE")
    connection.close()


async def take(store: ConversationStore) -> None:
    tracker = await store.get_or_create_tracker("a", append_action_listen=False)
    tracker.update_with_events([*session_started(), heard(), listened()], DOMAIN)
    await store.save(tracker)


async def turns(store: ConversationStore) -> int:
    """How many turns the conversation has, by the database."""
    length = await store._ask(store._database.length, store._cipher.index("a"))
    return length - life(length)


async def test_a_server_that_goes_away_and_comes_back(cable: Cable, store: ConversationStore) -> None:
    await take(store)
    await cable.cut()
    assert not await store.is_healthy()
    with pytest.raises(ConversationsUnreachable):
        await take(store)
    await cable.plug_in()
    assert await store.is_healthy()
    await take(store)
    assert await turns(store) == 2


async def test_a_server_that_falls_silent_in_the_middle_of_a_turn(cable: Cable, store: ConversationStore) -> None:
    await take(store)
    tracker = await store.retrieve("a")
    assert tracker is not None
    tracker.update_with_events([heard(), listened()], DOMAIN)
    cable.open.clear()
    started = time.perf_counter()
    with pytest.raises(TurnNotKept):
        await store.save(tracker)
    assert time.perf_counter() - started < 6.5
    cable.open.set()
    await asyncio.sleep(0.2)
    # Whether the turn came through is for the database to say; either way the next one goes on from there.
    before = await turns(store)
    await take(store)
    assert await turns(store) == before + 1


async def test_a_file_that_somebody_else_has_locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "WAIT_SECONDS", 0.2)
    store = ConversationStore(DOMAIN, settings=ConversationSettings(f"sqlite:///{tmp_path}/c.db", KEY))
    await take(store)
    other = sqlite3.connect(tmp_path / "c.db", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(TurnNotKept):
        await take(store)
    other.execute("ROLLBACK")
    other.close()
    await take(store)
    assert await turns(store) == 2
    await store.close()
