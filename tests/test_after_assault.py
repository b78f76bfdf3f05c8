"""After an assault: what is told of a shower, and who can come along, is answered from the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety.answers import says
from tests.support import MovingClock, make_services
from tests.talk import Talk, words

TOLD = "jeg ble voldtatt i natt"


@pytest.fixture
async def talk(tmp_path: Path, clock: MovingClock) -> Talk:
    return await Talk(make_services(tmp_path, clock), clock).begins()


@pytest.mark.parametrize(
    ("writes", "hears"),
    [
        ("har dusja", "du kan komme likevel"),
        ("jeg har dusjet, er det for sent", "du kan komme likevel"),
        ("jeg har allerede vasket meg", "du kan komme likevel"),
        ("kan jeg dusje", "Vent med dusj"),
        ("vil bare dusje, kan jeg det? jeg vil bare dusje", "Vent med dusj"),
        ("kan noen følge meg dit", "ta med en du stoler på"),
        ("kan noen bli med meg til overgrepsmottaket", "ta med en du stoler på"),
        ("må jeg dra alene", "ta med en du stoler på"),
    ],
)
async def test_it_is_answered_kindly_and_with_the_number(
    talk: Talk, writes: str, hears: str
) -> None:
    await talk.writes(TOLD)
    replies = await talk.writes(writes)
    assert hears in words(replies)
    assert "116 117" in words(replies)
    assert "112" not in words(replies)


async def test_a_shower_told_of_with_it_is_answered_beside_the_first_words(talk: Talk) -> None:
    replies = await talk.writes("jeg ble voldtatt i natt og har dusja")
    assert "116 117" in replies[0].text
    assert "du kan komme likevel" in words(replies)


async def test_somebody_who_follows_is_a_danger_all_the_same(talk: Talk) -> None:
    await talk.writes(TOLD)
    assert "112" in words(await talk.writes("han følger etter meg nå"))
    await talk.writes(TOLD)
    assert "112" in words(await talk.writes("kan noen følge meg dit, han slår på døra"))


async def test_a_shower_says_nothing_where_there_was_no_assault(talk: Talk) -> None:
    await talk.writes("han slår meg nå")
    assert "116 117" not in words(await talk.writes("har dusja"))


@pytest.mark.parametrize("text", ["har ikke dusja", "jeg har ikke vasket meg ennå", "han dusjer"])
def test_no_shower_is_no_shower(text: str) -> None:
    assert not says("washed", text)
