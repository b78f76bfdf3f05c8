"""After the direct question something else is asked: it is answered, and the question stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

QUESTION = "tenker du på å ta livet ditt"


class Knows(ScriptedUnderstanding):
    """Knows what costs; is never sure of a lawyer, but can offer one."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        if "kost" in text:
            return Understood("cost", ("cost",), (), 0.9, None)
        return Understood(None, (), ("legal_aid",), 0.3, None)


@pytest.fixture
def talk(tmp_path: Path, clock: MovingClock) -> Talk:
    return Talk(make_services(tmp_path, clock, understanding=Knows()), clock)


async def asked(talk: Talk, channel: Channel, first: str = "jeg vil dø") -> Talk:
    talk.channel = channel
    await talk.begins()
    await talk.writes(first)
    return talk


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_it_is_answered_and_the_question_is_held_open_in_other_words(
    channel: Channel, talk: Talk
) -> None:
    await asked(talk, channel)
    replies = await talk.writes("hva koster det å bo der")
    assert "gratis" in replies[0].text
    assert "116 123" in replies[-1].text and "når du vil" in replies[-1].text
    assert QUESTION not in words(replies)
    assert (await talk.state()).asked_suicide
    assert "113" in words(await talk.writes("ja")), "and it can still be answered"


async def test_what_is_not_understood_is_offered_topics_and_never_the_words_for_silence(
    talk: Talk,
) -> None:
    await asked(talk, "web")
    replies = await talk.writes("hvordan får jeg tak i en advokat")
    assert "topic:legal_aid" in talk.buttons
    assert "finne ordene" not in words(replies)
    assert "når du vil" in replies[-1].text


async def test_it_is_not_said_every_time(talk: Talk) -> None:
    await asked(talk, "web")
    said = [words(await talk.writes("hva koster det å bo der")) for _ in range(4)]
    assert ["spurte deg om" in each for each in said] == [True, False, True, False]
    assert "når du vil" not in said[2], "other words the second time"


async def test_a_child_hears_of_the_line_for_children(talk: Talk) -> None:
    await asked(talk, "web", "jeg er 13 år og vil dø")
    assert "116 111" in words((await talk.writes("hva koster det å bo der"))[-1:])


@pytest.mark.parametrize(
    "despair", ["hva er vitsen", "hvordan skal jeg klare dette", "hvem bryr seg om meg", "hva nå"]
)
async def test_a_question_of_despair_is_met_with_nearness(despair: str, talk: Talk) -> None:
    await asked(talk, "web")
    await talk.writes(despair)
    assert not any(button.startswith("topic:") for button in talk.buttons)


async def test_nothing_is_held_open_that_was_not_asked_or_is_answered(talk: Talk) -> None:
    await asked(talk, "web")
    await talk.writes("nei")
    assert "spurte deg om" not in words(await talk.writes("hva koster det å bo der"))
