"""Somebody who writes another language: danger in it first, a person, a line in the summary."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import other_language
from bot.channels.flows import Facts
from bot.channels.messages import Channel
from bot.content.other_languages import KINDS, OtherTexts
from bot.safety import Finding
from tests.safety.test_other_languages import RAISES
from tests.support import MovingClock, make_services
from tests.talk import Talk, texts

CALM = Finding("danger_now", "now", "ord", ("danger_now",), neutral=False, tongue="pl")


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_the_words_of_danger_come_in_their_language_first(
    tmp_path: Path, clock: MovingClock, channel: Channel
) -> None:
    services = make_services(tmp_path, clock)
    (first,) = other_language.before(services, CALM, channel)
    assert "policja" in first.text
    assert first.buttons == ()


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize(
    ("text", "tongue", "danger"),
    [(text, tongue, danger) for tongue, text, danger, _level in RAISES],
)
async def test_who_reads_none_of_ours_sees_their_own_text_and_the_way_to_a_person(
    tmp_path: Path, clock: MovingClock, channel: Channel, text: str, tongue: str, danger: str
) -> None:
    talk = await Talk(make_services(tmp_path, clock), clock, channel).begins()
    (said,) = await talk.writes(text)
    texts = talk.services.other_texts
    assert said.text in {texts.reply(tongue, kind, channel).text for kind in KINDS}
    assert [button.payload for button in said.buttons] == ["human"]
    state = await talk.state()
    assert (state.last_danger, state.asked_suicide) == (danger, False)
    assert await talk.alarms()
    # A word more in their language is met by the same, and the one question is not Norwegian.
    assert [reply.text for reply in await talk.writes("…")] == [said.text]
    asked = await talk.presses("human")
    assert "Would you like a counsellor to write with you" in asked[-1].text
    assert asked[-1].buttons[0].payload == "send"
    (sent, *_more) = await talk.presses("send")
    assert "no counsellor is here" in sent.text


async def test_without_danger_a_person_is_one_question_away(
    tmp_path: Path, clock: MovingClock
) -> None:
    talk = await Talk(make_services(tmp_path, clock), clock).begins()
    (said,) = await talk.writes("Мені потрібна інформація про притулок")
    assert [button.payload for button in said.buttons] == ["human"]
    (asked,) = await talk.presses("human")
    assert "**Language:** Ukrainian" in asked.text
    assert [button.payload for button in asked.buttons][:2] == ["send", "dont_send"]


@pytest.mark.parametrize(
    "before", ["jeg er redd for mannen min og vet ikke hva jeg skal", "what is the cost of a stay?"]
)
async def test_who_has_written_our_languages_reads_both(
    tmp_path: Path, clock: MovingClock, before: str
) -> None:
    talk = await Talk(make_services(tmp_path, clock), clock).begins()
    await talk.writes(before)
    said = texts(await talk.writes("у нього ніж"))
    assert "поліція" in said[0]
    assert "112" in said[1]
    assert len(said) > 2


async def test_a_message_in_two_languages_is_answered_in_both(
    tmp_path: Path, clock: MovingClock
) -> None:
    talk = await Talk(make_services(tmp_path, clock), clock).begins()
    said = texts(await talk.writes("han har kniv nå og jeg er redd. quiero morir"))
    assert "Ring politiet nå: **112**." in said


async def test_who_goes_on_in_norwegian_is_answered_in_it(
    tmp_path: Path, clock: MovingClock
) -> None:
    talk = await Talk(make_services(tmp_path, clock), clock).begins()
    await talk.writes("у нього ніж")
    assert "Ring **112**" in texts(await talk.writes("han har kniv og jeg er redd"))[0]
    assert (await talk.state()).tongue is None


async def test_what_no_native_reader_has_confirmed_is_said_in_english(
    tmp_path: Path, clock: MovingClock
) -> None:
    services = make_services(tmp_path, clock)
    services.other_texts = OtherTexts({}, services.content.numbers, services.content.centre)
    talk = await Talk(services, clock).begins()
    said = texts(await talk.writes("у нього ніж"))
    assert said[0] == "Call the police now: **112**."


def test_nothing_of_it_when_somebody_reads_along(tmp_path: Path, clock: MovingClock) -> None:
    services = make_services(tmp_path, clock)
    assert other_language.before(services, replace(CALM, neutral=True), "web") == []
    assert other_language.before(services, replace(CALM, tongue=None), "web") == []
    assert other_language.before(services, replace(CALM, tongue="th"), "web") == []


@pytest.mark.parametrize(
    ("text", "tongue"),
    [
        ("он вчера был пьяный", "ru"),
        ("він приходив", "uk"),
        ("æ orke itj mer no", None),
        ("", None),
    ],
)
def test_what_only_the_model_raised_has_the_language_of_its_script(
    text: str, tongue: str | None
) -> None:
    assert other_language.heard(text, replace(CALM, tongue=None)).tongue == tongue
    assert other_language.heard(text, CALM).tongue == "pl"


async def test_without_the_store_it_is_said_too(tmp_path: Path, clock: MovingClock) -> None:
    services = make_services(tmp_path, clock)
    (said,) = services.turn.answer_without_store("on mnie bije", "web", "nb")
    assert "policja" in said.text


def test_the_summary_knows_the_language_and_keeps_what_was_said(
    tmp_path: Path, clock: MovingClock
) -> None:
    services = make_services(tmp_path, clock)
    turn = SimpleNamespace(
        conversation=SimpleNamespace(state=SimpleNamespace(facts=Facts())), lang="nb"
    )
    other_language.note(services, turn, "pl")  # type: ignore[arg-type]
    assert turn.conversation.state.facts.language == "polsk"
    other_language.note(services, turn, "ar")  # type: ignore[arg-type]
    assert turn.conversation.state.facts.language == "polsk"
