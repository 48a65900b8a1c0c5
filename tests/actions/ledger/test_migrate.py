"""Migrations: once however many start together, and to exactly the tables the code has."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from actions.ledger import Ledger, LiveOrderExists, NewPayment, OrderState
from actions.ledger.engine import make_engine
from actions.ledger.migrate import _config
from tests.actions.ledger.databases import KEY
from tests.actions.ledger.orders import NEW, order_in

START = "import sys; from actions.ledger import Ledger; Ledger(sys.argv[1], sys.argv[2]).upgrade()"
ROOT = Path(__file__).resolve().parents[3]


def test_two_processes_start_at_once(fresh_database_url: str) -> None:
    command_line = [sys.executable, "-c", START, fresh_database_url, KEY]
    with ThreadPoolExecutor(2) as pool:
        starts = pool.map(lambda _: subprocess.run(command_line, cwd=ROOT, capture_output=True, check=False), range(2))
        assert [(start.returncode, start.stderr) for start in starts] == [(0, b""), (0, b"")]
    ledger = Ledger(fresh_database_url, KEY)
    assert ledger.add_order(NEW, "TA").trade_number == "TA"
    ledger.close()


def test_a_second_start_changes_nothing(ledger: Ledger) -> None:
    ledger.add_order(NEW, "TA")
    ledger.upgrade()
    assert ledger.order("TA").account == NEW.account


def test_migrations_make_the_tables_of_the_code(ledger: Ledger) -> None:
    with ledger.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_schemas": False})
        assert compare_metadata(context, ledger.tables.metadata) == []


def test_and_back(ledger: Ledger) -> None:
    with ledger.engine.begin() as connection:
        command.downgrade(_config(connection), "base")
    assert set(inspect(ledger.engine).get_table_names()) <= {"alembic_version"}


def test_sqlite_is_set_up_for_several_readers_and_a_writer(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", KEY)
    ledger.upgrade()
    with ledger.engine.connect() as connection:
        found = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "foreign_keys", "busy_timeout", "synchronous")
        }
    assert found == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 2000, "synchronous": 2}
    ledger.close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://root@localhost/x"])
def test_what_cannot_be_a_ledger(url: str) -> None:
    with pytest.raises(ValueError, match="SQLite file|DATABASE_URL"):
        make_engine(url)


STANDING = [
    ("TA", OrderState.SETTLED, {"kind": "utility_bill", "biller_code": "330100-water", "city_service": "water"}),
    ("TB", OrderState.PAID, {"kind": "utility_bill", "biller_code": "330400-gas", "city_service": "gas"}),
    ("TC", OrderState.CLOSED, {"kind": "traffic_fine", "biller_code": "traffic-police", "city_service": "traffic"}),
]


def test_the_city_service_of_orders_that_stand_is_filled_in(ledger: Ledger) -> None:
    for trade_number, state, changes in STANDING:
        order_in(ledger, state, trade_number, **changes)
    before = {number: (ledger.order(number), ledger.transitions(number)) for number, _, _ in STANDING}
    with ledger.engine.begin() as connection:
        command.downgrade(_config(connection), "0001")
    assert "city_service" not in {column["name"] for column in inspect(ledger.engine).get_columns("payment_orders")}
    ledger.upgrade()
    assert {number: (ledger.order(number), ledger.transitions(number)) for number, _, _ in STANDING} == before
    assert ledger.order("TA").city_service == "water"


def test_the_migration_leaves_one_live_order_a_bill(ledger: Ledger) -> None:
    order_in(ledger, OrderState.CLOSED, "TA")
    ledger.add_order(NEW, "TB")
    with ledger.engine.begin() as connection:
        command.downgrade(_config(connection), "0001")
    ledger.upgrade()
    with pytest.raises(LiveOrderExists):
        ledger.add_order(NEW, "TC")
    ledger.move(ledger.order("TB"), OrderState.CLOSED, "test")
    assert ledger.add_order(NEW, "TD").is_live


def test_each_order_that_stands_becomes_the_only_one_of_a_payment(ledger: Ledger) -> None:
    for trade_number, state, changes in STANDING:
        order_in(ledger, state, trade_number, **changes)
    before = {number: ledger.payment(number) for number, _, _ in STANDING}
    with ledger.engine.begin() as connection:
        command.downgrade(_config(connection), "0004")
    assert "payments" not in inspect(ledger.engine).get_table_names()
    ledger.upgrade()
    assert {number: ledger.payment(number) for number, _, _ in STANDING} == before
    (order,) = before["TA"].orders
    assert (order.trade_number, before["TA"].total, before["TA"].subject) == ("TA", NEW.amount, NEW.subject)


def test_a_payment_of_several_orders_cannot_go_back(ledger: Ledger) -> None:
    several = NewPayment((NEW, replace(NEW, bill_reference="B2")), "水费 2 笔", NEW.payee, NEW.conversation_id)
    ledger.add_payment(several, "TP", ["TA", "TB"])
    with pytest.raises(RuntimeError, match="several orders"), ledger.engine.begin() as connection:
        command.downgrade(_config(connection), "0004")
    assert [order.trade_number for order in ledger.payment("TP").orders] == ["TA", "TB"]
