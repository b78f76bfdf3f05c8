"""The shift board and the second alarm"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

ADDED = {
    "counsellors": ("on_duty_until", "paused_at", "gone_at"),
    "handoffs": ("waiting_since", "second_at"),
    "alarms": ("second_at", "told_at"),
}


def upgrade() -> None:

    op.create_table(
        "shift_notes",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("counsellor_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("text_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("shift_notes", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_shift_notes_at"), ["at"], unique=False)
    op.create_table(
        "planned_shifts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("made_by", sa.String(length=40), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    with op.batch_alter_table("planned_shifts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_shifts_until"), ["until"], unique=False)
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in columns:
                batch_op.add_column(sa.Column(name, sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:

    for table, columns in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for name in columns:
                batch_op.drop_column(name)
    op.drop_table("planned_shifts")
    op.drop_table("shift_notes")
