"""A payment has one or more orders: the provider's trade is the payment.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
YUAN = sa.Numeric(14, 2).with_variant(sa.String(16), "sqlite")


def upgrade() -> None:
    """To this form: each order that stands is the only one of a payment, under the number the provider knows it by.

    The column is added in place: SQLite would have to drop the table to change it, and rows of other tables point there.
    """
    op.create_table(
        "payments",
        sa.Column("number", sa.String(32), nullable=False),
        sa.Column("total", YUAN, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("payee", sa.Text, nullable=False),
        sa.Column("conversation_id", sa.Text, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_payments"),
    )
    op.add_column("payment_orders", sa.Column("payment_number", sa.String(32), nullable=False, server_default=""))
    op.execute("UPDATE payment_orders SET payment_number = trade_number")
    # A subject is copied as it is written, encrypted.
    op.execute(
        "INSERT INTO payments (number, total, subject, payee, conversation_id, created_at)"
        " SELECT trade_number, amount, subject, payee, conversation_id, created_at FROM payment_orders"
    )
    if op.get_context().dialect.name != "sqlite":
        op.alter_column("payment_orders", "payment_number", server_default=None)
    op.create_index("ix_payment_orders_payment_number", "payment_orders", ["payment_number"])


def downgrade() -> None:
    """Back to the form before, which cannot tell of several orders in one payment.

    Raises:
        RuntimeError: the ledger has such a payment: under its orders' own numbers the provider knows nothing of it.
    """
    joint = op.get_bind().execute(sa.text("SELECT 1 FROM payment_orders WHERE payment_number != trade_number")).first()
    if joint is not None:
        raise RuntimeError("the ledger has payments of several orders; the form before cannot hold them")
    op.drop_index("ix_payment_orders_payment_number", "payment_orders")
    op.drop_column("payment_orders", "payment_number")
    op.drop_table("payments")
