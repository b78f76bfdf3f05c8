"""Municipality → centre, in a conversation with the example centre."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel, Lang
from bot.services import Services
from bot.settings import ROOT
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

WHICH = {
    "nb": "hvilket senter hører jeg til",
    "nn": "kva senter høyrer eg til",
    "en": "which crisis centre do I belong to when I live in",
}
HERE = {"nb": "hører til", "nn": "høyrer til", "en": "belongs to"}
ELSEWHERE = {"nb": "hører ikke til", "nn": "høyrer ikkje til", "en": "does not belong"}
NATIONAL = "116 006"


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    example = (ROOT / "examples" / "centre.sorlandet.yml").read_text(encoding="utf-8")
    file = tmp_path / "centre.yml"
    file.write_text(example.replace("demo: false", "demo: true"), encoding="utf-8")
    asked = [*WHICH.values()]
    asked += [f"{text} {place}" for text in WHICH.values() for place in ("Lyngdal", "Hamar")]
    scripted = ScriptedUnderstanding({text: "which_centre" for text in asked})
    return make_services(tmp_path, clock, understanding=scripted, settings={"centre_file": file})


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
async def test_a_named_municipality_is_the_centres_or_116_006_is_said(
    lang: Lang, channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel, lang).begins()
    own = words(await talk.writes(f"{WHICH[lang]} Lyngdal"))
    assert f"Lyngdal {HERE[lang]} Sørlandet Krisesenter" in own
    assert "38 10 22 00" in own
    assert NATIONAL not in own
    other = words(await talk.writes(f"{WHICH[lang]} Hamar"))
    assert f"Hamar {ELSEWHERE[lang]}" in other
    assert NATIONAL in other


async def test_without_a_municipality_all_are_named_and_one_may_be_said_afterwards(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert "Kristiansand, Lyngdal" in words(await talk.writes(WHICH["nb"]))
    assert "Farsund hører til" in words(await talk.writes("jeg bor i farsund"))
    assert "Farsund hører til" in words(await talk.writes(WHICH["nb"]))  # not asked for again


async def test_a_municipality_said_about_something_else_is_no_answer_to_it(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert "hører" not in words(await talk.writes("jeg bor i farsund"))


async def test_a_centre_that_names_no_municipalities_says_what_is_true_anywhere(
    tmp_path: Path, clock: MovingClock
) -> None:
    asked = "hvilket senter hører Lyngdal til"
    scripted = ScriptedUnderstanding({asked: "which_centre"})
    talk = await Talk(make_services(tmp_path, clock, understanding=scripted), clock).begins()
    said = words(await talk.writes(asked))
    assert NATIONAL in said
    assert "hører ikke til" not in said
