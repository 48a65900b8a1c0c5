"""Transactions, exact money, aware moments."""

import threading
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from sandbox.database import Database
from sandbox.tables import Base, City, Refund, Trade

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=timezone(timedelta(hours=8)))


@pytest.fixture
def database(tmp_path):
    database = Database(f"sqlite:///{tmp_path}/t.db")
    Base.metadata.create_all(database.engine)
    yield database
    database.dispose()


def trade(**changes):
    members = {
        "trade_number": "T1", "token": "t", "subject": "s", "payee": "p", "amount": Decimal("45.60"),
        "notify_url": "u", "created_at": NOW, "expires_at": NOW,
    }  # fmt: skip
    return Trade(**{**members, **changes})


def test_a_failed_write_leaves_no_trace(database):
    def fail():
        with database.write() as session:
            session.add(City(code="1", name="a"))
            session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with database.read() as session:
        assert session.query(City).count() == 0


def test_wal_and_foreign_keys(database):
    with database.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 5000
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(Refund(refund_number="F1", trade_number="none", amount=Decimal("1.00"), asked_at=NOW, ends_at=NOW))


def test_an_error_shows_no_parameters(database):
    with database.write() as session:
        session.add(City(code="1", name="a"))
    with pytest.raises(IntegrityError) as caught, database.write() as session:
        session.add(City(code="1", name="秘密"))
    assert "秘密" not in str(caught.value)


def test_money_and_moments_come_back_exact(database):
    with database.write() as session:
        session.add(trade(amount=Decimal("99999999.99")))
    with database.read() as session:
        found = session.get(Trade, "T1")
        assert str(found.amount) == "99999999.99"
        assert found.created_at == NOW
        assert found.created_at.tzinfo is timezone.utc
        assert found.paid_at is None


@pytest.mark.parametrize("changes", [{"amount": Decimal("1.005")}, {"created_at": NOW.replace(tzinfo=None)}])
def test_what_is_not_exact_is_refused(database, changes):
    with pytest.raises(StatementError), database.write() as session:
        session.add(trade(**changes))


def test_read_then_write_by_many_loses_nothing(database):
    """Each reads a number and writes it back one higher: with late locks some would fail or be lost."""
    with database.write() as session:
        session.add(City(code="1", name="0"))
    together = threading.Barrier(8)

    def raise_by_one():
        together.wait()
        with database.write() as session:
            one = session.get(City, "1")
            one.name = str(int(one.name) + 1)

    threads = [threading.Thread(target=raise_by_one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.read() as session:
        assert session.get(City, "1").name == "8"
