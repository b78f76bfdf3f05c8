"""Taking back what was sent; and what the danger check hears in an answer that was asked for."""

from __future__ import annotations

import pytest

from bot.handoff import queue
from bot.safety import SafetyContext, load_check
from bot.services import Services
from bot.store import alarms
from tests.support import MovingClock
from tests.talk import Talk, texts, words

CHECK = load_check()
ASKED = SafetyContext(asked_for=True)


async def sent(services: Services, clock: MovingClock) -> Talk:
    """Somebody who waits for a counsellor to write."""
    talk = await Talk(services, clock).begins()
    await talk.writes("menneske")
    await talk.presses("how:write_now", "choose:self", "no", "send")
    return talk


async def test_what_waits_is_taken_back_after_one_question(
    services: Services, clock: MovingClock
) -> None:
    talk = await sent(services, clock)
    said = await talk.writes("jeg angrer")
    assert "trekke den tilbake?" in words(said)
    assert await talk.run(queue.find_open, talk.id) is not None
    said = await talk.presses("withdraw:yes")
    assert "Nå er den trukket tilbake" in words(said)
    assert await talk.run(queue.find_open, talk.id) is None
    assert await talk.run(queue.list_queue) == []


async def test_it_may_stay_where_it_is(services: Services, clock: MovingClock) -> None:
    talk = await sent(services, clock)
    await talk.writes("nei jeg vil ikke likevel")
    await talk.presses("withdraw:no")
    assert await talk.run(queue.find_open, talk.id) is not None


async def test_nothing_is_asked_where_nothing_was_sent(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert "trekke" not in words(await talk.writes("jeg angrer"))


async def test_erasing_says_that_what_was_sent_is_gone_too(
    services: Services, clock: MovingClock
) -> None:
    talk = await sent(services, clock)
    said = texts(await talk.writes("slett"))
    assert said[0] == talk.sentence("erased")
    assert "også tatt bort" in said[1]
    other = await Talk(services, clock).begins()
    assert len(await other.writes("slett")) == 1


async def test_danger_in_the_form_is_answered_and_an_answer_is_not(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("menneske")
    await talk.presses("how:be_called", "choose:self")
    for text in ("412 34 568", "etter kl 20", "ikke når mannen er hjemme, han tar telefonen"):
        await talk.writes(text)
    assert await talk.run(alarms.of_conversation, talk.id) == []
    said = await talk.writes("han står utenfor døra")
    assert "112" in words(said)
    assert len(await talk.run(alarms.of_conversation, talk.id)) == 1


class Frightened:
    """A second signal that sees danger in everything."""

    ready = True

    def guess(self, text: str) -> None:
        raise AssertionError("the second signal is not asked")


@pytest.mark.parametrize(
    "text", ["etter kl 20", "når han er på jobb", "ikke ring", "mellom 9 og 14"]
)
def test_only_the_lists_judge_an_answer_that_was_asked_for(
    text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CHECK, "second", Frightened())
    found = CHECK.check(text, ASKED)
    assert found.finding is None
    assert found.asked_for


@pytest.mark.parametrize(
    ("text", "danger", "level"),
    [
        ("han står utenfor døra", "danger_now", "now"),
        ("etter kl 20, han har kniv", "weapon_or_kill_threat", "now"),
        ("legg på, han dreper meg hvis han får vite det", "weapon_or_kill_threat", "soon"),
        ("hjelp", "danger_now", "now"),
        ("jeg vil dø", "suicide", "soon"),
    ],
)
def test_the_lists_still_find_danger_in_it(text: str, danger: str, level: str) -> None:
    finding = CHECK.check(text, ASKED).finding
    assert finding is not None
    assert danger in finding.all
    assert finding.level == level


def test_the_direct_question_is_answered_before_any_form() -> None:
    found = CHECK.check("ja", SafetyContext(asked_for=True, asked_suicide=True))
    assert found.answer == "yes"
    assert not found.asked_for
