"""Turn 300 of one conversation against turn 10: ours, and stock Rasa beside it in the same run."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from statistics import median
from typing import Any

from bench.latency import ready_services
from bench.sentences import SENTENCES
from bot.channels.messages import Message
from bot.settings import ROOT
from bot.store import conversations
from bot.understanding.quiet import before_rasa_is_imported, silence_rasa
from bot.understanding.train import trained_model

TURNS = 310
AROUND = 10


async def measure(place: Path) -> dict[str, Any]:
    """Medians of ten turns around turn 10 and turn 300, in milliseconds, and their ratio."""
    ours = await _ours(place)
    stock = await _stock(place)
    return {
        "ours": _ratio(ours) | {"reach": "ratio ≤ 1.5"},
        "stock_rasa": _ratio(stock),
    }


async def _ours(place: Path) -> list[float]:
    services = await ready_services(place)
    conversation, _token = await services.db.run(conversations.open_web, "nb")
    times = []
    for _, text in zip(range(TURNS), itertools.cycle(SENTENCES)):
        begun = time.perf_counter()
        await services.turn.handle(Message(conversation.id, "web", text, services.db.clock()))
        times.append(time.perf_counter() - begun)
    return times


async def _stock(place: Path) -> list[float]:
    """The same model in Rasa's own agent with its SQL tracker store on SQLite."""
    before_rasa_is_imported()
    from rasa.core.agent import Agent
    from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
    from rasa.core.lock_store import InMemoryLockStore
    from rasa.core.tracker_store import SQLTrackerStore

    from bot.understanding.in_process_actions import InProcessActions

    model = trained_model(ROOT, ROOT / "models")
    agent = Agent.load(
        str(model), lock_store=InMemoryLockStore(), action_endpoint=InProcessActions()
    )
    silence_rasa()
    store = SQLTrackerStore(agent.domain, host=f"sqlite:///{place / 'stock.db'}")
    agent.tracker_store = agent.processor.tracker_store = store
    times = []
    for _, text in zip(range(TURNS), itertools.cycle(SENTENCES)):
        begun = time.perf_counter()
        await agent.handle_message(UserMessage(text, CollectingOutputChannel(), "bench"))
        times.append(time.perf_counter() - begun)
    return times


def _ratio(times: list[float]) -> dict[str, Any]:
    early = median(times[10 - AROUND // 2 : 10 + AROUND // 2])
    late = median(times[300 - AROUND // 2 : 300 + AROUND // 2])
    return {
        "turn_10_ms": round(early * 1000, 1),
        "turn_300_ms": round(late * 1000, 1),
        "ratio": round(late / early, 2),
    }
