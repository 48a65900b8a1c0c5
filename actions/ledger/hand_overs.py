"""Conversations handed to a human."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.sql import Select

from actions.ledger.records import HandOver
from actions.ledger.tables import Tables

WAITING = "waiting"


def add(
    connection: Connection,
    tables: Tables,
    now: dt.datetime,
    conversation_id: str,
    city_code: str | None,
    conversation: Any,
) -> HandOver:
    """Write a hand-over that waits for a human.

    Args:
        connection: in a transaction.
        tables: the ledger's.
        now: the moment, in UTC.
        conversation_id: whose.
        city_code: GB/T 2260; None when the resident's city is not known.
        conversation: what the human needs to go on from, as JSON; encrypted at rest.
    """
    record = HandOver(
        hand_over_id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        city_code=city_code,
        created_at=now,
        state=WAITING,
        conversation=conversation,
    )
    connection.execute(insert(tables.hand_overs).values(**vars(record)))
    return record


def query(tables: Tables, conversation_id: str | None, state: str | None) -> Select:
    """The query for hand-overs, the latest first; of one conversation, or in one state, if asked so."""
    table = tables.hand_overs
    wanted = select(table).order_by(table.c.created_at.desc(), table.c.hand_over_id)
    if conversation_id is not None:
        wanted = wanted.where(table.c.conversation_id == conversation_id)
    if state is not None:
        wanted = wanted.where(table.c.state == state)
    return wanted


def from_row(row: RowMapping) -> HandOver:
    """A row as a record."""
    return HandOver(**{name: row[name] for name in HandOver.__dataclass_fields__})
