"""The tables of the conversation database. Nothing in them is readable without the key but numbers and moments."""

from sqlalchemy import BigInteger, Column, Float, ForeignKey, Index, LargeBinary, MetaData, String, Table

metadata = MetaData()

SCHEMA_VERSION = "1"

facts = Table(
    "bianmin_facts",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", LargeBinary, nullable=False),
    comment="what the database says of itself: which key it was written with, which version its tables have",
)

conversations = Table(
    "bianmin_conversations",
    metadata,
    Column("conversation", String(64), primary_key=True, comment="keyed digest of the conversation's id"),
    Column("conversation_id", LargeBinary, nullable=False, comment="the id, encrypted"),
    Column("length", BigInteger, nullable=False, comment="number of the latest turn"),
    Column("touched_at", Float(53), nullable=False, index=True, comment="Unix time of the latest turn"),
)

turns = Table(
    "bianmin_turns",
    metadata,
    Column("conversation", String(64), ForeignKey(conversations.c.conversation, ondelete="CASCADE"), primary_key=True),
    Column(
        "sequence", BigInteger, primary_key=True, autoincrement=False, comment="counted up by one in each conversation"
    ),
    Column("at", Float(53), nullable=False),
    Column("events", LargeBinary, nullable=False, comment="the turn's events, encrypted"),
    Index("bianmin_turns_at", "at"),
)

snapshots = Table(
    "bianmin_snapshots",
    metadata,
    Column("conversation", String(64), ForeignKey(conversations.c.conversation, ondelete="CASCADE"), primary_key=True),
    Column("sequence", BigInteger, nullable=False, comment="the turn after which it was taken"),
    Column("events", LargeBinary, nullable=False, comment="a short list of events that stands for all up to there"),
)
