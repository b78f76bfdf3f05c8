"""Somebody who writes another language: danger in it first, a person, a line in the summary."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot import other_language
from bot.channels.flows import Facts
from bot.channels.messages import Channel
from bot.safety import Finding
from tests.support import MovingClock, make_services

CALM = Finding("danger_now", "now", "ord", ("danger_now",), neutral=False, tongue="pl")


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_the_words_of_danger_come_in_their_language_first(
    tmp_path: Path, clock: MovingClock, channel: Channel
) -> None:
    services = make_services(tmp_path, clock)
    (first,) = other_language.before(services, CALM, channel)
    assert "policja" in first.text
    assert first.buttons == ()


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
    replies = services.turn.answer_without_store("on mnie bije", "web", "nb")
    assert "policja" in replies[0].text
    assert "Ring politiet" in replies[1].text


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
