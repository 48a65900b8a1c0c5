"""Column types: encrypted text and JSON, exact yuan, moments in UTC."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any

from sqlalchemy import DateTime, Numeric, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

from actions.ledger.crypto import LedgerCipher


class Encrypted(TypeDecorator):
    """Text that stands encrypted in the database. Equality is asked of its blind-index column."""

    impl = Text
    cache_ok = True

    def __init__(self, cipher: LedgerCipher) -> None:
        super().__init__()
        self.cipher = cipher

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To the database."""
        return None if value is None else self.cipher.encrypt(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:
        """From the database."""
        return None if value is None else self.cipher.decrypt(value)


class EncryptedJson(Encrypted):
    """A JSON value that stands encrypted in the database."""

    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To the database."""
        return self.cipher.encrypt(json.dumps(value, ensure_ascii=False))

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        return None if value is None else json.loads(self.cipher.decrypt(value))


class Yuan(TypeDecorator):
    """Decimal yuan with two places: NUMERIC where the database has it, text in SQLite, whose NUMERIC is a float."""

    impl = Numeric
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine:
        """The type in this database."""
        exact = String(16) if dialect.name == "sqlite" else Numeric(14, 2)
        return dialect.type_descriptor(exact)

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        if value is None or dialect.name != "sqlite":
            return value
        return f"{value:.2f}"

    def process_result_value(self, value: Any, dialect: Dialect) -> Decimal | None:
        """From the database."""
        return None if value is None else Decimal(value)


class Moment(TypeDecorator):
    """A moment: stored in UTC, read back with its offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """To the database; a moment without offset is a mistake of the caller's."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs an offset")
        return value.astimezone(dt.timezone.utc)

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=dt.timezone.utc) if value.tzinfo is None else value.astimezone(dt.timezone.utc)
