"""Conversations handed to a human."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.engine import Connection, RowMapping
from sqlalchemy.sql import Select

from actions.ledger.records import HandOver
from actions.ledger.tables import Tables

WAITING = "waiting"
TAKEN = "taken"
CLOSED = "closed"
MOVES = {TAKEN: (WAITING,), CLOSED: (WAITING, TAKEN)}
"""From where a hand-over may come to where."""


MESSAGES = "messages"
"""Where in a hand-over stands what was said."""


class NotToBeMoved(Exception):
    """There is no such hand-over, or somebody else has taken or closed it."""


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


def move(connection: Connection, tables: Tables, now: dt.datetime, hand_over_id: str, target: str, by: str) -> HandOver:
    """Take a hand-over that waits, or close one: of two who take it at once, one does.

    Args:
        connection: in a transaction.
        tables: the ledger's.
        now: the moment, in UTC.
        hand_over_id: which.
        target: `taken` or `closed`.
        by: who of the staff.

    Raises:
        NotToBeMoved: there is none such, or it is no longer where it may be moved from.
    """
    table = tables.hand_overs
    change = (
        update(table)
        .where(table.c.hand_over_id == hand_over_id, table.c.state.in_(MOVES[target]))
        .values(state=target, taken_by=by, moved_at=now)
    )
    if connection.execute(change).rowcount != 1:
        raise NotToBeMoved
    return from_row(connection.execute(select(table).where(table.c.hand_over_id == hand_over_id)).mappings().one())


def forget(connection: Connection, tables: Tables, conversation_id: str, instead: str) -> int:
    """Take what was said out of the hand-overs of a conversation; how many had any.

    What the resident has submitted by itself, as a case, is no part of what was said, and stays.

    Args:
        connection: in a transaction.
        tables: the ledger's.
        conversation_id: whose.
        instead: what the staff find in its place.
    """
    table = tables.hand_overs
    changed = 0
    for row in connection.execute(query(tables, conversation_id, None)).mappings().all():
        record = row["conversation"]
        if isinstance(record, dict) and MESSAGES in record:
            left = {**{name: value for name, value in record.items() if name != MESSAGES}, "erased": instead}
            this = table.c.hand_over_id == row["hand_over_id"]
            changed += connection.execute(update(table).where(this).values(conversation=left)).rowcount
    return changed


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
