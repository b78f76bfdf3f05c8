"""The tables. What a person wrote is only ever in a `*_sealed` column.

A sealed column is encrypted with the key of its owner (a conversation, a handoff, an alarm …);
when the owner's row in `seal_keys` is gone, the words are unreadable, in backups too.
Times are aware UTC. Ids are random, never counted.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.models_cases import CaseEvent, MisuseMark, ReplyVersion
from bot.store.models_content import TextChange
from bot.store.models_day import DayWish
from bot.store.models_desk import PlannedShift, ShiftNote
from bot.store.models_staff import (
    AuditChain,
    AuditEntry,
    Counsellor,
    DeskSession,
    Invitation,
    RecoveryCode,
    SignInPlace,
)
from bot.store.models_statistics import MonthlyCounts
from bot.store.table import Base, UtcDateTime

__all__ = [
    "Alarm",
    "AuditChain",
    "AuditEntry",
    "Base",
    "Call",
    "CaseEvent",
    "Conversation",
    "Counsellor",
    "DayWish",
    "DeskSession",
    "Handoff",
    "Invitation",
    "MissedQuestion",
    "MisuseMark",
    "MonthlyCounts",
    "OutboxRow",
    "PlannedShift",
    "ProviderCopy",
    "RecoveryCode",
    "ReplyVersion",
    "SealKey",
    "ShiftNote",
    "SignInPlace",
    "SmsPart",
    "StoredMessage",
    "TextChange",
    "Tracker",
    "UtcDateTime",
]


class SealKey(Base):
    """The wrapped key of one owner. Deleting this row is what erasing means."""

    __tablename__ = "seal_keys"
    owner_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    wrapped: Mapped[bytes]
    created_at: Mapped[datetime]


class Conversation(Base):
    """One conversation on one channel. `state_sealed` is JSON (see conversations.State)."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    channel: Mapped[str] = mapped_column(String(8))
    lang: Mapped[str] = mapped_column(String(4), default="nb")
    held_by: Mapped[str] = mapped_column(String(8), default="bot")
    token_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    number_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    number_sealed: Mapped[bytes | None]
    return_code_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    state_sealed: Mapped[bytes]
    # Number of the newest message; it only grows, also when words are erased, so that a page that
    # asks for what came after number n never misses one.
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]
    last_at: Mapped[datetime] = mapped_column(index=True)
    check_back_at: Mapped[datetime | None] = mapped_column(index=True)  # once, through the gate


class StoredMessage(Base):
    """One message, in or out. `seq` orders a conversation; `answered` is for messages in."""

    __tablename__ = "messages"
    __table_args__ = (Index("ix_messages_conversation_seq", "conversation_id", "seq", unique=True),)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40))
    seq: Mapped[int] = mapped_column(Integer)
    author: Mapped[str] = mapped_column(String(8))  # person, bot, desk
    kind: Mapped[str] = mapped_column(String(12))  # ReplyKind, or "text"/"button" for a person
    body_sealed: Mapped[bytes]
    provider_hash: Mapped[str | None] = mapped_column(String(64), unique=True)
    answered: Mapped[bool] = mapped_column(Boolean, default=True)
    at: Mapped[datetime]


class Tracker(Base):
    """Rasa's memory of a conversation, sealed with the conversation's key."""

    __tablename__ = "trackers"
    conversation_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    body_sealed: Mapped[bytes]
    at: Mapped[datetime]


class OutboxRow(Base):
    """A text on its way out by SMS. States: waiting, sending, sent, delivered, failed, dropped."""

    __tablename__ = "outbox"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    message_id: Mapped[str | None] = mapped_column(String(40))  # the message whose text this is
    owner_id: Mapped[str] = mapped_column(String(40))  # whose key seals body and number
    seq: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(12))
    body_sealed: Mapped[bytes | None]
    number_sealed: Mapped[bytes | None]
    state: Mapped[str] = mapped_column(String(12), index=True, default="waiting")
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    next_at: Mapped[datetime] = mapped_column(index=True)
    provider_sid: Mapped[str | None] = mapped_column(String(64), index=True)
    error_code: Mapped[str | None] = mapped_column(String(20))
    created_at: Mapped[datetime]
    sending_at: Mapped[datetime | None]


class SmsPart(Base):
    """A part of a long SMS that came by itself, kept for the seconds until the rest is here.

    `body_sealed` goes when it was answered; the row stays to know a repeated webhook.
    """

    __tablename__ = "sms_parts"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(String(40), index=True)
    seq: Mapped[int] = mapped_column(Integer)
    body_sealed: Mapped[bytes | None]
    provider_hash: Mapped[str] = mapped_column(String(64), unique=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    at: Mapped[datetime]


class ProviderCopy(Base):
    """A text that the provider keeps a copy of, by its id there. `erase_at`: delete it from then.

    Loses its conversation when that is erased, and is deleted when the copy is.
    """

    __tablename__ = "provider_copies"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    provider_sid: Mapped[str] = mapped_column(String(64), unique=True)
    erase_at: Mapped[datetime | None] = mapped_column(index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    created_at: Mapped[datetime]


class Handoff(Base):
    """A case for the desk. `case_sealed` (HandoffDraft as JSON) has the handoff's own key."""

    __tablename__ = "handoffs"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    designation: Mapped[str] = mapped_column(String(40))
    channel: Mapped[str] = mapped_column(String(8))
    lang: Mapped[str] = mapped_column(String(4))
    how: Mapped[str] = mapped_column(String(16))
    urgency: Mapped[str] = mapped_column(String(16))
    reasons: Mapped[str]  # ids only, joined by a comma
    status: Mapped[str] = mapped_column(String(12), index=True)  # waiting, taken, closed, withdrawn
    code_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    case_sealed: Mapped[bytes | None]
    notes_sealed: Mapped[bytes | None]
    created_at: Mapped[datetime]
    taken_by: Mapped[str | None] = mapped_column(String(40))
    taken_at: Mapped[datetime | None]
    lease_until: Mapped[datetime | None]
    waiting_since: Mapped[datetime | None]  # when it last came (back) to the queue
    lapsed_at: Mapped[datetime | None]  # the last time a counsellor's lease ran out
    notified_at: Mapped[datetime | None]  # the desk was last alerted; None: not yet
    second_at: Mapped[datetime | None]  # everyone on duty was alarmed: nobody had taken it
    told_waiting_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(String(40))
    first_taken_at: Mapped[datetime | None]  # however often it changed hands since
    to_count: Mapped[bool] = mapped_column(Boolean, default=True)  # not yet in the statistics


class Call(Base):
    """One try to reach the person of a case by telephone: ids, times and outcome, never a number.

    States: calling (the counsellor's phone), connecting (the person's phone), talking, ended.
    """

    __tablename__ = "calls"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    handoff_id: Mapped[str] = mapped_column(String(40), index=True)
    counsellor_id: Mapped[str] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(12), index=True)
    outcome: Mapped[str | None] = mapped_column(String(20))
    counsellor_sid: Mapped[str | None] = mapped_column(String(64))
    person_sid: Mapped[str | None] = mapped_column(String(64))
    texted: Mapped[bool] = mapped_column(Boolean, default=False)  # a text went out instead
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Alarm(Base):
    """A finding of level now or soon. Only id, time, channel and the words that raised it."""

    __tablename__ = "alarms"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    conversation_id: Mapped[str | None] = mapped_column(String(40), index=True)
    designation: Mapped[str] = mapped_column(String(40))
    danger: Mapped[str] = mapped_column(String(40))
    level: Mapped[str] = mapped_column(String(8))
    channel: Mapped[str] = mapped_column(String(8))
    words_sealed: Mapped[bytes | None]
    status: Mapped[str] = mapped_column(String(12), index=True)  # open, seen, closed
    at: Mapped[datetime]
    while_held: Mapped[bool] = mapped_column(Boolean, default=False)  # the desk held it then
    notified_at: Mapped[datetime | None]
    second_at: Mapped[datetime | None]  # everyone on duty was alarmed: nobody had seen it
    told_at: Mapped[datetime | None]  # the person was told that nobody has seen it
    line_said_at: Mapped[datetime | None]  # the static emergency line went out for it
    not_now_at: Mapped[datetime | None]  # the person said that it is not now
    seen_by: Mapped[str | None] = mapped_column(String(40))
    seen_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class MissedQuestion(Base):
    """A question that was not understood, in a counsellor's words, kept after the person's yes.

    No time, case or person: a month. Without row numbers, which would tell the order in SQLite.
    """

    __tablename__ = "missed_questions"
    __table_args__ = ({"sqlite_with_rowid": False},)
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    month: Mapped[str] = mapped_column(String(7))
    lang: Mapped[str] = mapped_column(String(4))
    topics: Mapped[str]  # ids only, joined by a comma
    words_sealed: Mapped[bytes]
