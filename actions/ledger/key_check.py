"""Whether the key fits the ledger: asked at the start, before anything is written with another."""

from __future__ import annotations

from sqlalchemy import insert, select
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError

from actions.ledger.tables import Tables

PROOF_ROW = 1
PROOF = "bianmin ledger"


def check_key(engine: Engine, tables: Tables) -> None:
    """See that what stands in the ledger can be read; in one that has no proof yet, leave one.

    Args:
        engine: the ledger's.
        tables: with the cipher of the key that is to be checked.

    Raises:
        WrongLedgerKey: another key wrote it.
    """
    proof = tables.ledger_key
    with engine.connect().execution_options(bianmin_reads=True) as connection:
        if connection.execute(select(proof.c.proof).where(proof.c.id == PROOF_ROW)).scalar() is not None:
            return
        # A ledger from before the proof: its newest rows tell.
        for column in (tables.payment_orders.c.account, tables.hand_overs.c.conversation):
            connection.execute(select(column).order_by(column.table.c.created_at.desc()).limit(1)).scalar()
    try:
        with engine.begin() as connection:
            connection.execute(insert(proof).values(id=PROOF_ROW, proof=PROOF))
    except IntegrityError:
        # Another process was faster; with another key, it has to be seen.
        check_key(engine, tables)
