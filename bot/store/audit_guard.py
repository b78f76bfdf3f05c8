"""What the database itself refuses about the audit log: changing a line, or removing one.

Only lines that retention has moved the anchor past may go (audit_chain.py). The triggers stop
mistakes and small tools; the chain shows what somebody did who could take the triggers away.
The migration has a copy of its own, and a test compares what both make.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, event

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


def _only(statement: str, dialect: str) -> Any:
    # Tables are made where they are missing, and so are these.
    again = "trigger if not exists" if dialect == "sqlite" else "or replace trigger"
    made: Any = DDL(statement.replace("create trigger", f"create {again}", 1))  # type: ignore[no-untyped-call]
    return made.execute_if(dialect=dialect)


def guard(metadata: Any) -> None:
    """Make the triggers whenever all tables are made from the models (tests)."""
    for dialect, statements in (("sqlite", SQLITE), ("postgresql", POSTGRESQL)):
        for statement in statements:
            event.listen(metadata, "after_create", _only(statement, dialect))
