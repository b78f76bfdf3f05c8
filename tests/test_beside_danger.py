"""What was asked beside a danger: named, or answered where the danger is only a doubtful guess."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.safety.second import Guess
from bot.services import Services
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

ASKS = "barnevernet ringte i dag"
WISHES = "jeg vil lage en plan"
THANKS = "takk for det"
TOPICS = {ASKS: "barnevern_called", THANKS: "thanks"}


class Doubts:
    """A second signal that guesses at one danger in every message."""

    ready = True

    def __init__(self, guess: Guess) -> None:
        self._guess = guess

    def load(self) -> None:
        return None

    def guess(self, text: str) -> Guess | None:
        return self._guess


class WithAWish(ScriptedUnderstanding):
    """Knows one topic that opens a form."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        if text == WISHES:
            from bot.channels.messages import Wish

            return Understood("safety_plan", ("safety_plan",), (), 0.9, Wish("safety_plan"))
        return await super().understand(conversation_id, text, lang, last_topic, near)


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch) -> Services:
    made = make_services(tmp_path, clock, understanding=WithAWish(TOPICS))
    monkeypatch.setattr(made.safety, "second", None)  # the check is shared: put back afterwards
    return made


def doubting(services: Services, danger: str = "danger_now", *, doubtful: bool = True) -> None:
    services.safety.second = Doubts(Guess("now", danger, doubtful=doubtful))


async def test_a_doubtful_danger_comes_first_and_the_answer_after_it(
    services: Services, clock: MovingClock
) -> None:
    doubting(services)
    talk = await Talk(services, clock).begins()
    said = await talk.writes(ASKS)
    assert "**112**" in said[0].text
    heard = words(said)
    lead, answer = talk.sentence("if_not_now"), talk.answer("barnevern_called")
    assert heard.index("**112**") < heard.index(lead) < heard.index(answer)
    assert len(await talk.alarms()) == 1
    assert talk.last is not None
    assert (talk.last.topic, talk.last.finding.level) == ("barnevern_called", "now")  # type: ignore[union-attr]


async def test_ja_after_it_belongs_to_the_answer(services: Services, clock: MovingClock) -> None:
    doubting(services)
    talk = await Talk(services, clock).begins()
    await talk.writes(ASKS)
    services.safety.second = None
    said = await talk.writes("ja")
    assert talk.sentence("if_not_now") not in words(said)
    assert (await talk.state()).staying == 0
    assert (await talk.state()).last_level == "now"


async def test_danger_that_is_not_doubted_stands_alone(
    services: Services, clock: MovingClock
) -> None:
    doubting(services, doubtful=False)
    talk = await Talk(services, clock).begins()
    said = await talk.writes(ASKS)
    assert talk.sentence("if_not_now") not in words(said)
    assert (await talk.state()).staying == 1


async def test_what_the_lists_found_is_not_doubted(services: Services, clock: MovingClock) -> None:
    doubting(services)
    services.understanding.topics["han slår meg nå"] = "physical"  # type: ignore[attr-defined]
    talk = await Talk(services, clock).begins()
    assert talk.sentence("if_not_now") not in words(await talk.writes("han slår meg nå"))


async def test_a_text_message_only_names_it(services: Services, clock: MovingClock) -> None:
    doubting(services)
    talk = await Talk(services, clock, "sms").begins()
    said = await talk.writes(ASKS)
    assert talk.sentence("if_not_now") not in words(said)
    assert "topic:barnevern_called" in [b.payload for reply in said for b in reply.buttons]


async def test_beside_the_direct_question_there_is_nothing_and_ja_has_one_meaning(
    services: Services, clock: MovingClock
) -> None:
    doubting(services, "suicide")
    talk = await Talk(services, clock).begins()
    said = await talk.writes(ASKS)
    assert "topic:barnevern_called" not in [b.payload for reply in said for b in reply.buttons]
    services.safety.second = None
    await talk.writes("ja")
    assert talk.last is not None and talk.last.finding is not None
    assert (talk.last.finding.answer, talk.last.finding.level) == ("yes", "now")
    assert [row.danger for row in await talk.alarms()] == ["suicide"]


async def test_a_form_is_offered_and_not_begun(services: Services, clock: MovingClock) -> None:
    doubting(services)
    talk = await Talk(services, clock).begins()
    said = await talk.writes(WISHES)
    assert "topic:safety_plan" in [b.payload for reply in said for b in reply.buttons]
    assert (await talk.state()).flow is None


@pytest.mark.parametrize("text", [THANKS, "noe helt annet"])
async def test_small_talk_and_what_is_not_understood_add_nothing(
    text: str, services: Services, clock: MovingClock
) -> None:
    doubting(services)
    talk = await Talk(services, clock).begins()
    heard = words(await talk.writes(text))
    assert talk.sentence("if_not_now") not in heard
    assert talk.sentence("also_asked") not in heard


async def test_where_somebody_may_read_along_nothing_is_said_beside_it(
    services: Services, clock: MovingClock
) -> None:
    doubting(services, "found_out")
    talk = await Talk(services, clock).begins()
    said = await talk.writes(ASKS)
    assert talk.answer("barnevern_called") not in words(said)
    assert "topic:barnevern_called" not in [b.payload for reply in said for b in reply.buttons]


async def test_understanding_that_is_away_does_not_disturb(
    services: Services, clock: MovingClock
) -> None:
    doubting(services)
    services.understanding.failed_reason = "Broken"  # type: ignore[misc]
    talk = await Talk(services, clock).begins()
    assert "**112**" in words(await talk.writes(ASKS))
