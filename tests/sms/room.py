"""A small helpline for the SMS room: the real door, store, outbox, sender; a turn to steer."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

from sanic import Sanic

from bot.channels.events import Events
from bot.channels.messages import Channel, Lang, Message, Reply
from bot.channels.outbound import Outbound
from bot.channels.sms.outbound import deliver_due
from bot.metrics import Metrics
from bot.safety import Finding, SafetyResult
from bot.settings import Secrets, Settings
from bot.store import conversations, messages
from bot.store.database import Database, StoreAway, Tx

PUBLIC = "https://chat.example.no"
PERSON = "+4700000001"
DANGER = Reply("Ring politiet nå: **112**.", kind="danger")
STATIC = Reply("Ring 112 ved fare. Ring 116 006, hele døgnet.", kind="danger")


class Clock:
    """Time that tests move."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class FakeSafety:
    """Finds danger in the word "kniv"."""

    second = None

    def check(self, text: str, context: object = None) -> SafetyResult:
        if "kniv" not in text:
            return SafetyResult(None, past_or_other=False)
        return SafetyResult(
            Finding("danger_now", "now", "kniv", ("danger_now",), neutral=False), False
        )


class FakeContent:
    """Every sentence says its own id."""

    def reply(self, sentence: str, lang: Lang, channel: Channel) -> Reply:
        return Reply(f"{sentence} {lang} {channel}", kind="system")


@dataclass
class FakeTurn:
    """Records, answers "svar: …" through the real Outbound; `hold` and `breaks` steer it."""

    services: Any = None
    begun: int = 0
    handled: list[Message] = field(default_factory=list)
    breaks: Exception | None = None
    store_fails_at_the_end: bool = False
    erases: bool = False
    hold_before_record: threading.Event | None = None
    hold_after_record: threading.Event | None = None

    async def handle(self, message: Message) -> SimpleNamespace:
        self.begun += 1
        if self.hold_before_record is not None:
            await asyncio.to_thread(self.hold_before_record.wait, 20)
        if self.breaks is not None:
            raise self.breaks
        self.handled.append(message)
        reply = DANGER if "kniv" in message.text else Reply(f"svar: {message.text[:40]}")
        message_id = await self.services.db.run(messages.add_inbound, message)
        if self.hold_after_record is not None:
            await asyncio.to_thread(self.hold_after_record.wait, 20)
        if message_id is None:
            return self._result([], stored=True)
        if self.erases:
            await self.services.db.run(conversations.erase, message.conversation_id)
            return self._result([Reply("Slettet.")], stored=True, erased=True)
        if self.store_fails_at_the_end:
            return self._result([reply], stored=False)
        await self.services.db.run(self._put, message.conversation_id, message_id, reply)
        self.services.outbound.wake_sms()
        return self._result([reply], stored=True)

    def answer_without_store(self, text: str, channel: Channel, lang: Lang) -> list[Reply]:
        return [DANGER if "kniv" in text else STATIC]

    def _put(self, tx: Tx, conversation_id: str, message_id: str, reply: Reply) -> None:
        conversation = conversations.get(tx, conversation_id)
        assert conversation is not None
        messages.mark_answered(tx, message_id)
        self.services.outbound.put(tx, conversation, [reply])
        conversations.save(tx, conversation)

    def _result(self, replies: list[Reply], *, stored: bool, erased: bool = False) -> Any:
        finding = DANGER if replies == [DANGER] else None
        return SimpleNamespace(
            replies=replies, stored=stored, erased=erased, lang="nb", finding=finding
        )


def services_for(db: Database, provider: Any, settings: Settings) -> Any:
    """The parts of the small helpline, connected."""
    events = Events()
    turn = FakeTurn()
    made = SimpleNamespace(
        settings=settings,
        secrets=Secrets(b"m" * 32, "demo-token", "production"),
        db=db,
        content=FakeContent(),
        safety=FakeSafety(),
        events=events,
        outbound=Outbound(db, events, FakeContent()),  # type: ignore[arg-type]
        turn=turn,
        sms=provider,
        metrics=Metrics(),
        troubles={},
        alerted=[],
    )
    made.alert = lambda urgent=True, about=None: made.alerted.append(about)
    turn.services = made
    return made


class BreakableDatabase(Database):
    """The real store, which can be told to be away."""

    away = False

    async def run(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if self.away:
            raise StoreAway("OperationalError")
        return await super().run(fn, *args, **kwargs)


class Served:
    """A Sanic app on a free loopback port, in a thread of its own."""

    def __init__(self, app: Sanic) -> None:
        self._app = app
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._serve()), daemon=True)

    def start(self) -> str:
        self._thread.start()
        assert self._ready.wait(20), "the app did not start"
        return self.url

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join(20)

    async def _serve(self) -> None:
        self._loop, self._stopped = asyncio.get_running_loop(), asyncio.Event()
        listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        server = await self._app.create_server(
            sock=listening, return_asyncio_server=True, access_log=False
        )
        assert server is not None
        await server.startup()
        await server.before_start()
        await server.after_start()
        self._ready.set()
        await self._stopped.wait()
        await server.before_stop()
        await server.close()
        await server.after_stop()


def app_of(*blueprints: Any, sending: Any = None) -> Sanic:
    """A Sanic app with these blueprints; with `sending` (services) it empties the outbox too."""
    app = Sanic(f"test-{uuid4().hex[:8]}", configure_logging=False)
    app.config.TOUCHUP = False  # it rewrites Sanic's classes, which works once per process
    for blueprint in blueprints:
        app.blueprint(blueprint)
    if sending is not None:

        @app.after_server_start
        async def begin(running: Sanic) -> None:
            running.ctx.sender = asyncio.create_task(_keep_sending(sending))

    return app


async def _keep_sending(services: Any) -> None:
    while True:
        with suppress(StoreAway):
            await deliver_due(services)
        await asyncio.sleep(0.05)
