"""Latency at a steady pace, safety alone, and throughput of one process."""

from __future__ import annotations

import asyncio
import itertools
import time
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from bench.sentences import SENTENCES
from bot.app import Replacements, build
from bot.channels.messages import Message
from bot.services import Services
from bot.settings import ROOT, Settings, create_secrets
from bot.store import conversations
from bot.store.database import Database
from bot.store.migrate import migrate

PER_SECOND = 20
SECONDS = 15
THROUGHPUT_TURNS = 300
AT_ONCE = 8


async def ready_services(place: Path) -> Services:
    """The real service on a fresh SQLite file, with the trained model loaded."""
    settings = Settings(var_dir=place, model_dir=ROOT / "models")
    secrets = create_secrets(settings)
    db = Database(settings.database, secrets.master)
    migrate(db)
    services = build(settings, secrets, Replacements(db=db))
    await services.understanding.load()  # type: ignore[attr-defined]
    return services


async def measure(place: Path) -> dict[str, dict[str, Any]]:
    """{"reply": …, "safety": …, "throughput": …}; times in milliseconds."""
    services = await ready_services(place)
    await _at_pace(services, PER_SECOND, 3)  # warm
    reply = await _at_pace(services, PER_SECOND, SECONDS)
    return {
        "reply": {
            "messages_per_second": PER_SECOND,
            "p50_ms": _ms(median(reply)),
            "p95_ms": _ms(_p95(reply)),
            "reach": "p50 ≤ 25, p95 ≤ 60",
        },
        "safety": _safety(services) | {"reach": "p95 ≤ 15"},
        "throughput": {"turns_per_second": await _throughput(services), "reach": "≥ 45"},
    }


async def _at_pace(services: Services, per_second: int, seconds: int) -> list[float]:
    """Messages leave on the clock whether earlier ones are answered or not."""
    loop = asyncio.get_running_loop()
    begin, tasks = loop.time(), []
    for number, text in zip(range(per_second * seconds), itertools.cycle(SENTENCES)):
        await asyncio.sleep(max(0.0, begin + number / per_second - loop.time()))
        tasks.append(asyncio.create_task(_one(services, text)))
    return list(await asyncio.gather(*tasks))


async def _one(services: Services, text: str) -> float:
    conversation, _token = await services.db.run(conversations.open_web, "nb")
    begun = time.perf_counter()
    await services.turn.handle(Message(conversation.id, "web", text, services.db.clock()))
    return time.perf_counter() - begun


async def _throughput(services: Services) -> float:
    texts = itertools.cycle(SENTENCES)
    left = iter(range(THROUGHPUT_TURNS))
    begun = time.perf_counter()

    async def work() -> None:
        for _ in left:
            await _one(services, next(texts))

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return round(THROUGHPUT_TURNS / (time.perf_counter() - begun), 1)


def _safety(services: Services) -> dict[str, Any]:
    times = []
    for text in SENTENCES * 20:
        begun = time.perf_counter()
        services.safety.check(text)
        times.append(time.perf_counter() - begun)
    return {"p50_ms": _ms(median(times)), "p95_ms": _ms(_p95(times))}


def _p95(values: list[float]) -> float:
    return quantiles(values, n=20)[-1]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 1)
