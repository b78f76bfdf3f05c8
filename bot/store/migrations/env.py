"""Alembic's entry: runs the migrations on the connection that bot/store/migrate.py hands over."""

from typing import Any, Literal

from alembic import context

from bot.store.models import Base, UtcDateTime


def plain_types(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """A migration must run without the models of its day: our own type is written as SQL's."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=plain_types,
)
with context.begin_transaction():
    context.run_migrations()
