"""A conversation database of a test's own, on SQLite and on PostgreSQL, and a Redis database that nobody else uses."""

import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
import redis
from cryptography.fernet import Fernet

from bot.conversations.settings import ConversationSettings
from bot.conversations.tracker_store import ConversationStore
from tests.bot.conversations.talk import DOMAIN

KEY = Fernet.generate_key().decode("ascii")
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"
REDIS = "redis://127.0.0.1:6379/9"

OpenStore = Callable[..., ConversationStore]


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of an empty database, gone after the test."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/conversations.db"
        return
    with empty_schema() as options:
        yield f"{POSTGRES}?{options}"


@contextmanager
def empty_schema() -> Iterator[str]:
    """Give the part of an address that leads to an empty schema, gone after the block; skips where there is no PostgreSQL."""
    try:
        connection = psycopg2.connect(POSTGRES, connect_timeout=2)
    except psycopg2.OperationalError:
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432")
    connection.autocommit = True
    schema = f"test_{uuid.uuid4().hex}"
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {schema}")
        try:
            yield f"options={quote(f'-csearch_path={schema}')}"
        finally:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture
async def open_store(database_url: str) -> AsyncIterator[OpenStore]:
    """Open stores on the test's database, as so many assistants would; all are closed after the test."""
    stores: list[ConversationStore] = []

    def opened(redis_url: str = "", **settings: object) -> ConversationStore:
        chosen = ConversationSettings(database_url, KEY, redis_url=redis_url, **settings)  # type: ignore[arg-type]
        stores.append(ConversationStore(DOMAIN, settings=chosen))
        return stores[-1]

    yield opened
    for store in stores:
        await store.close()


@pytest.fixture
def redis_url() -> str:
    """The address of Redis; the test is skipped where none answers."""
    return answering_redis()


def answering_redis() -> str:
    """Give the address of Redis; skips where none answers."""
    try:
        redis.Redis.from_url(REDIS, socket_connect_timeout=1).ping()
    except redis.RedisError:
        pytest.skip("no Redis answers on 127.0.0.1:6379")
    return REDIS
