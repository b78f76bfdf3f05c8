"""What follows the first words of a danger, turn by turn: stayed with, believed, looked back at."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.messages import Lang
from bot.handoff import followup, queue
from bot.services import Services
from bot.settings import Settings
from bot.store import conversations
from tests.support import MovingClock
from tests.talk import COUNSELLOR, Talk, words

QUESTION = "tenker du på å ta livet ditt"


async def looked_back(talk: Talk, **after: float) -> int:
    """How often the person is written to once `after` has passed, as the scheduler does it."""
    talk.clock.passes(**after)
    sent = 0
    for item in await talk.run(followup.due):
        if item.why == "unanswered" and item.conversation_id == talk.id:
            sent += await talk.services.outbound.unprompted(
                item.conversation_id, item.sentence_id, lambda tx, it=item: followup.done(tx, it)
            )
    return sent


ODD = ["", "…", "?", "😢", "😭" * 400, "\x00", "<b>hei</b>", "ok", "nå", "a" * 10_000, "asdf qwer"]


@pytest.mark.parametrize("danger", ["han slår meg nå", "jeg vil ikke leve lenger"])
async def test_nothing_that_is_written_in_danger_is_met_with_a_list_of_topics(
    talk: Talk, danger: str
) -> None:
    for odd in ODD:
        await talk.writes(danger)
        replies = await talk.writes(odd)
        # 112, 113 or 116 123; or, right after them, that somebody is here
        assert "11" in words(replies) or "Jeg er her" in words(replies), odd[:9]
        offered = [button.payload for reply in replies for button in reply.buttons]
        assert not any(payload.startswith("topic:") for payload in offered), odd[:9]
        assert "human" in offered or "send" in offered, odd[:9]


async def test_the_same_staying_words_never_come_twice_in_a_row(talk: Talk) -> None:
    said = [words(await talk.writes("han slår på døra nå"))]
    for message in ("jeg er redd", "ok", "…", "hva skal jeg gjøre", "jeg gjemmer meg", "hjelp"):
        said.append(words(await talk.writes(message)))
        assert said[-1] != said[-2], message
        assert "Jeg er her" in said[-1]
    numbers = ["112" in heard for heard in said[1:]]
    # Reminded every other time; and "what shall I do" is answered with the number.
    assert numbers == [True, False, True, True, True, False]


async def test_what_is_not_understood_is_reminded_of_once_and_then_a_person_is_offered(
    talk: Talk,
) -> None:
    await talk.writes("han slår meg nå")
    replies = await talk.writes("det blå huset ved butikken")
    assert "112" in words(replies)
    replies = await talk.writes("grønn stol i hagen ved vannet")
    assert "112" not in words(replies)
    assert "human" in talk.buttons
    assert (await talk.state()).flow is None
    await talk.writes("gul bil ved siden av bussen")
    assert (await talk.state()).flow == "handoff"
    assert "send" in talk.buttons


async def test_someone_who_cannot_speak_hears_it_also_in_the_middle_of_handing_over(
    talk: Talk,
) -> None:
    await talk.writes("han slår meg nå")
    await talk.presses("human")
    replies = await talk.writes("tør ikke ringe")
    assert "nummeret ditt" in words(replies)
    assert {"send", "handoff:resume"} & set(talk.buttons)  # the open question stands again


async def test_nei_directly_after_the_alarm_is_believed_and_the_alarm_stays_open(
    talk: Talk,
) -> None:
    await talk.writes("han slår meg nå")
    said_at = talk.clock.now + timedelta(seconds=5)
    replies = await talk.writes("nei")
    assert "jeg tror deg" in words(replies)
    assert talk.buttons == ["safety_plan:start", "human"]
    [alarm] = await talk.alarms()
    assert (alarm.status, alarm.not_now_at) == ("open", said_at)


async def test_nei_later_on_is_no_denial_of_the_danger(talk: Talk) -> None:
    await talk.writes("han slår meg nå")
    await talk.writes("jeg er redd")
    replies = await talk.writes("nei")
    assert "jeg tror deg" not in words(replies)
    [alarm] = await talk.alarms()
    assert alarm.not_now_at is None


@pytest.mark.parametrize("status", ["open", "seen"])
async def test_danger_again_after_a_misunderstanding_takes_the_mark_away(
    talk: Talk, status: str
) -> None:
    await talk.writes("han slår meg nå")
    await talk.writes("falsk alarm")
    [alarm] = await talk.alarms()
    if status == "seen":
        await talk.run(queue.see_alarm, alarm.id, COUNSELLOR)
    assert "112" in words(await talk.writes("han slår meg nå likevel"))
    fresh = [row for row in await talk.alarms() if row.status == "open"]
    assert [row.not_now_at for row in fresh] == [None]


async def test_danger_beside_a_no_is_answered_with_the_number_first(talk: Talk) -> None:
    await talk.writes("jeg orker ikke mer")
    replies = await talk.writes("nei men han slår meg nå")
    assert "112" in replies[0].text
    assert "Takk for at du svarte" not in words(replies)


async def test_wanting_to_die_again_after_a_yes_is_not_asked_again(talk: Talk) -> None:
    assert QUESTION in words(await talk.writes("jeg vil dø"))
    await talk.writes("ja")
    replies = await talk.writes("jeg vil virkelig dø")
    assert QUESTION not in words(replies)
    assert "113" in words(replies)


async def test_ja_from_a_relative_is_no_yes_to_wanting_to_die(talk: Talk) -> None:
    await talk.writes("hun vil ta livet sitt")
    await talk.writes("ja")
    assert [alarm.level for alarm in await talk.alarms()] == ["soon"]
    assert (await talk.state()).facts.about == "other"


UNANSWERED = [
    ("jeg orker ikke mer", None, 1),
    ("jeg vil dø", None, 1),
    ("jeg vil dø", "vet ikke", 1),
    ("jeg vil dø", "…", 1),
    ("jeg vil dø", "ja", 0),
    ("jeg vil dø", "nei", 0),
    ("jeg vil dø", "hva koster det å bo hos dere", 0),
    ("søsteren min vil ta livet sitt", None, 0),
    ("han slår meg nå", None, 0),
    ("jeg vil dø", "han leser telefonen min nå", 0),
]


async def test_an_unanswered_direct_question_is_looked_back_at_once(
    services: Services, clock: MovingClock
) -> None:
    topics = {"hva koster det å bo hos dere": "cost"}
    services.understanding.topics = topics  # type: ignore[attr-defined]
    for first, then, sent in UNANSWERED:
        talk = await Talk(services, clock).begins()
        await talk.writes(first)
        if then is not None:
            await talk.writes(then)
        assert await looked_back(talk, seconds=599) == 0, (first, then)
        assert await looked_back(talk, seconds=1) == sent, (first, then)
        assert await looked_back(talk, hours=1) == 0, (first, then)


async def test_the_look_back_passes_the_gate_or_is_never_sent(
    services: Services, clock: MovingClock
) -> None:
    for why in ("not safe", "somebody reads", "held", "erased"):
        talk = await Talk(services, clock).begins()
        await talk.writes("jeg vil dø")
        if why == "not safe":
            await talk.knows(safe="no")
        elif why == "somebody reads":
            await talk.knows(neutral=True)
        elif why == "held":
            await talk.run(conversations.set_held_by, talk.id, "desk")
        else:
            await services.turn.erase(talk.id)
        assert await looked_back(talk, minutes=11) == 0, why
        if why == "not safe":
            await talk.knows(safe="yes")
            assert await looked_back(talk, hours=1) == 0


async def test_a_child_is_looked_back_at_with_the_line_for_children(talk: Talk) -> None:
    await talk.writes("jeg er 13 år og vil dø")
    assert await looked_back(talk, minutes=10) == 1
    assert "116 111" in (await talk.heard())[-1].text


async def test_yes_to_is_it_a_good_time_is_no_yes_to_wanting_to_die(
    services: Services, clock: MovingClock
) -> None:
    for yes in ("1", "ja", "Ja!"):
        talk = await Talk(services, clock, "sms").begins(safe=False)
        assert QUESTION in words(await talk.writes("jeg orker ikke mer"))
        assert "Passer det" in words(await talk.writes("hei"))
        replies = await talk.writes(yes)
        assert "116 123" in words(replies), yes
        assert not [row for row in await talk.alarms() if row.conversation_id == talk.id]
        assert (await talk.state()).safe == "yes"
        await talk.writes("ja")
        levels = [row.level for row in await talk.alarms() if row.conversation_id == talk.id]
        assert levels == ["now"]
        await services.turn.erase(talk.id)


@pytest.mark.parametrize("seconds", [119, 3601])
def test_the_wait_has_bounds(seconds: int) -> None:
    with pytest.raises(ValueError, match="check_back"):
        Settings(check_back=seconds)  # type: ignore[call-arg]


WEEKLY = "jeg går i sjette klasse og pappa slår meg når han er full"


AGES = [
    ("12", True, "ikke din oppgave"),
    ("jeg er 12 år", True, "ikke din oppgave"),
    ("34", False, "Hva vil du ha hjelp med"),
    ("hopp over", True, "ikke din oppgave"),
    ("vil ikke si", True, "ikke din oppgave"),
]


async def test_the_age_of_a_child_is_asked_once_and_may_be_passed_over(
    services: Services, clock: MovingClock
) -> None:
    for answer, young, heard in AGES:
        talk = await Talk(services, clock).begins()
        asked = words(await talk.writes(WEEKLY))
        assert asked.index("barnevernet") < asked.index("Hvor gammel er du")
        assert heard in words(await talk.writes(answer)), answer
        assert (await talk.state()).young is young, answer
        assert "Hvor gammel" not in words(await talk.writes(WEEKLY))


async def test_a_child_in_danger_this_minute_is_asked_nothing(talk: Talk) -> None:
    for message in ("jeg går i sjette klasse og pappa slår meg nå", "jeg er redd"):
        said = words(await talk.writes(message))
        assert "?" not in said
        assert "barnevernet" not in said
        assert "116 111" in said


async def test_a_child_that_asks_in_peace_is_told_what_is_passed_on_before_telling(
    services: Services, clock: MovingClock
) -> None:
    services.understanding.topics = {"er dere for barn": "young_under_18"}  # type: ignore[attr-defined]
    talk = await Talk(services, clock).begins()
    replies = await talk.writes("er dere for barn")
    assert "barnevernet" in replies[-1].text
    assert talk.buttons == ["skip"]


ADULTS = [
    "jeg har barn på 12", "barna er 4 og 9 år", "vi har vært sammen i 12 år", "jeg er 42",
    "jeg er 8 måneder på vei", "i am 7 months pregnant", "jeg er 10 minutter unna", "i 9 år nå",
]  # fmt: skip


async def test_a_child_that_tells_its_age_is_known_as_a_child(talk: Talk) -> None:
    for told in ["jeg er 12", "Eg er 15 år", "i'm 13 and scared", "æ e 9 år"]:
        await talk.knows(young=False, age="")
        await talk.writes(told)
        assert (await talk.state()).young, told


async def test_an_adult_who_speaks_of_children_is_no_child(talk: Talk) -> None:
    for told in ADULTS:
        await talk.knows(young=False, age="")
        await talk.writes(told)
        assert not (await talk.state()).young, told


HAS_HIT: list[tuple[str, Lang]] = [
    ("jeg slo nettopp kona", "nb"),
    ("i just hit my wife", "en"),
    ("eg slo henne nettopp", "nn"),
]


async def test_someone_who_uses_violence_is_asked_if_anyone_is_hurt_now(
    services: Services, clock: MovingClock
) -> None:
    for told, lang in HAS_HIT:
        talk = await Talk(services, clock, lang=lang).begins()
        assert "112" in words(await talk.writes(told)), told
        assert talk.buttons[:2] == ["yes", "no"]
        replies = await talk.presses("yes")
        assert "112" in words(replies)
        assert "113" in words(replies)
        assert talk.buttons == ["human"]


async def test_threatening_to_take_ones_own_life_is_asked_about_straight_out(
    services: Services, clock: MovingClock
) -> None:
    for told in ("jeg tar livet mitt hvis hun drar", "jeg dreper meg hvis hun går fra meg"):
        talk = await Talk(services, clock).begins()
        assert QUESTION in words(await talk.writes(told)), told
        [alarm] = [row for row in await talk.alarms() if row.conversation_id == talk.id]
        assert (alarm.danger, alarm.level) == ("suicide", "soon")
    talk = await Talk(services, clock).begins()
    assert QUESTION not in words(await talk.writes("han dreper meg hvis jeg går"))


async def test_a_child_that_tells_of_violence_without_a_live_danger_is_met_as_a_child(
    talk: Talk,
) -> None:
    replies = await talk.writes("er 10 år, mamma ble slått før i tida")
    assert "116 111" in words(replies)
    assert "barnevernet" in words(replies)


async def test_hitting_back_is_not_taken_for_using_violence(talk: Talk) -> None:
    await talk.writes("jeg slo mannen tilbake")
    assert not (await talk.state()).violent


async def test_while_somebody_reads_along_nothing_of_this_is_said(talk: Talk) -> None:
    await talk.writes("han leser mobilen min og han slår meg nå")
    for later in ("ok", "jeg er redd", "hva skal jeg gjøre", "nei", "12", "…", "falsk alarm"):
        said = words(await talk.writes(later)).lower()
        assert said
        for telling in ("politi", "rådgiv", "11", "barnevern", "livet", "plan"):
            assert telling not in said, later
    [alarm] = await talk.alarms()
    assert alarm.not_now_at is None
