"""One life of the service in the kill scenario: it plays the steps from where the last life ended.

The people (a person, a counsellor, the staff who are told) live outside the process: what they know
is in files that survive it. A step that was broken off is taken up as people do: the page or phone
shows no answer, so the message is sent again; the case is not hers, so she takes it again.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.channels.messages import Channel, Message, Reply
from bot.channels.sms.outbound import deliver_due, recover
from bot.desk import holding
from bot.handoff import queue, shift
from bot.jobs import Jobs
from bot.services import Services
from bot.store import (
    alarms,
    conversations,
    counsellors,
    duty,
    handoffs,
    messages,
    models,
    outbox,
    shift_notes,
)
from bot.store.database import Tx
from bot.store.models import Base
from tests.kill_watch import Pager, Tripwire, WatchedDatabase, WatchedProvider
from tests.support import PHONE, MovingClock, ScriptedUnderstanding, make_services

COUNSELLOR = "c0ffee"
COLLEAGUE = "c011ea"
SHIFT_NOTE = "Vakttelefonen lader i gangen"
MOST_MINUTES = 30  # until every text must have left
QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"
HER_WORDS = "Hei, jeg er rådgiver. Er du trygg akkurat nå?"
ANSWER = "ja, han har gått"

STEPS: dict[Channel, tuple[tuple[str, str], ...]] = {
    "web": (
        ("duty", ""),
        ("person", QUESTION),
        ("person", "menneske"),
        ("press", "how:write_now"),
        ("press", "choose:self"),
        ("press", "no"),
        ("press", "send"),
        ("person", DANGER),
        ("time", "6"),
        ("time", "10"),
        ("take", ""),
        ("write", HER_WORDS),
        ("held", ANSWER),
        ("close", "talked"),
        ("note", SHIFT_NOTE),
        ("person", QUESTION),
    ),
    "sms": (
        ("duty", ""),
        ("person", QUESTION),
        ("person", "1"),
        ("person", "menneske"),
        ("press", "how:write_now"),
        ("press", "choose:self"),
        ("press", "no"),
        ("press", "send"),
        ("person", DANGER),
        ("time", "6"),
        ("time", "10"),
        ("take", ""),
        ("write", HER_WORDS),
        ("held", ANSWER),
        ("close", "talked"),
        ("note", SHIFT_NOTE),
        ("person", QUESTION),
    ),
}


@dataclass
class Life:
    """The service and the people around it, from one start to the end or to the kill."""

    place: Path
    channel: Channel
    services: Services
    clock: MovingClock
    wire: Tripwire

    @classmethod
    def begins(cls, place: Path, channel: Channel, kill_at: int | None, twilio: str) -> Life:
        clock, wire = MovingClock(), Tripwire(kill_at)
        new = not (place / "store.sqlite3").exists()
        db = WatchedDatabase(f"sqlite:///{place}/store.sqlite3", clock, wire)
        if new:
            Base.metadata.create_all(db.engine)
        scripted = ScriptedUnderstanding({QUESTION: "must_i_report"})
        provider = WatchedProvider(twilio, wire) if channel == "sms" else None
        pager = Pager(place / "pager")
        services = make_services(
            place, clock, db=db, understanding=scripted, sms=provider, notifier=pager
        )
        return cls(place, channel, services, clock, wire)

    async def lives(self) -> None:
        """Start as the app starts, play the steps that are left, and write down how it ended."""
        world = self._world()
        self.clock.now = datetime.fromisoformat(world["now"]) if world else self.clock.now
        report: dict[str, Any] = {}
        if world:
            self.clock.passes(seconds=61)
            await self._starts_again()
            report["after the kill"] = await self._desk()
        for number, (what, value) in enumerate(STEPS[self.channel]):
            if world and number < world["step"]:
                continue
            again = bool(world) and number == world["step"]
            heard = world["heard"] if again else len(await self._heard())
            self._write_world(step=number, heard=heard)
            self.wire.step = f"{number + 1} {what} {value[:14]}".strip()
            await getattr(self, f"_{what}")(value, number, heard if again else None)
            await self._background()
        self._write_world(step=len(STEPS[self.channel]), heard=0)
        await self._comes_to_rest()
        report |= await self._desk() | {"passed": self.wire.passed}
        (self.place / "report.json").write_text(json.dumps(report, ensure_ascii=False))

    # --- what people do; `heard` is set when the step is taken up again --------------------------

    async def _person(self, text: str, number: int, heard: int | None) -> None:
        if heard is not None and len(await self._heard()) > heard:
            return  # the answer is there
        await self._writes(text, None, number, heard is not None)

    async def _press(self, payload: str, number: int, heard: int | None) -> None:
        if heard is not None and len(await self._heard()) > heard:
            return
        if self.channel == "web":
            await self._writes("", payload, number, heard is not None)
            return
        menu = (await self._conversation()).state.menu
        choice = [offered for offered, _title in menu].index(payload) + 1
        await self._writes(str(choice), None, number, heard is not None)

    async def _held(self, text: str, number: int, heard: int | None) -> None:
        stored = await self._stored()
        if heard is None or text not in [one.reply.text for one in stored]:
            await self._writes(text, None, number, heard is not None)

    async def _time(self, minutes: str, _number: int, _heard: int | None) -> None:
        self.clock.passes(minutes=float(minutes))

    async def _duty(self, _value: str, _number: int, _heard: int | None) -> None:
        await self._run(_goes_on_duty)

    async def _take(self, _value: str, _number: int, _heard: int | None) -> None:
        for alarm in await self._run(queue.list_alarms):
            await self._run(queue.see_alarm, alarm.id, COUNSELLOR)
        waiting = [row for row in await self._run(queue.list_queue) if row.status == "waiting"]
        if waiting:
            taken = await self._run(
                holding.take, self.services.outbound, waiting[0].id, COUNSELLOR, 120
            )
            self._told(taken.told)
        await self._colleague_tries(await self._mine())

    async def _colleague_tries(self, case: str) -> None:
        """She presses "Ta saken" a moment later. What she gets is known outside the process."""
        if case and await self._run(queue.take, case, COLLEAGUE):
            (self.place / "two").write_text("taken by two")

    async def _write(self, text: str, _number: int, _heard: int | None) -> None:
        stored = await self._stored()
        if text not in [one.reply.text for one in stored]:
            await self.services.outbound.from_desk(await self._mine(), text)

    async def _close(self, outcome: str, _number: int, _heard: int | None) -> None:
        mine = await self._mine()
        if mine:
            outbound = self.services.outbound
            left = await self._run(holding.close, outbound, mine, COUNSELLOR, outcome)
            self._told(*left.told)

    async def _note(self, text: str, _number: int, _heard: int | None) -> None:
        if text not in [note.text for note in await self._run(shift_notes.latest)]:
            await self._run(shift_notes.write, COUNSELLOR, text)

    def _told(self, *told: Any) -> None:
        for conversation in told:
            if conversation is not None:
                self.services.outbound.sent(conversation)

    # --- the service -----------------------------------------------------------------------------

    async def _starts_again(self) -> None:
        self.wire.step = "start"
        await self._run(shift.after_restart)
        if self.services.sms is not None:
            await recover(self.services)
        self.clock.passes(seconds=5)
        for _ in range(2):
            await self.services.turn.answer_pending()
            await self._background()
        await self._desk_is_open()

    async def _desk_is_open(self) -> None:
        """The counsellor's page is connected, once she is on duty."""
        if await self._run(counsellors.get, COUNSELLOR) is not None:
            await self._run(shift.connected, COUNSELLOR)

    async def _background(self) -> None:
        self.clock.passes(seconds=1)
        await self._desk_is_open()
        await Jobs(self.services)._follow_up()
        await self.services.told()
        if self.channel == "sms":
            await deliver_due(self.services)

    async def _comes_to_rest(self) -> None:
        self.wire.step = "rest"
        if self.channel == "web":
            return
        for _ in range(MOST_MINUTES):
            if not {"waiting", "sending"} & set(await self._run(outbox.counts)):
                return
            self.clock.passes(minutes=1)
            await deliver_due(self.services)

    async def _writes(self, text: str, payload: str | None, number: int, again: bool) -> None:
        # A page posts the same form again; a phone sends a new text.
        provider_id = f"{number}-{again}" if self.channel == "sms" else str(number)
        conversation = await self._conversation()
        message = Message(
            conversation.id, self.channel, text, self.clock(), payload, provider_id=provider_id
        )
        await self.services.turn.handle(message)
        await self.services.told()

    # --- looking ---------------------------------------------------------------------------------

    async def _conversation(self) -> Any:
        """The one conversation; a web page knows it by its token, kept in a file here."""
        if self.channel == "sms":
            return await self._run(conversations.by_number, PHONE, "nb")
        page = self.place / "page"
        if not page.exists():
            _, token = await self._run(conversations.open_web, "nb")
            page.write_text(token)
        return await self._run(conversations.by_web_token, page.read_text())

    async def _stored(self) -> list[messages.Stored]:
        stored: list[messages.Stored] = await self._run(
            messages.after, (await self._conversation()).id, 0
        )
        return stored

    async def _heard(self) -> list[Reply]:
        return [one.reply for one in await self._stored() if one.author != "person"]

    async def _mine(self) -> str:
        rows = await self._run(queue.list_queue)
        return next((row.id for row in rows if row.taken_by == COUNSELLOR), "")

    async def _desk(self) -> dict[str, Any]:
        """All that counts: what the person heard and what the desk has."""
        pager = self.place / "pager"
        raised = await self._run(alarms.of_conversation, (await self._conversation()).id)
        told = pager.read_text().split() if pager.exists() else []
        return {
            "heard": [reply.text for reply in await self._heard()],
            "said": [one.reply.text for one in await self._stored() if one.author == "person"],
            "cases": await self._run(_cases, (await self._conversation()).id),
            "alarms": [[row.danger, list(row.words)] for row in raised],
            "told": len(told),
            "second": told.count("second"),
            "notes": [note.text for note in await self._run(shift_notes.latest)],
            "two": (self.place / "two").exists(),
        }

    async def _run(self, fn: Callable[..., Any], *args: Any) -> Any:
        return await self.services.db.run(fn, *args)

    def _world(self) -> dict[str, Any]:
        file = self.place / "world.json"
        return json.loads(file.read_text()) if file.exists() else {}

    def _write_world(self, **values: Any) -> None:
        values["now"] = self.clock.now.isoformat()
        new = self.place / "world.new"
        new.write_text(json.dumps(values))
        new.replace(self.place / "world.json")


def _cases(tx: Tx, conversation_id: str) -> list[dict[str, Any]]:
    rows = handoffs.of_conversation(tx, conversation_id)
    rows += handoffs.closed_of_conversation(tx, conversation_id)
    found = []
    for row in rows:
        case = queue.case(tx, row.id)
        assert case is not None
        lines = [f"{line.field}={line.text}" for line in case.draft.summary] if case.draft else []
        found.append({"status": row.status, "how": row.how, "lines": lines})
    return found


def _goes_on_duty(tx: Tx) -> None:
    if tx.session.get(models.Counsellor, COUNSELLOR) is None:
        row = models.Counsellor(
            id=COUNSELLOR,
            username="vakt",
            display_name="Vakt",
            password_hash="x",
            totp_sealed=b"x",
            created_at=tx.now,
        )
        tx.session.add(row)
        tx.session.flush()
    duty.begin(tx, COUNSELLOR, None)
