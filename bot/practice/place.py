"""The service for practice: its settings, its secrets, its store. Nothing of it touches a disk.

The store is SQLite in memory, so it ends with the process, however that ends. Nothing that reaches
the world is taken over: no database, no secrets, no SMS account, no addresses for alarms.
"""

from __future__ import annotations

import os
import secrets as random
from collections.abc import Collection
from pathlib import Path
from typing import Any

from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from bot.app import Replacements, build
from bot.channels.messages import Lang
from bot.channels.sms.demo_provider import DemoProvider
from bot.handoff.notify import notifier_for
from bot.services import Services
from bot.settings import MASTER_BYTES, Mark, Secrets, Settings
from bot.store.clock import Clock, system_clock
from bot.store.database import MEMORY_URL, Database
from bot.store.migrate import migrate
from bot.understanding.types import UnderstandingAway, Understood

# What practice has in common with the real service: the words, the model, and how long things take.
KEPT = (
    "model_dir", "centre_file", "content_dir", "exit_url", "log_level",
    "second_now", "second_soon", "second_later", "again_now", "again_soon", "again_later",
    "keep_hours", "keep_case_days", "lease", "duty_timeout", "held_answer", "check_back",
    "quiet_after", "pause_sms", "pause_web", "desk_idle", "desk_longest",
)  # fmt: skip
NOWHERE = Path(os.devnull) / "practice"
"""A folder that cannot be made: whoever tried to keep something would fail, and be heard."""


class PracticeSettings(Settings):
    """Settings that come from `practice_settings` alone: the environment is not read."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what is handed over; see the class."""
        return (init_settings,)

    @property
    def database(self) -> str:
        """In memory."""
        return MEMORY_URL

    @property
    def mark(self) -> Mark:
        """What every page says."""
        return "practice"


def practice_settings(real: Settings, port: int) -> PracticeSettings:
    """Settings of a practice beside the real service, on a port of this machine only."""
    values: dict[str, Any] = {name: getattr(real, name) for name in KEPT}
    return PracticeSettings(env="demo", port=port, var_dir=NOWHERE, **values)


def practice_services(settings: PracticeSettings, clock: Clock = system_clock) -> Services:
    """All parts of the service, as the real one has them, with secrets that end with the process.

    Raises ConfigError, ContentError, SafetyDataError.
    """
    secrets = Secrets(random.token_bytes(MASTER_BYTES), random.token_hex(16), "demo")
    db = Database(MEMORY_URL, secrets.master, clock)
    with db.engine.connect() as connection:  # there is one connection, as long as it lives
        connection.exec_driver_sql("PRAGMA temp_store=MEMORY")
    migrate(db)
    replace = Replacements(
        db=db,
        sms=DemoProvider(),
        notifier=notifier_for(""),
        understanding=None if _has_model(settings.model_dir) else NoModel(),
        clock=clock,
    )
    return build(settings, secrets, replace)


class NoModel:
    """Understanding where nothing is trained: danger, commands and flows answer without it."""

    ready = False
    failed_reason: str | None = "ModelNotFound"

    async def understand(
        self,
        conversation_id: str,
        text: str,
        lang: Lang,
        last_topic: str | None = None,
        near: Collection[str] = (),
    ) -> Understood:
        """Always raises UnderstandingAway."""
        raise UnderstandingAway("ModelNotFound")

    async def forget(self, conversation_id: str) -> None:
        """There is nothing to forget."""


def _has_model(model: Path) -> bool:
    return model.is_file() or any(model.glob("*.tar.gz"))
