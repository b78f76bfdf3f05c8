"""Plays a transcript: a whole conversation as a text that can be read aloud.

    A title in words
    channel: sms
    ---
    person: han står utenfor døra
    bot: Ring politiet nå: 112.
    desk: alarm danger_now (now)

Lines a test *does* begin with: person, press, leave, counsellor, time, duty, understanding.
Lines the service *says* begin with: bot, desk. Playing does the first and compares the second.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.channels.messages import Message, Reply
from bot.channels.sms.menu import sms_texts
from bot.desk import presence_pages
from bot.desk.case_view import doubt_of
from bot.handoff import followup, missed, queue
from bot.jobs import intervals, sweep_all
from bot.services import Services
from bot.store import conversations, messages, models
from bot.store.database import Tx
from tests.booking import Booking
from tests.support import PHONE, MovingClock

COUNSELLOR = "c0ffee"
_SAYS = ("bot:", "desk:")
_GAP = "      "


@dataclass
class Transcript:
    """The head and the lines of a file."""

    path: Path
    title: str
    head: dict[str, str]
    lines: list[str]

    @classmethod
    def read(cls, path: Path) -> Transcript:
        top, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
        title, *rest = top.strip().splitlines()
        head = dict(line.split(": ", 1) for line in rest)
        lines: list[str] = []
        for line in body.rstrip("\n").split("\n"):
            if line.startswith(_GAP) and lines:
                lines[-1] += "\n" + line.removeprefix(_GAP)
            else:
                lines.append(line)
        return cls(path, title, head, lines)

    def written(self, lines: list[str]) -> str:
        head = [self.title, *(f"{name}: {value}" for name, value in self.head.items()), "---"]
        return "\n".join(head + [line.replace("\n", "\n" + _GAP) for line in lines]) + "\n"


@dataclass
class Player:
    """One conversation between a person, the service and a counsellor."""

    services: Services
    clock: MovingClock
    channel: str = "web"
    lang: str = "nb"
    played: list[str] = field(default_factory=list)
    conversation_id: str = ""
    buttons: dict[str, str] = field(default_factory=dict)
    case_id: str | None = None
    _seq: int = 0
    _known: set[str] = field(default_factory=set)
    _mark: str = "none"

    def __post_init__(self) -> None:
        self._booking = Booking(self)

    async def play(self, transcript: Transcript) -> list[str]:
        """Do what the transcript does; returns it with what the service really said."""
        self.channel = transcript.head.get("channel", "web")
        self.lang = transcript.head.get("lang", "nb")
        for line in transcript.lines:
            if line.startswith(_SAYS):
                continue
            self.played.append(line)
            if line.strip():
                await self._do(line)
                await self._heard()
        return self.played

    async def _do(self, line: str) -> None:
        what, _, value = line.partition(": ")
        actions = {
            "person": self._writes,
            "press": self._presses,
            "leave": self._leaves,
            "counsellor takes": self._takes,
            "counsellor": self._counsellor_writes,
            "counsellor tries": self._tries,
            "counsellor waits": self._waits,
            "counsellor lays in": self._lays_in,
            "counsellor knows": self._lays_in,
            "counsellor writes down": self._writes_down,
            "counsellor closes": self._closes,
            "counsellor gives back": self._gives_back,
            "time": self._time,
            "duty": self._duty,
            "understanding": self._understanding,
            **self._booking.steps(),
        }
        await actions[what](value)

    async def _writes(self, text: str, payload: str | None = None) -> None:
        await self._open()
        self.clock.passes(seconds=5)
        await self.services.turn.handle(
            Message(self.conversation_id, self.channel, text, self.clock(), payload)  # type: ignore[arg-type]
        )

    async def _presses(self, title: str) -> None:
        """By the words on the button, or by its payload where that is easier to read."""
        await self._writes("", self.buttons.get(title, title))

    async def _leaves(self, _value: str) -> None:
        await self.services.turn.erase(self.conversation_id)

    async def _takes(self, _value: str) -> None:
        waiting = [r for r in await self._run(queue.list_queue) if r.status == "waiting"]
        self.case_id = waiting[0].id
        assert await self._run(queue.take, self.case_id, COUNSELLOR)
        await self._tell("counsellor_taken")

    async def _counsellor_writes(self, text: str) -> None:
        assert self.case_id
        assert await self.services.outbound.from_desk(self.case_id, text) == "sent"

    async def _tries(self, text: str) -> None:
        assert self.case_id
        sent = await self.services.outbound.from_desk(self.case_id, text)
        self.played.append(f"desk: {sent}")

    async def _waits(self, value: str) -> None:
        """Time passes with the page of the case open, which keeps it."""
        number, unit = value.split()
        self.clock.passes(**{unit: float(number)})
        assert await self._run(queue.renew, self.case_id, COUNSELLOR)

    async def _lays_in(self, word: str) -> None:
        """The safe word the person said on the phone; none: it is the person."""
        await self.services.turn.alone(
            self.conversation_id, lambda tx, id: presence_pages.keep(tx, id, word or None)
        )

    async def _writes_down(self, words: str) -> None:
        """What was not understood, in her words; "kept", or why not."""
        why_not, _ = await self._run(missed.keep, self.case_id, COUNSELLOR, words)
        self.played.append(f"desk: {why_not or 'kept for the editor'}")

    async def _closes(self, outcome: str) -> None:
        assert await self._run(queue.close, self.case_id, COUNSELLOR, outcome or "talked")
        await self._tell("given_back")

    async def _gives_back(self, _value: str) -> None:
        assert await self._run(queue.give_back, self.case_id, COUNSELLOR)
        await self._tell("counsellor_away")

    async def _tell(self, sentence: str) -> None:
        await self.services.outbound.unprompted(self.conversation_id, sentence)

    async def _time(self, value: str) -> None:
        number, unit = value.split()
        self.clock.passes(**{unit: float(number)})
        await self._run(sweep_all, self.services.settings)
        for item in await self._run(followup.due, intervals(self.services.settings)):
            if item.do == "tell_person":
                await self.services.outbound.unprompted(item.conversation_id, item.sentence_id)
            await self._run(followup.done, item)
        await self._booking.time_has_passed()

    async def _duty(self, value: str) -> None:
        await self._run(_set_duty, value == "yes")

    async def _understanding(self, value: str) -> None:
        fake = self.services.understanding
        fake.ready = value == "ready"  # type: ignore[misc]
        if value == "ready":
            await self.services.turn.answer_pending()

    async def _heard(self) -> None:
        for stored in await self._run(messages.after, self.conversation_id, self._seq):
            self._seq = stored.seq
            if stored.author != "person":
                self._hear(stored.reply)
        await self._desk_hears()

    def _hear(self, reply: Reply) -> None:
        if reply.buttons:
            self.buttons = {button.title: button.payload for button in reply.buttons}
        who = "bot" if reply.kind != "desk" else "bot (counsellor)"
        if self.channel == "sms":
            self.played += [f"bot: {text}" for text in sms_texts(reply, self.lang)]  # type: ignore[arg-type]
            return
        text = f"{'bot: ' if who == 'bot' else 'bot: R: '}{reply.text}"
        if reply.source:
            text += f"\n({reply.source})"
        if reply.buttons:
            text += "".join(f"\n[ ] {button.title}" for button in reply.buttons if button.ticked)
            pressed = [button for button in reply.buttons if not button.ticked]
            text += "\n" + " ".join(f"[{button.title}]" for button in pressed)
        self.played.append(text)

    async def _desk_hears(self) -> None:
        for alarm in await self._run(queue.list_alarms):
            state = "erased" if alarm.erased_at else alarm.level
            if f"{alarm.id} {state}" not in self._known:
                self._known.add(f"{alarm.id} {state}")
                self.played.append(f"desk: alarm {alarm.danger} ({state})")
            if alarm.not_now_at and f"{alarm.id} {alarm.not_now_at}" not in self._known:
                self._known.add(f"{alarm.id} {alarm.not_now_at}")
                self.played.append(f"desk: alarm {alarm.danger}: the person says not now")
            if alarm.not_now_at and f"{alarm.id} {alarm.not_now_at}" not in self._known:
                self._known.add(f"{alarm.id} {alarm.not_now_at}")
                self.played.append(f"desk: alarm {alarm.danger}: the person says not now")
        await self._desk_sees_a_mark()
        self.played += await self._booking.news()
        for row in await self._run(queue.list_queue):
            if f"{row.id} {row.status}" not in self._known:
                self._known.add(f"{row.id} {row.status}")
                if row.status == "waiting":
                    self.played.append(f"desk: {row.urgency} {row.how}, {await self._case(row.id)}")

    async def _desk_sees_a_mark(self) -> None:
        if self.case_id is None or not await self._run(conversations.of_handoff, self.case_id):
            return
        found = await self._run(conversations.get, self.conversation_id)
        mark = doubt_of(found) or "none"
        if mark != self._mark:
            self._mark = mark
            self.played.append(f"desk: mark {mark}")

    async def _case(self, handoff_id: str) -> str:
        case = await self._run(queue.case, handoff_id)
        said = [line.field for line in case.draft.summary if line.status == "said"]
        return f"reasons {', '.join(case.draft.reasons)}; said: {', '.join(said)}"

    async def _open(self) -> None:
        if self.conversation_id and await self._run(conversations.get, self.conversation_id):
            return
        self._seq = 0
        if self.channel == "sms":
            found = await self._run(conversations.by_number, PHONE, self.lang)
        else:
            found, _token = await self._run(conversations.open_web, self.lang)
        self.conversation_id = found.id

    async def _run(self, fn, *args):  # type: ignore[no-untyped-def]
        return await self.services.db.run(fn, *args)


def _set_duty(tx: Tx, on_duty: bool) -> None:
    row = tx.session.get(models.Counsellor, COUNSELLOR)
    if row is None:
        row = models.Counsellor(
            id=COUNSELLOR,
            username="vakt",
            display_name="Vakt",
            password_hash="x",
            totp_sealed=b"x",
            created_at=tx.now,
        )
        tx.session.add(row)
    row.on_duty = on_duty
    row.last_seen_at = tx.now + timedelta(hours=1)
