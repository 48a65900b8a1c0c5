"""What people have to see to: money on its way back, closed orders still watched, hand-overs taken, the key's proof.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
YUAN = sa.Numeric(14, 2).with_variant(sa.String(16), "sqlite")
LIVE_KEY = ["city_code", "biller_code", "account_index", "bill_index"]
LIVE = sa.text("state NOT IN ('closed', 'paid_late', 'mispaid', 'refunded')")
LIVE_BEFORE = sa.text("state NOT IN ('closed', 'refunded')")
NEW = ("check_code", "watched_until", "paid_amount", "refund_number", "refund_state")


def upgrade() -> None:
    """To this form. Money that was on its way back is asked for again, under the same number; it goes back once.

    The columns are added in place: SQLite would have to drop the table to change it, and rows of other tables point there.
    """
    op.add_column("payment_orders", sa.Column("check_code", sa.String(64)))
    op.add_column("payment_orders", sa.Column("watched_until", MOMENT))
    op.add_column("payment_orders", sa.Column("paid_amount", YUAN))
    op.add_column("payment_orders", sa.Column("refund_number", sa.String(64)))
    op.add_column("payment_orders", sa.Column("refund_state", sa.String(12)))
    op.add_column("hand_overs", sa.Column("taken_by", sa.Text))
    op.add_column("hand_overs", sa.Column("moved_at", MOMENT))
    op.create_table(
        "ledger_key",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("proof", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_key"),
    )
    op.create_index("uq_payment_orders_refund_number", "payment_orders", ["refund_number"], unique=True)
    _replace_live_index(LIVE)
    op.execute(
        "UPDATE payment_orders SET state = 'paid_late' WHERE state = 'closed'"
        " AND id IN (SELECT order_id FROM payment_notices WHERE outcome = 'late')"
    )
    op.execute(
        "UPDATE payment_orders SET refund_number = trade_number || 'R',"
        " refund_state = CASE state WHEN 'refunded' THEN 'done' ELSE 'requested' END"
        " WHERE state IN ('refunding', 'paid_late', 'refunded')"
    )


def downgrade() -> None:
    """Back to the form before: what was paid late or otherwise counts as closed, its late notice still known."""
    op.execute("UPDATE payment_orders SET state = 'closed' WHERE state IN ('paid_late', 'mispaid')")
    _replace_live_index(LIVE_BEFORE)
    op.drop_index("uq_payment_orders_refund_number", "payment_orders")
    op.drop_table("ledger_key")
    for column in NEW:
        op.drop_column("payment_orders", column)
    for column in ("taken_by", "moved_at"):
        op.drop_column("hand_overs", column)


def _replace_live_index(where: sa.sql.elements.TextClause) -> None:
    op.drop_index("uq_payment_orders_live", "payment_orders")
    op.create_index(
        "uq_payment_orders_live",
        "payment_orders",
        LIVE_KEY,
        unique=True,
        sqlite_where=where,
        postgresql_where=where,
    )
