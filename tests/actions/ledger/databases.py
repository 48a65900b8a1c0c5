"""A ledger of a test's own, on SQLite and on PostgreSQL."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import psycopg2
import pytest
from cryptography.fernet import Fernet

from actions.ledger import Ledger

KEY = Fernet.generate_key().decode("ascii")
POSTGRES = "postgresql://postgres@127.0.0.1:5432/postgres"


@contextmanager
def database_url(kind: str, folder: Path) -> Iterator[str]:
    """The URL of an empty database, gone after the block.

    Args:
        kind: `sqlite` or `postgresql`; a test is skipped where no PostgreSQL answers.
        folder: for the SQLite file.
    """
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'ledger.db'}"
        return
    try:
        connection = psycopg2.connect(POSTGRES, connect_timeout=2)
    except psycopg2.OperationalError:
        pytest.skip("no PostgreSQL answers on 127.0.0.1:5432")
    connection.autocommit = True
    schema = f"test_{uuid.uuid4().hex}"
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SCHEMA {schema}")
        yield f"{POSTGRES}?options={quote(f'-csearch_path={schema}')}"
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"DROP SCHEMA {schema} CASCADE")
        connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def fresh_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with database_url(request.param, tmp_path) as url:
        yield url


@pytest.fixture
def ledger(fresh_database_url: str) -> Iterator[Ledger]:
    ledger = Ledger(fresh_database_url, KEY)
    ledger.upgrade()
    yield ledger
    ledger.close()
