"""`helpline ask` and `helpline chat`: the whole path from a terminal, without a web server."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict
from typing import Any, TextIO

from bot.app import Replacements, build
from bot.channels.messages import LANGS, Channel, Lang, Message
from bot.handoff import queue
from bot.hearing import load_second_signal
from bot.services import Services
from bot.settings import Secrets, Settings
from bot.store import conversations
from bot.store.conversations import Conversation
from bot.store.database import MEMORY_URL, Database, Tx
from bot.store.migrate import migrate
from bot.store.one_process import claim
from bot.turn import TurnResult
from bot.understanding.types import UnderstandingAway

TERMINAL_NUMBER = "+4700000000"


@asynccontextmanager
async def running(settings: Settings, secrets: Secrets, ephemeral: bool) -> AsyncIterator[Services]:
    """The service without a web server, with understanding loaded if it can be."""
    with contextlib.ExitStack() as stack:
        if not ephemeral and settings.database.startswith("sqlite"):
            stack.enter_context(claim(settings.var_dir))
        db = Database(MEMORY_URL if ephemeral else settings.database, secrets.master)
        migrate(db)
        services = build(settings, secrets, Replacements(db=db))
        with contextlib.suppress(OSError, KeyError, ValueError):
            await load_second_signal(services)  # not trained: the lists alone decide
        load = getattr(services.understanding, "load", None)
        if load is not None:
            with contextlib.suppress(UnderstandingAway):
                await load()
        try:
            yield services
        finally:
            db.close()


class Asker:
    """Sessions by the caller's own names, each a conversation."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._sessions: dict[str, str] = {}

    async def ask(self, line: dict[str, Any]) -> dict[str, Any]:
        """One message of the documented form in, one result of the documented form out."""
        begun = time.perf_counter()
        session = str(line.get("session") or "")
        conversation_id = await self._conversation(session, line)
        message = Message(
            conversation_id,
            _channel(line),
            str(line.get("text") or ""),
            self._services.db.clock(),
            payload=line.get("payload"),
        )
        result = await self._services.turn.handle(message)
        said = await self._described(result)
        said["session"] = session or conversation_id
        said["ms"] = round((time.perf_counter() - begun) * 1000, 1)
        if result.erased:
            self._sessions.pop(said["session"], None)
        return said

    async def _conversation(self, session: str, line: dict[str, Any]) -> str:
        if session in self._sessions:
            return self._sessions[session]
        found = await self._services.db.run(
            _find_or_open, session, _channel(line), line.get("lang") or "nb"
        )
        self._sessions[session or found.id] = found.id
        return found.id

    async def _described(self, result: TurnResult) -> dict[str, Any]:
        finding, understood = result.finding, result.understood
        topics = [result.topic] if result.topic else []
        if finding is not None:
            topics += finding.all
        if understood is not None:
            topics += understood.topics
        return {
            "session": "",
            "topic": result.topic,
            "topics": list(dict.fromkeys(topics)),
            "alternatives": _offered(result),
            "confidence": _confidence(result),
            "danger": finding.danger if finding else None,
            "level": finding.level if finding else None,
            "lang": result.lang,
            "held_by": result.held_by,
            "replies": [
                {"text": reply.text, "buttons": [asdict(button) for button in reply.buttons]}
                for reply in result.replies
            ],
            "handoff": await self._handoff(result),
            "ms": 0.0,
        }

    async def _handoff(self, result: TurnResult) -> dict[str, Any] | None:
        if result.opened is None:
            return None
        case = await self._services.db.run(queue.case, result.opened.handoff_id)
        if case is None or case.draft is None:
            return None
        return {
            "id": result.opened.handoff_id,
            "urgency": case.draft.urgency,
            "reasons": list(case.draft.reasons),
            "code": result.opened.code,
            "summary": [asdict(line) for line in case.draft.summary],
        }


async def answer_lines(
    settings: Settings, secrets: Secrets, source: TextIO, out: TextIO, ephemeral: bool
) -> None:
    """JSON lines in and out; a line that is not JSON gets {"error": …} and nothing stops."""
    async with running(settings, secrets, ephemeral) as services:
        asker = Asker(services)
        for raw in source:
            if not raw.strip():
                continue
            try:
                line = json.loads(raw)
                if not isinstance(line, dict):
                    raise ValueError
            except ValueError:
                answer: dict[str, Any] = {"error": 'not a JSON object with "text"'}
            else:
                answer = await asker.ask(line)
            print(json.dumps(answer, ensure_ascii=False), file=out, flush=True)


async def chat_in_terminal(settings: Settings, secrets: Secrets, lang: str, channel: str) -> None:
    """Type as the person; choices are numbered; an empty line ends."""
    async with running(settings, secrets, ephemeral=True) as services:
        asker = Asker(services)
        while text := (await asyncio.to_thread(input, "> ")).strip():
            answer = await asker.ask(
                {"text": text, "session": "terminal", "lang": lang, "channel": channel}
            )
            for reply in answer["replies"]:
                print(reply["text"])
                for number, button in enumerate(reply["buttons"], 1):
                    print(f"  {number} {button['title']}")


def _channel(line: dict[str, Any]) -> Channel:
    return "sms" if line.get("channel") == "sms" else "web"


def _find_or_open(tx: Tx, session: str, channel: Channel, lang: str) -> Conversation:
    """A conversation by id, or a new one in which the person has said that it is safe to write.

    Measuring asks for answers, so the neutral first SMS does not stand in their way here.
    """
    found = conversations.get(tx, session) if session else None
    if found is not None:
        return found
    known: Lang = lang if lang in LANGS else "nb"
    if channel == "sms":
        number = f"{TERMINAL_NUMBER}{session or tx.now.timestamp()}"
        conversation = conversations.by_number(tx, number, known)
    else:
        conversation, _token = conversations.open_web(tx, known)
    conversation.state.safe = "yes"
    conversations.save(tx, conversation)
    return conversation


def _offered(result: TurnResult) -> list[str]:
    if result.topic is not None or result.understood is None:
        return []
    return list(result.understood.alternatives)


def _confidence(result: TurnResult) -> float:
    if result.finding is not None:
        return 1.0
    return round(result.understood.confidence, 4) if result.understood else 0.0
