"""The page on a loopback port, with a turn that says what a test wants it to say."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
from sanic import Sanic

from bot.centre import load_centre
from bot.channels.events import Events, conversation_topic
from bot.channels.messages import Button, Channel, Lang, Message, Reply
from bot.channels.typing import Typing
from bot.channels.webchat import errors
from bot.channels.webchat.inbound import blueprint
from bot.content import Content, load_content
from bot.handoff import queue
from bot.handoff.draft import HandoffDraft
from bot.settings import ROOT, Settings
from bot.store import conversations, messages
from bot.store.database import Database, StoreAway, Tx
from tests.support import MovingClock
from tests.webchat.serving import file_db, running

DANGER = "hamrer på døra"
FIRST_WORDS = Reply("Ring politiet nå: **112**.", kind="danger")
SAFE_REPLY = Reply("Er du i fare, ring **112**. Du kan også ringe 116 006.", kind="system")


class ListensForOnePhrase:
    """A danger check that knows one phrase."""

    def check(self, text: str, context: object = None) -> SimpleNamespace:
        found = SimpleNamespace(words=DANGER) if DANGER in text else None
        return SimpleNamespace(finding=found, past_or_other=False)


class ScriptedTurn:
    """A turn that stores what comes in and answers from a script."""

    def __init__(self, db: Database, events: Events) -> None:
        self.db = db
        self.events = events
        self.script: dict[str, list[Reply]] = {}
        self.handled: list[Message] = []
        self.slow = 0.0
        self.broken: Exception | None = None

    async def handle(self, message: Message) -> SimpleNamespace:
        self.handled.append(message)
        if self.broken:
            raise self.broken
        if self.slow:
            await asyncio.sleep(self.slow)
        if message.payload == "erase":
            await self.erase(message.conversation_id)
            return self._result([], erased=True)
        replies = self.script.get(message.text, [Reply(f"Du skrev {len(message.text)} tegn.")])
        if DANGER in message.text:
            replies = [FIRST_WORDS]
        try:
            await self.db.run(self._store, message, replies)
        except StoreAway:
            return self._result(self.answer_without_store(message.text, "web", "nb"), stored=False)
        self.events.publish(conversation_topic(message.conversation_id))
        return self._result(replies)

    def answer_without_store(self, text: str, channel: Channel, lang: Lang) -> list[Reply]:
        return [FIRST_WORDS] if DANGER in text else [SAFE_REPLY]

    async def erase(self, conversation_id: str) -> list[Reply]:
        await self.db.run(conversations.erase, conversation_id)
        return []

    def _store(self, tx: Tx, message: Message, replies: list[Reply]) -> None:
        conversation = conversations.get(tx, message.conversation_id)
        if conversation is None or messages.add_inbound(tx, message) is None:
            return
        for reply in replies:
            messages.add_reply(tx, message.conversation_id, reply)

    def _result(
        self, replies: list[Reply], stored: bool = True, erased: bool = False
    ) -> SimpleNamespace:
        return SimpleNamespace(replies=replies, stored=stored, erased=erased)


@dataclass
class Page:
    """A page as a person without script has it: the hidden fields and what can be read."""

    response: httpx.Response

    @property
    def html(self) -> str:
        return self.response.text

    @property
    def text(self) -> str:
        """What can be read, tags left out."""
        return unescape(re.sub(r"<[^>]+>", " ", self.html.split("<body>")[1]))

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        return unescape(found[1]) if found else ""

    @property
    def draft(self) -> str:
        found = re.search(r"<textarea[^>]*>(.*?)</textarea>", self.html, re.DOTALL)
        return unescape(found[1]) if found else ""

    def said(self, who: str) -> list[str]:
        """The words in the bubbles of `you`, `bot` or `desk`."""
        found = re.findall(
            rf'<div class="m {who} .*?<div class="t"[^>]*>(.*?)</div>', self.html, re.DOTALL
        )
        return [unescape(re.sub(r"<[^>]+>", "", body)).strip() for body in found]

    def choices(self) -> list[str]:
        return [unescape(value) for value in re.findall(r'name="press" value="([^"]*)"', self.html)]


class Person:
    """Somebody with a browser without script, no cookies kept."""

    def __init__(self, base: str, **headers: str) -> None:
        self.http = httpx.Client(base_url=base, timeout=20, headers=headers)
        self.page: Page

    def opens(self) -> Page:
        self.page = Page(self.http.get("/"))
        return self.page

    def form(self, **fields: str) -> dict[str, str]:
        return {name: self.page.field(name) for name in ("token", "nonce", "lang")} | fields

    def posts(self, **fields: Any) -> Page:
        """Send the page's form with `fields`; the answer is the new page."""
        files = fields.pop("files", None)
        self.page = Page(self.http.post("/", data=self.form(**fields), files=files))
        return self.page

    def writes(self, text: str) -> Page:
        return self.posts(do="say", text=text)

    def presses(self, choice: str) -> Page:
        """Press the choice whose title begins like this."""
        value = next(c for c in self.page.choices() if c.split("|")[1].startswith(choice))
        return self.posts(press=value)


@dataclass
class Served:
    """The running page."""

    base: str
    db: Database
    clock: MovingClock
    turn: ScriptedTurn
    services: SimpleNamespace
    loop: asyncio.AbstractEventLoop
    people: list[Person] = field(default_factory=list)

    def person(self, **headers: str) -> Person:
        person = Person(self.base, **headers)
        self.people.append(person)
        return person

    def script(self, text: str, *replies: Reply) -> None:
        self.turn.script[text] = list(replies)

    def count(self) -> int:
        """Conversations in the store."""
        from sqlalchemy import func, select

        from bot.store import models

        with self.db.begin() as tx:
            return tx.session.scalar(select(func.count(models.Conversation.id))) or 0

    def conversation_of(self, token: str) -> conversations.Conversation | None:
        with self.db.begin() as tx:
            return conversations.by_web_token(tx, token)

    def hands_over(self, token: str) -> str:
        """The person waits for a counsellor; returns the handoff's id."""
        draft = HandoffDraft(how="write_now", urgency="soon", lang="nb", channel="web")
        with self.db.begin() as tx:
            conversation = conversations.by_web_token(tx, token)
            assert conversation
            return queue.open_handoff(tx, conversation, draft, give_code=False).handoff_id

    def desk_writes(self, token: str, text: str) -> None:
        with self.db.begin() as tx:
            conversation = conversations.by_web_token(tx, token)
            assert conversation
            messages.add_reply(tx, conversation.id, Reply(text, kind="desk"))
        topic = conversation_topic(conversation.id)
        self.loop.call_soon_threadsafe(self.services.events.publish, topic)

    def store_goes_away(self, monkeypatch: pytest.MonkeyPatch) -> None:
        async def away(*_args: object, **_kwargs: object) -> object:
            raise StoreAway("OperationalError")

        monkeypatch.setattr(self.db, "run", away)


@cache
def _content() -> Content:
    return load_content(ROOT / "content", load_centre(ROOT / "centre.yml"))


def two_choices() -> Reply:
    return Reply("Vil du det?", (Button("Ja", "yes"), Button("Nei", "no")))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serve_page(tmp_path) as page:
        yield page


@contextmanager
def serve_page(tmp_path: Path, **settings: Any) -> Iterator[Served]:
    """The page with its errors, and nothing else of the service."""
    clock = MovingClock()
    db = file_db(tmp_path, clock)
    events = Events()
    centre = load_centre(ROOT / "centre.yml")
    turn = ScriptedTurn(db, events)
    services = SimpleNamespace(
        outbound=SimpleNamespace(put_made=lambda *_: None),  # nobody here has an agreed time
        settings=Settings(var_dir=tmp_path, **settings),
        centre=centre,
        db=db,
        content=_content(),
        safety=ListensForOnePhrase(),
        events=events,
        typing=Typing(),
        turn=turn,
    )
    app: Sanic[Any, Any] = Sanic(f"page-{id(services)}", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.config.REQUEST_MAX_SIZE = 256 * 1024
    app.blueprint(blueprint(services))  # type: ignore[arg-type]
    errors.install(app, services)  # type: ignore[arg-type]
    with running(app) as (base, loop):
        made = Served(base, db, clock, turn, services, loop)
        yield made
        for person in made.people:
            person.http.close()
    db.close()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One page for many examples, with room for all of them."""
    folder = tmp_path_factory.mktemp("page")
    with serve_page(folder, web_per_minute=120, all_per_minute=60_000) as page:
        yield page
