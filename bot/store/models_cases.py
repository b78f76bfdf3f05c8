"""Tables beside a case: what happened to it, the centre's ready replies, and marks of misuse."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.table import Base


class CaseEvent(Base):
    """Something about one case that is neither its words nor its state.

    Kinds: changed (`detail_sealed`: which lines, sealed with the handoff's key), asked_there (the
    person was asked whether they are still there), next_call (`planned_at`: when to try again).
    """

    __tablename__ = "case_events"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    counsellor_id: Mapped[str | None] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)
    planned_at: Mapped[datetime | None]
    detail_sealed: Mapped[bytes | None]


class ReplyVersion(Base):
    """One version of a ready reply of the desk: the centre's own words, never a person's.

    The newest version of a key and language counts; before the first one the text of
    content/system/desk_replies does.
    """

    __tablename__ = "reply_versions"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    reply_key: Mapped[str] = mapped_column(String(40), index=True)
    lang: Mapped[str] = mapped_column(String(4))
    title: Mapped[str] = mapped_column(String(60))
    web_text: Mapped[str] = mapped_column(Text)
    sms_text: Mapped[str] = mapped_column(Text)
    hidden: Mapped[bool] = mapped_column(Boolean, default=False)
    seq: Mapped[int] = mapped_column(Integer)
    counsellor_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime] = mapped_column(index=True)


class MisuseMark(Base):
    """A counsellor's mark that a conversation is misused, and what is done about it.

    Measures: mark (nothing), slow (fewer answers), block (until `until`). `asked_until` is how long
    she asked for; beyond an hour it counts only from a colleague's second look (`second_by`).
    """

    __tablename__ = "misuse_marks"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(String(40), index=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    measure: Mapped[str] = mapped_column(String(12))
    counsellor_id: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    until: Mapped[datetime | None]
    asked_until: Mapped[datetime | None]
    second_by: Mapped[str | None] = mapped_column(String(40))
    second_at: Mapped[datetime | None]
    agreed: Mapped[bool | None] = mapped_column(Boolean)
    undone_by: Mapped[str | None] = mapped_column(String(40))
    undone_at: Mapped[datetime | None]
