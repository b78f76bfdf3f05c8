"""The path of one message, top to bottom. Start reading here.

    0 safety      in memory; if anything after this fails, its reply still goes out
    1 record      redacted, sealed, before anything else can lose it
    2 still you?  after a pause or a sign of somebody else the thread is put aside
      safe?       is it safe to write here? (the first screen; the neutral first SMS)
    3 held?       the desk holds the person: the counsellor sees it, the bot is silent
    4 danger      a finding is answered first and alarms the desk at once; a blocked one ends here
    5 command     SLETT, MENNESKE … as a whole message, or a button
    6 flow        handing over, the checklist, the safety plan
    7 understand  the topic; unsure → offer up to three, then a person
    always        store, send, wake the desk

Steps end the turn by raising Answered or Silent; the closing step always runs.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Literal, TypeVar

from bot import answers, danger, handing_over, missed, misuse, opening, presence, reader, safe_word
from bot.appointments import about_talk, note_press
from bot.channels.clean import clean
from bot.channels.messages import Channel, Lang, Message, Reply
from bot.channels.sms import rest
from bot.channels.sms.menu import read_choice
from bot.counted import heed_opting_out, note_for_counting
from bot.feedback import note_feedback, offer_feedback
from bot.hearing import hear, listen, listen_ahead, redacted
from bot.safety import Finding, SafetyContext, SafetyResult
from bot.store import conversations, messages
from bot.store.conversations import Conversation
from bot.store.database import StoreAway, Tx
from bot.understanding.language import detect_language
from bot.understanding.types import Understood

if TYPE_CHECKING:
    from bot.handoff.queue import Opened
    from bot.services import Services

log = logging.getLogger(__name__)
T = TypeVar("T")

MOST_UNSTORED = 200  # alarms kept in memory while the store is away


class Answered(Exception):
    """The turn has its replies; no further step runs."""


class Silent(Exception):
    """The bot says nothing in this turn (the desk holds the person, or it was a repeat)."""


@dataclass
class Turn:
    """Everything about one message on its way through the steps."""

    message: Message
    safety: SafetyResult
    conversation: Conversation
    message_id: str
    payload: str | None = None
    understood: Understood | None = None
    topic: str | None = None
    opened: Opened | None = None
    unanswered: bool = False  # understanding is still loading; answered when it is ready
    erased: bool = False
    failed: bool = False  # a step broke: the person got the safe reply, the state is as before
    alarm_owed: bool = False  # a finding that could not be stored for the desk yet
    not_now: bool = False  # the person said that the danger is not now
    check_back: bool = False  # the direct question was asked: look back once if nothing comes
    age_open: bool = False  # how old they are was asked just before
    replies: list[Reply] = field(default_factory=list)

    @property
    def lang(self) -> Lang:
        return self.conversation.lang

    @property
    def channel(self) -> Channel:
        return self.conversation.channel

    @property
    def finding(self) -> Finding | None:
        return self.safety.finding

    def say(self, *replies: Reply) -> None:
        """Add replies."""
        self.replies.extend(replies)


@dataclass(frozen=True)
class TurnResult:
    """What came of a message, for the channel and for measuring."""

    replies: list[Reply]
    finding: Finding | None
    stored: bool
    lang: Lang
    held_by: str = "bot"
    topic: str | None = None
    understood: Understood | None = None
    opened: Opened | None = None
    erased: bool = False


class TurnRunner:
    """Runs turns, one at a time per conversation."""

    def __init__(self) -> None:
        self._locks: dict[str, tuple[asyncio.Lock, int]] = {}  # lock, how many use it
        self._told: dict[str, Turn] = {}  # by message id: answered, but that could not be stored
        self._unstored_alarms: list[tuple[Message, Finding]] = []  # raised when the store is back

    def connect(self, services: Services) -> None:
        """Give the runner its parts; called once by the wiring."""
        self.services = services

    async def handle(self, message: Message) -> TurnResult:
        """The whole path of one message from a person. Never raises."""
        message = replace(message, text=clean(message.text))
        await listen_ahead(self.services, message.text)
        async with self._alone(message.conversation_id):
            turn = await self._safely("record", self.services.db.run(self._record, message))
            if turn == "repeat":
                return TurnResult([], None, stored=True, lang="nb")
            if turn is None or turn == "gone":
                return self._without_store(message, only_danger=turn == "gone")
            return await self._walk(turn)

    async def answer_pending(self) -> int:
        """Answer what arrived while understanding was loading, or before a crash. Returns how many.

        A message is answered once: whoever marks it answered first is the one who replies.
        While understanding still loads, only what speaks of danger is answered.
        """
        await self._raise_unstored()
        waiting = await self.services.db.run(messages.waiting)
        self._told = {id: self._told[id] for _, id in waiting if id in self._told}
        answered = 0
        for conversation_id, message_id in waiting:
            async with self._alone(conversation_id):
                pick_up = self.services.db.run(self._pick_up, conversation_id, message_id)
                turn = await self._safely("pick_up", pick_up)
                if turn is not None:
                    await self._walk(turn)
                    answered += 1
        return answered

    def answer_without_store(self, text: str, channel: Channel, lang: Lang) -> list[Reply]:
        """What is said when the database is away: danger first, else the static safe reply."""
        finding = self.services.safety.check(clean(text), SafetyContext(lang=lang)).finding
        return danger.first_words(self.services, finding, lang, channel)

    async def erase(self, conversation_id: str) -> list[Reply]:
        """SLETT and Forlat siden: words and number go now. Returns what may be said about it."""
        async with self._alone(conversation_id):
            return await handing_over.erase(self.services, conversation_id)

    async def alone(self, conversation_id: str, work: Callable[[Tx, str], T]) -> T:
        """Change a conversation from outside a turn: no turn that runs can write over it."""
        async with self._alone(conversation_id):
            return await self.services.db.run(work, conversation_id)

    # --- the steps -------------------------------------------------------------------------

    async def _walk(self, turn: Turn) -> TurnResult:
        with self.services.metrics.seconds.time():
            if not await self._safely("steps", self._steps(turn)):
                turn.failed = True
                turn.replies = opening.safe_reply(self.services, turn)
            return await self._close(turn)

    async def _steps(self, turn: Turn) -> bool:
        steps: tuple[Callable[[Turn], Awaitable[None]], ...] = (
            self._still_you,
            self._safe_to_write,
            self._held_by_desk,
            self._danger,
            self._command,
            self._flow,
            self._understand,
        )
        try:
            for step in steps:
                await step(turn)
        except Answered:
            pass
        except Silent:
            turn.replies.clear()
        return True

    async def _safely(self, part: str, work: Awaitable[T]) -> T | None:
        """The one boundary of a turn. None when `work` failed: then the safe reply goes out.

        Whatever breaks on the way, the person is answered. The log gets the class and the place,
        never the words; /health/ready names the part until it works again.
        """
        try:
            done = await work
        except StoreAway as error:
            log.error("store away in %s: %s", part, error)
            self.services.troubles["store"] = str(error)
            return None
        except Exception as error:
            log.exception("%s failed", part)
            self.services.troubles[part] = type(error).__name__
            return None
        self.services.troubles.pop(part, None)
        return done

    async def _still_you(self, turn: Turn) -> None:
        await heed_opting_out(self.services, turn)  # heard whatever comes of the message
        if await presence.check(self.services, turn):
            raise Answered

    async def _safe_to_write(self, turn: Turn) -> None:
        if await opening.answer(self.services, turn):
            raise Answered

    async def _held_by_desk(self, turn: Turn) -> None:
        if turn.conversation.held_by != "desk" or handing_over.works_held(turn):
            return
        if misuse.blocked(turn):
            return  # the counsellor has shut it for a time: danger is answered here
        if turn.finding is not None:
            await danger.alarm(self.services, turn)
        missed.note_press(turn)
        await note_press(self.services, turn)
        note_feedback(turn)
        raise Silent

    async def _danger(self, turn: Turn) -> None:
        reader.notice(turn)  # also where the danger is answered: the role is kept
        if await danger.answer(self.services, turn) or misuse.answer(self.services, turn):
            raise Answered

    async def _command(self, turn: Turn) -> None:
        if handing_over.read_on(self.services, turn) or await missed.answer(self.services, turn):
            raise Answered
        if await about_talk(self.services, turn) or await handing_over.command(self.services, turn):
            raise Answered

    async def _flow(self, turn: Turn) -> None:
        if await handing_over.flow(self.services, turn):
            raise Answered

    async def _understand(self, turn: Turn) -> None:
        await answers.understand(self.services, turn)
        offer_feedback(self.services, turn)

    # --- first and last --------------------------------------------------------------------

    def _record(self, tx: Tx, message: Message) -> Turn | Literal["repeat", "gone"]:
        conversation = conversations.get(tx, message.conversation_id)
        if conversation is None:
            return "gone"
        safety = hear(self.services, message.text, message.payload, conversation)
        message = safe_word.hidden(tx, message, safety, conversation) or replace(
            message, text=redacted(message.text, safety, conversation.lang)
        )
        message_id = messages.add_inbound(tx, message)
        if message_id is None:
            return "repeat"
        conversations.touch(tx, conversation.id)
        return self._turn(message, safety, conversation, message_id)

    def _pick_up(self, tx: Tx, conversation_id: str, message_id: str) -> Turn | None:
        conversation = conversations.get(tx, conversation_id)
        stored = messages.get(tx, message_id)
        if conversation is None or stored is None or stored.answered:
            return None
        if (told := self._told.get(message_id)) is not None:
            self._note_told(tx, told)
            return None
        safety = hear(self.services, stored.reply.text, stored.payload, conversation)
        if safety.finding is None and conversation.state.neutral:
            messages.mark_answered(tx, message_id)  # a late answer would come unasked for
            return None
        if safety.finding is None and self._loading():
            return None
        message = Message(
            conversation_id, conversation.channel, stored.reply.text, stored.at, stored.payload
        )
        return self._turn(message, safety, conversation, message_id)

    def _loading(self) -> bool:
        understanding = self.services.understanding
        return not understanding.ready and understanding.failed_reason is None

    def _turn(
        self, message: Message, safety: SafetyResult, conversation: Conversation, message_id: str
    ) -> Turn:
        turn = Turn(message, safety, conversation, message_id, payload=message.payload)
        if turn.payload is None and safety.finding is None:
            turn.payload = read_choice(message.text, conversation.state.menu, conversation.lang)
        answers.follow_language(turn)
        return turn

    async def _close(self, turn: Turn) -> TurnResult:
        services = self.services
        services.metrics.turns.labels(turn.channel).inc()
        if turn.finding is not None:
            services.metrics.findings.labels(turn.finding.danger, turn.finding.level).inc()
        stored = await self._safely("keep", services.db.run(self._keep, turn)) or False
        if stored:
            services.troubles.pop("store", None)
        else:
            self._told[turn.message_id] = turn
        if stored and not turn.erased:
            services.outbound.sent(turn.conversation)
        held = turn.conversation.held_by == "desk"
        if turn.finding is not None or turn.opened is not None or turn.not_now or held:
            services.events.publish("desk")
        return TurnResult(
            turn.replies,
            turn.finding,
            stored,
            turn.lang,
            turn.conversation.held_by,
            turn.topic,
            turn.understood,
            turn.opened,
            turn.erased,
        )

    def _keep(self, tx: Tx, turn: Turn) -> bool:
        if turn.erased:
            return True
        if not turn.unanswered and not messages.mark_answered(tx, turn.message_id):
            turn.replies.clear()
            return True
        if turn.failed:
            self._as_before(tx, turn)
        elif turn.replies:
            turn.conversation.state.menu = []  # an old number must not choose from a new question
            rest.forget(turn.conversation.state)
        danger.keep(tx, self.services, turn)
        self.services.outbound.put(tx, turn.conversation, turn.replies)
        note_for_counting(self.services, turn)
        conversations.save(tx, turn.conversation)
        return True

    def _as_before(self, tx: Tx, turn: Turn) -> None:
        """A turn that broke changes nothing but what is known of danger: a "yes, send" that was not
        stored can be said again."""
        before = conversations.get(tx, turn.conversation.id)
        if before is not None:
            turn.conversation = before
        if turn.finding is not None:
            danger.remember(turn, turn.finding)

    def _note_told(self, tx: Tx, told: Turn) -> None:
        """The person has the reply already; only what the desk must know is made good."""
        messages.mark_answered(tx, told.message_id)
        if told.alarm_owed:
            danger.raise_owed(tx, told)

    def _without_store(self, message: Message, *, only_danger: bool) -> TurnResult:
        """Nothing could be kept. `only_danger`: the conversation was erased a moment ago."""
        lang = detect_language(message.text, "nb").lang
        finding = listen(self.services, message.text, SafetyContext(lang=lang)).finding
        if only_danger and finding is None:
            return TurnResult([], None, stored=True, lang=lang)
        replies = danger.first_words(self.services, finding, lang, message.channel)
        if finding is not None and not only_danger and finding.level != "gentle":
            owed = (replace(message, text=""), finding)  # no more words in memory than needed
            self._unstored_alarms = [*self._unstored_alarms, owed][-MOST_UNSTORED:]
            self.services.alert()
        return TurnResult(replies, finding, stored=False, lang=lang)

    async def _raise_unstored(self) -> None:
        """Alarms from the time when the store was away reach the desk now."""
        while self._unstored_alarms:
            message, finding = self._unstored_alarms[0]
            raised = self.services.db.run(danger.raise_late, message, finding)
            if not await self._safely("alarm", raised):
                return
            self._unstored_alarms.pop(0)
            self.services.alert()

    @asynccontextmanager
    async def _alone(self, conversation_id: str) -> AsyncIterator[None]:
        lock, users = self._locks.get(conversation_id) or (asyncio.Lock(), 0)
        self._locks[conversation_id] = (lock, users + 1)
        try:
            async with lock:
                yield
        finally:
            lock, users = self._locks[conversation_id]
            if users == 1:
                del self._locks[conversation_id]
            else:
                self._locks[conversation_id] = (lock, users - 1)
