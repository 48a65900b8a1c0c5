"""The provider's daily statements: which days have been compared, and what differed.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

ROW_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
YUAN = sa.Numeric(14, 2).with_variant(sa.String(16), "sqlite")


def upgrade() -> None:
    """To this form."""
    op.create_table(
        "statement_days",
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("compared_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_statement_days"),
    )
    op.create_table(
        "statement_differences",
        sa.Column("id", ROW_ID, autoincrement=True, nullable=False),
        sa.Column("day", sa.Date, nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("trade_number", sa.String(64), nullable=False),
        sa.Column("refund_number", sa.String(64), nullable=False),
        sa.Column("amount", YUAN, nullable=False),
        sa.Column("found_at", MOMENT, nullable=False),
        sa.Column("resolved_at", MOMENT),
        sa.PrimaryKeyConstraint("id", name="pk_statement_differences"),
    )
    columns = ["day", "kind", "trade_number", "refund_number"]
    op.create_index("uq_statement_differences_line", "statement_differences", columns, unique=True)


def downgrade() -> None:
    """Back to the form before."""
    op.drop_table("statement_differences")
    op.drop_table("statement_days")
