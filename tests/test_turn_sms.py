"""By SMS: neutral until the person has said that it is safe, and danger before that."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.sms.opening import built_in
from bot.services import Services
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, texts, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report", "hvem kan komme": "is_it_for_me"})
    return make_services(tmp_path, clock, understanding=scripted)


async def test_the_first_sms_is_neutral_and_the_waiting_message_is_answered_after_a_yes(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins(safe=False)
    first = await talk.writes(QUESTION)
    assert words(first) == built_in("sms_ask", "nb")
    assert words(first, "sms") == "Passer det å skrive nå? 1 ja 2 nei"
    said = texts(await talk.writes("1"))
    assert len(said) == 2
    assert said[1] == talk.answer("must_i_report")


async def test_a_no_gets_one_neutral_line_and_what_waited_is_forgotten(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins(safe=False)
    await talk.writes(QUESTION)
    said = await talk.writes("2")
    assert len(said) == 1
    assert (await talk.state()).waiting_text is None
    assert not await services.outbound.unprompted(talk.id, "counsellor_taken")


async def test_who_is_this_gets_a_line_that_could_be_about_anything(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(QUESTION)
    said = words(await talk.writes("hvem er dette")).lower()
    assert said
    for revealing in ("krise", "vold", "rådgiver", "112", "anmeld"):
        assert revealing not in said
    assert (await talk.state()).neutral


@pytest.mark.parametrize("text", [DANGER, "jeg orker ikke mer, jeg vil dø"])
async def test_danger_by_sms_is_answered_before_the_neutral_question(
    text: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins(safe=False)
    said = await talk.writes(text)
    assert said[0].kind == "danger"
    assert built_in("sms_ask", "nb") not in words(said)
    assert await talk.alarms()


@pytest.mark.parametrize("text", ["hvem er dette? han truet med å drepe meg i går", DANGER])
async def test_an_alarm_never_waits_for_an_answer(
    text: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins(safe=False)
    await talk.writes(text)
    assert len(await talk.alarms()) == 1
