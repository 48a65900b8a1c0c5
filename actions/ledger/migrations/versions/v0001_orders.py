"""Payment orders, their moves and notices, and hand-overs to a human.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

# Written out here and not imported: a migration stays what it was when the column types change.
ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
YUAN = sa.Numeric(14, 2).with_variant(sa.String(16), "sqlite")
LIVE = sa.text("state NOT IN ('closed', 'refunded')")


def upgrade() -> None:
    """To this form."""
    op.create_table(
        "payment_orders",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("trade_number", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("city_code", sa.String(6), nullable=False),
        sa.Column("biller_code", sa.String(64), nullable=False),
        sa.Column("payee", sa.Text, nullable=False),
        sa.Column("account", sa.Text, nullable=False),
        sa.Column("account_index", sa.String(64), nullable=False),
        sa.Column("bill_reference", sa.Text, nullable=False),
        sa.Column("bill_index", sa.String(64), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("cashier_url", sa.Text),
        sa.Column("expires_at", MOMENT),
        sa.Column("provider_trade_number", sa.String(64)),
        sa.Column("receipt_number", sa.String(64)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("updated_at", MOMENT, nullable=False),
        sa.Column("paid_at", MOMENT),
        sa.Column("settled_at", MOMENT),
        sa.Column("checked_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_payment_orders"),
        sa.UniqueConstraint("trade_number", name="uq_payment_orders_trade_number"),
    )
    op.create_index(
        "uq_payment_orders_live",
        "payment_orders",
        ["city_code", "biller_code", "account_index", "bill_index"],
        unique=True,
        sqlite_where=LIVE,
        postgresql_where=LIVE,
    )
    op.create_index("ix_payment_orders_state_updated_at", "payment_orders", ["state", "updated_at"])
    _create_order_details()
    op.create_table(
        "hand_overs",
        sa.Column("hand_over_id", sa.String(36), nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("city_code", sa.String(6)),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("conversation", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hand_over_id", name="pk_hand_overs"),
    )
    op.create_index("ix_hand_overs_conversation_id", "hand_overs", ["conversation_id"])


def _create_order_details() -> None:
    op.create_table(
        "order_conversations",
        sa.Column("order_id", ROW_ID, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("asked_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("order_id", "conversation_id", name="pk_order_conversations"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["payment_orders.id"], name="fk_order_conversations_order_id_payment_orders"
        ),
    )
    op.create_index("ix_order_conversations_conversation_id", "order_conversations", ["conversation_id"])
    op.create_table(
        "order_transitions",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("order_id", ROW_ID, nullable=False),
        sa.Column("from_state", sa.String(20)),
        sa.Column("to_state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_order_transitions"),
        sa.ForeignKeyConstraint(
            ["order_id"], ["payment_orders.id"], name="fk_order_transitions_order_id_payment_orders"
        ),
    )
    op.create_index("ix_order_transitions_order_id", "order_transitions", ["order_id"])
    op.create_table(
        "payment_notices",
        sa.Column("notice_id", sa.String(128), nullable=False),
        sa.Column("order_id", ROW_ID, nullable=False),
        sa.Column("provider_trade_number", sa.String(64), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("outcome", sa.String(20), nullable=False),
        sa.Column("paid_at", MOMENT, nullable=False),
        sa.Column("received_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("notice_id", name="pk_payment_notices"),
        sa.ForeignKeyConstraint(["order_id"], ["payment_orders.id"], name="fk_payment_notices_order_id_payment_orders"),
    )
    op.create_index("ix_payment_notices_order_id", "payment_notices", ["order_id"])


def downgrade() -> None:
    """Back to an empty database."""
    for table in ("hand_overs", "payment_notices", "order_transitions", "order_conversations", "payment_orders"):
        op.drop_table(table)
