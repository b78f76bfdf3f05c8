"""A whole night at the desk as one story (tests/transcripts/shift), played and compared.

Rewrite it with --update-transcripts, then read it aloud.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.services import Services
from tests.night import Night, read
from tests.support import MovingClock, ScriptedUnderstanding, make_services, memory_db

FILE = Path(__file__).parent / "transcripts" / "shift" / "a_night.txt"


async def test_nobody_is_forgotten_in_a_night(
    tmp_path: Path, clock: MovingClock, request: pytest.FixtureRequest
) -> None:
    clock.now = datetime(2026, 11, 22, 21, 0, tzinfo=UTC)
    store = memory_db(clock)

    def begin() -> Services:
        """The service anew, on what the one before left behind."""
        return make_services(tmp_path, clock, db=store, understanding=ScriptedUnderstanding())

    title, lines = read(FILE)
    played = await Night(begin, clock).play(lines)
    if request.config.getoption("--update-transcripts"):
        FILE.write_text("\n".join([title, "---", *played]) + "\n", encoding="utf-8")
        return
    assert "\n".join(played) == "\n".join(lines)


def test_the_night_has_what_a_night_must_have() -> None:
    _, lines = read(FILE)
    people = {line.split("> ")[1] for line in lines if " (web): " in line or " (sms): " in line}
    assert len({person.split(" ")[0] for person in people}) == 6
    counsellors = {line.split("> ")[1].split(" ")[0] for line in lines if "goes on duty" in line}
    assert len(counsellors) == 2
    text = "\n".join(lines)
    assert text.count("loses the line") == text.count("waits again, the line was lost") == 1
    assert text.count("the service starts") == 1
    assert text.count("has waited too long, everyone alarmed") == 1
    assert text.count("SECOND LEVEL") == 1
    assert "Neste vakt er satt opp fra i morgen kl. 07:00" in text
