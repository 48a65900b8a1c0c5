"""The ledger's key: one that does not fit is refused before anything is written; changed, all or nothing."""

from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from actions.ledger import Ledger, OrderState, WrongLedgerKey
from actions.ledger.rotation import rotate
from tests.actions.ledger.databases import KEY
from tests.actions.ledger.orders import NEW, order_in

OTHER = Fernet.generate_key().decode("ascii")


def _rows(ledger: Ledger) -> dict[str, list]:
    with ledger.engine.connect() as connection:
        names = [table.name for table in ledger.tables.metadata.sorted_tables]
        return {name: connection.execute(text(f"SELECT * FROM {name}")).all() for name in names}


def test_another_key_starts_nothing(ledger: Ledger, fresh_database_url: str) -> None:
    before = _rows(ledger)
    other = Ledger(fresh_database_url, OTHER)
    with pytest.raises(WrongLedgerKey):
        other.upgrade()
    assert _rows(ledger) == before
    other.close()


@pytest.mark.parametrize("kind", ["order", "hand-over"])
def test_nor_over_a_ledger_that_has_no_proof_yet(ledger: Ledger, fresh_database_url: str, kind: str) -> None:
    if kind == "order":
        order_in(ledger, OrderState.SETTLED)
    else:
        ledger.open_hand_over("a", "330100", {"said": "x"})
    with ledger.engine.begin() as connection:
        connection.execute(text("DELETE FROM ledger_key"))
    other = Ledger(fresh_database_url, OTHER)
    with pytest.raises(WrongLedgerKey):
        other.upgrade()
    other.close()
    ledger.upgrade()
    assert len(_rows(ledger)["ledger_key"]) == 1


def test_one_row_that_cannot_be_read_stops_nobody_elses(ledger: Ledger) -> None:
    bad = order_in(ledger, OrderState.PAID, "TA")
    good = order_in(ledger, OrderState.PAID, "TB", bill_reference="B2")
    with ledger.engine.begin() as connection:
        statement = text("UPDATE payment_orders SET account = 'gAAAA' WHERE id = :id")
        connection.execute(statement, {"id": bad.id})
    assert ledger.unfinished(OrderState.PAID, None) == [good]
    assert ledger.open_orders(NEW.conversation_id) == [good]
    with pytest.raises(WrongLedgerKey):
        ledger.order("TA")


def test_changed_everything_is_read_and_found_with_the_new_key(ledger: Ledger, fresh_database_url: str) -> None:
    order = order_in(ledger, OrderState.AWAITING_PAYMENT)
    closed = order_in(ledger, OrderState.CLOSED, "TB", bill_reference="B2")
    hand_over = ledger.open_hand_over("a", "330100", {"said": "x"})
    assert rotate(ledger.engine, KEY, OTHER) == 6
    other = Ledger(fresh_database_url, OTHER)
    other.upgrade()
    assert [other.order("TA"), other.order("TB")] == [order, closed]
    # Found by its blind index: the bill still has one live order.
    assert other.live_order(NEW) == order
    assert other.payment("TA").subject == NEW.subject
    assert other.hand_overs() == [hand_over]
    other.close()
    with pytest.raises(WrongLedgerKey):
        ledger.upgrade()


def test_not_changed_where_a_row_does_not_fit(ledger: Ledger) -> None:
    order_in(ledger, OrderState.PAID)
    bad = order_in(ledger, OrderState.PAID, "TB", bill_reference="B2")
    with ledger.engine.begin() as connection:
        connection.execute(text("UPDATE payment_orders SET subject = 'gAAAA' WHERE id = :id"), {"id": bad.id})
    before = _rows(ledger)
    with pytest.raises(WrongLedgerKey):
        rotate(ledger.engine, KEY, OTHER)
    assert _rows(ledger) == before
