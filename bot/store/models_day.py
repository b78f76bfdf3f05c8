"""The table of wishes for a talk in the day service, from the wish to the day after the talk."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.table import Base


class DayWish(Base):
    """One person's wish for a talk. `words_sealed` (day_service/wishes.py) has the wish's own key.

    It outlives its case and its conversation: what was agreed may stand when both are erased.
    States: open, proposed, answered, confirmed, ended. `version` grows with every change, so that
    of two counsellors who act at once one has acted on what she saw. `answer`: the number of the
    time that was chosen, or none, other, no, cancel, move.
    """

    __tablename__ = "day_wishes"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(String(40), unique=True)
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    designation: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(8))
    lang: Mapped[str] = mapped_column(String(4))
    status: Mapped[str] = mapped_column(String(12), index=True)
    answer: Mapped[str | None] = mapped_column(String(12))
    in_doubt: Mapped[bool] = mapped_column(Boolean, default=False)  # perhaps somebody else answered
    kept_back: Mapped[bool] = mapped_column(Boolean, default=False)  # the last notice did not leave
    rounds: Mapped[int] = mapped_column(Integer, default=0)  # how often times were proposed
    version: Mapped[int] = mapped_column(Integer, default=0)
    words_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    proposed_at: Mapped[datetime | None]
    proposed_by: Mapped[str | None] = mapped_column(String(40))
    looked_back_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    confirmed_by: Mapped[str | None] = mapped_column(String(40))
    meets_at: Mapped[datetime | None]
    reminder: Mapped[str | None] = mapped_column(String(8))  # asked, day, hours, no, sent, dropped
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(20))
