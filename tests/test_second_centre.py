"""Adopting the helpline is editing one file: an invented centre, from its file to what is said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.centre import check_production_centre, load_centre
from bot.channels.messages import Channel, Lang
from bot.checks import run_checks
from bot.content import load_numbers
from bot.services import Services
from bot.settings import ROOT, ConfigError, Settings
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

FILE = ROOT / "tests" / "centres" / "centre.fjellbygd.yml"
FIRST = load_centre(ROOT / "examples" / "centre.sorlandet.yml")
#: The first centre: its name, its number, its part of the country and the places it is for.
TRACES = re.compile("|".join(["Sørland", "Agder", FIRST.phone_line.number, *FIRST.municipalities]))

ASKED = {
    "hva er krisesenteret": "what_is_centre",
    "kan jeg ha med katten": "pets",
    "hvilket senter hører jeg til": "which_centre",
    "jeg bor i skjåk, hvilket senter er det": "which_centre",
    "jeg bor i oslo, hvilket senter er det": "which_centre",
    "jeg bor i fjellbygd, hvor er dere": "where_are_you",
    "hvor er dere": "where_are_you",
    "kan dere hente meg": "transport_distance",
    "jeg ble voldtatt i går": "sexual_assault_recent",
}


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    """The service as the second centre starts it, before production: one file is another."""
    file = tmp_path / "centre.yml"
    file.write_text(FILE.read_text(encoding="utf-8").replace("demo: false", "demo: true"))
    scripted = ScriptedUnderstanding(ASKED)
    return make_services(tmp_path, clock, understanding=scripted, settings={"centre_file": file})


SAID: dict[Channel, dict[str, tuple[str, ...]]] = {
    "web": {
        "hva er krisesenteret": ("Krisesenteret er for alle",),
        "kan jeg ha med katten": ("Du kan ha med katt og hund hit til Fjellbygd.",),
        "hvilket senter hører jeg til": ("Fjellbygd, Vestre Fjellbygd og Skjåk", "116 006"),
        "jeg bor i skjåk, hvilket senter er det": (
            "Skjåk hører til Fjellbygd krisesenter",
            "00 00 00 01",
        ),
        "jeg bor i oslo, hvilket senter er det": ("Oslo hører ikke til", "116 006"),
        "jeg bor i fjellbygd, hvor er dere": ("bor i Fjellbygd", "00 00 00 01"),
        "hvor er dere": ("Adressen sier jeg ikke", "00 00 00 01"),
        "kan dere hente meg": ("00 00 00 01",),
    },
    "sms": {
        "hva er krisesenteret": ("Krisesenteret er for deg",),
        "kan jeg ha med katten": ("Du kan ha med katt og hund hit til Fjellbygd.",),
        "hvilket senter hører jeg til": ("Fjellbygd, Vestre Fjellbygd og Skjåk", "116 006"),
        "jeg bor i skjåk, hvilket senter er det": (
            "Skjåk hører til Fjellbygd krisesenter",
            "00 00 00 01",
        ),
        "jeg bor i oslo, hvilket senter er det": ("Oslo hører ikke til", "116 006"),
        "jeg bor i fjellbygd, hvor er dere": ("deg i Fjellbygd", "00 00 00 01"),
        "hvor er dere": ("Adressen sier jeg ikke", "00 00 00 01"),
        "kan dere hente meg": ("00 00 00 01",),
    },
}


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_a_whole_conversation_has_no_trace_of_the_first_centre(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    heard = []
    for question, parts in SAID[channel].items():
        answer = words(await talk.writes(question))
        for part in parts:
            assert part in answer, (question, answer)
        heard.append(answer)
    heard += [words(await talk.writes("menneske")), words(await talk.writes("", "how:call_self"))]
    assert "00 00 00 01" in heard[-1]
    assert "hente deg på stasjonen" not in " ".join(heard)  # nobody has confirmed it
    assert TRACES.search(" ".join(heard)) is None


async def test_danger_and_the_pages_say_the_second_centres_numbers(
    services: Services, clock: MovingClock
) -> None:
    assert services.content.numbers["assault_centre"].number == "00 00 00 05"
    first = load_numbers(ROOT / "content" / "numbers.yml")["assault_centre"].number
    langs: tuple[Lang, ...] = ("nb", "nn", "en")
    for lang in langs:
        for channel in ("web", "sms"):
            said = services.content.reply("sexual_assault_recent", lang, channel).text  # type: ignore[arg-type]
            assert "00 00 00 05" in said
            assert first not in said


# --- what the centre has to confirm -------------------------------------------------------------


def described(tmp_path: Path, **changes: Any) -> Path:
    """The centre's file with everything confirmed, and `changes`."""
    raw = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    raw["facts"]["transport"]["confirmed_by"] = "Kari Nordmann"
    confirmed = {"date": raw["facts"]["pets"]["date"], "confirmed_by": "Kari Nordmann"}
    for key in load_numbers(ROOT / "content" / "numbers.yml"):
        raw["numbers"].setdefault(key, confirmed)
    file = tmp_path / "centre.yml"
    file.write_text(yaml.safe_dump(raw | changes, allow_unicode=True), encoding="utf-8")
    return file


def problems(file: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What `helpline check --production` says because of the centre."""
    capsys.readouterr()
    settings = Settings(centre_file=file)  # type: ignore[call-arg]
    run_checks(settings, production=True)
    return [line for line in capsys.readouterr().out.splitlines() if "centre.yml" in line]


def test_production_wants_a_name_behind_the_line_each_fact_and_each_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = described(tmp_path)
    assert problems(file, capsys) == []
    check_production_centre(load_centre(file), file)
    raw = yaml.safe_load(file.read_text(encoding="utf-8"))
    raw["phone_line"]["confirmed_by"] = raw["facts"]["pets"]["confirmed_by"] = None
    del raw["numbers"]["legevakt"]
    file = described(tmp_path, **{name: raw[name] for name in ("phone_line", "facts", "numbers")})
    text = file.read_text(encoding="utf-8")
    assert [line.split(":")[0] for line in problems(file, capsys)] == [
        "phone_line has no confirmed_by (centre.yml)",
        "facts.pets has no confirmed_by (centre.yml)",
        "the number legevakt has no confirmed_by",
    ], text
    with pytest.raises(ConfigError, match="phone_line has no confirmed_by"):
        check_production_centre(load_centre(file), file)


def test_a_fact_that_no_text_would_say_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    facts = yaml.safe_load(FILE.read_text(encoding="utf-8"))["facts"]
    confirmed = {"cats": {**facts["pets"]}}
    assert problems(described(tmp_path, facts=confirmed), capsys) == [
        "local facts: facts.cats (centre.yml) is said by no text: see docs/adopting.md"
    ]


def test_the_facts_that_texts_know_how_to_use_are_those_of_the_guide() -> None:
    guide = (ROOT / "docs" / "adopting.md").read_text(encoding="utf-8")
    listed = re.search(r"Facts the texts know how to use[^:]*:(.*?)\n\n", guide, re.DOTALL)
    assert listed
    used = set()
    for path in (ROOT / "content").glob("*/*.nb.md"):
        used |= set(re.findall(r"^confirmed_fact: (\w+)", path.read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"`(\w+)`", listed[1])) == used - {"municipalities"}
