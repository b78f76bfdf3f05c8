"""Statistics without people, and the feedback question

What was counted before was messages, in clear; it says nothing that the new tables could go on
from, and goes.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("monthly_counts")
    op.create_table(
        "monthly_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("counts_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("month"),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("handoffs") as table:
        table.add_column(
            sa.Column("to_count", sa.Boolean(), nullable=False, server_default=sa.false())
        )
        table.add_column(sa.Column("first_taken_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("handoffs") as table:
        table.drop_column("first_taken_at")
        table.drop_column("to_count")
    op.drop_table("monthly_counts")
    op.create_table(
        "monthly_counts",
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("month", "kind", "name"),
    )
