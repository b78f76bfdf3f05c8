"""Questions that were not understood, in a counsellor's words: a month, never a time or a person"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:

    op.create_table(
        "missed_questions",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("lang", sa.String(length=4), nullable=False),
        sa.Column("topics", sa.String(length=200), nullable=False),
        sa.Column("words_sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:

    op.drop_table("missed_questions")
