"""Every way out: what is not the answer to what was just written passes the gate."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from bot.channels.messages import Channel
from bot.channels.outbound import may_write
from bot.desk import holding
from bot.handoff import followup, queue
from bot.jobs import Jobs
from bot.services import Services
from bot.settings import ROOT
from bot.store import conversations
from tests.support import MovingClock
from tests.talk import COUNSELLOR, Talk, texts

READS_ALONG = "han leser telefonen min nå"
CHANNELS: tuple[Channel, ...] = ("web", "sms")

_EXIT = re.compile(
    r"(?:outbound|outbox|self)\.put$|self\._put_now$|messages\.add_reply$|provider\.send$"
    r"|(?:^|\.)send_now$"
)
_SENDING = frozenset({"put", "_put_now", "add_reply", "send", "send_now"})
# Where words leave, and why each needs no gate or has passed it. A new one must be decided on here.
ANSWERS = "the answer to what was just written"
GATED = "behind the gate, in the same transaction"
BELOW = "below the gate: what was let through is queued or handed over"
EXITS = {
    "bot/turn.py _keep": ANSWERS,
    "bot/channels/sms/inbound.py _put_refusal": ANSWERS,
    "bot/channels/sms/inbound.py _put_refusal_beside": ANSWERS,
    "bot/channels/sms/outbound.py erased_reply": ANSWERS,
    "bot/channels/sms/parts.py _answer_kept": ANSWERS,
    "bot/channels/sms/inbound.py _handle": ANSWERS,
    "bot/channels/outbound.py _put_if_allowed": GATED,
    "bot/channels/outbound.py _put_from_desk": GATED,
    "bot/channels/outbound.py put_made": GATED,
    # `text_instead` (bot/handoff/calls.py) asks the gate.
    "bot/channels/outbound.py _put_missed_call": "behind the gate, of the handoff's own rule",
    "bot/channels/outbound.py _put_now": BELOW,
    "bot/channels/outbound.py put": BELOW,
    "bot/channels/sms/outbound.py send_now": BELOW,
    "bot/channels/sms/simulator.py _send": "the demonstration's telephone, on the person's side",
    "bot/channels/sms/outbound.py _send": BELOW,
    "bot/channels/sms/shift_phones.py _send": "the phones of staff, one fixed sentence",
}
UNPROMPTED = (
    *followup.SENTENCES,
    holding.TAKEN,
    holding.GIVEN_BACK,
    holding.CLOSED,
)


def exits() -> Iterator[str]:
    """ "file function" of each place that makes words leave."""
    for path in sorted((ROOT / "bot").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in ast.walk(tree):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            names = [node for node in ast.walk(function) if _name(node) in _SENDING]
            if any(_EXIT.search(ast.unparse(name)) for name in names):
                yield f"{path.relative_to(ROOT).as_posix()} {function.name}"


def _name(node: ast.AST) -> str:
    return str(getattr(node, "attr", None) or getattr(node, "id", ""))


def test_every_place_that_sends_has_been_thought_about() -> None:
    assert set(exits()) == set(EXITS)


def test_what_is_gated_asks_the_gate() -> None:
    source = (ROOT / "bot/channels/outbound.py").read_text(encoding="utf-8")
    bodies = {
        node.name: ast.unparse(node)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
    }
    gated = [name.split()[1] for name, why in EXITS.items() if why == GATED]
    assert all("may_write(" in bodies[n] or "danger_to(" in bodies[n] for n in gated)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("since", ["found out", "pause", "bare yes"])
async def test_nothing_is_said_unasked_of_what_was_before(
    since: str, channel: Channel, services: Services, clock: MovingClock
) -> None:
    """A case waits; then it is not sure any more who reads. Every unprompted sentence is tried."""
    talk = await Talk(services, clock, channel).begins()
    await talk.hands_over()
    await talk.presses("send")
    assert await services.outbound.unprompted(talk.id, UNPROMPTED[0])
    if since == "found out":
        await talk.writes(READS_ALONG)
        assert await talk.alarms(), "an open alarm stays"
    else:
        clock.passes(hours=2)
        await talk.writes("hei")
    if since == "bare yes":
        await talk.presses("safe:yes")
    heard = len(await talk.heard())
    allowed = {"emergency_line"} if since == "bare yes" else set()
    for sentence in UNPROMPTED:
        if sentence not in allowed:
            assert not await services.outbound.unprompted(talk.id, sentence), sentence
    jobs = Jobs(services)
    for hours in (1, 2, 6):
        clock.passes(hours=hours)
        await jobs._follow_up()
        await services.turn.answer_pending()
    assert len(await talk.heard()) == heard
    await services.told()


async def test_a_case_opened_after_the_yes_is_spoken_of_again(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    clock.passes(hours=2)
    await talk.writes("hei")
    clock.passes(hours=2)
    await talk.writes("hei")
    await talk.presses("safe:yes")
    await talk.hands_over()
    assert not await services.outbound.unprompted(talk.id, "no_counsellor_yet")
    await talk.presses("send")
    assert await services.outbound.unprompted(talk.id, "no_counsellor_yet")


async def test_the_word_opens_the_gate_again(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("safe word")
    await talk.writes("rognebær")
    await talk.hands_over()
    await talk.presses("send")
    await talk.writes(READS_ALONG)
    assert not await services.outbound.unprompted(talk.id, "counsellor_taken")
    await talk.writes("Rognebær")
    assert await services.outbound.unprompted(talk.id, "counsellor_taken")


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_counsellor_can_write_only_when_she_has_said_that_it_is_safe(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    case_id = await talk.is_held()
    assert await services.outbound.from_desk(case_id, "Hei") == "sent"
    await talk.writes(READS_ALONG)
    assert await services.outbound.from_desk(case_id, "Hallo") == "unsafe"
    await talk.run(queue.give_back, case_id, COUNSELLOR)
    await talk.writes("hei")
    await talk.presses("safe:yes")
    await talk.run(queue.take, case_id, COUNSELLOR)
    assert await services.outbound.from_desk(case_id, "Hallo") == "unsafe", "a yes is no proof"
    assert await services.outbound.from_desk(case_id, "Hallo", safe_now=True) == "sent"
    assert texts(await talk.heard()).count("Hallo") == 1


async def test_the_gate_in_every_state(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock, "sms").begins()

    async def gate(**state: object) -> tuple[bool, bool]:
        await talk.knows(**state)
        found = await talk.run(conversations.get, talk.id)
        return may_write(found), may_write(found, emergency=True)

    assert await gate() == (True, True)
    assert await gate(unproven=True) == (False, True)
    assert await gate(handoff_id="h1") == (True, True)
    assert await gate(neutral=True) == (False, False)
    assert await gate(neutral=False, safe="no") == (False, True)
    assert await gate(safe=None) == (False, True)
