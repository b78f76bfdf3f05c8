"""The steps of a turn in their order, told as stories. Whole conversations: tests/transcripts."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.channels.messages import Channel, Lang
from bot.channels.sms.opening import built_in
from bot.handoff import followup, queue
from bot.services import Services
from bot.store import conversations, outbox
from bot.store.models import Counsellor
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import COUNSELLOR, Talk, texts, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"
DANGER = "han står utenfor og hamrer på døra"
READS_ALONG = "han leser telefonen min nå"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report", "hvem kan komme": "is_it_for_me"})
    return make_services(tmp_path, clock, understanding=scripted)


async def on_duty(talk: Talk) -> None:
    """A counsellor has the desk open."""

    def sign_in(tx) -> None:  # type: ignore[no-untyped-def]
        tx.session.add(
            Counsellor(
                id=COUNSELLOR,
                username="vakt",
                display_name="Vakt",
                password_hash="x",
                totp_sealed=b"x",
                on_duty=True,
                last_seen_at=tx.now + timedelta(hours=1),
                created_at=tx.now,
            )
        )

    await talk.run(sign_in)


# --- danger first --------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_danger_in_the_middle_of_handing_over_comes_first_and_the_way_back_is_short(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("menneske")
    await talk.presses("how:write_now")
    said = await talk.writes(DANGER)
    assert said[0].kind == "danger"
    assert "112" in said[0].text
    assert [alarm.danger for alarm in await talk.alarms()] == ["danger_now"]
    await talk.writes("menneske")
    await talk.presses("send")
    assert talk.last is not None
    assert talk.last.opened is not None
    case = await talk.run(queue.find_open, talk.id)
    assert (case.row.urgency, case.row.reasons) == ("now", ("danger:danger_now",))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_danger_told_as_the_answer_to_a_question_is_danger_first(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("menneske")
    await talk.presses("how:write_now", "choose:self", "yes")  # now: "what do you want to say?"
    said = await talk.writes(DANGER)
    assert "112" in said[0].text
    assert len(await talk.alarms()) == 1


async def test_counsellors_are_said_to_be_told_only_when_one_is_there(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert talk.sentence("counsellor_notified") not in words(await talk.writes(DANGER))
    await on_duty(talk)
    other = await Talk(services, clock).begins()
    assert other.sentence("counsellor_notified") in words(await other.writes(DANGER))


async def test_danger_in_a_button_press_is_heard(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("jeg orker ikke mer, jeg vil dø")
    before = len(await talk.alarms())
    assert "113" in words(await talk.writes("", "yes"))
    levels = [alarm.level for alarm in await talk.alarms()]
    assert "now" in levels
    assert len(levels) >= before


async def test_a_found_address_is_neither_stored_nor_shown_to_the_desk(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("han har funnet meg i Storgata 12 og står utenfor døra")
    await talk.writes("fødselsnummeret mitt er 01017012345 og han vil drepe meg med kniv nå")
    kept = [*await talk.said_by_person(), *(w for a in await talk.alarms() for w in a.words)]
    assert len(kept) >= 4
    for place in ("Storgata", "12 ", "01017012345"):
        assert not any(place in text for text in kept)
    assert "Storgata" not in (await talk.state()).to_json()


# --- held by the desk ----------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_while_the_desk_holds_the_person_the_bot_is_silent_and_a_finding_alarms(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    case_id = await talk.is_held()
    heard = len(await talk.heard())
    for text in ("hei", "menneske", QUESTION, "1"):
        assert await talk.writes(text) == []
    assert len(await talk.heard()) == heard
    assert QUESTION in await talk.said_by_person(), "the counsellor sees it"
    assert await talk.alarms() == []
    assert await talk.writes(DANGER) == []
    assert [(a.danger, a.while_held) for a in await talk.alarms()] == [("danger_now", True)]
    assert await talk.run(queue.close, case_id, COUNSELLOR, "talked")
    assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))


@pytest.mark.parametrize("channel", CHANNELS)
async def test_danger_that_no_counsellor_answers_brings_the_emergency_line(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.is_held()
    await talk.writes(DANGER)
    clock.passes(seconds=31)
    due = [item for item in await talk.run(followup.due) if item.do == "tell_person"]
    assert [item.sentence_id for item in due] == ["emergency_line"]
    assert await services.outbound.unprompted(talk.id, "emergency_line")
    assert "112" in words(await talk.heard())


# --- found out -----------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_after_found_out_the_reply_is_neutral_and_nothing_comes_unprompted(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.hands_over()
    await talk.presses("send")
    said = words(await talk.writes(READS_ALONG), channel)
    for revealing in ("112", "116", "rådgiver", "vold", "krise", "varsl"):
        assert revealing not in said.lower()
    assert await talk.alarms(), "an open alarm stays"
    heard = len(await talk.heard())
    for name in ("no_counsellor_yet", "counsellor_taken", "counsellor_away", "given_back"):
        assert not await services.outbound.unprompted(talk.id, name)
    assert len(await talk.heard()) == heard


async def test_after_found_out_a_phone_is_asked_again_before_anything_is_said(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(READS_ALONG)
    assert words(await talk.writes(QUESTION)) == built_in("sms_ask", "nb")
    assert talk.answer("must_i_report") in texts(await talk.writes("1"))


async def test_texts_that_had_not_left_are_taken_back_when_somebody_reads_along(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(QUESTION)
    await talk.writes(READS_ALONG)
    assert (await talk.run(outbox.counts))["dropped"] >= 1
    left = [row.text for row in [await talk.run(outbox.next_due)] if row]
    assert talk.answer("must_i_report")[:20] not in "".join(left)


async def test_the_gate_and_the_words_are_one_transaction(
    services: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk = await Talk(services, clock).begins()
    calls = []
    original = services.db.run

    async def counted(*args, **more):  # type: ignore[no-untyped-def]
        calls.append(args)
        return await original(*args, **more)

    monkeypatch.setattr(services.db, "run", counted)
    assert await services.outbound.unprompted(talk.id, "counsellor_taken")
    assert len(calls) == 1


# --- a person is one step away -------------------------------------------------------------------


@pytest.mark.parametrize("before", ["", QUESTION, DANGER, "xyzzy", "menneske"])
@pytest.mark.parametrize("word", ["menneske", "MENNESKE!", "rådgiver"])
async def test_menneske_works_everywhere(
    word: str, before: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    if before:
        await talk.writes(before)
    await talk.writes(word)
    assert (await talk.state()).flow == "handoff"
    assert {"how:write_now", "how:be_called"} & set(talk.buttons) or "send" in talk.buttons


async def test_menneske_leads_elsewhere_for_someone_who_uses_violence(
    tmp_path: Path, clock: MovingClock
) -> None:
    scripted = ScriptedUnderstanding({"jeg dytta kona": "i_use_violence"})
    services = make_services(tmp_path, clock, understanding=scripted)
    talk = await Talk(services, clock).begins()
    await talk.writes("jeg dytta kona")
    await talk.writes("menneske")
    assert (await talk.state()).flow is None
    assert await talk.run(queue.list_queue) == []


@pytest.mark.parametrize("channel", CHANNELS)
async def test_not_understood_twice_leads_to_a_person(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("xyzzy")
    assert (await talk.state()).flow is None
    said = await talk.writes("plugh")
    assert talk.sentence("unsure_twice") in words(said)
    assert (await talk.state()).flow == "handoff"
    assert (await talk.state()).fails == 0


async def test_an_answer_in_between_starts_the_count_anew(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    for text in ("xyzzy", QUESTION, "plugh"):
        await talk.writes(text)
    assert (await talk.state()).flow is None


async def test_choices_are_offered_when_it_is_unsure(
    services: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unsure(*_: object) -> Understood:
        return Understood(None, (), ("must_i_report", "is_it_for_me", "nosuch"), 0.4, None)

    monkeypatch.setattr(services.understanding, "understand", unsure)
    talk = await Talk(services, clock).begins()
    await talk.writes("noe med politi")
    assert talk.buttons[:2] == ["topic:must_i_report", "topic:is_it_for_me"]
    assert "topic:nosuch" not in talk.buttons
    assert talk.answer("must_i_report") in texts(await talk.presses("topic:must_i_report"))


async def test_a_question_in_the_middle_of_handing_over_is_answered_and_the_way_goes_on(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("menneske")
    said = texts(await talk.writes(QUESTION))
    assert talk.answer("must_i_report") in said
    assert said[-1] == "Vil du fortsatt ha kontakt med en rådgiver?"


# --- languages -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("word", "lang"), [("English", "en"), ("nynorsk", "nn")])
async def test_the_name_of_a_language_switches_the_conversation(
    word: str, lang: Lang, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    assert texts(await talk.writes(word)) == [talk.sentence("language_switched", lang)]
    found = await talk.run(conversations.get, talk.id)
    assert found.lang == lang


async def test_it_answers_in_the_language_that_is_written(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    said = words(await talk.writes("he is breaking down the door, please help me"))
    assert "Call the police now" in said
