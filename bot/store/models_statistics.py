"""Statistics without people: one sealed page of counts a month."""

from __future__ import annotations

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.table import Base


class MonthlyCounts(Base):
    """The counts of one month as JSON, {kind: {name: count}}, all from fixed lists.

    Sealed, so that two backups laid side by side do not tell what the person in between was
    counted as. No time, no id; without row numbers, which would tell an order in SQLite.
    """

    __tablename__ = "monthly_counts"
    __table_args__ = ({"sqlite_with_rowid": False},)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    counts_sealed: Mapped[bytes]
