"""What a message asks outright is answered before anything is guessed (bot/outright.yml)."""

from __future__ import annotations

import pytest

from bot.channels.messages import Channel
from bot.outright import PLAN, Line, lines
from bot.services import Services
from tests.support import MovingClock, loaded
from tests.talk import Talk

CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.to}: {line.say}"[:60])
def test_each_line_hears_its_message_and_leaves_the_other_alone(line: Line) -> None:
    assert line.hears(line.say)
    assert not line.hears(line.leaves)


@pytest.mark.parametrize("line", lines(), ids=lambda line: f"{line.to}: {line.say}"[:60])
def test_each_line_leads_to_words_on_both_channels(line: Line) -> None:
    content = loaded()["content"]
    assert line.to == PLAN or content.has(line.page or line.to)
    for channel in CHANNELS:
        if line.section:
            for lang in ("nb", "nn", "en"):
                assert content.has_section(line.page, lang, channel, line.section)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("asks", "page"),
    [
        ("hvem leser dette?", "who_reads"),
        ("er dere åpne i helgen?", "open_hours"),
        ("jeg er døv og kan ikke ringe", "cannot_phone"),
        ("jeg har ringt tre ganger og ingen svarer", "nobody_answered"),
        ("tror du jeg overdriver?", "not_you"),
        ("hei igjen, jeg skrev for litt siden", "not_remembered"),
    ],
)
async def test_a_plain_question_gets_a_plain_answer(
    channel: Channel, asks: str, page: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    assert (await talk.writes(asks))[0].text == talk.sentence(page)


async def test_the_time_is_told(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    assert (await talk.writes("hva er klokka?"))[0].text == "Klokka er 22:14."


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    ("asks", "section"),
    [
        ("kommer barnevernet og tar oss da", "taken"),
        ("jeg vil ikke at noen skal vite at det er jeg som har sagt det", "secret"),
        ("kommer politiet hit hvis jeg skriver med dere", "police"),
        ("kan jeg bare skrive med noen her og ikke ringe", None),
    ],
)
async def test_a_child_is_answered_as_a_child(
    channel: Channel, asks: str, section: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.knows(young=True, duty_told=True)
    said = (await talk.writes(asks))[0]
    assert said.text == services.content.reply("child_asks", "nb", channel, section).text
    assert said.buttons[0].payload == "how:write_now"


async def test_a_plan_that_is_asked_for_is_begun(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("lag plan")
    assert (await talk.state()).flow == "safety_plan"


@pytest.mark.parametrize(
    "danger", ["jeg er redd, han slår på døra nå", "han har kniv, er dere åpne"]
)
async def test_danger_comes_before_the_list(
    danger: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes(danger)
    assert "112" in said[0].text and said[0].kind == "danger"
