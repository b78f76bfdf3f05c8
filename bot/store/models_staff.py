"""The tables of those who work here: accounts, sessions, invitations, the audit log.

`bot/store/models.py` says how words are kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.audit_guard import guard
from bot.store.table import Base


class Counsellor(Base):
    """A rådgiver who may sign in at the desk."""

    __tablename__ = "counsellors"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    roles: Mapped[str] = mapped_column(String(80), default="counsellor")  # see roles.py
    password_hash: Mapped[str]
    totp_sealed: Mapped[bytes]
    last_totp_step: Mapped[int] = mapped_column(Integer, default=0)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    locked_until: Mapped[datetime | None]
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    on_duty: Mapped[bool] = mapped_column(Boolean, default=False)
    on_duty_until: Mapped[datetime | None]
    paused_at: Mapped[datetime | None]  # on duty, but not counted as present
    gone_at: Mapped[datetime | None]  # her last connection ended then; None: it is there
    last_seen_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    lang: Mapped[str] = mapped_column(String(4), default="nb")  # of the desk: nb, nn


class DeskSession(Base):
    """A signed-in browser at the desk; the cookie holds a random token, we hold its hash."""

    __tablename__ = "desk_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    counsellor_id: Mapped[str] = mapped_column(String(40), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Invitation(Base):
    """A one-time link: a new account, or a new code app for the account `counsellor_id`."""

    __tablename__ = "invitations"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    roles: Mapped[str] = mapped_column(String(80))
    counsellor_id: Mapped[str | None] = mapped_column(String(40))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignInPlace(Base):
    """Where somebody tries to sign in from: a browser or an address, as keyed hashes.

    `known`: she has signed in from there. An address is forgotten after a day.
    """

    __tablename__ = "sign_in_places"
    counsellor_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    place_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    known: Mapped[bool] = mapped_column(Boolean, default=False)
    failed: Mapped[int] = mapped_column(Integer, default=0)
    wait_until: Mapped[datetime | None]
    last_at: Mapped[datetime] = mapped_column(index=True)


class RecoveryCode(Base):
    """A code that works once, instead of the one from the app; we hold its keyed hash."""

    __tablename__ = "recovery_codes"
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    counsellor_id: Mapped[str] = mapped_column(String(40), index=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to which random id. Never words, never numbers. Chained: see audit_chain.py."""

    __tablename__ = "audit"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, index=True, unique=True)
    at: Mapped[datetime] = mapped_column(index=True)
    counsellor_id: Mapped[str | None] = mapped_column(String(40), index=True)
    action: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str | None] = mapped_column(String(40), index=True)
    detail: Mapped[str | None] = mapped_column(String(80))  # ids of a fixed list, joined by a comma
    mac: Mapped[str] = mapped_column(String(64))


class AuditChain(Base):
    """The two ends of the audit log; one row."""

    __tablename__ = "audit_chain"
    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    seq: Mapped[int] = mapped_column(Integer)
    mac: Mapped[str] = mapped_column(String(64))
    anchor_seq: Mapped[int] = mapped_column(Integer)
    anchor_mac: Mapped[str] = mapped_column(String(64))
    plain_until: Mapped[int] = mapped_column(Integer)
    begun_at: Mapped[datetime]
    seal: Mapped[str] = mapped_column(String(64))


guard(Base.metadata)
