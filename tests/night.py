"""Plays a whole shift: several people, several counsellors, the clock, a lost line, a restart.

One transcript, read from top to bottom. Lines with ">" are done, lines with "<" came of it:

    22:04 > Ada (web): menneske
    22:04 < Ada: Hvordan vil du ha kontakt med en rådgiver?
    22:05 < desk: soon, Ada waits (ba om et menneske)
    22:06 > Ingunn takes Ada

The people's names are for the reader: the service never knows them. Between two lines the clock
runs, the jobs of the service do their work, and pages that are open keep their line.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.channels.messages import Channel, Message
from bot.channels.sms.menu import sms_texts
from bot.desk import holding, wording
from bot.desk.shift_pages import until_of
from bot.handoff import queue, shift
from bot.jobs import Jobs, sweep_all
from bot.services import Services
from bot.store import conversations, duty, handoffs, messages, models, shift_notes
from bot.store.database import Tx
from tests.support import CountingNotifier, MovingClock

HERE = ZoneInfo("Europe/Oslo")
STEP = timedelta(seconds=20)
QUIET = timedelta(minutes=3)  # being told again and again is one line
_LINE = re.compile(r"(\d\d:\d\d) > (.+)")
_SPEAKS = re.compile(r"(\w+)(?: \((web|sms)\))?: (.*)", re.DOTALL)


@dataclass
class Guest:
    """Somebody who writes: on the web or by SMS."""

    channel: Channel
    conversation_id: str
    seq: int = 0


@dataclass
class Night:
    """The service through a shift; `begin` makes it, again after a restart, on the same store."""

    begin: Callable[[], Services]
    clock: MovingClock
    played: list[str] = field(default_factory=list)
    guests: dict[str, Guest] = field(default_factory=dict)
    staff: dict[str, str] = field(default_factory=dict)
    open_pages: set[str] = field(default_factory=set)
    running: Services | None = None
    _known: dict[str, str] = field(default_factory=dict)
    _told: int = 0
    _second: int = 0
    _said_at: datetime | None = None

    async def play(self, lines: list[str]) -> list[str]:
        """Do what stands behind ">"; returns all, with what really came of it."""
        self.running = self.begin()
        for line in lines:
            if not line.strip():
                self.played.append(line)
            found = _LINE.fullmatch(line)
            if found is None:
                continue
            await self._until(found[1])
            self.played.append(line)
            await self._do(found[2])
            await self._notice()
        return self.played

    @property
    def services(self) -> Services:
        assert self.running is not None, "the service is stopped"
        return self.running

    # --- what people do --------------------------------------------------------------------------

    async def _do(self, what: str) -> None:
        name, _, rest = what.partition(" ")
        speaks = _SPEAKS.fullmatch(what)
        if what == "the service stops":
            self.running = None
        elif what == "the service starts":
            self.running = self.begin()
            self._told = self._second = 0
            await self._run(shift.after_restart)
        elif rest.startswith("writes ") and name in self.staff:
            guest, _, text = rest.removeprefix("writes ").partition(": ")
            came = await self.services.outbound.from_desk(await self._case(guest), text)
            assert came == "sent", f"{what}: {came}"
        elif speaks is not None and name not in self.staff:
            await self._person(speaks[1], speaks[2], speaks[3])
        else:
            await self._counsellor(name, rest)

    async def _person(self, name: str, channel: str | None, text: str) -> None:
        if name not in self.guests:
            self.guests[name] = await self._guest(channel or "web", len(self.guests) + 1)
        guest = self.guests[name]
        pressed = re.fullmatch(r"\[(.+)\]", text)
        payload = pressed[1] if pressed else None
        message = Message(
            guest.conversation_id,
            guest.channel,
            "" if pressed else text,
            self.clock(),
            payload,
        )
        await self.services.turn.handle(message)
        await self.services.told()

    async def _guest(self, channel: str, number: int) -> Guest:
        if channel == "sms":
            found = await self._run(conversations.by_number, f"+470000000{number}", "nb")
            return Guest("sms", found.id)
        found, _token = await self._run(conversations.open_web, "nb")
        return Guest("web", found.id)

    async def _counsellor(self, name: str, what: str) -> None:
        me = self.staff.setdefault(name, f"counsellor-{len(self.staff)}")
        verb, _, value = what.partition(" ")
        if what.startswith("goes on duty until "):
            until = until_of(what.rsplit(" ", 1)[1], self.clock())
            await self._run(_on_duty, me, name, until)
            self.open_pages.add(me)
        elif what == "loses the line":
            self.open_pages.discard(me)
            await self._run(shift.line_ended, me)
        elif what == "is back":
            self.open_pages.add(me)
            await self._run(shift.connected, me)
        elif value.startswith("the alarm of "):
            await self._alarm(me, verb, value.removeprefix("the alarm of "))
        elif verb in ("takes", "closes"):
            await self._takes_or_closes(me, verb, value)
        elif verb == "plans":
            starts, until = (until_of(one, self.clock()) for one in value.split("-"))
            await self._run(shift_notes.plan, me, starts, until)
        elif verb == "notes":
            await self._run(shift_notes.write, me, value)
        elif what in ("pauses", "ends the pause"):
            await self._run(duty.pause, me, what == "pauses")
        elif what == "goes off duty":
            self.open_pages.discard(me)
            left = await self._run(holding.give_back_all, self.services.outbound, me)
            self._sent(*left.told)
            await self._run(duty.end, me)
        else:
            raise AssertionError(f"nobody knows how: {name} {what}")

    async def _takes_or_closes(self, me: str, verb: str, value: str) -> None:
        outbound = self.services.outbound
        if verb == "takes":
            case = await self._case(value)
            taken = await self._run(holding.take, outbound, case, me, 120)
            assert taken.holder == me, "somebody else was faster"
            self._sent(taken.told)
            return
        guest, _, outcome = value.partition(": ")
        left = await self._run(holding.close, outbound, await self._case(guest), me, outcome)
        assert left.cases, "the case is not hers"
        self._sent(*left.told)

    async def _alarm(self, me: str, verb: str, guest: str) -> None:
        conversation_id = self.guests[guest].conversation_id
        change = queue.see_alarm if verb == "sees" else queue.close_alarm
        for row in await self._run(queue.list_alarms):
            if row.conversation_id == conversation_id:
                assert await self._run(change, row.id, me)

    # --- the clock -------------------------------------------------------------------------------

    async def _until(self, clock: str) -> None:
        """The jobs do their work and open pages keep their line until the clock shows this."""
        wanted = datetime.strptime(clock, "%H:%M").time()
        local = self.clock().astimezone(HERE)
        end = datetime.combine(local.date(), wanted, HERE)
        if end < local - timedelta(hours=12):
            end += timedelta(days=1)
        while self.clock() < end:
            self.clock.now += STEP
            if self.running is not None:
                await self._works()
        await self._notice()

    async def _works(self) -> None:
        for me in self.open_pages:
            await self._run(shift.connected, me)
        await Jobs(self.services)._follow_up()
        await self.services.told()
        if self.clock().second == 0:
            await self._run(sweep_all, self.services.settings)
            await self._notice()

    # --- what came of it -------------------------------------------------------------------------

    async def _notice(self) -> None:
        if self.running is None:
            return
        for name, guest in self.guests.items():
            for stored in await self._run(messages.after, guest.conversation_id, guest.seq):
                guest.seq = stored.seq
                if stored.author != "person":
                    who = f"{name} (rådgiver)" if stored.author == "desk" else name
                    texts = [stored.reply.text]
                    if guest.channel == "sms":
                        texts = sms_texts(stored.reply, "nb")
                    for text in texts:
                        self._write(f"< {who}: {' '.join(text.split())}")
        await self._desk()
        self._staff()

    async def _desk(self) -> None:
        for alarm in await self._run(queue.list_alarms):
            late = ", everyone alarmed" if alarm.second_at and alarm.status == "open" else ""
            seen = f"alarm {alarm.status}, {alarm.danger} ({alarm.level}){late}"
            self._news(alarm.id, f"{seen}: {self._name(alarm.conversation_id)}")
        for row in await self._run(queue.list_queue):
            where = "waits"
            if row.status == "taken":
                where = f"with {self._counsellor_name(row.taken_by)}"
            elif row.second_at is not None:
                where = "has waited too long, everyone alarmed"
            elif row.lapsed_at is not None:
                where = "waits again, the line was lost"
            why = ", ".join(wording.why(row))
            name = self._name(row.conversation_id)
            self._news(row.id, f"{name} {where} ({row.urgency}: {why})")

    def _staff(self) -> None:
        notifier = self.services.notifier
        assert isinstance(notifier, CountingNotifier)
        if len(notifier.told) > self._told:
            self._told = len(notifier.told)
            if self._said_at is None or self.clock() - self._said_at >= QUIET:
                self._write("< staff: told")
            self._said_at = self.clock()
        if notifier.second > self._second:
            self._second = notifier.second
            self._write("< staff: SECOND LEVEL, to everyone")

    def _news(self, key: str, text: str) -> None:
        if self._known.get(key) != text:
            self._known[key] = text
            self._write(f"< desk: {text}")

    def _write(self, text: str) -> None:
        self.played.append(f"{self.clock().astimezone(HERE):%H:%M} {text}")

    def _name(self, conversation_id: str | None) -> str:
        known = {guest.conversation_id: name for name, guest in self.guests.items()}
        return known.get(conversation_id or "", "somebody who has erased")

    def _counsellor_name(self, counsellor_id: str | None) -> str:
        return {me: name for name, me in self.staff.items()}.get(counsellor_id or "", "?")

    # --- short ways ------------------------------------------------------------------------------

    async def _case(self, name: str) -> str:
        rows = await self._run(handoffs.of_conversation, self.guests[name].conversation_id)
        return str(rows[0].id)

    def _sent(self, *told: conversations.Conversation | None) -> None:
        for conversation in told:
            if conversation is not None:
                self.services.outbound.sent(conversation)

    async def _run(self, fn, *args):  # type: ignore[no-untyped-def]
        return await self.services.db.run(fn, *args)


def read(path: Path) -> tuple[str, list[str]]:
    """The title and the lines of a transcript."""
    title, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
    return title, body.rstrip("\n").split("\n")


def _on_duty(tx: Tx, me: str, name: str, until: datetime | None) -> None:
    if tx.session.get(models.Counsellor, me) is None:
        row = models.Counsellor(
            id=me,
            username=name.lower(),
            display_name=name,
            password_hash="x",
            totp_sealed=b"x",
            created_at=tx.now,
        )
        tx.session.add(row)
        tx.session.flush()
    duty.begin(tx, me, until)
