"""What many tests need: a clock that moves, a service in memory, understanding that is scripted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from bot.app import Replacements, build, flows_of
from bot.centre import load_centre
from bot.channels.messages import Lang
from bot.content import load_content
from bot.safety import load_safety
from bot.services import Services
from bot.settings import Secrets, Settings
from bot.store.database import Database
from bot.store.models import Base
from bot.understanding.types import UnderstandingAway, Understood

MASTER = bytes(range(32))
PHONE = "+4700000001"
SAID_OTHERWISE = {"content_dir", "centre_file", "keep_hours", "keep_case_days"}  # in the words
SECRETS = Secrets(master=MASTER, demo_token="demo-token", made_for="demo")


class MovingClock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 21, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **parts: float) -> None:
        """Move on, as timedelta(**parts)."""
        self.now += timedelta(**parts)


class ScriptedUnderstanding:
    """Understands what a test says it does; loading, away and ready as a test wants."""

    def __init__(self, topics: dict[str, str] | None = None) -> None:
        self.topics = topics or {}
        self.ready = True
        self.failed_reason: str | None = None
        self.asked: list[str] = []

    async def understand(
        self,
        conversation_id: str,
        text: str,
        lang: Lang,
        last_topic: str | None = None,
        near: Collection[str] = (),
    ) -> Understood:
        if not self.ready or self.failed_reason:
            raise UnderstandingAway(self.failed_reason or "not loaded")
        self.asked.append(text)
        topic = self.topics.get(text)
        if topic is None:
            return Understood(None, (), (), 0.1, None)
        return Understood(topic, (topic,), (), 0.9, None)

    async def forget(self, conversation_id: str) -> None:
        return None


class CountingNotifier:
    """Counts how often staff were told, and how urgently."""

    def __init__(self) -> None:
        self.failures: Counter[str] = Counter()
        self.told: list[bool] = []
        self.second = 0

    async def notify(self, urgent: bool = True) -> bool:
        self.told.append(urgent)
        return True

    async def notify_all(self) -> bool:
        self.second += 1
        return True


def memory_db(clock: MovingClock) -> Database:
    """A fresh database in memory with all tables."""
    db = Database("sqlite://", MASTER, clock)
    Base.metadata.create_all(db.engine)
    return db


@cache
def loaded() -> dict[str, Any]:
    """Content, danger lists and flows of the demonstration centre, read once for all tests."""
    settings = Settings()  # type: ignore[call-arg]
    centre = load_centre(settings.centre_file)
    content = load_content(settings.content_dir, centre)
    return {
        "content": content,
        "safety": load_safety(content),
        "flows": flows_of(settings, centre, content),
    }


def make_services(tmp_path: Path, clock: MovingClock, **replace: Any) -> Services:
    """The whole service in memory; understanding is scripted unless a test gives another."""
    changed = replace.pop("settings", {})
    settings = Settings(var_dir=tmp_path / "var", **changed)
    parts = {
        **({} if SAID_OTHERWISE & set(changed) or "content" in replace else loaded()),
        "db": memory_db(clock),
        "understanding": ScriptedUnderstanding(),
        "notifier": CountingNotifier(),
        "clock": clock,
        **replace,
    }
    return build(settings, SECRETS, Replacements(**parts))
