"""Whole conversations, person to desk and back, played and compared word by word.

Rewrite them with --update-transcripts, then read them aloud.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.services import Services
from tests.player import Player, Transcript
from tests.support import MovingClock, ScriptedUnderstanding, make_services

FILES = [
    file
    for file in sorted((Path(__file__).parent / "transcripts").glob("*/*.txt"))
    if file.parent.name != "shift"  # played by tests/night.py
]


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock, request: pytest.FixtureRequest) -> Services:
    return make_services(tmp_path, clock)


@pytest.mark.rasa
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
async def test_the_conversation_goes_as_written(
    file: Path,
    tmp_path: Path,
    clock: MovingClock,
    topic_model: object,
    request: pytest.FixtureRequest,
) -> None:
    transcript = Transcript.read(file)
    understanding = (
        ScriptedUnderstanding()
        if transcript.head.get("understanding") == "scripted"
        else topic_model
    )
    services = make_services(tmp_path, clock, understanding=understanding)
    played = await Player(services, clock).play(transcript)
    if request.config.getoption("--update-transcripts"):
        file.write_text(transcript.written(played), encoding="utf-8")
        return
    assert "\n".join(played) == "\n".join(transcript.lines)


def test_there_are_conversations_to_play() -> None:
    assert len(FILES) >= 20
