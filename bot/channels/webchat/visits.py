"""What a person can do on the page: say something, erase, leave, take a return code, come back.

No request handling and no HTML here. A conversation exists from the first message on, never before.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime

from bot.channels.clean import LONGEST
from bot.channels.events import conversation_topic
from bot.channels.messages import Lang, Message, Reply
from bot.channels.webchat import codes
from bot.channels.webchat.form import Incoming
from bot.channels.webchat.limits import Limits
from bot.channels.webchat.repeats import Repeats
from bot.day_service.coming_back import by_return_code
from bot.handoff import queue
from bot.safety import SafetyContext
from bot.services import Services
from bot.store import conversations, messages
from bot.store.conversations import Conversation
from bot.store.database import StoreAway, Tx
from bot.store.messages import Stored

log = logging.getLogger(__name__)

MOST_SHOWN = 60
"""Messages drawn on a whole page; older ones stay stored until they are erased."""
LEAVE_WITHIN = 2.0
"""Seconds *Forlat siden* waits for the erase before it leads away; the erase goes on."""


@dataclass(frozen=True)
class Outcome:
    """What came of a posted form. `replies` only when the store could not keep them."""

    token: str = ""
    conversation_id: str = ""
    notice: str | None = None
    replies: tuple[Reply, ...] = ()
    erased: bool = False
    draft: str = ""
    code: str = ""


@dataclass(frozen=True)
class View:
    """An open conversation as the page shows it."""

    conversation: Conversation
    messages: list[Stored]
    waits: bool


class Visits:
    """The doings of the people on the page."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._words = codes.load_words()
        self._repeats: Repeats[Outcome] = Repeats()
        self._first_forms: OrderedDict[str, str] = OrderedDict()
        settings = services.settings
        self.limits = Limits(settings.web_per_minute, settings.all_per_minute)

    async def find(self, token: str) -> Conversation | None:
        """The open conversation of a page's token. Raises StoreAway."""
        if not token:
            return None
        return await self._services.db.run(conversations.by_web_token, token)

    async def look(self, token: str, after: int = 0) -> View | None:
        """What the page shows after message number `after`; None when nothing is open."""
        if not token:
            return None
        return await self._services.db.run(_view, token, after)

    async def say(self, incoming: Incoming) -> Outcome:
        """A message or a pressed choice. The same form posted again gets the same outcome."""
        if not incoming.text:
            notice = "picture" if incoming.has_file else "empty"
            return Outcome(incoming.token, notice=notice, draft=incoming.draft)
        try:
            conversation = await self.find(incoming.token)
            if self._repeats.seen(incoming.key):
                return await self._said_before(incoming, conversation)
            refused = self._refused(incoming, conversation)
        except StoreAway:
            return self._without_store(incoming)
        if refused:
            return Outcome(incoming.token, notice=refused, draft=incoming.unsent)
        if not incoming.token and incoming.nonce:
            self._first_forms[incoming.nonce] = incoming.key
            if len(self._first_forms) > 10_000:
                self._first_forms.popitem(last=False)
        outcome = await self._repeats.once(incoming.key, lambda: self._say(incoming, conversation))
        if outcome.replies:
            self._repeats.forget(incoming.key)  # not kept, so it may be sent once more
        return outcome

    async def erase(self, incoming: Incoming) -> Outcome:
        """SLETT. Somebody who is to be called is asked once whether that stands (see the turn)."""
        conversation = await self._mine(incoming)
        if conversation is None:
            return Outcome(erased=True)
        if await self._services.db.run(queue.has_open_callback, conversation.id):
            message = Message(conversation.id, "web", "slett", self._now(), "erase")
            result = await self._services.turn.handle(message)
            if result.replies and not result.erased:
                return Outcome(incoming.token, conversation.id)
        await self._erase(conversation.id)
        return Outcome(erased=True)

    async def leave(self, incoming: Incoming) -> None:
        """Erase on the way out. Waits a moment at most; a wish to be called stands."""
        going = asyncio.ensure_future(self._leave(incoming))
        await asyncio.wait({going}, timeout=LEAVE_WITHIN)

    async def give_code(self, incoming: Incoming) -> Outcome:
        """A return code for someone who waits, shown once."""
        conversation = await self.find(incoming.token)
        if conversation is None:
            return Outcome(erased=True)
        code = None
        if not conversation.state.thread_away:  # else it would open what is put aside
            code = await self._services.db.run(codes.give_code, conversation.id, self._words)
        notice = "code_shown" if code else "code_none"
        return Outcome(
            incoming.token, conversation.id, notice, code=code or "", draft=incoming.text
        )

    async def come_back(self, incoming: Incoming) -> Outcome:
        """Open a conversation by its return code; its older pages stop working."""
        if not self.limits.code():
            return Outcome(notice="code_wait")
        found = await self._services.db.run(codes.open_again, incoming.code)
        if found is None:
            return Outcome(notice="code_unknown")
        conversation, token = found
        services = self._services
        says, content = services.outbound, services.content
        await services.db.run(by_return_code, says, content, conversation)
        services.events.publish(conversation_topic(conversation.id))
        return Outcome(token, conversation.id)

    async def switch(self, incoming: Incoming, lang: Lang) -> Outcome:
        """Another language: told to the conversation when there is one, else only to the page."""
        if not incoming.token:
            return Outcome(draft=incoming.text)
        found = await self._services.db.run(_speak, incoming.token, lang)
        return Outcome(incoming.token, erased=not found, draft=incoming.text)

    # --- inside ----------------------------------------------------------------------------

    async def _said_before(self, incoming: Incoming, open_now: Conversation | None) -> Outcome:
        """The same form again: a double tap, a retry, or the browser's history after an erase."""
        work = self._repeats.outcome(incoming.key)
        if work is None:
            return Outcome(incoming.token, erased=open_now is None)
        outcome = await asyncio.shield(work)
        if outcome.replies or await self.find(outcome.token) is not None:
            return outcome
        return Outcome(erased=True)

    def _refused(self, incoming: Incoming, conversation: Conversation | None) -> str | None:
        """Why a message does not come in: too much or too long. Never when it speaks of danger."""
        notice = self.limits.message(conversation.id if conversation else None)
        if notice is None and len(incoming.text) > LONGEST:
            notice = "too_long"
        if notice is None or self._danger_words(incoming, conversation) is not None:
            return None
        return notice

    def _danger_words(self, incoming: Incoming, conversation: Conversation | None) -> str | None:
        context = SafetyContext(lang=incoming.lang)
        if conversation is not None:
            state = conversation.state
            context = SafetyContext(
                lang=conversation.lang,
                asked_suicide=state.asked_suicide,
                last_danger=state.last_danger,
                last_level=state.last_level,  # type: ignore[arg-type]
            )
        finding = self._services.safety.check(incoming.text, context).finding
        return finding.words if finding else None

    async def _say(self, incoming: Incoming, known: Conversation | None) -> Outcome:
        services = self._services
        token = incoming.token
        if known is None:
            try:
                conversation, token = await services.db.run(conversations.open_web, incoming.lang)
            except StoreAway:
                return self._without_store(incoming)
        else:
            conversation = known
        text, notice = self._fitting(incoming, conversation)
        result = await services.turn.handle(
            Message(
                conversation_id=conversation.id,
                channel="web",
                text=text,
                at=self._now(),
                payload=incoming.payload,
                provider_id=f"web:{conversation.id}:{incoming.key}" if incoming.key else None,
            )
        )
        if result.erased:
            return Outcome(erased=True)
        return Outcome(
            token,
            conversation.id,
            notice=notice or ("picture" if incoming.has_file else None),
            replies=() if result.stored else tuple(result.replies),
            draft=incoming.draft,
        )

    def _fitting(self, incoming: Incoming, conversation: Conversation) -> tuple[str, str | None]:
        """A message of danger that is too long is cut, with its dangerous words put first."""
        if len(incoming.text) <= LONGEST:
            return incoming.text, None
        words = self._danger_words(incoming, conversation) or ""
        return f"{words}\n{incoming.text}"[:LONGEST], "shortened"

    def _without_store(self, incoming: Incoming) -> Outcome:
        replies = self._services.turn.answer_without_store(incoming.text, "web", incoming.lang)
        danger = any(reply.kind == "danger" for reply in replies)
        return Outcome(
            incoming.token, replies=tuple(replies), draft="" if danger else incoming.unsent
        )

    async def _mine(self, incoming: Incoming) -> Conversation | None:
        """The conversation of this page, also when its first message is still on its way."""
        token = incoming.token
        key = self._first_forms.get(incoming.nonce) if not token and incoming.nonce else None
        work = self._repeats.outcome(key) if key else None
        if work is not None:
            token = (await asyncio.shield(work)).token
        return await self.find(token)

    async def _leave(self, incoming: Incoming) -> None:
        try:
            conversation = await self._mine(incoming)
            if conversation is not None:
                await self._erase(conversation.id)
        except StoreAway as error:
            # The person is on the way out and must not be kept; the twelve hours still hold.
            log.error("nothing erased on leaving: %s", error)

    async def _erase(self, conversation_id: str) -> None:
        await self._services.turn.erase(conversation_id)
        self._repeats.drop_outcomes(lambda outcome: outcome.conversation_id == conversation_id)
        self._services.events.publish(conversation_topic(conversation_id))

    def _now(self) -> datetime:
        return self._services.db.clock()


def _speak(tx: Tx, token: str, lang: Lang) -> bool:
    conversation = conversations.by_web_token(tx, token)
    if conversation is None:
        return False
    conversation.lang = lang
    conversations.save(tx, conversation)
    return True


def _view(tx: Tx, token: str, after: int) -> View | None:
    conversation = conversations.by_web_token(tx, token)
    if conversation is None:
        return None
    shown: list[Stored] = []
    after = max(after, conversation.state.hidden_to)
    while more := messages.after(tx, conversation.id, after):
        shown = (shown + more)[-MOST_SHOWN:]
        after = more[-1].seq
    waits = not conversation.state.thread_away and codes.waits(tx, conversation.id)
    return View(conversation, shown, waits)
