"""The engine of the conversation database: SQLite as a server process needs it, or PostgreSQL."""

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import QueuePool

from bot.conversations.errors import ConversationSettingError

WAIT_SECONDS = 2
"""How long a statement waits for another's lock, and a connection for the server."""

STATEMENT_SECONDS = 3
"""How long PostgreSQL may take over one statement."""

CONNECTIONS = 4
"""Connections to PostgreSQL, and threads that use them; SQLite is written by one at a time anyway."""


def make_engine(url: str) -> Engine:
    """Make an engine; for SQLite the database's folder and file are made, the file for its owner only.

    Raises:
        ConversationSettingError: the address is of no known form.
    """
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise ConversationSettingError(
            "BIANMIN_CONVERSATIONS_URL 不是数据库地址 / is no address of a database"
        ) from None
    return _sqlite(address) if address.get_backend_name() == "sqlite" else _postgresql(address)


def _postgresql(url: URL) -> Engine:
    engine = create_engine(
        url,
        future=True,
        # A database error must not print the parameters of its statement into a log.
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=CONNECTIONS,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"connect_timeout": WAIT_SECONDS, "tcp_user_timeout": STATEMENT_SECONDS * 1000},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET lock_timeout = '{WAIT_SECONDS}s'")
            cursor.execute(f"SET statement_timeout = '{STATEMENT_SECONDS}s'")
        connection.commit()

    return engine


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    path.parent.mkdir(parents=True, exist_ok=True)
    # SQLite gives its other files the mode of this one.
    path.touch(mode=0o600, exist_ok=True)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=1,
        max_overflow=0,
        pool_timeout=WAIT_SECONDS,
        connect_args={"check_same_thread": False, "timeout": WAIT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: Any) -> None:
        # The driver would begin transactions late and by itself; ours begin below.
        connection.isolation_level = None
        # With a write-ahead log and NORMAL a killed process loses nothing; a machine that loses power may lose the
        # last turns, never the file. Money stands in the ledger, which waits for the disk.
        settings = ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", f"busy_timeout={WAIT_SECONDS * 1000}")
        for pragma in settings:
            connection.execute(f"PRAGMA {pragma}").close()

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once when another has written between.
        reads = connection.get_execution_options().get("bianmin_reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")

    return engine
