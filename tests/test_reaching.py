"""How somebody wants to be reached, said where no form asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel, Reply
from bot.handoff import queue
from bot.handoff.contact_wish import read_unasked
from bot.hearing import hear
from bot.services import Services
from bot.store import conversations
from tests.support import MovingClock, make_services
from tests.talk import Talk


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(tmp_path, clock)


def text(replies: list[Reply]) -> str:
    return "\n".join(reply.text for reply in replies)


async def begins(services: Services, clock: MovingClock, channel: Channel = "web") -> Talk:
    return await Talk(services, clock, channel).begins()


@pytest.mark.parametrize(
    "said",
    [
        "ikke ring meg da, bare skriv",
        "kan dere skrive i stedet",
        "kan vi skrive i stedet for å snakke i telefon",
        "ikke bruk telefonen",
        "jeg vil helst ikke at dere ringer",
        "dere må ikke ringe",
        "ring meg heller ikke",
        "bare melding",
        "ikkje ring, berre skriv",
        "I would rather write",
        "could you text me instead of calling?",
    ],
)
async def test_nobody_is_to_call_is_kept_and_used_when_a_form_begins(
    services: Services, clock: MovingClock, said: str
) -> None:
    talk = await begins(services, clock)
    replies = await talk.writes(said)
    assert [button.payload for button in replies[-1].buttons] == ["how:write_now"]
    first = await talk.writes("menneske")
    assert "ring" in text(first) or "called" in text(first)
    assert "how:be_called" not in talk.buttons
    await talk.presses("choose:self", "no", "send")
    case = await talk.run(queue.find_open, talk.id)
    assert case is not None and case.draft is not None
    assert (case.draft.how, case.draft.no_call) == ("write_now", True)


@pytest.mark.parametrize("said", ["ring meg heller", "kan dere ringe i stedet", "call me instead"])
async def test_a_call_after_all_begins_the_form_and_takes_the_other_wish_back(
    services: Services, clock: MovingClock, said: str
) -> None:
    talk = await begins(services, clock)
    await talk.writes("ikke ring meg, bare skriv")
    await talk.writes(said)
    replies = await talk.presses("choose:self")
    assert "nummer" in text(replies) or "number" in text(replies)
    await talk.writes("412 34 567")
    await talk.presses("skip", "skip", "skip", "no", "send")
    case = await talk.run(queue.find_open, talk.id)
    assert case is not None and case.draft is not None
    assert (case.draft.how, case.draft.no_call) == ("be_called", False)


async def test_a_call_after_all_is_heard_at_any_step_of_the_form(
    services: Services, clock: MovingClock
) -> None:
    talk = await begins(services, clock)
    await talk.writes("menneske")
    await talk.presses("how:write_now", "choose:self")
    replies = await talk.writes("ring meg heller")
    assert "nummer" in text(replies)


async def test_the_time_that_is_said_with_it_is_kept(
    services: Services, clock: MovingClock
) -> None:
    talk = await begins(services, clock, "sms")
    await talk.writes("ikke ring, bare sms etter kl 20")
    await talk.writes("menneske")
    replies = await talk.presses("choose:self", "no")
    assert "etter kl 20" in text(replies)


async def test_a_plan_that_is_open_goes_on_and_does_not_take_it_for_an_answer(
    services: Services, clock: MovingClock
) -> None:
    talk = await begins(services, clock)
    await talk.writes("", "safety_plan:start")
    replies = await talk.writes("ikke ring meg da, bare skriv")
    assert "ingen ringer" in text(replies)
    assert len(replies) > 1, "the question of the plan stands again"


async def test_a_wish_beside_something_else_is_kept_and_the_rest_is_answered(
    services: Services, clock: MovingClock
) -> None:
    talk = await begins(services, clock)
    await talk.writes("jeg vil vite hva det koster, men ikke ring meg")
    found = await talk.run(conversations.get, talk.id)
    assert found is not None and found.state.facts.contact == "no_call"
    assert talk.last is not None and talk.last.understood is not None


@pytest.mark.parametrize(
    "told",
    [
        "han sier at jeg ikke skal ringe",
        "ikke ring politiet",
        "ikke ring barnevernet",
        "jeg vil ikke ringe",
        "kan dere ikke ringe meg?",
        "han skriver bare til meg",
        "mamma sier ikke ring meg mer",
        "ring meg",
        "hva koster det",
    ],
)
def test_what_is_told_of_others_is_no_such_wish(told: str) -> None:
    assert read_unasked(told) is None


async def test_a_plain_wish_is_left_to_the_lists_and_a_danger_beside_it_is_not(
    services: Services, clock: MovingClock
) -> None:
    talk = await begins(services, clock)
    found = await talk.run(conversations.get, talk.id)
    assert found is not None
    assert hear(services, "ikke ring meg da, bare skriv", None, found).asked_for
    assert not hear(services, "ikke ring, han hører det", None, found).asked_for
    assert hear(services, "ikke ring, han slår meg nå", None, found).finding is not None
