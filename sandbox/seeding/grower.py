"""Grows cities: each service of each city when it is first asked for, once, and whole or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from manifests import CityManifest, Places
from sandbox.clock import Clock, local_date
from sandbox.database import Database
from sandbox.provider.signing import META_KEY, ensure_key
from sandbox.registry import Found
from sandbox.schema import DEFINITION, make_tables
from sandbox.seeding.growth import Growth, Rows, make_register
from sandbox.seeding.land import EXAMPLES, make_land
from sandbox.tables import Base, City, CityService, Meta

SEED = "seed"
"""The key of Meta under which the seed stands; a database keeps the seed it began with until it is reset."""


class Grower:
    """Grows cities. One process serves a database, so what has been grown is remembered here, too.

    Args:
        database: where to.
        clock: what day it is.
        places: the registry of cities.
        services: what can be grown.
        examples: the folder of what is written by hand of single cities.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        places: Places,
        services: tuple[Found, ...],
        examples: Path = EXAMPLES,
    ) -> None:
        self._database = database
        self._clock = clock
        self._places = places
        self._found = {code: one for one in services for code in one.codes}
        self._examples = examples
        self._grown: set[tuple[str, str]] = set()
        # Growing is work for the processor alone, so cities take turns; whoever asks for one waits for it.
        self._lock = threading.Lock()

    def prepare(self, seed: int) -> None:
        """Make the tables, and the seed where there is none yet. Grows nothing."""
        make_tables(self._database)
        with self._database.write() as session:
            ensure_key(session)
            if session.get(Meta, SEED) is None:
                session.add(Meta(key=SEED, value=str(seed)))

    def has(self, city: str, codes: Iterable[str]) -> bool:
        """Whether a city's register and some of its services are known to be there.

        Args:
            city: its code.
            codes: of the services; those without a module are passed over.
        """
        return self._wanted(city, codes) <= self._grown

    def grow(self, city: CityManifest, codes: Iterable[str]) -> None:
        """See that a city's register and some of its services are there.

        Args:
            city: what its file says.
            codes: of the services; those without a module are passed over.
        """
        wanted = self._wanted(city.code, codes)
        if wanted <= self._grown:
            return
        with self._lock:
            if not wanted <= self._grown:
                self._plant(city, {code for _, code in wanted if code})
                self._grown |= wanted

    def grow_all(self, city: CityManifest) -> None:
        """See that everything is there that a city's file names."""
        self.grow(city, city.says.services)

    def reset(self, seed: int) -> None:
        """Empty the tables, in one transaction; what is asked for next grows from the seed.

        The provider's key stays: merchants hold its other half.
        """
        with self._lock, self._database.write() as session:
            kept = (META_KEY, DEFINITION)
            for table in reversed(Base.metadata.sorted_tables):
                statement = table.delete()
                if table.name == Meta.__tablename__:
                    statement = statement.where(table.c.key.not_in(kept))
                session.execute(statement)
            session.add(Meta(key=SEED, value=str(seed)))
            self._grown.clear()

    def _wanted(self, city: str, codes: Iterable[str]) -> set[tuple[str, str]]:
        return {(city, code) for code in codes if code in self._found} | {(city, "")}

    def _plant(self, city: CityManifest, codes: set[str]) -> None:
        """Add what is missing, in one transaction. Another process may do the same at the same time: one of the two wins."""
        for _ in range(2):
            with self._database.read() as session:
                has_register, missing = _missing(session, city, codes)
                seed = seed_of(session)
            if has_register and not missing:
                return
            rows = self._rows(city, has_register, sorted(missing), seed, local_date(self._clock()))
            try:
                with self._database.write() as session:
                    if _missing(session, city, codes) == (has_register, missing):
                        _insert(session, rows)
                        return
            except IntegrityError:
                continue

    def _rows(self, city: CityManifest, has_register: bool, codes: list[str], seed: int, today: date) -> Rows:
        """Everything that grows, made in memory: the database is locked only while it is written down."""
        register = make_register(make_land(city, seed, self._places, self._examples), seed)
        rows: Rows = {} if has_register else register.rows()
        for code in codes:
            growth = Growth(register, code, seed, today)
            self._found[code].service.seed(growth)
            for table, more in growth.finish().items():
                rows.setdefault(table, []).extend(more)
        return rows


def seed_of(session: Session) -> int:
    """What the cities of this database grow from."""
    return int(session.get(Meta, SEED).value)


def _missing(session: Session, city: CityManifest, codes: set[str]) -> tuple[bool, set[str]]:
    """Whether the register is there, and which services are not."""
    there = set(session.execute(select(CityService.code).where(CityService.city_code == city.code)).scalars())
    return session.get(City, city.code) is not None, codes - there


def _insert(session: Session, rows: Rows) -> None:
    """Write rows down, the tables that others refer to first."""
    by_name = {table.__tablename__: (table, more) for table, more in rows.items()}
    for described in Base.metadata.sorted_tables:
        table, more = by_name.get(described.name, (None, []))
        if more:
            session.execute(insert(table), _alike(more))


def _alike(rows: list[dict[str, object]]) -> list[dict[str, object]]:
    """Rows with the same columns each: what one leaves out is null."""
    first = rows[0].keys()
    if all(row.keys() == first for row in rows):
        return rows
    blank = dict.fromkeys(name for row in rows for name in row)
    return [{**blank, **row} for row in rows]
