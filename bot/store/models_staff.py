"""The tables of those who work here: accounts, sessions, invitations, the audit log.

`bot/store/models.py` says how words are kept.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.table import Base


class Counsellor(Base):
    """A rådgiver who may sign in at the desk."""

    __tablename__ = "counsellors"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    display_name: Mapped[str] = mapped_column(String(80))
    roles: Mapped[str] = mapped_column(String(80))  # see roles.py, joined by a comma
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


class DeskSession(Base):
    """A signed-in browser at the desk; the cookie holds a random token, we hold its hash."""

    __tablename__ = "desk_sessions"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    counsellor_id: Mapped[str] = mapped_column(String(40), index=True)
    csrf: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime]
    last_at: Mapped[datetime]


class Invitation(Base):
    """A one-time link that creates a counsellor."""

    __tablename__ = "invitations"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    roles: Mapped[str] = mapped_column(String(80))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditEntry(Base):
    """Who did what to which random id. Never words, never numbers."""

    __tablename__ = "audit"
    id: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    counsellor_id: Mapped[str | None] = mapped_column(String(40))
    action: Mapped[str] = mapped_column(String(40))
    object_id: Mapped[str | None] = mapped_column(String(40))
