"""The ledger's database engine: SQLite as a server process needs it, or PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import QueuePool

BUSY_MILLISECONDS = 2000


def make_engine(database_url: str) -> Engine:
    """An engine for the ledger; for SQLite the database's folder is made.

    Args:
        database_url: `sqlite:///…` or `postgresql://…`.

    Raises:
        ValueError: some other database, or SQLite in memory, where each connection would have its own.
    """
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        if not url.database or url.database == ":memory:":
            raise ValueError("the ledger needs a SQLite file: in memory nothing would outlive the process")
        path = Path(url.database)
        path.parent.mkdir(parents=True, exist_ok=True)
        # SQLite gives its other files the mode of this one.
        path.touch(mode=0o600, exist_ok=True)
        return _sqlite(database_url)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url)
    raise ValueError("DATABASE_URL must be sqlite:///… or postgresql://…")


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        future=True,
        # A database error must not print the parameters of its statement into a log.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_timeout=2,
        connect_args={"connect_timeout": 2},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # Not as a connection option: the URL may bring its own.
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = {BUSY_MILLISECONDS}")
            cursor.execute("SET timezone = 'UTC'")
        connection.commit()

    return engine


def _sqlite(database_url: str) -> Engine:
    engine = create_engine(
        database_url,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_timeout=2,
        connect_args={"check_same_thread": False, "timeout": BUSY_MILLISECONDS / 1000},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver would begin transactions late and by itself; ours begin below.
        connection.isolation_level = None
        for pragma in (f"busy_timeout={BUSY_MILLISECONDS}", "foreign_keys=ON", "synchronous=FULL"):
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A transaction that reads first and writes later fails at once when another has written between; one that
        # says at its beginning that it will write waits its turn.
        reads = connection.get_execution_options().get("bianmin_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
