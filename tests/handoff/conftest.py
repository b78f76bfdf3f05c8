"""A store in memory or in a file, and a clock that a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.channels.messages import Channel, Level
from bot.handoff.draft import Contact, HandoffDraft, How, SummaryLine, Urgency
from bot.handoff.flow import HandoffFlow
from bot.store.conversations import Conversation, by_number, open_web
from bot.store.database import Database, Tx
from bot.store.models import Base, Counsellor
from tests.handoff.walking import CONTENT, FakeWords

MASTER = bytes(range(32))
PHONE = "+4700000001"
WORDS = "han blir stille i dagevis hvis jeg treffer venninna mi"


class MovingClock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 21, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **parts: float) -> None:
        self.now += timedelta(**parts)


@dataclass(frozen=True)
class Seen:
    """A finding as the safety part makes it, as far as an alarm reads it."""

    danger: str = "danger_now"
    level: Level = "now"
    words: str = "han hamrer på døra"


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def db(clock: MovingClock) -> Iterator[Database]:
    database = Database("sqlite://", MASTER, clock)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def file_db(clock: MovingClock, tmp_path: Path) -> Iterator[Database]:
    database = Database(f"sqlite:///{tmp_path}/helpline.db", MASTER, clock)
    Base.metadata.create_all(database.engine)
    yield database
    database.close()


def a_draft(
    how: How = "write_now", urgency: Urgency = "soon", channel: Channel = "web"
) -> HandoffDraft:
    return HandoffDraft(
        how=how,
        urgency=urgency,
        lang="nb",
        channel=channel,
        reasons=("asked",),
        contact=Contact(number=PHONE, safe_times="mellom 9 og 14", voicemail=False),
        summary=(
            SummaryLine("own_words", "own_words", f"«{WORDS}»", quotes=(WORDS,)),
            SummaryLine("language", "language", "norsk"),
            SummaryLine("risk", "risk", "", "not_asked"),
        ),
    )


def web_person(tx: Tx) -> Conversation:
    return open_web(tx, "nb")[0]


def sms_person(tx: Tx, number: str = PHONE) -> Conversation:
    return by_number(tx, number, "nb")


def add_counsellor(tx: Tx, name: str = "kari", on_duty: bool = True) -> str:
    tx.session.add(
        Counsellor(
            id=name,
            username=name,
            display_name=name.title(),
            password_hash="x",
            totp_sealed=b"x",
            on_duty=on_duty,
            last_seen_at=tx.now,
            created_at=tx.now,
        )
    )
    tx.session.flush()
    return name


@pytest.fixture(scope="session")
def flow() -> HandoffFlow:
    return HandoffFlow(CONTENT, FakeWords(), reads_codes=False)


@pytest.fixture(scope="session")
def flow_with_codes() -> HandoffFlow:
    return HandoffFlow(CONTENT, FakeWords(), reads_codes=True)
