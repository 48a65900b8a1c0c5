"""What can be said of the conversation database without reading a conversation: how many, since when, how large."""

from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations.engine import make_engine
from bot.conversations.errors import ConversationsUnreachable
from bot.conversations.tables import conversations, metadata, turns

COUNT_SECONDS = 60
"""How long PostgreSQL may count; a turn's own limit is shorter."""


@dataclass(frozen=True)
class Overview:
    """Counts, and nothing that anybody has said.

    Attributes:
        conversations: how many are kept.
        turns: of all of them; those that a snapshot stands for are kept for a while as well.
        oldest: when the conversation that has been quiet longest was last talked in; None where there is none.
        size: bytes on disk, indexes included.
    """

    conversations: int
    turns: int
    oldest: datetime | None
    size: int


def overview(url: str) -> Overview:
    """Count what a database holds.

    Raises:
        ConversationsUnreachable: it does not answer, or has no such tables yet.
    """
    engine = make_engine(url)
    try:
        with engine.execution_options(bianmin_reads=True).begin() as connection:
            if engine.dialect.name == "sqlite":
                path = str(engine.url.database)
                size = sum(Path(path + more).stat().st_size for more in ("", "-wal") if Path(path + more).exists())
            else:
                connection.execute(text(f"SET LOCAL statement_timeout = '{COUNT_SECONDS}s'"))
                each = (select(func.pg_total_relation_size(table.name)) for table in metadata.tables.values())
                size = sum(int(connection.execute(one).scalar_one()) for one in each)
            count = connection.execute(select(func.count()).select_from(conversations)).scalar_one()
            said = connection.execute(select(func.count()).select_from(turns)).scalar_one()
            oldest = connection.execute(select(func.min(conversations.c.touched_at))).scalar()
    except SQLAlchemyError as error:
        raise ConversationsUnreachable(type(error).__name__) from error
    finally:
        engine.dispose()
    return Overview(count, said, None if oldest is None else datetime.fromtimestamp(oldest, timezone.utc), size)
