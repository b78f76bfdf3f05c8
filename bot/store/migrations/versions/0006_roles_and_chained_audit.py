"""Roles, recovery codes, and an audit log whose entries are chained"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("counsellors", "invitations"):
        _roles(table)


def downgrade() -> None:
    for table in ("counsellors", "invitations"):
        _one_role(table)


def _roles(table: str) -> None:
    """A manager keeps what she could do: accounts, the log, and the cases of a counsellor."""
    op.add_column(table, sa.Column("roles", sa.String(length=80), nullable=True))
    rows = sa.table(table, sa.column("role"), sa.column("roles"))
    op.execute(sa.update(rows).values(roles=rows.c.role))
    kept = "counsellor,administrator,auditor"
    op.execute(sa.update(rows).where(rows.c.role == "manager").values(roles=kept))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column("roles", existing_type=sa.String(length=80), nullable=False)
        batch_op.drop_column("role")


def _one_role(table: str) -> None:
    op.add_column(table, sa.Column("role", sa.String(length=16), nullable=True))
    rows = sa.table(table, sa.column("role"), sa.column("roles"))
    op.execute(sa.update(rows).values(role="counsellor"))
    leading = rows.c.roles.contains("administrator")
    op.execute(sa.update(rows).where(leading).values(role="manager"))
    with op.batch_alter_table(table) as batch_op:
        batch_op.alter_column("role", existing_type=sa.String(length=16), nullable=False)
        batch_op.drop_column("roles")
