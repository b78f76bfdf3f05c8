"""The tables of the shift board: notes from shift to shift, and shifts that are planned.

`bot/store/models.py` says how words are kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.table import Base


class ShiftNote(Base):
    """A word from one shift to the next, never about a person. `text_sealed` has its own key."""

    __tablename__ = "shift_notes"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    counsellor_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)
    text_sealed: Mapped[bytes]


class PlannedShift(Base):
    """When somebody will be on duty next; a person who meets an empty desk is told so."""

    __tablename__ = "planned_shifts"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    made_by: Mapped[str] = mapped_column(String(40))
    starts_at: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
