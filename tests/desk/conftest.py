"""A desk on a loopback port, with a database of its own and invented people."""

from __future__ import annotations

import asyncio
import itertools
import re
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pyotp
import pytest
from argon2 import PasswordHasher
from sanic import Sanic

from bot.centre import DayService
from bot.channels.events import Events
from bot.channels.messages import Message, Reply
from bot.channels.outbound import Sent, danger_to
from bot.channels.typing import Typing
from bot.desk.inbound import blueprint
from bot.handoff import queue
from bot.handoff.draft import Contact, HandoffDraft, LineStatus, SummaryLine, Wishes
from bot.settings import Settings
from bot.store import conversations, counsellors, desk_sessions, messages
from bot.store.database import Database, Tx
from bot.store.models import Base
from bot.store.roles import read_roles
from tests.support import loaded

PASSWORD = "fire-blå-hester-danser"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
LEADER = "counsellor,administrator,auditor"  # in a small centre
OWN_WORDS = "han blir stille i dagevis hvis jeg treffer venninna mi"

_names = itertools.count()


class Clock:
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 20, 14, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **parts: float) -> None:
        self.now += timedelta(**parts)


class WritesDown:
    """Outbound that stores what the desk writes, and remembers what was said unprompted."""

    def __init__(self, db: Database) -> None:
        self.db = db
        self.unprompted_sentences: list[tuple[str, str]] = []

    async def from_desk(
        self, handoff_id: str, text: str, *, safe_now: bool = False, note: Any = None
    ) -> Sent:
        return await self.db.run(self._store, handoff_id, text, safe_now, note)

    async def unprompted(
        self, conversation_id: str, sentence: str, note: Any = lambda tx: None, **_values: object
    ) -> bool:
        await self.db.run(note)
        self.unprompted_sentences.append((conversation_id, sentence))
        return True

    def put_unprompted(self, tx: Tx, conversation_id: str, sentence: str) -> None:
        self.unprompted_sentences.append((conversation_id, sentence))

    def sent(self, conversation: object) -> None:
        raise AssertionError("nothing was put")

    def _store(self, tx: Tx, handoff_id: str, text: str, safe_now: bool, note: Any) -> Sent:
        conversation = conversations.of_handoff(tx, handoff_id)
        if conversation is None:
            return "erased"
        if not safe_now and danger_to(conversation) is not None:
            return "unsafe"
        note(tx)
        messages.add_reply(tx, conversation.id, Reply(text, kind="desk"))
        return "sent"


class OneAtATime:
    """Turns: here nobody writes at the same time."""

    def __init__(self, db: Database) -> None:
        self.db = db

    async def alone(self, conversation_id: str, work: Any) -> Any:
        return await self.db.run(work, conversation_id)


class Browser:
    """A counsellor's browser: keeps the cookie, sends the page's token back with each form."""

    def __init__(self, base: str, token: str | None = None) -> None:
        self.http = httpx.Client(base_url=base, timeout=20)
        if token:
            self.http.cookies.set("desk_session", token, path="/desk")

    def get(self, path: str, **kwargs: Any) -> httpx.Response:
        return self.http.get(path, **kwargs)

    def post(self, path: str, seen_on: str = "/desk/help", **fields: str) -> httpx.Response:
        """Fill in a form of the page `seen_on` and send it to `path`."""
        return self.http.post(path, data={"csrf": self.csrf(seen_on), **fields})

    def csrf(self, page: str = "/desk/help") -> str:
        found = re.search(r'name="csrf" value="([^"]+)"', self.get(page).text)
        assert found, f"no form on {page}"
        return found.group(1)


@dataclass
class DeskServer:
    """The running desk, and short ways to put invented people in it."""

    base: str
    db: Database
    clock: Clock
    services: SimpleNamespace
    app: Sanic[Any, Any]
    loop: asyncio.AbstractEventLoop
    browsers: list[Browser] = field(default_factory=list)

    def counsellor(self, name: str = "Kari", role: str = "counsellor") -> str:
        """An account that can sign in; `role` may be several ("counsellor,auditor"). Its id."""
        with self.db.begin() as tx:
            made = counsellors.create(
                tx,
                tx.keys.keyed_hash("test", name)[:24],
                name.casefold(),
                name,
                read_roles(role),
                CHEAP,
                SECRET,
                timedelta(hours=24),
            )
            counsellors.use_totp_step(tx, made.id, 1)
            counsellors.set_active(tx, made.id, True)
        return made.id

    def signed_in(self, name: str = "Kari", role: str = "counsellor") -> Browser:
        """A browser of a (new or known) counsellor."""
        with self.db.begin() as tx:
            known = counsellors.by_username(tx, name)
        counsellor_id = known.id if known else self.counsellor(name, role)
        with self.db.begin() as tx:
            token = desk_sessions.start(tx, counsellor_id)
        return self.browser(token)

    def browser(self, token: str | None = None) -> Browser:
        browser = Browser(self.base, token)
        self.browsers.append(browser)
        return browser

    def code(self) -> str:
        """The code of everybody's app now."""
        return pyotp.TOTP(SECRET).at(self.clock.now)

    def person(self, channel: str = "web", safe: str = "yes", neutral: bool = False) -> str:
        """A person who writes; returns the conversation's id."""
        with self.db.begin() as tx:
            if channel == "web":
                conversation, _token = conversations.open_web(tx, "nb")
            else:
                number = f"+4700{next(_names):06d}"
                conversation = conversations.by_number(tx, number, "nb")
            conversation.state.safe = safe
            conversation.state.neutral = neutral
            conversations.save(tx, conversation)
        return conversation.id

    def writes(self, conversation_id: str, text: str) -> None:
        """The person writes; the desk's pages wake up."""
        with self.db.begin() as tx:
            conversation = conversations.get(tx, conversation_id)
            assert conversation
            messages.add_inbound(
                tx, Message(conversation_id, conversation.channel, text, self.clock.now)
            )
        self.wake()

    def handoff(self, conversation_id: str | None = None, **changes: Any) -> str:
        """A case in the queue; returns its id."""
        conversation_id = conversation_id or self.person()
        code = changes.pop("give_code", False)
        with self.db.begin() as tx:
            conversation = conversations.get(tx, conversation_id)
            assert conversation
            draft = make_draft(channel=conversation.channel, **changes)
            opened = queue.open_handoff(tx, conversation, draft, give_code=code)
        self.wake()
        return (opened.handoff_id, opened.code) if code else opened.handoff_id  # type: ignore[return-value]

    def alarm(self, conversation_id: str, danger: str = "danger_now", level: str = "now") -> str:
        finding = SimpleNamespace(danger=danger, level=level, words="han står utenfor")
        with self.db.begin() as tx:
            alarm_id = queue.raise_alarm(tx, conversation_id, finding, "web")  # type: ignore[arg-type]
        self.wake()
        return alarm_id

    def audit(self) -> list[tuple[str, str | None]]:
        """(action, object) of the whole log, oldest first."""
        from bot.store import audit

        with self.db.begin() as tx:
            return [(e.action, e.object_id) for e in reversed(audit.latest(tx, 1000))]

    def wake(self) -> None:
        self.loop.call_soon_threadsafe(self.services.events.publish, "desk")


async def _end(server: Any) -> None:
    """As when the process ends: every connection is gone, whoever waits gets no answer."""
    server.server.close()
    for connection in list(server.connections):
        connection.abort()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


def make_draft(**changes: Any) -> HandoffDraft:
    """The case of voice.md; `changes` replace fields."""
    quotes = (OWN_WORDS, "tar bilnøklene")
    lines = (
        _line("own_words", f"«{OWN_WORDS}» · «tar bilnøklene»", quotes),
        _line("about", "meg selv"),
        _line("violence", "psykisk vold"),
        _line("afraid_now", "nei"),
        _line("strangled"),
        _line("weapon", status="would_not_say"),
        _line("children", "to, 4 og 7 år"),
        _line("answered", "psykisk vold, dagtilbud, meldeplikt"),
        _line("wants", "en første samtale"),
        _line("place", "Lyngdal"),
        _line("time", "helst formiddag"),
        _line("municipality"),
    )
    values: dict[str, Any] = {
        "how": "write_now",
        "urgency": "soon",
        "lang": "nb",
        "channel": "web",
        "reasons": ("asked",),
        "contact": Contact("+4700000001", "09–14", "feil nummer", False),
        "wishes": Wishes(place="Lyngdal"),
        "summary": lines,
    }
    return HandoffDraft(**(values | changes))


def _line(
    name: str, text: str = "", quotes: tuple[str, ...] = (), status: LineStatus = "not_asked"
) -> SummaryLine:
    return SummaryLine(name, name, text, "said" if text else status, quotes)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def desk(tmp_path: Path, clock: Clock) -> Iterator[DeskServer]:
    yield from serve_desk(tmp_path, clock)


def serve_desk(tmp_path: Path, clock: Any, port: int = 0, **settings: Any) -> Iterator[DeskServer]:
    """Serve only /desk, in a thread of its own, until the test is over (or it is closed)."""
    new = not (tmp_path / "desk.sqlite3").exists()
    db = Database(f"sqlite:///{tmp_path / 'desk.sqlite3'}", bytes(range(32)), clock)
    if new:
        Base.metadata.create_all(db.engine)
    services = SimpleNamespace(
        settings=Settings(var_dir=tmp_path, **settings),
        centre=SimpleNamespace(
            name="Et krisesenter",
            demo=settings.get("env", "demo") == "demo",
            phone_line=SimpleNamespace(number="116 006", reads_codes=True),
            day_service=DayService(),
        ),
        db=db,
        events=Events(),
        typing=Typing(),
        content=loaded()["content"],
        outbound=WritesDown(db),
        safety=loaded()["safety"][0],
        turn=OneAtATime(db),
        telephone=None,
    )
    app: Sanic[Any, Any] = Sanic(f"desk-test-{next(_names)}", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.config.TOUCHUP = False  # it rewrites methods of the class, once per process only
    app.blueprint(blueprint(services))  # type: ignore[arg-type]
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    address = socket.create_server(("127.0.0.1", port))

    serving: Any = None

    async def run() -> None:
        nonlocal serving
        serving = await app.create_server(
            sock=address, return_asyncio_server=True, access_log=False
        )
        await serving.startup()
        await serving.start_serving()
        ready.set()

    def thread() -> None:
        asyncio.set_event_loop(loop)
        loop.run_until_complete(run())
        loop.run_forever()

    worker = threading.Thread(target=thread, daemon=True)
    worker.start()
    assert ready.wait(30), "the desk did not start"
    port = address.getsockname()[1]
    server = DeskServer(f"http://127.0.0.1:{port}", db, clock, services, app, loop)
    try:
        yield server
    finally:
        for browser in server.browsers:
            browser.http.close()
        asyncio.run_coroutine_threadsafe(_end(serving), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        worker.join(10)
        loop.close()
        address.close()
        db.close()
