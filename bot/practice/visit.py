"""One invented person from the first word to the end, through the same path as everybody else."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, cast

from bot.channels.messages import Message
from bot.channels.sms.demo_provider import DemoProvider
from bot.day_service import saying
from bot.handoff import queue
from bot.handoff.draft import HandoffDraft
from bot.handoff.followup import FollowUp
from bot.practice.people import Person, Step, Then
from bot.services import Services
from bot.store import conversations, messages
from bot.store.database import Tx

log = logging.getLogger(__name__)

Where = Literal["coming", "waiting", "talking", "over"]
Ending = Literal["", "closed", "left", "nobody", "erased", "broken"]

LETTERS_A_SECOND = 9.0  # somebody who writes on a phone
_PRESSED = re.compile(r"\[(.+)\]")
_A_TIME = re.compile(rf"{saying.ALL}r\d+_\d+")


class Pace(Protocol):
    """How time passes."""

    async def rest(self, seconds: float) -> None:
        """The person thinks and writes; shorter when practice is fast."""
        ...

    async def moment(self) -> None:
        """Until the next look; never shorter, so that a counsellor has her own time."""
        ...


class RealPace:
    """Seconds as they are, or the people's own share of them made shorter."""

    def __init__(self, times_faster: float = 1.0) -> None:
        self._times_faster = times_faster

    async def rest(self, seconds: float) -> None:
        """See Pace."""
        await asyncio.sleep(seconds / self._times_faster)

    async def moment(self) -> None:
        """See Pace."""
        await asyncio.sleep(1)


class Over(Exception):
    """The person is done here; carries the Ending."""


@dataclass(frozen=True)
class Seen:
    """What has come of the case: who has it, what the counsellor wrote, times she offers."""

    ending: Ending
    taken: bool
    said: tuple[str, ...]
    offered: str | None
    seq: int


class Visit:
    """A person who writes. `play` runs until it is over."""

    def __init__(self, services: Services, person: Person, number: str, pace: Pace) -> None:
        """`number`: an invented one, for somebody who writes by SMS."""
        self.person = person
        self.where: Where = "coming"
        self.ending: Ending = ""
        self.designation = ""
        self.case_id = ""
        self._services = services
        self._number = number
        self._pace = pace
        self._conversation_id = ""
        self._seq = 0
        self._quiet_said = 0
        self._picked = False

    async def play(self) -> None:
        """The whole visit. Never raises: one that breaks is over, and the log has the class."""
        try:
            await self._begin()
            await self._pass_on()
            for step in self.person.script:
                await self._react(step)
            await self._go("stops")  # all is said; the counsellor closes in her own time
        except Over as over:
            self.ending = cast(Ending, str(over))
        except Exception as error:
            log.error("an invented person broke off: %s", type(error).__name__)
            self.ending = "broken"
        finally:
            self.where = "over"

    # --- before anybody has taken the case --------------------------------------------------------

    async def _begin(self) -> None:
        self._conversation_id = await self._services.db.run(self._open)
        if self.person.channel == "web":
            await self._writes("[safe:yes]")
        for text in self.person.begins:
            await self._writes(text)

    def _open(self, tx: Tx) -> str:
        if self.person.channel == "sms":
            return conversations.by_number(tx, self._number, self.person.lang).id
        return conversations.open_web(tx, self.person.lang)[0].id

    async def _pass_on(self) -> None:
        """What comes of "Ja, send": stored, then the desk is told."""
        draft = self.person.draft
        opened = await self._services.turn.alone(
            self._conversation_id, lambda tx, id: _send(tx, id, draft)
        )
        if opened is None:
            raise Over("erased")
        self.case_id, self.designation = opened.handoff_id, opened.designation
        self.where = "waiting"
        self._services.alert(
            urgent=draft.urgency != "when_possible",
            about=FollowUp("notify_desk", "waiting", handoff_id=opened.handoff_id),
        )

    # --- with a counsellor ------------------------------------------------------------------------

    async def _react(self, step: Step) -> None:
        heard = await (self._is_taken() if step.after == "taken" else self._hear())
        await self._pace.rest(step.wait)
        heard += (await self._look()).said  # she may have written more meanwhile
        says, then = step.reacts(heard)
        for text in says:
            await self._writes(text)
        if then is not None:
            await self._go(then)

    async def _is_taken(self) -> tuple[str, ...]:
        since = self._now()
        while not (await self._look()).taken:
            await self._still_patient(since)
        self.where = "talking"
        return ()

    async def _hear(self) -> tuple[str, ...]:
        """What the counsellor wrote; until then the person waits, asks, and at last goes."""
        since = self._now()
        while True:
            seen = await self._look()
            await self._answers_offer(seen)
            if seen.said:
                return seen.said
            if not seen.taken:
                self.where = "waiting"
                await self._still_patient(since)
            elif self.where == "waiting":
                self.where, since = "talking", self._now()
                if self.person.again:
                    await self._pace.rest(6)
                    await self._writes(self.person.again)
            elif self._now() - since >= self.person.when_quiet.seconds:
                since = self._now()
                await self._asks_again()

    async def _asks_again(self) -> None:
        quiet = self.person.when_quiet
        if self._quiet_said < len(quiet.says):
            self._quiet_said += 1
            await self._writes(quiet.says[self._quiet_said - 1])
        elif quiet.leaves:
            await self._go("leaves")

    async def _still_patient(self, since: float) -> None:
        if self._now() - since >= self.person.patience:
            await self._erase()
            raise Over("nobody")

    async def _go(self, then: Then) -> None:
        """Leaves the page, which erases; whoever only stops writing leaves the case as it is."""
        if then == "leaves":
            if self.person.channel == "web":
                await self._erase()
            raise Over("left")
        while True:
            await self._answers_offer(await self._look())

    async def _answers_offer(self, seen: Seen) -> None:
        if seen.offered and self.person.picks_time and not self._picked:
            self._picked = True
            await self._pace.rest(15)
            await self._writes(f"[{seen.offered}]")

    async def _erase(self) -> None:
        await self._services.turn.erase(self._conversation_id)

    # --- reading and writing ----------------------------------------------------------------------

    async def _writes(self, text: str) -> None:
        """Through the whole path: the danger check, the record, the steps of a turn."""
        await self._pace.rest(2 + len(text) / LETTERS_A_SECOND)
        pressed = _PRESSED.fullmatch(text)
        provider = self._services.sms
        if self.person.channel == "sms" and isinstance(provider, DemoProvider):
            provider.person_wrote(self._number, text)
        await self._services.turn.handle(
            Message(
                self._conversation_id,
                self.person.channel,
                "" if pressed else text,
                self._services.db.clock(),
                pressed[1] if pressed else None,
            )
        )

    async def _look(self) -> Seen:
        """The case after a moment. Raises Over when there is nothing more to wait for."""
        await self._pace.moment()
        seen = await self._services.db.run(_look, self._conversation_id, self.case_id, self._seq)
        self._seq = seen.seq
        if seen.ending:
            raise Over(seen.ending)
        return seen

    def _now(self) -> float:
        return self._services.db.clock().timestamp()


def _send(tx: Tx, conversation_id: str, draft: HandoffDraft) -> queue.Opened | None:
    conversation = conversations.get(tx, conversation_id)
    if conversation is None:
        return None
    opened = queue.open_handoff(tx, conversation, draft, give_code=False)
    conversation.state.handoff_id = opened.handoff_id
    conversation.state.flow, conversation.state.flow_data = None, {}
    conversations.save(tx, conversation)
    return opened


def _look(tx: Tx, conversation_id: str, case_id: str, seq: int) -> Seen:
    case = queue.case(tx, case_id)
    if case is None or conversations.get(tx, conversation_id) is None:
        return Seen("erased", False, (), None, seq)
    if case.status == "closed":
        return Seen("closed", False, (), None, seq)
    new = messages.after(tx, conversation_id, seq)
    said = tuple(one.reply.text for one in new if one.author == "desk" and not one.reply.buttons)
    last = new[-1].seq if new else seq
    return Seen("", case.status == "taken", said, _offer(new), last)


def _offer(new: Sequence[messages.Stored]) -> str | None:
    """The first time for a talk among what has come."""
    for one in new:
        for button in one.reply.buttons:
            if _A_TIME.fullmatch(button.payload):
                return button.payload
    return None
