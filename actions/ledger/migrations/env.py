"""Alembic's entry: with the connection of `actions.ledger.migrate.upgrade`, or on its own for a developer."""

from alembic import context
from cryptography.fernet import Fernet
from sqlalchemy.engine import Connection

from actions.ledger.crypto import LedgerCipher
from actions.ledger.engine import make_engine
from actions.ledger.tables import Tables
from actions.settings import Settings


def _migrate(connection: Connection) -> None:
    # The shape of the tables does not depend on the key, and nothing here reads or writes a row.
    metadata = Tables(LedgerCipher(Fernet.generate_key().decode("ascii"))).metadata
    context.configure(connection=connection, target_metadata=metadata, render_as_batch=True)
    with context.begin_transaction():
        context.run_migrations()


def _run() -> None:
    given = context.config.attributes.get("connection")
    if given is not None:
        _migrate(given)
        return
    with make_engine(Settings.from_env().database_url).begin() as connection:
        _migrate(connection)


_run()
