"""Connections to the sandbox's database: SQLite in WAL mode by default, any SQLAlchemy address else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

BUSY_TIMEOUT_MS = 5000
WRITE_OPTION = "bianmin_write"


class Database:
    """Hands out sessions: `read()` sees one snapshot, `write()` commits at its end or leaves no trace.

    Args:
        url: SQLAlchemy address, for instance `sqlite:////path/to/file.db`.
    """

    def __init__(self, url: str) -> None:
        # Statements' parameters are people's data; they must not reach a log through an exception's text.
        self.engine = _create_engine(url)
        self._writer = self.engine.execution_options(**{WRITE_OPTION: True})

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for looking things up."""
        with Session(self.engine, future=True) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session whose transaction may change things. On SQLite it holds the write lock from its first statement.

        Raises:
            sqlalchemy.exc.OperationalError: the lock was not had within the busy timeout.
        """
        with Session(self._writer, future=True) as session, session.begin():
            yield session

    def dispose(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()


def _create_engine(url: str) -> Engine:
    if not url.startswith("sqlite"):
        return create_engine(url, future=True, hide_parameters=True, pool_pre_ping=True)
    engine = create_engine(
        url,
        future=True,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=10,
        max_overflow=40,
        connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Take transactions into our own hands: the driver's own BEGIN comes too late for savepoints and write locks."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: two that read first and then upgrade would fail, not wait."""
    immediate = connection.get_execution_options().get(WRITE_OPTION, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
