"""Canned replies, misuse marks and what changed while a case waited"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_events",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("counsellor_id", sa.String(length=40), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("planned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("detail_sealed", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_case_events_handoff_id", "case_events", ["handoff_id"])
    op.create_index("ix_case_events_at", "case_events", ["at"])
    op.create_table(
        "reply_versions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("reply_key", sa.String(length=40), nullable=False),
        sa.Column("lang", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=60), nullable=False),
        sa.Column("web_text", sa.Text(), nullable=False),
        sa.Column("sms_text", sa.Text(), nullable=False),
        sa.Column("hidden", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("counsellor_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_reply_versions_reply_key", "reply_versions", ["reply_key"])
    op.create_index("ix_reply_versions_at", "reply_versions", ["at"])
    op.create_table(
        "misuse_marks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("handoff_id", sa.String(length=40), nullable=False),
        sa.Column("conversation_id", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("measure", sa.String(length=12), nullable=False),
        sa.Column("counsellor_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("second_by", sa.String(length=40), nullable=True),
        sa.Column("second_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("undone_by", sa.String(length=40), nullable=True),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_misuse_marks_handoff_id", "misuse_marks", ["handoff_id"])
    op.create_index("ix_misuse_marks_conversation_id", "misuse_marks", ["conversation_id"])


def downgrade() -> None:
    op.drop_table("misuse_marks")
    op.drop_table("reply_versions")
    op.drop_table("case_events")
