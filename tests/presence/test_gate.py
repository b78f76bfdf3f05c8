"""The neutral question: every natural answer opens it, and it is never asked for ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.services import Services
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, texts, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
READS_ALONG = "han leser telefonen min nå"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report"})
    return make_services(tmp_path, clock, understanding=scripted)


async def in_doubt(services: Services, clock: MovingClock, channel: Channel) -> Talk:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes(READS_ALONG)
    return talk


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "yes",
    [
        "ja",
        "ja det passer",
        "ja det er meg",
        "yes it's me",
        "jeg er alene nå",
        "nei jeg er alene, det er trygt",
        "det er trygt",
        "da er han gått ut igjen",
        "han la seg nå",
        "eg er åleine no",
    ],
)
async def test_every_natural_yes_opens_and_her_question_is_answered_at_once(
    yes: str, channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await in_doubt(services, clock, channel)
    assert talk.answer("must_i_report") not in texts(await talk.writes(QUESTION))
    assert talk.answer("must_i_report") in texts(await talk.writes(yes))


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("no", ["nei", "det er ikke trygt", "jeg er ikke alene", "han er her"])
async def test_a_no_in_other_words_opens_nothing(
    no: str, channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await in_doubt(services, clock, channel)
    await talk.writes(QUESTION)
    assert talk.answer("must_i_report") not in texts(await talk.writes(no))
    assert (await talk.state()).neutral


@pytest.mark.parametrize("channel", CHANNELS)
async def test_asked_twice_in_vain_it_says_how_to_go_on_and_then_lets_her(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await in_doubt(services, clock, channel)
    asked = [words(await talk.writes("kan noen hjelpe meg i natt")) for _ in range(3)]
    assert asked[0] == asked[1] == talk.sentence("sms_opening")
    assert asked[2] == talk.sentence("way_on")
    assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))


@pytest.mark.parametrize(
    "text", ["er dette noe krisesenter greier??", "hva er dette for noe", "skriver hun om meg"]
)
async def test_a_stranger_is_told_nothing_before_or_after_a_mere_yes(
    text: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    line = talk.sentence("who_is_this")
    assert words(await talk.writes("hvem er dette")) == line
    assert words(await talk.writes(text)) == line
    await talk.writes("hallo")
    assert words(await talk.writes("ja")) == talk.answer("safe_yes")
    assert words(await talk.writes("hei")) == talk.answer("safe_yes")
    assert words(await talk.writes(text)) == line


async def test_on_the_web_what_a_stranger_asked_does_not_wait_for_a_yes(
    services: Services, clock: MovingClock
) -> None:
    talk = await in_doubt(services, clock, "web")
    await talk.writes("hva skrev hun")
    assert words(await talk.writes("ja")) == talk.answer("safe_yes")


async def test_somebody_comes_to_the_open_page(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock, "web").begins()
    assert words(await talk.writes("han kommer")) == talk.sentence("somebody_comes")
    assert [(alarm.danger, alarm.level) for alarm in await talk.alarms()] == [("danger_now", "now")]
    await talk.writes("da er han gått ut igjen")
    assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))


@pytest.mark.parametrize(
    "text", ["han kommer med kniv", "han kommer og slår meg", "hjelp han kommer"]
)
async def test_the_danger_itself_is_answered_where_more_is_told(
    text: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "web").begins()
    assert "112" in words(await talk.writes(text))


async def test_by_sms_somebody_who_comes_is_danger(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock, "sms").begins()
    assert "112" in words(await talk.writes("han kommer"))
