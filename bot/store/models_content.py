"""The table of texts that are proposed at the desk, approved by a second person, and undone.

They are texts of the helpline and facts of the centre, never of a person: kept in clear.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.table import Base


class TextChange(Base):
    """One change of one text (`lang`) or of one entry of centre.yml (no `lang`).

    States: draft, waiting, sent_back, withdrawn, live. `before` is what stood there when it was
    proposed, `after` what is proposed. Those that went live together have the same `batch`.
    """

    __tablename__ = "text_changes"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), index=True)  # "cost", "facts.pets"
    lang: Mapped[str | None] = mapped_column(String(4))
    state: Mapped[str] = mapped_column(String(12), index=True)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    note: Mapped[str] = mapped_column(String(400), default="")
    words_only: Mapped[bool] = mapped_column(Boolean, default=False)  # other languages still fit
    proposed_by: Mapped[str] = mapped_column(String(40))
    proposed_at: Mapped[datetime] = mapped_column(index=True)
    decided_by: Mapped[str | None] = mapped_column(String(40))
    decided_at: Mapped[datetime | None] = mapped_column(index=True)
    answer: Mapped[str] = mapped_column(String(400), default="")  # to the one who proposed it
    batch: Mapped[str | None] = mapped_column(String(40), index=True)
    undoes: Mapped[str | None] = mapped_column(String(40))
    alone: Mapped[bool] = mapped_column(Boolean, default=False)  # undone at once by one person
