"""What stands in the database: nothing personal, however one looks at it."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from actions.ledger import Ledger, OrderState
from actions.ledger.crypto import LedgerCipher, WrongLedgerKey
from tests.actions.ledger.databases import KEY
from tests.actions.ledger.orders import NEW, order_in

PERSONAL = ("3301234567", "110101199003077475", "张三", "13800138000", "浙A12345")
CONVERSATION = {"said": "我叫张三，110101199003077475，电话13800138000，车牌浙A12345"}


def _write(ledger: Ledger) -> None:
    order = order_in(ledger, OrderState.CREATED)
    ledger.move(order, OrderState.AWAITING_PAYMENT, "test", cashier_url="http://pay.test/cashier/secret-token")
    ledger.open_hand_over("a", "330100", CONVERSATION)


def test_nothing_personal_in_the_files(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}", KEY)
    ledger.upgrade()
    _write(ledger)
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"330100-water" in written
    for personal in (*PERSONAL, "secret-token"):
        assert personal.encode() not in written
    ledger.close()


def test_nothing_personal_in_any_row(ledger: Ledger) -> None:
    _write(ledger)
    with ledger.engine.connect() as connection:
        for table in ledger.tables.metadata.sorted_tables:
            shown = repr(connection.execute(text(f"SELECT * FROM {table.name}")).all())
            for personal in (*PERSONAL, "secret-token"):
                assert personal not in shown


def test_another_key_reads_nothing(ledger: Ledger, fresh_database_url: str) -> None:
    _write(ledger)
    other = Ledger(fresh_database_url, Fernet.generate_key().decode())
    with pytest.raises(WrongLedgerKey):
        other.order("TA")
    assert other.live_order(NEW) is None
    other.close()


@pytest.mark.parametrize("broken", ["payment_orders", "order_transitions"])
def test_a_database_error_does_not_print_what_was_written(ledger: Ledger, broken: str) -> None:
    with ledger.engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {broken} RENAME TO gone"))
    with pytest.raises(SQLAlchemyError, match=broken) as caught:
        ledger.add_order(NEW, "TA")
    for personal in (NEW.account, NEW.subject, NEW.bill_reference):
        assert personal not in str(caught.value)


def test_sqlite_is_readable_by_nobody_else(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'new' / 'ledger.db'}", KEY)
    ledger.upgrade()
    assert (tmp_path / "new" / "ledger.db").stat().st_mode & 0o077 == 0
    ledger.close()


class TestCipher:
    def test_two_encryptions_of_one_text_differ(self) -> None:
        cipher = LedgerCipher(KEY)
        tokens = {cipher.encrypt("3301234567") for _ in range(2)}
        assert len(tokens) == 2
        assert {cipher.decrypt(token) for token in tokens} == {"3301234567"}

    def test_an_altered_token_is_refused(self) -> None:
        cipher = LedgerCipher(KEY)
        token = cipher.encrypt("3301234567")
        with pytest.raises(WrongLedgerKey):
            cipher.decrypt(token[:-8] + "AAAAAAA=")

    def test_the_blind_index_depends_on_text_and_key(self) -> None:
        one, other = LedgerCipher(KEY), LedgerCipher(Fernet.generate_key().decode())
        assert one.blind_index("3301234567") == LedgerCipher(KEY).blind_index("3301234567")
        assert one.blind_index("3301234567") != one.blind_index("3301234568")
        assert one.blind_index("3301234567") != other.blind_index("3301234567")
