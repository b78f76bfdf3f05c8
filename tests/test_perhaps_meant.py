"""Beside an answer that is not quite sure the next likeliest topics are a press away."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.services import Services
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk

FAIRLY = "kan han bo hjemme"
SURE = "hva koster det"
WOUNDS = "han er så rar om dagen"
TOLD = "han slo meg for ti år siden, jeg er gift med en annen nå"
VAGUE = "han slo meg for ti år siden"


class Unsure(ScriptedUnderstanding):
    """Answers, with other topics close behind."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        answered = Understood("cost", ("cost",), (), 0.8, None)
        offered = ("against_parents", "threats")
        return {
            FAIRLY: Understood("cost", ("cost",), (), 0.8, None, (), ("pets", "men")),
            SURE: answered,
            WOUNDS: Understood("cost", ("cost",), (), 0.8, None, (), ("i_use_violence", "pets")),
            TOLD: Understood(None, (), offered, 0.6, None),
            VAGUE: Understood(None, (), offered, 0.1, None),
        }[text]


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(tmp_path, clock, understanding=Unsure({}))


def buttons(said: list) -> list[str]:  # type: ignore[type-arg]
    return [button.payload for reply in said for button in reply.buttons]


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_what_was_perhaps_meant_is_offered_after_the_answer(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    said = await talk.writes(FAIRLY)
    assert said[0].text == services.content.answer("cost", "nb", channel, None)[0].text
    assert talk.sentence("perhaps_meant") in said[-1].text
    assert [p for p in buttons(said) if p in ("topic:pets", "topic:men")] == [
        "topic:pets",
        "topic:men",
    ]
    pressed = await talk.presses("topic:pets")
    assert pressed[0].text == services.content.answer("pets", "nb", channel, None)[0].text


async def test_a_sure_answer_stands_alone(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes(SURE)
    assert talk.sentence("perhaps_meant") not in [reply.text for reply in said]


async def test_nothing_that_wounds_is_guessed_at(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    offered = buttons(await talk.writes(WOUNDS))
    assert "topic:pets" in offered
    assert "topic:i_use_violence" not in offered


async def test_what_was_told_of_the_past_is_heard_and_what_it_may_be_about_offered(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes(TOLD)
    assert talk.answer("past_or_other") == said[0].text
    assert talk.sentence("is_it_about") == said[-1].text
    assert buttons(said)[-2:] == ["topic:against_parents", "topic:threats"]


async def test_what_is_only_a_guess_is_not_offered_beside_it(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes(VAGUE)
    assert talk.answer("past_or_other") == said[0].text
    assert talk.sentence("is_it_about") not in [reply.text for reply in said]
