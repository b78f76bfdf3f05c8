"""The same question has another answer for a relative, a professional and somebody under 18."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel, Reply
from bot.services import Services
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk

SISTER = "søstera mi blir slått. er dere for henne også?"
TEACHER = "jeg er lærer. kan dere hjelpe en av foreldrene?"
MINE = "er dette noe for meg?"
ASKED = "is_it_for_me"
TWO = "hva koster det, og kan jeg ta med hunden?"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


class TwoQuestions(ScriptedUnderstanding):
    """Hears two questions in one message."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        if text == TWO:
            return Understood("cost", ("cost", "pets"), (), 0.9, None, ("pets",))
        return await super().understand(conversation_id, text, lang, last_topic, near)


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    topics = {SISTER: ASKED, TEACHER: ASKED, MINE: ASKED, "mer": "more", "pakke": "what_to_bring"}
    story = "jeg har hatt det vondt lenge " * 10 + "hva koster det"
    return make_services(tmp_path, clock, understanding=TwoQuestions({**topics, story: "cost"}))


def text_of(services: Services, section: str | None, channel: Channel) -> str:
    return services.content.answer(ASKED, "nb", channel, section)[0].text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("asks", "section"), [(SISTER, "relative"), (TEACHER, "professional"), (MINE, None)]
)
async def test_who_asks_gets_the_answer_for_them(asks, section, channel, services, clock) -> None:
    talk = await Talk(services, clock, channel).begins()
    said = await talk.writes(asks)
    assert said[0].text == text_of(services, section, channel)


async def test_somebody_young_gets_the_plainer_answer(services, clock) -> None:
    talk = await Talk(services, clock).begins()
    await talk.knows(young=True)
    said = await talk.writes(SISTER)
    assert said[0].text == text_of(services, "young", "web")


async def test_a_long_answer_is_given_a_part_at_a_time(services, clock) -> None:
    talk = await Talk(services, clock).begins()
    seen = [(await talk.writes("pakke"))[0]]
    while "more" in [button.payload for button in seen[-1].buttons]:
        seen.append((await talk.writes("mer"))[0])
    assert len(seen) > 3
    assert len({reply.text for reply in seen}) == len(seen)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_other_question_is_named_and_answered_at_a_press(
    channel, services, clock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    said = await talk.writes(TWO)
    assert "gratis" in said[0].text
    assert _payloads(said[-1]) == ["topic:pets"]
    [answer] = await talk.presses("topic:pets")
    assert answer.text == services.content.answer("pets", "nb", channel)[0].text


async def test_a_long_story_is_thanked_for_once(services, clock) -> None:
    story = "jeg har hatt det vondt lenge " * 10 + "hva koster det"
    talk = await Talk(services, clock).begins()
    first = [reply.text for reply in await talk.writes(story)]
    second = [reply.text for reply in await talk.writes(story)]
    assert first[0].startswith("Takk for at du forteller")
    assert second == first[1:]


def _payloads(reply: Reply) -> list[str]:
    return [button.payload for button in reply.buttons]


class Unsure(ScriptedUnderstanding):
    """Is never sure, and has one topic to offer."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        return Understood(None, (), ("moving_out_risk",), 0.4, None)


@pytest.mark.parametrize(
    ("writes", "offered"),
    [
        ("hvis jeg drar, kan han finne meg da?", True),
        ("han slo meg i fjor. er det bare sånn det er å være gift", True),
        ("hei, han er på butikken. jeg vil bare vite om jeg kan ta med bikkja", True),
        ("han slo meg i fjor, kan jeg ta med bikkja", True),
        ("faren min slo meg før. vil bare vite om noen kan hjelpe", True),
        ("he hit me last year, i was wondering about the car", True),
        ("han slo meg i fjor", False),
        ("han slo meg fordi han ville vite hvor jeg var", False),
        ("han lurer på hvor jeg er og slo meg i fjor", False),
    ],
)
async def test_a_question_that_looks_ahead_is_not_told_of_before(
    writes: str, offered: bool, tmp_path: Path, clock: MovingClock
) -> None:
    talk = await Talk(make_services(tmp_path, clock, understanding=Unsure()), clock).begins()
    said = await talk.writes(writes)
    assert ("topic:moving_out_risk" in _payloads(said[-1])) is offered
