"""Calls to a person through the switchboard: tries and outcomes, never a number"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "calls",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("counsellor_id", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("counsellor_sid", sa.String(length=64), nullable=True),
        sa.Column("person_sid", sa.String(length=64), nullable=True),
        sa.Column("texted", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("calls", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calls_handoff_id"), ["handoff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_calls_state"), ["state"], unique=False)


def downgrade() -> None:

    op.drop_table("calls")
