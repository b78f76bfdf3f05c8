"""The plan in whole turns: how it begins, for whom, what breaks it off, and that it comes back.

Whole conversations: tests/transcripts/safety_plan.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel, Wish
from bot.services import Services
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, texts

QUESTION = "må jeg anmelde for å få hjelp hos dere"
WANTED = "kan vi lage planen nå"
DANGER = "han står utenfor og hamrer på døra"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


class Wishing(ScriptedUnderstanding):
    """Hears in one sentence that the plan is wished for."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        if text == WANTED:
            return Understood("safety_plan", ("safety_plan",), (), 0.9, Wish("safety_plan"))
        return await super().understand(conversation_id, text, lang, last_topic, near)


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    understanding = Wishing({QUESTION: "must_i_report"})
    return make_services(tmp_path, clock, understanding=understanding)


async def at_leaving(services: Services, clock: MovingClock, channel: Channel) -> Talk:
    """In the middle of a part, one step taken, the second one open."""
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("", "safety_plan:start")
    await talk.presses("yes", "part:leaving", "yes")
    return talk


@pytest.mark.parametrize(("begins", "channel"), [("button", "web"), ("wish", "sms")])
async def test_it_begins_by_its_button_and_by_a_wish(begins, channel, services, clock) -> None:
    talk = await Talk(services, clock, channel).begins()
    button = ("", "safety_plan:start")
    said = await talk.writes(*(button if begins == "button" else (WANTED,)))
    assert "Bor du sammen med personen nå?" in texts(said)[-1]
    assert (await talk.state()).flow == "safety_plan"


@pytest.mark.parametrize(
    ("known", "voice"),
    [
        ({}, "self"),
        ({"young": True}, "young"),
        ({"last_topic": "worried_about_someone"}, "other"),
        ({"last_topic": "must_i_report"}, "self"),
        ({"last_topic": "i_use_violence"}, "uses_violence"),
        ({"last_topic": "i_use_violence", "young": True}, "uses_violence"),
    ],
)
async def test_who_reads_it_follows_from_what_was_talked_about(
    known, voice, services, clock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.knows(**known)
    await talk.writes("", "safety_plan:start")
    state = await talk.state()
    assert state.flow_data["voice"] == voice
    assert state.last_topic == ("i_use_violence" if voice == "uses_violence" else "safety_plan")


@pytest.mark.parametrize(
    ("back", "channel"),
    [("safety_plan:start", "web"), ("resume", "web"), ("safety_plan:resume", "sms")],
)
async def test_danger_is_answered_first_and_the_plan_goes_on_at_the_same_step(
    back, channel, services, clock
) -> None:
    talk = await at_leaving(services, clock, channel)
    before = (await talk.state()).flow_data
    said = await talk.writes(DANGER)
    assert "112" in texts(said)[0]
    state = await talk.state()
    assert state.flow is None
    assert state.paused["safety_plan"] == before
    assert len(await talk.alarms()) == 1
    await talk.writes("", back)
    state = await talk.state()
    assert (state.flow, state.flow_data, state.paused) == ("safety_plan", before, {})


@pytest.mark.parametrize("channel", CHANNELS)
async def test_own_words_that_sound_like_danger_are_taken_as_danger_and_the_plan_is_kept(
    channel, services, clock
) -> None:
    talk = await at_leaving(services, clock, channel)
    await talk.presses("plan:write")
    await talk.writes(DANGER)
    state = await talk.state()
    assert state.paused["safety_plan"]["answers"] == {"pack": {"in": True}}
    assert state.paused["safety_plan"]["step"] == "write"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_question_in_between_is_answered_and_the_step_is_said_again(
    channel, services, clock
) -> None:
    talk = await at_leaving(services, clock, channel)
    said = texts(await talk.writes(QUESTION))
    assert talk.answer("must_i_report") in said
    assert "Velg en tid da du er alene" in said[-1]
    await talk.presses("yes")
    assert list((await talk.state()).flow_data["answers"]) == ["pack", "moment"]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_stopped_plan_that_was_put_aside_for_a_person_can_be_taken_up(
    channel, services, clock
) -> None:
    talk = await at_leaving(services, clock, channel)
    await talk.writes("stopp")
    await talk.writes("menneske")
    await talk.writes("stopp")
    said = await talk.writes("", "safety_plan:start")
    assert "Velg en tid da du er alene" in texts(said)[-1]
    assert list((await talk.state()).flow_data["answers"]) == ["pack"]


async def test_only_a_yes_takes_the_plan_out_of_the_flow(services, clock) -> None:
    talk = await at_leaving(services, clock, "web")
    await talk.writes("vis planen")
    assert (await talk.state()).facts.plan == []
    await talk.presses("no", "plan:finish")
    state = await talk.state()
    assert (state.flow, state.flow_data, state.facts.plan) == (None, {}, [])


async def test_slett_takes_the_plan_too(services, clock) -> None:
    talk = await at_leaving(services, clock, "web")
    await talk.writes("slett")
    assert talk.last is not None
    assert talk.last.erased


@pytest.mark.parametrize("channel", CHANNELS)
async def test_odd_messages_get_an_answer_and_lose_nothing(channel, services, clock) -> None:
    talk = await at_leaving(services, clock, channel)
    before = (await talk.state()).flow_data
    for said in ("<b>hei</b> \x00", "😀" * 20, "x" * 10_000, "7 7 7", "\n\n"):
        assert await talk.writes(said), said[:20]
        state = await talk.state()
        assert (state.flow, state.flow_data) == ("safety_plan", before), said[:20]
        await talk.knows(fails=0)
    await talk.writes("bla bla bla")
    await talk.writes("bla bla bla")  # twice in a row leads to a person; the plan waits
    state = await talk.state()
    assert (state.flow, state.paused["safety_plan"]) == ("handoff", before)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_when_somebody_reads_along_nothing_of_the_plan_is_said(
    channel, services, clock
) -> None:
    talk = await at_leaving(services, clock, channel)
    said = []
    for written in ("han leser telefonen min nå", "vis planen", "fortsett", "1", "hvem er dette"):
        said += texts(await talk.writes(written))
    assert said
    assert not any("plan" in text.lower() or "alene" in text for text in said)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_part_is_chosen_by_writing_its_title(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("", "safety_plan:start")
    pressed = texts(await talk.presses("yes", "part:leaving"))
    await talk.writes("tilbake")
    assert texts(await talk.writes("når jeg går")) == pressed
