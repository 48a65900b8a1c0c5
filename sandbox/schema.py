"""The tables in the database: made where they are missing, thrown away where they were made for other code."""

from __future__ import annotations

import hashlib

from sqlalchemy import MetaData, inspect
from sqlalchemy.engine import Engine
from sqlalchemy.engine.reflection import Inspector
from sqlalchemy.schema import CreateIndex, CreateTable

from sandbox.database import Database
from sandbox.tables import Base, Meta

DEFINITION = "tables"
"""The key of Meta under which the definition's fingerprint stands."""


def fingerprint() -> str:
    """A number of the tables' definition: it changes when a column, a key or an index does."""
    parts = []
    for table in Base.metadata.sorted_tables:
        parts.append(str(CreateTable(table)))
        parts.extend(sorted(str(CreateIndex(index)) for index in table.indexes))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def make_tables(database: Database) -> None:
    """Make the tables. Those of another definition go first, with all that is in them: nothing in it is real."""
    wanted = fingerprint()
    if _found(database) not in {None, wanted}:
        _throw_away(database.engine)
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        if session.get(Meta, DEFINITION) is None:
            session.add(Meta(key=DEFINITION, value=wanted))


def _found(database: Database) -> str | None:
    """The fingerprint of the database's tables; None when there are none, empty for one from before fingerprints."""
    if not inspect(database.engine).has_table(Meta.__tablename__):
        return None
    with database.read() as session:
        mark = session.get(Meta, DEFINITION)
        return "" if mark is None else str(mark.value)


def _throw_away(engine: Engine) -> None:
    """Drop the sandbox's tables, and such as refer to them, whatever columns they have."""
    inspector = inspect(engine)
    there = set(inspector.get_table_names())
    ours = {table.name for table in Base.metadata.sorted_tables} & there
    while True:
        referring = {name for name in there - ours if _refers_to(inspector, name) & ours}
        if not referring:
            break
        ours |= referring
    found = MetaData()
    found.reflect(engine, only=sorted(ours))
    found.drop_all(engine)


def _refers_to(inspector: Inspector, table: str) -> set[str]:
    return {str(key["referred_table"]) for key in inspector.get_foreign_keys(table)}
