"""What can go wrong between a telephone and the helpline, played over real HTTP.

The real door, store, outbox, sender and SDK, against the local Twilio. Persons write, some texts go
out from the desk, and the scenario breaks what it says. Then every text that was to reach somebody
is looked for on their phone. `python -m bench.sms` prints the table; a short one runs in the tests.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from bot.channels.sms import inbound
from bot.channels.sms.outbound import deliver_due, recover
from bot.channels.sms.provider import TwilioProvider
from bot.settings import Settings
from bot.store import conversations, deliveries, models, outbox
from bot.store.outbox import next_due
from tests.fakes.handler import LATE
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, FakeTwilio, Fault
from tests.sms.room import PUBLIC, BreakableDatabase, Clock, Served, app_of, services_for

TIMEOUT = 1.3  # seconds; the real one is longer
STEP = 20  # seconds of the moved clock between two rounds of the sender
MOST_ROUNDS = 200  # some 67 minutes
LOST_ON_THE_WAY = ("cut_before", "cut_after", "hang_before", "hang_after", "unlisted", "late")
# What a sender cannot know: the provider's list is late, or the provider itself is (it takes a text
# only after the look-up), or the network delivers twice.
EXPLAINED = ("unlisted", "late", "twice")

Webhooks = Literal["once", "thrice", "shuffled", "restart", "store_away"]
Reports = Literal["in_order", "twice", "reversed", "never"]


@dataclass(frozen=True)
class Scenario:
    """What is broken. `out` are faults of handing over, spread over the texts at random."""

    name: str
    out: tuple[Fault, ...] = ()
    look_up: tuple[Fault, ...] = ()
    webhooks: Webhooks = "once"
    reports: Reports = "in_order"
    dies: Literal["", "before", "after"] = ""


@dataclass
class Result:
    """What was injected, and what the persons got."""

    name: str
    expected: int = 0
    injected: Counter[str] = field(default_factory=Counter)
    got: int = 0
    told: int = 0  # not delivered, and the service knows
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    explained: int = 0  # so many doubles could not be known


SCENARIOS = (
    Scenario("all is well"),
    Scenario("each webhook three times, two of them at once", webhooks="thrice"),
    Scenario("webhooks in another order", webhooks="shuffled"),
    Scenario("webhooks again after a restart", webhooks="restart"),
    Scenario("the store is away", webhooks="store_away"),
    Scenario("line breaks before it is taken", out=("cut_before",)),
    Scenario("line breaks after it is taken", out=("cut_after",)),
    Scenario("no answer, not taken", out=("hang_before",)),
    Scenario("no answer, taken", out=("hang_after",)),
    Scenario("too many requests (429)", out=("429", "429")),
    Scenario("provider fails (500), not taken", out=("500_before",)),
    Scenario("provider fails (500), taken", out=("500_after",)),
    Scenario("slow", out=("slow",)),
    Scenario("the look-up fails too", out=("cut_after",), look_up=("429", "500_before")),
    Scenario("taken, no answer, and the list is late", out=("unlisted",)),
    Scenario("taken only after the look-up", out=("late",)),
    Scenario("the network delivers twice", out=("twice",)),
    Scenario("the phone blocks us (21610)", out=("21610",)),
    Scenario("lost in the network (30003)", out=("30003",)),
    Scenario("reports twice", reports="twice"),
    Scenario("reports in reverse", reports="reversed"),
    Scenario("no reports", reports="never"),
    Scenario("the process dies before handing over", dies="before"),
    Scenario("the process dies after handing over", dies="after"),
    Scenario(
        "all of it",
        out=("cut_before", "cut_after", "429", "500_before", "500_after", "21610", "30003"),
        look_up=("429",),
        webhooks="thrice",
        reports="reversed",
        dies="after",
    ),
)


class Line:
    """A small helpline in a folder of its own, and the telephone network around it."""

    def __init__(self, place: Path) -> None:
        self.clock = Clock()
        self.db = BreakableDatabase(f"sqlite:///{place}/store.sqlite3", b"m" * 32, self.clock)
        models.Base.metadata.create_all(self.db.engine)
        self.twilio = FakeTwilio(clock=self.clock)
        provider = TwilioProvider(
            ACCOUNT_SID, AUTH_TOKEN, NUMBER, self.twilio.start(), timeout=TIMEOUT
        )
        settings = Settings(  # type: ignore[call-arg]
            env="production",
            public_url=PUBLIC,
            var_dir=place,
            twilio_account_sid=ACCOUNT_SID,
            twilio_auth_token=AUTH_TOKEN,
            twilio_number=NUMBER,
            web_per_minute=120,
        )
        self.services: Any = services_for(self.db, provider, settings)
        self._served: list[Served] = []
        self.serve()

    def serve(self) -> None:
        """A new door on the same store, as after a restart: it remembers nothing itself."""
        self._served.append(Served(app_of(inbound.blueprint(self.services))))
        self.url = self._served[-1].start()

    def close(self) -> None:
        """Put everything away."""
        for served in self._served:
            served.stop()
        self.twilio.stop()
        self.db.close()

    def writes(self, number: str, text: str, sid: str) -> list[str]:
        """One webhook; returns the texts in its answer."""
        answer = self.twilio.person_sends(self.url, number, text, sid, public_url=PUBLIC)
        assert answer.status == 200
        return answer.messages

    def desk_writes(self, number: str, text: str) -> None:
        """A counsellor's words, straight into the outbox."""
        with self.db.begin() as tx:
            person = conversations.by_number(tx, number, "nb").id
            outbox.put(tx, person, person, number, text, "desk")

    async def settle(self) -> None:
        """Run the sender, and time, until nothing is on its way any more."""
        for _ in range(MOST_ROUNDS):
            await deliver_due(self.services)
            self.clock.forward(seconds=STEP)
            with self.db.begin() as tx:
                table = models.OutboxRow
                left = tx.session.query(table).filter(table.state.in_(("waiting", "sending")))
                if left.count() == 0:
                    return
        raise TimeoutError("texts are still on their way")

    def failed(self, number: str) -> int:
        """How many texts to this person the service knows to be lost: the desk sees them."""
        with self.db.begin() as tx:
            person = conversations.known_by_number(tx, number)
            return 0 if person is None else len(deliveries.failures(tx, person.id))


def play(scenario: Scenario, persons: int = 5, each: int = 4, seed: int = 1) -> Result:
    """Play one scenario in a fresh helpline. `each`: messages, and texts of the desk, a person."""
    with tempfile.TemporaryDirectory() as folder:
        line = Line(Path(folder))
        try:
            return asyncio.run(_play(line, scenario, persons, each, random.Random(seed)))
        finally:
            line.close()


async def _play(
    line: Line, scenario: Scenario, persons: int, each: int, chance: random.Random
) -> Result:
    result = Result(scenario.name)
    numbers = [f"+47000000{p:02d}" for p in range(1, persons + 1)]
    got: dict[str, list[str]] = {number: [] for number in numbers}
    expected = await asyncio.to_thread(_come_in, line, scenario, numbers, each, chance, result, got)
    for number in numbers:
        for n in range(each):
            line.desk_writes(number, f"rådgiver {n} til {number[-2:]}")
            expected[number].append(f"rådgiver {n} til {number[-2:]}")
    result.expected = sum(map(len, expected.values()))
    if scenario.dies:
        await _die(line, scenario.dies, result)
    faults = spread(scenario.out, persons * each, chance)
    line.twilio.faults, line.twilio.list_faults = [*faults], [*scenario.look_up]
    await line.settle()
    if "late" in scenario.out:
        await asyncio.sleep(2 * LATE)
    injected = faults[: len(faults) - len(line.twilio.faults)]
    _count_faults(injected, scenario, line, result)
    await asyncio.to_thread(_report, line, scenario, chance, result)
    for number in numbers:
        arrived = [s for s in line.twilio.sent if s.to == number and s.error_code is None]
        got[number] += [sent.body for sent in arrived]
        _compare(line, number, expected[number], got[number], result)
    result.explained = sum(fault in EXPLAINED for fault in injected)
    return result


def spread(faults: Sequence[Fault], requests: int, chance: random.Random) -> list[Any]:
    """One request in three is broken, in an order of chance; None lets one through."""
    made: list[Any] = [None] * requests
    for place in range(0, requests if faults else 0, 3):
        made[place] = faults[(place // 3) % len(faults)]
    chance.shuffle(made)
    return made


def _come_in(
    line: Line,
    scenario: Scenario,
    numbers: list[str],
    each: int,
    chance: random.Random,
    result: Result,
    got: dict[str, list[str]],
) -> dict[str, list[str]]:
    """Every person writes `each` messages. Returns what they should be answered."""
    messages = [
        (number, f"melding {n}", f"SM{number[-2:]}{n:030d}")
        for n in range(each)
        for number in numbers
    ]
    expected = {number: [f"svar: melding {n}" for n in range(each)] for number in numbers}
    if scenario.webhooks == "shuffled":
        in_order = list(messages)
        chance.shuffle(messages)
        result.injected["reorders"] += sum(a != b for a, b in zip(in_order, messages, strict=True))
    for place, (number, text, sid) in enumerate(messages):
        if scenario.webhooks == "store_away" and place % 2:
            line.db.away = True
            result.injected["failures"] += 1
            answers = line.writes(number, text, sid)
            line.db.away = False
            expected[number].remove(f"svar: {text}")
            # Without a store nothing can be queued: the safe words are the webhook's own answer.
            expected[number] += answers or ["the safe words"]
            got[number] += answers
            continue
        got[number] += line.writes(number, text, sid)
        if scenario.webhooks == "thrice":
            with ThreadPoolExecutor(2) as at_once:
                list(at_once.map(lambda _, m=(number, text, sid): line.writes(*m), range(2)))
            result.injected["duplicates"] += 2
    if scenario.webhooks == "restart":
        line.serve()
        for message in messages:
            line.writes(*message)
        result.injected["duplicates"] += len(messages)
    return expected


async def _die(line: Line, when: str, result: Result) -> None:
    """Five texts are taken from the outbox as by a process that is then killed."""
    for _ in range(5):
        with line.db.begin() as tx:
            due = next_due(tx)
            if due is None or not outbox.mark_sending(tx, due.id, 30):
                break
        if when == "after":
            line.services.sms.send(due.number, due.text, None, 3600)
        result.injected["losses"] += 1
    await recover(line.services)


def _count_faults(injected: list[Any], scenario: Scenario, line: Line, result: Result) -> None:
    for fault in injected:
        if fault in LOST_ON_THE_WAY:
            result.injected["losses"] += 1
        elif fault == "twice":
            result.injected["duplicates"] += 1
        elif fault is not None:
            result.injected["failures"] += 1
    result.injected["failures"] += len(scenario.look_up) - len(line.twilio.list_faults)


def _report(line: Line, scenario: Scenario, chance: random.Random, result: Result) -> None:
    """How each text fared, as the provider tells it."""
    reports = [
        (sent, status, code)
        for sent in list(line.twilio.sent)
        for status, code in (
            [("sent", None), ("undelivered", sent.error_code)]
            if sent.error_code
            else [("sent", None), ("delivered", None)]
        )
    ]
    if scenario.reports == "never":
        result.injected["losses"] += len(reports)
        return
    if scenario.reports == "twice":
        result.injected["duplicates"] += len(reports)
        reports = [report for report in reports for _ in range(2)]
    if scenario.reports == "reversed":
        result.injected["reorders"] += len(reports)
        reports.reverse()
    for sent, status, code in reports:
        lost = sent.error_code
        line.twilio.reports(line.url, sent, status, code, public_url=PUBLIC)
        sent.error_code = lost


def _compare(line: Line, number: str, expected: list[str], got: list[str], result: Result) -> None:
    missing, extra = Counter(expected) - Counter(got), Counter(got) - Counter(expected)
    told = min(line.failed(number), missing.total())
    result.got += (Counter(expected) & Counter(got)).total()
    result.told += told
    result.lost += sorted(missing.elements())[: missing.total() - told]
    result.doubled += [f"{text} ({number[-2:]})" for text in sorted(extra.elements())]
