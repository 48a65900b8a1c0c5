"""Fills an empty database: one seed number and the present moment make the whole city."""

from __future__ import annotations

import itertools
from datetime import datetime

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from sandbox.clock import local_date
from sandbox.database import Database
from sandbox.provider.signing import META_KEY, ensure_key
from sandbox.seeding.cities import PLANS, seed_cities
from sandbox.seeding.credit import seed_credit
from sandbox.seeding.hospitals import seed_hospitals
from sandbox.seeding.people import seed_people
from sandbox.seeding.schedules import extend_schedules, scheduled_ahead
from sandbox.seeding.traffic import seed_traffic
from sandbox.seeding.utilities import seed_utilities
from sandbox.tables import Base, Meta

SCHEMA_VERSION = "1"
"""Raise it when a table changes: a database of another version is thrown away, for nothing in it is real."""


def prepare(database: Database, seed: int, now: datetime) -> None:
    """Make the tables, seed them when they are empty, and carry the schedules on to today.

    Args:
        database: the sandbox's database.
        seed: used only when it is empty; a city keeps the seed it grew from.
        now: the present moment.
    """
    _drop_other_version(database)
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        if session.get(Meta, "seed") is None:
            _fill(session, seed, now)
    carry_on(database, now)


def carry_on(database: Database, now: datetime) -> None:
    """Add the schedules of the days that have come into sight since the last time; mostly there are none."""
    with database.read() as session:
        if scheduled_ahead(session, local_date(now)):
            return
    with database.write() as session:
        extend_schedules(session, int(session.get(Meta, "seed").value), local_date(now))


def reset(database: Database, seed: int, now: datetime) -> None:
    """Empty the tables and seed them anew, in one transaction. The provider's key stays: merchants hold its other half."""
    with database.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            statement = table.delete()
            if table.name == Meta.__tablename__:
                statement = statement.where(table.c.key != META_KEY)
            session.execute(statement)
        session.expire_all()
        _fill(session, seed, now)


def _fill(session: Session, seed: int, now: datetime) -> None:
    ensure_key(session)
    session.add_all([Meta(key="seed", value=str(seed)), Meta(key="schema_version", value=SCHEMA_VERSION)])
    seed_cities(session)
    serials = itertools.count(1)
    for plan in PLANS:
        residents = seed_people(session, plan, seed)
        adults = residents[: plan.households]
        seed_utilities(session, plan, seed, adults, now, serials)
        seed_traffic(session, plan, seed, adults, now, serials)
        seed_credit(session, plan, seed, adults, local_date(now))
    seed_hospitals(session, seed)
    extend_schedules(session, seed, local_date(now))


def _drop_other_version(database: Database) -> None:
    """Throw the tables away when they were made for another version of this code."""
    if not inspect(database.engine).has_table(Meta.__tablename__):
        return
    with database.read() as session:
        version = session.get(Meta, "schema_version")
        found = None if version is None else version.value
    if found not in {None, SCHEMA_VERSION}:
        Base.metadata.drop_all(database.engine)
