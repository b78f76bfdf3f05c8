"""Roles, recovery codes, and an audit log whose entries are chained"""

import hashlib
import json
from datetime import UTC

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SQLITE = (
    "create trigger audit_no_update before update on audit "
    "begin select raise(abort, 'the audit log is append-only'); end",
    "create trigger audit_no_delete before delete on audit "
    "when old.seq > (select coalesce(max(anchor_seq), 0) from audit_chain) "
    "begin select raise(abort, 'the audit log is append-only'); end",
    "create trigger audit_chain_no_delete before delete on audit_chain "
    "begin select raise(abort, 'the audit log is append-only'); end",
    "create trigger audit_chain_forward before update on audit_chain "
    "when new.seq < old.seq or new.anchor_seq < old.anchor_seq or new.anchor_seq > new.seq "
    "begin select raise(abort, 'the audit log is append-only'); end",
)

POSTGRESQL = (
    "create or replace function audit_refuse() returns trigger language plpgsql as "
    "$$ begin raise exception 'the audit log is append-only'; end $$",
    "create or replace function audit_delete() returns trigger language plpgsql as $$ begin "
    "if old.seq > (select coalesce(max(anchor_seq), 0) from audit_chain) then "
    "raise exception 'the audit log is append-only'; end if; return old; end $$",
    "create trigger audit_no_update before update on audit "
    "for each row execute function audit_refuse()",
    "create trigger audit_no_delete before delete on audit "
    "for each row execute function audit_delete()",
    "create trigger audit_no_truncate before truncate on audit "
    "for each statement execute function audit_refuse()",
    "create trigger audit_chain_no_delete before delete on audit_chain "
    "for each row execute function audit_refuse()",
    "create trigger audit_chain_no_truncate before truncate on audit_chain "
    "for each statement execute function audit_refuse()",
    "create trigger audit_chain_forward before update on audit_chain for each row "
    "when (new.seq < old.seq or new.anchor_seq < old.anchor_seq or new.anchor_seq > new.seq) "
    "execute function audit_refuse()",
)

AUDIT = sa.table(
    "audit",
    sa.column("id", sa.String()),
    sa.column("seq", sa.Integer()),
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("counsellor_id", sa.String()),
    sa.column("action", sa.String()),
    sa.column("object_id", sa.String()),
    sa.column("mac", sa.String()),
)


def upgrade() -> None:
    for table in ("counsellors", "invitations"):
        _roles(table)
    op.add_column(
        "counsellors", sa.Column("lang", sa.String(length=4), nullable=False, server_default="nb")
    )
    op.add_column("invitations", sa.Column("counsellor_id", sa.String(length=40), nullable=True))
    _sign_in_tables()
    _chained_audit()


def downgrade() -> None:
    _plain_audit()
    op.drop_table("recovery_codes")
    op.drop_table("sign_in_places")
    with op.batch_alter_table("invitations") as batch_op:
        batch_op.drop_column("counsellor_id")
    with op.batch_alter_table("counsellors") as batch_op:
        batch_op.drop_column("lang")
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


def _sign_in_tables() -> None:
    op.create_table(
        "sign_in_places",
        sa.Column("counsellor_id", sa.String(length=40), nullable=False),
        sa.Column("place_hash", sa.String(length=64), nullable=False),
        sa.Column("known", sa.Boolean(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("wait_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("counsellor_id", "place_hash"),
    )
    op.create_index("ix_sign_in_places_last_at", "sign_in_places", ["last_at"])
    op.create_table(
        "recovery_codes",
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("counsellor_id", sa.String(length=40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("code_hash"),
    )
    op.create_index("ix_recovery_codes_counsellor_id", "recovery_codes", ["counsellor_id"])


def _chained_audit() -> None:
    """Earlier entries are numbered and hashed without a key; the first keyed entry binds them."""
    op.add_column("audit", sa.Column("seq", sa.Integer(), nullable=True))
    op.add_column("audit", sa.Column("detail", sa.String(length=80), nullable=True))
    op.add_column("audit", sa.Column("mac", sa.String(length=64), nullable=True))
    _number_and_hash()
    with op.batch_alter_table("audit") as batch_op:
        batch_op.alter_column("seq", existing_type=sa.Integer(), nullable=False)
        batch_op.alter_column("mac", existing_type=sa.String(length=64), nullable=False)
        batch_op.create_index("ix_audit_seq", ["seq"], unique=True)
        batch_op.create_index("ix_audit_counsellor_id", ["counsellor_id"])
        batch_op.create_index("ix_audit_object_id", ["object_id"])
    op.create_table(
        "audit_chain",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("mac", sa.String(length=64), nullable=False),
        sa.Column("anchor_seq", sa.Integer(), nullable=False),
        sa.Column("anchor_mac", sa.String(length=64), nullable=False),
        sa.Column("plain_until", sa.Integer(), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def _number_and_hash() -> None:
    bind = op.get_bind()
    mac = ""
    rows = bind.execute(sa.select(AUDIT).order_by(AUDIT.c.at, AUDIT.c.id)).all()
    for seq, row in enumerate(rows, 1):
        aware = row.at.replace(tzinfo=UTC) if row.at.tzinfo is None else row.at.astimezone(UTC)
        at = aware.isoformat(timespec="microseconds")
        parts = [seq, mac, row.id, at, row.counsellor_id, row.action, row.object_id, None]
        mac = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
        bind.execute(sa.update(AUDIT).where(AUDIT.c.id == row.id).values(seq=seq, mac=mac))


def _plain_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("audit_no_update", "audit_no_delete"):
            op.execute(f"drop trigger {name}")
    op.drop_table("audit_chain")
    if op.get_bind().dialect.name != "sqlite":
        for name in ("audit_no_update", "audit_no_delete", "audit_no_truncate"):
            op.execute(f"drop trigger {name} on audit")
        for name in ("audit_refuse", "audit_delete"):
            op.execute(f"drop function {name}()")
    with op.batch_alter_table("audit") as batch_op:
        batch_op.drop_index("ix_audit_object_id")
        batch_op.drop_index("ix_audit_counsellor_id")
        batch_op.drop_index("ix_audit_seq")
        batch_op.drop_column("mac")
        batch_op.drop_column("detail")
        batch_op.drop_column("seq")
