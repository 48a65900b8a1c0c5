"""Tables of another definition are thrown away; the same ones are kept."""

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, inspect, text

from sandbox.database import Database
from sandbox.schema import DEFINITION, fingerprint, make_tables
from sandbox.tables import Base, City, Meta, Trade


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/city.db")
    yield database
    database.dispose()


def fill(database):
    with database.write() as session:
        session.add(City(code="330100", name="杭州"))


def cities(database):
    with database.read() as session:
        return session.query(City).count()


def test_the_same_tables_are_kept(database):
    make_tables(database)
    fill(database)
    make_tables(database)
    assert cities(database) == 1


@pytest.mark.parametrize("value", ["", "0" * 64])
def test_tables_of_another_definition_are_thrown_away(database, value):
    make_tables(database)
    fill(database)
    with database.write() as session:
        session.get(Meta, DEFINITION).value = value
    make_tables(database)
    assert cities(database) == 0
    with database.read() as session:
        assert session.get(Meta, DEFINITION).value == fingerprint()


def test_a_database_from_before_fingerprints(database):
    """Other columns, and a table that nobody knows any more but that refers to one of ours."""
    with database.engine.begin() as connection:
        for statement in (
            "CREATE TABLE meta (key VARCHAR(40) PRIMARY KEY, value TEXT)",
            "INSERT INTO meta VALUES ('schema_version', '1')",
            "CREATE TABLE cities (code VARCHAR(6) PRIMARY KEY, mayor TEXT)",
            "INSERT INTO cities VALUES ('330100', '某')",
            "CREATE TABLE billers (code VARCHAR(20) PRIMARY KEY, city_code VARCHAR(6) REFERENCES cities (code))",
            "INSERT INTO billers VALUES ('330100-water', '330100')",
            "CREATE TABLE shops (biller_code VARCHAR(20) REFERENCES billers (code))",
            "INSERT INTO shops VALUES ('330100-water')",
            "CREATE TABLE somebody_elses (id INTEGER)",
        ):
            connection.execute(text(statement))
    make_tables(database)
    fill(database)
    tables = set(inspect(database.engine).get_table_names())
    assert {"billers", "shops"} & tables == set()
    assert "somebody_elses" in tables


def test_a_changed_column_changes_the_fingerprint():
    before = fingerprint()
    added = Table("added_by_a_test", Base.metadata, Column("id", Integer, primary_key=True))
    with_one = fingerprint()
    Base.metadata.remove(added)
    added = Table("added_by_a_test", Base.metadata, Column("id", Integer, primary_key=True), Column("a", String(3)))
    with_column = fingerprint()
    Base.metadata.remove(added)
    assert len({before, with_one, with_column}) == 3
    assert fingerprint() == before
    assert isinstance(Base.metadata, MetaData)
    assert Trade.__table__ in Base.metadata.sorted_tables
