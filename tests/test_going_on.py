"""Stopping, going on and erasing, said in whole sentences: what is asked for is what happens."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel, Wish
from bot.services import Services
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

CHANNELS: tuple[Channel, ...] = ("web", "sms")


class HearsErasing(ScriptedUnderstanding):
    """Takes everything for a wish to erase."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        return Understood("erase", ("erase",), (), 0.9, Wish("erase"))


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(tmp_path, clock, understanding=HearsErasing())


@pytest.mark.parametrize("channel", CHANNELS)
async def test_asking_about_erasing_is_answered_and_a_press_erases(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    said = await talk.writes("kan jeg slette dette?")
    assert said[0].text == talk.answer("erase")
    assert talk.last is not None and not talk.last.erased
    await talk.presses("erase")
    assert talk.last.erased


async def test_an_order_to_erase_in_a_sentence_is_obeyed(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("jeg vil slette alt jeg har skrevet")
    assert talk.last is not None and talk.last.erased


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("goes_on", ["kan vi fortsette?", "jeg vil fortsette med spørsmålene"])
async def test_the_checklist_goes_on_where_it_was(
    channel: Channel, goes_on: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("", "checklist:start")
    asked = await talk.presses("choose:self")
    await talk.writes("jeg orker ikke svare på flere spørsmål")
    assert words(await talk.writes(goes_on)) == words(asked)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_plan_that_is_named_goes_on_though_the_checklist_came_last(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("", "safety_plan:start")
    asked = await talk.presses("yes")
    await talk.writes("", "checklist:start")
    said = await talk.writes("jeg vil gå videre med planen")
    assert words(said) == words(asked)
    state = await talk.state()
    assert state.flow == "safety_plan" and "checklist" in state.paused
