"""The ledger's tables. Their first form is in migrations/versions; a change here needs a migration there."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, ForeignKey, Index, Integer, MetaData, String, Table, Text, text

from actions.ledger.columns import Encrypted, EncryptedJson, Moment, Yuan
from actions.ledger.crypto import LedgerCipher

LIVE = text("state NOT IN ('closed', 'paid_late', 'mispaid', 'refunded')")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def _row_id() -> BigInteger:
    # SQLite numbers rows by itself only where the key is exactly INTEGER.
    return BigInteger().with_variant(Integer(), "sqlite")


class Tables:
    """The tables, their personal columns encrypted with this cipher."""

    def __init__(self, cipher: LedgerCipher) -> None:
        self.metadata = MetaData(naming_convention=NAMES)
        # A trade at the provider; each of its orders is a row of payment_orders.
        self.payments = Table(
            "payments",
            self.metadata,
            Column("number", String(32), primary_key=True),
            Column("total", Yuan, nullable=False),
            Column("subject", Encrypted(cipher), nullable=False),
            Column("payee", Text, nullable=False),
            Column("conversation_id", Text, nullable=False),
            Column("created_at", Moment, nullable=False),
        )
        self.payment_orders = Table(
            "payment_orders",
            self.metadata,
            Column("id", _row_id(), primary_key=True, autoincrement=True),
            Column("trade_number", String(32), nullable=False, unique=True),
            # No foreign key: SQLite cannot add one to a table that has rows; both rows are written in one transaction.
            Column("payment_number", String(32), nullable=False),
            Column("kind", String(20), nullable=False),
            Column("city_code", String(6), nullable=False),
            Column("city_service", String(40), nullable=False),
            Column("biller_code", String(64), nullable=False),
            Column("payee", Text, nullable=False),
            Column("account", Encrypted(cipher), nullable=False),
            Column("account_index", String(64), nullable=False),
            Column("bill_reference", Encrypted(cipher), nullable=False),
            Column("bill_index", String(64), nullable=False),
            Column("amount", Yuan, nullable=False),
            Column("subject", Encrypted(cipher), nullable=False),
            Column("conversation_id", Text, nullable=False),
            Column("state", String(20), nullable=False),
            Column("cashier_url", Encrypted(cipher)),
            Column("expires_at", Moment),
            Column("provider_trade_number", String(64)),
            Column("receipt_number", String(64)),
            Column("created_at", Moment, nullable=False),
            Column("updated_at", Moment, nullable=False),
            Column("paid_at", Moment),
            Column("settled_at", Moment),
            Column("checked_at", Moment),
            Column("check_code", String(64)),
            Column("watched_until", Moment),
            Column("paid_amount", Yuan),
            Column("refund_number", String(64)),
            Column("refund_state", String(12)),
            Index(
                "uq_payment_orders_live",
                "city_code",
                "biller_code",
                "account_index",
                "bill_index",
                unique=True,
                sqlite_where=LIVE,
                postgresql_where=LIVE,
            ),
            Index("ix_payment_orders_state_updated_at", "state", "updated_at"),
            Index("ix_payment_orders_payment_number", "payment_number"),
            Index("uq_payment_orders_refund_number", "refund_number", unique=True),
        )
        # One bill, one live order, but whoever asks for it, in whatever conversation, hears of it there.
        self.order_conversations = Table(
            "order_conversations",
            self.metadata,
            Column("order_id", _row_id(), ForeignKey("payment_orders.id"), primary_key=True),
            Column("conversation_id", Text, primary_key=True, index=True),
            Column("asked_at", Moment, nullable=False),
        )
        self.order_transitions = Table(
            "order_transitions",
            self.metadata,
            Column("id", _row_id(), primary_key=True, autoincrement=True),
            Column("order_id", _row_id(), ForeignKey("payment_orders.id"), nullable=False, index=True),
            Column("from_state", String(20)),
            Column("to_state", String(20), nullable=False),
            Column("reason", String(64), nullable=False),
            Column("at", Moment, nullable=False),
        )
        self.payment_notices = Table(
            "payment_notices",
            self.metadata,
            Column("notice_id", String(128), primary_key=True),
            # The first order of the payment.
            Column("order_id", _row_id(), ForeignKey("payment_orders.id"), nullable=False, index=True),
            Column("provider_trade_number", String(64), nullable=False),
            Column("amount", Yuan, nullable=False),
            Column("outcome", String(20), nullable=False),
            Column("paid_at", Moment, nullable=False),
            Column("received_at", Moment, nullable=False),
        )
        self.hand_overs = Table(
            "hand_overs",
            self.metadata,
            Column("hand_over_id", String(36), primary_key=True),
            Column("conversation_id", Text, nullable=False, index=True),
            Column("city_code", String(6)),
            Column("created_at", Moment, nullable=False),
            Column("state", String(20), nullable=False),
            Column("conversation", EncryptedJson(cipher), nullable=False),
            Column("taken_by", Encrypted(cipher)),
            Column("moved_at", Moment),
        )
        # Days whose statement of the provider has been compared with this ledger, and what differed.
        self.statement_days = Table(
            "statement_days",
            self.metadata,
            Column("day", Date, primary_key=True),
            Column("lines", Integer, nullable=False),
            Column("compared_at", Moment, nullable=False),
        )
        self.statement_differences = Table(
            "statement_differences",
            self.metadata,
            Column("id", _row_id(), primary_key=True, autoincrement=True),
            Column("day", Date, nullable=False),
            Column("kind", String(24), nullable=False),
            Column("trade_number", String(64), nullable=False),
            Column("refund_number", String(64), nullable=False),
            Column("amount", Yuan, nullable=False),
            Column("found_at", Moment, nullable=False),
            Column("resolved_at", Moment),
            Index("uq_statement_differences_line", "day", "kind", "trade_number", "refund_number", unique=True),
        )
        # One row, by which a start sees that its key fits before it writes with another.
        self.ledger_key = Table(
            "ledger_key",
            self.metadata,
            Column("id", Integer, primary_key=True, autoincrement=False),
            Column("proof", Encrypted(cipher), nullable=False),
        )
