"""When it may be somebody else who writes, and what is said then. Stories: transcripts/safe."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Channel, Lang
from bot.channels.sms.inbound import Door
from bot.channels.sms.senders import Arrived
from bot.channels.sms.webhooks import TwilioWebhooks
from bot.channels.webchat.visits import _view
from bot.handoff import followup, queue
from bot.services import Services
from bot.store import conversations, outbox
from bot.store.conversations import State
from bot.store.presence import begin_doubt, bring_back, go_on
from tests.support import PHONE, MovingClock, ScriptedUnderstanding, make_services
from tests.talk import COUNSELLOR, Talk, texts, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"
READS_ALONG = "han leser telefonen min nå"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report", "hvem kan komme": "is_it_for_me"})
    return make_services(tmp_path, clock, understanding=scripted)


async def talking(services: Services, clock: MovingClock, channel: Channel = "sms") -> Talk:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes(QUESTION)
    return talk


def asks(talk: Talk, replies: list[object], lang: Lang = "nb") -> bool:
    return texts(replies) == [talk.sentence("still_you", lang)]  # type: ignore[arg-type]


# --- a pause -------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channel", "limit"), [("sms", 1800), ("web", 3600)])
@pytest.mark.parametrize(("more", "asked"), [(-5, False), (-4, True), (7200, True)])
async def test_after_so_long_a_silence_it_is_asked_once(
    channel: Channel,
    limit: int,
    more: int,
    asked: bool,
    services: Services,
    clock: MovingClock,
) -> None:
    talk = await talking(services, clock, channel)
    clock.passes(seconds=limit + more)  # five more until the message
    assert asks(talk, await talk.writes("hvem kan komme")) is asked  # type: ignore[arg-type]
    if asked:
        assert texts(await talk.presses("safe:yes")) == [talk.answer("is_it_for_me")]
        assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))
    assert (await talk.state()).unproven is asked


async def test_the_limits_are_settings(tmp_path: Path, clock: MovingClock) -> None:
    services = make_services(tmp_path, clock, settings={"pause_sms": 600})
    talk = await talking(services, clock)
    clock.passes(minutes=11)
    assert asks(talk, await talk.writes("hei"))  # type: ignore[arg-type]


async def test_what_the_desk_or_the_bot_wrote_meanwhile_does_not_end_the_silence(
    services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock)
    clock.passes(minutes=29)
    assert await services.outbound.unprompted(talk.id, "no_counsellor_yet")
    clock.passes(minutes=2)
    assert asks(talk, await talk.writes("hei"))  # type: ignore[arg-type]


async def test_a_picture_after_a_pause_tells_nobody_anything(
    services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock)
    clock.passes(hours=1)
    door = Door(services, TwilioWebhooks(None, services.settings.base_url))
    await door._refuse_media(Arrived("MM1", PHONE, "", media=True), PHONE)
    assert words((await talk.heard())[-1:]) == "Passer det å skrive nå?"
    assert (await talk.state()).doubt == "pause"


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_no_is_met_by_a_line_about_nothing_and_it_is_asked_again(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock, channel)
    clock.passes(hours=2)
    await talk.writes("hei")
    assert texts(await talk.presses("safe:no")) == [talk.sentence("sms_not_now")]
    assert texts(await talk.writes(QUESTION)) != [talk.answer("must_i_report")]
    assert not await services.outbound.unprompted(talk.id, "counsellor_taken")


@pytest.mark.parametrize(
    "payload", ["send", "how:write_now", "resume", "more", "topic:psychological"]
)
async def test_an_old_button_after_a_pause_does_nothing(
    payload: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.hands_over()
    clock.passes(hours=2)
    assert asks(talk, await talk.writes("", payload))  # type: ignore[arg-type]
    assert await talk.run(queue.list_queue) == []
    said = texts(await talk.presses("safe:yes"))
    assert said == [talk.sentence("safe_yes")]


# --- who is this, another language ---------------------------------------------------------------


async def test_on_the_web_who_are_you_is_only_a_question(
    services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock, "web")
    await talk.writes("hvem er dette")
    assert not (await talk.state()).neutral


@pytest.mark.parametrize(
    ("spoken", "then", "doubt"),
    [
        (QUESTION, "who is it that writes to my wife", "language"),
        (
            "do I have to report it to get help",
            "hvem er det som skriver til kona mi da",
            "found_out",
        ),
        (QUESTION, "kto pisze do mojej żony, proszę powiedzieć", "who"),
        (QUESTION, "i would like to sleep at your place tonight", None),
        (QUESTION, "interpreter in thai please if you can", None),
        ("do I have to report it to get help", "jeg kan litt norsk også, hvor kan jeg sove", None),
        (QUESTION, "må eg melde det for å få hjelp hos dykk", None),
        (QUESTION, "ok thanks", None),
        (QUESTION, "can you please write in english to me", None),
        (QUESTION, "www.example.no", None),
        ("hei", "do I have to report it to get help", None),
    ],
)
async def test_another_language_at_once(
    spoken: str, then: str, doubt: str | None, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(spoken)
    await talk.writes(then)
    assert (await talk.state()).doubt == doubt


async def test_a_language_that_was_asked_for_is_no_sign(
    services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock)
    await talk.writes("english")
    await talk.writes("do I have to report it to get help")
    assert (await talk.state()).doubt is None


async def test_two_languages_once_known_are_not_asked_about_again(
    services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock)
    await talk.writes("who is it that writes to my wife")
    await talk.writes("hei")
    await talk.presses("safe:yes")
    for text in (QUESTION, "do I have to report it to get help", QUESTION):
        assert not asks(talk, await talk.writes(text))  # type: ignore[arg-type]


# --- danger first --------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize(
    "text", [DANGER, "jeg orker ikke mer, jeg vil dø", "jeg blør mye fra hodet nå"]
)
async def test_danger_after_a_pause_is_answered_and_no_question_stands_in_the_way(
    text: str, channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock, channel)
    clock.passes(hours=3)
    said = await talk.writes(text)
    assert said[0].kind == "danger"
    assert not (await talk.state()).neutral
    assert await talk.alarms()
    assert not asks(talk, await talk.writes("menneske"))  # type: ignore[arg-type]


@pytest.mark.parametrize("channel", CHANNELS)
async def test_the_answer_to_the_direct_question_is_heard_after_a_pause(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("jeg orker ikke mer, jeg vil dø")
    clock.passes(hours=2)
    assert "113" in words(await talk.writes("ja"))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_what_is_not_of_this_minute_alarms_and_waits(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await talking(services, clock, channel)
    clock.passes(hours=2)
    assert asks(talk, await talk.writes("han truet med å drepe meg i går"))  # type: ignore[arg-type]
    assert [alarm.level for alarm in await talk.alarms()] == ["soon"]
    said = await talk.presses("safe:yes")
    assert said[0].kind == "danger"


# --- at the desk ---------------------------------------------------------------------------------


async def test_the_emergency_line_still_comes_when_danger_is_written_after_a_pause(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.is_held()
    clock.passes(hours=1)
    assert await talk.writes(DANGER) == []
    clock.passes(seconds=31)
    due = [item for item in await talk.run(followup.due) if item.do == "tell_person"]
    assert "emergency_line" in [item.sentence_id for item in due]
    assert await services.outbound.unprompted(talk.id, "emergency_line")


async def test_a_pause_stops_no_counsellor_but_found_out_does_until_she_says_it_is_safe(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    case_id = await talk.is_held()
    clock.passes(hours=1)
    assert await talk.writes("hei") == []
    assert await services.outbound.from_desk(case_id, "Hei.") == "sent"
    await talk.writes(READS_ALONG)
    assert await services.outbound.from_desk(case_id, "Hei igjen.") == "unsafe"
    assert "Hei igjen." not in texts(await talk.heard())
    assert await services.outbound.from_desk(case_id, "Ha det.", safe_now=True) == "sent"
    await talk.run(queue.close, case_id, COUNSELLOR, "talked")
    assert not await services.outbound.unprompted(talk.id, "given_back")


async def test_what_a_counsellor_wrote_and_did_not_leave_is_taken_back_when_found_out(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    case_id = await talk.is_held()
    assert await services.outbound.from_desk(case_id, "Hei fra rådgiveren") == "sent"
    await talk.writes(READS_ALONG)
    assert await talk.run(outbox.next_due) is None


async def test_a_late_answer_does_not_come_after_found_out(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    services.understanding.ready = False  # type: ignore[misc]
    await talk.writes(QUESTION)
    await talk.writes(READS_ALONG)
    heard = len(await talk.heard())
    services.understanding.ready = True  # type: ignore[misc]
    await services.turn.answer_pending()
    assert len(await talk.heard()) == heard
    assert await services.turn.answer_pending() == 0


# --- the page ------------------------------------------------------------------------------------


async def test_the_page_draws_nothing_old_again_until_the_word_is_given(
    services: Services, clock: MovingClock
) -> None:
    talk = Talk(services, clock)
    opened, token = await talk.run(conversations.open_web, "nb")
    talk.id = opened.id
    await talk.writes("safe word")
    await talk.writes("rognebær")
    await talk.hands_over()
    await talk.presses("send")
    before = await talk.run(_view, token, 0)
    assert before.waits
    await talk.writes(READS_ALONG)
    drawn = await talk.run(_view, token, 0)
    assert [one.author for one in drawn.messages] == ["bot"]
    assert not drawn.waits
    await talk.writes("hei")
    await talk.presses("safe:yes")
    assert len((await talk.run(_view, token, 0)).messages) < len(before.messages)
    await talk.writes("rognebær")
    after = await talk.run(_view, token, 0)
    assert len(after.messages) > len(before.messages)
    assert after.waits


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("doubt", ["pause", "found_out"])
async def test_erasing_never_waits_and_tells_of_no_agreed_call(
    doubt: str, channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("menneske")
    await talk.presses("how:be_called", "choose:self")
    await talk.writes(PHONE)
    for _ in range(3):
        await talk.presses("skip")
    await talk.presses("no", "send")
    assert await talk.run(queue.has_open_callback, talk.id)
    if doubt == "found_out":
        await talk.writes(READS_ALONG)
    clock.passes(hours=2)
    said = texts(await talk.writes("slett"))
    assert said == [talk.sentence("erased")]
    assert await talk.run(conversations.get, talk.id) is None
    assert [row.how for row in await talk.run(queue.list_queue)] == ["be_called"]


# --- what is remembered --------------------------------------------------------------------------


def told() -> State:
    state = State(safe="yes", flow="handoff", flow_data={"step": "how"}, last_topic="economic")
    state.facts = state.facts.updated({"own_words": ["hemmelig"], "children": "to"})
    state.handoff_id, state.young, state.menu = "h1", True, [["send", "Ja"]]
    return state


def test_a_doubt_leaves_nothing_in_reach_and_the_word_brings_all_back_but_the_menu() -> None:
    state = told()
    begin_doubt(state, "pause")
    begin_doubt(state, "found_out")
    begin_doubt(state, "language")
    assert state.doubt == "found_out"
    assert (state.flow, state.handoff_id, state.young, state.menu) == (None, None, False, [])
    assert "hemmelig" not in str(state.facts)
    again = State.from_json(state.to_json())
    bring_back(again)
    assert (again.flow, again.handoff_id, again.young) == ("handoff", "h1", True)
    assert again.facts == told().facts
    assert (again.menu, again.doubt, again.neutral, again.aside) == ([], None, False, None)


def test_a_bare_yes_without_a_strong_word_forgets() -> None:
    for strong in (None, False):
        state = told()
        state.safe_word = None if strong is None else "hash"
        begin_doubt(state, "pause")
        go_on(state)
        assert "hemmelig" not in state.to_json()
        assert (state.unproven, state.neutral, state.thread_away) == (True, False, True)


def test_what_was_said_after_a_bare_yes_is_kept_beside_what_the_word_brings_back() -> None:
    state = told()
    state.safe_word, state.safe_word_strong = "hash", True
    begin_doubt(state, "pause")
    go_on(state)
    state.facts = state.facts.updated({"own_words": ["nytt"]})
    bring_back(state)
    assert state.facts.own_words == ["hemmelig", "nytt"]
    assert not state.unproven
