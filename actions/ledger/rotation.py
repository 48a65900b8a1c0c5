"""Writes the whole ledger anew under another key, in one transaction: all of it, or nothing."""

from __future__ import annotations

from sqlalchemy import select, update
from sqlalchemy.engine import Engine

from actions.ledger.columns import Encrypted
from actions.ledger.crypto import LedgerCipher
from actions.ledger.tables import Tables

INDEXES = {"account_index": "account", "bill_index": "bill_reference"}
"""Blind indexes of payment_orders, and the column each is made of."""


def rotate(engine: Engine, old_key: str, new_key: str) -> int:
    """Re-encrypt every personal column and make its blind indexes anew. No process may use the ledger meanwhile.

    Args:
        engine: the ledger's.
        old_key, new_key: Fernet keys.

    Returns:
        How many rows were written.

    Raises:
        WrongLedgerKey: a row was written with another key than the old one; nothing has been changed.
    """
    old, new = Tables(LedgerCipher(old_key)), Tables(LedgerCipher(new_key))
    cipher = LedgerCipher(new_key)
    count = 0
    with engine.begin() as connection:
        for name, table in old.metadata.tables.items():
            secret = [column.name for column in table.columns if isinstance(column.type, Encrypted)]
            if not secret:
                continue
            keys = [column.name for column in table.primary_key.columns]
            target = new.metadata.tables[name]
            for row in connection.execute(select(*(table.c[column] for column in (*keys, *secret)))).mappings().all():
                values = {column: row[column] for column in secret if row[column] is not None}
                if name == "payment_orders":
                    values |= {index: cipher.blind_index(row[column]) for index, column in INDEXES.items()}
                change = update(target).where(*(target.c[key] == row[key] for key in keys)).values(**values)
                connection.execute(change)
                count += 1
    return count
