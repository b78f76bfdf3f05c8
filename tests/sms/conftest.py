"""What the tests of the SMS room share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic

from bot.channels.sms import inbound
from bot.channels.sms.provider import TwilioProvider
from bot.settings import Settings
from bot.store import models
from bot.store.database import Database
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, FakeTwilio
from tests.sms.room import (
    PUBLIC,
    BreakableDatabase,
    Clock,
    Served,
    app_of,
    services_for,
)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def db(tmp_path: Path, clock: Clock) -> Iterator[BreakableDatabase]:
    database = BreakableDatabase(f"sqlite:///{tmp_path}/store.sqlite3", b"m" * 32, clock)
    models.Base.metadata.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def twilio(clock: Clock) -> Iterator[FakeTwilio]:
    fake = FakeTwilio(clock=clock)
    fake.start()
    yield fake
    fake.stop()


@pytest.fixture
def provider(twilio: FakeTwilio) -> TwilioProvider:
    return TwilioProvider(ACCOUNT_SID, AUTH_TOKEN, NUMBER, twilio.base_url, timeout=0.5)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(  # type: ignore[call-arg]
        env="production",
        public_url=PUBLIC,
        var_dir=tmp_path,
        twilio_account_sid=ACCOUNT_SID,
        twilio_auth_token=AUTH_TOKEN,
        twilio_number=NUMBER,
    )


@pytest.fixture
def services(db: Database, provider: TwilioProvider, settings: Settings) -> Any:
    return services_for(db, provider, settings)


@pytest.fixture
def served() -> Iterator[Callable[[Sanic], str]]:
    """Serves apps until the test ends."""
    running: list[Served] = []

    def serve(app: Sanic) -> str:
        running.append(Served(app))
        return running[-1].start()

    yield serve
    for one in running:
        one.stop()


@pytest.fixture
def app_url(services: Any, served: Callable[[Sanic], str]) -> str:
    return served(app_of(inbound.blueprint(services)))
