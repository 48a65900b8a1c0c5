"""Which of the city's services settles an order: each has a connection of its own.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this form. Orders that stand were all of two kinds, and a bill's biller is named `<city>-<service>`.

    The column is added in place: SQLite would have to drop the table to change it, and rows of other tables point there.
    """
    op.add_column("payment_orders", sa.Column("city_service", sa.String(40), nullable=False, server_default=""))
    orders = sa.table(
        "payment_orders", sa.column("kind", sa.String), sa.column("biller_code", sa.String), sa.column("city_service")
    )
    after_the_city = sa.func.substr(orders.c.biller_code, 8)
    settles = sa.case((orders.c.kind == "utility_bill", after_the_city), else_="traffic")
    op.execute(orders.update().values(city_service=settles))
    if op.get_context().dialect.name != "sqlite":
        op.alter_column("payment_orders", "city_service", server_default=None)


def downgrade() -> None:
    """Back to the form before."""
    op.drop_column("payment_orders", "city_service")
