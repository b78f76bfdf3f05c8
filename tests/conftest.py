"""Options and parts that all tests share."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.services import Services
from bot.settings import ROOT
from bot.understanding.agent import RasaUnderstanding
from bot.understanding.trackers import TrackersInMemory
from bot.understanding.train import trained_model
from tests.support import MovingClock, make_services
from tests.talk import Talk


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-transcripts", action="store_true", help="rewrite tests/transcripts and docs"
    )


@pytest.fixture
def clock() -> MovingClock:
    return MovingClock()


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    """The whole service in memory. A test that wants topics understood makes its own."""
    return make_services(tmp_path, clock)


@pytest.fixture
async def talk(services: Services, clock: MovingClock) -> Talk:
    """Somebody on the web, past the first question."""
    return await Talk(services, clock).begins()


@pytest.fixture(scope="session")
def topic_model() -> RasaUnderstanding:
    """The trained model, loaded once; `make test` trains it first."""
    model = trained_model(ROOT, ROOT / "models")
    if model is None:
        pytest.skip("no trained model: run `make install`")
    understanding = RasaUnderstanding(model, TrackersInMemory())
    asyncio.run(understanding.load())
    return understanding


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browsers last: Playwright keeps an event loop running, beside which no async test can run."""
    items.sort(key=_when)


def _when(item: pytest.Item) -> int:
    if "tests/browser" in item.path.as_posix():
        return 2
    return 1 if item.path.name == "test_phone_simulator.py" else 0
