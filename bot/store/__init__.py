"""Everything that is kept, sealed, and for how long. The only room that knows sqlalchemy."""

from bot.store.database import Database, Tx

__all__ = ["Database", "Tx"]
