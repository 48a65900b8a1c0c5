"""Brings the ledger's tables to their newest form, once, however many processes start together."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from filelock import FileLock
from sqlalchemy import text
from sqlalchemy.engine import Connection, Engine

MIGRATIONS = Path(__file__).parent / "migrations"
ADVISORY_LOCK = 0x6269616E6D696E  # "bianmin"
LOCK_SECONDS = 30


def upgrade(engine: Engine) -> None:
    """Upgrade to head; a second process waits for the first and then finds nothing to do.

    Args:
        engine: the ledger's engine.
    """
    with _alone(engine):
        if engine.dialect.name == "sqlite":
            # Kept in the file from then on: readers and the one writer no longer wait for each other.
            with engine.connect() as connection:
                driver: Any = connection.connection
                driver.execute("PRAGMA journal_mode=WAL").close()
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_SECONDS}s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})
            command.upgrade(_config(connection), "head")


def _alone(engine: Engine) -> AbstractContextManager[Any]:
    """SQLite cannot wait for its turn to switch to WAL, so a lock file orders the processes; PostgreSQL has its own."""
    if engine.dialect.name == "sqlite":
        return FileLock(f"{engine.url.database}.migrating", timeout=LOCK_SECONDS)
    return nullcontext()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
