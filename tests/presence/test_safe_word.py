"""The safe word: what it may be, that it is kept nowhere as text, and what it proves."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import Channel
from bot.safe_word import HIDDEN, MOST_LETTERS, fault_of, normal_word
from bot.services import Services
from bot.store import conversations, messages, presence
from bot.store.presence import MOST_TRIES
from tests.support import MovingClock, ScriptedUnderstanding, loaded, make_services
from tests.talk import Talk, texts, words

WORD = "rognebær"
QUESTION = "må jeg anmelde for å få hjelp hos dere"
CHANNELS: tuple[Channel, ...] = ("web", "sms")


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return make_services(
        tmp_path, clock, understanding=ScriptedUnderstanding({QUESTION: "must_i_report"})
    )


async def chosen(services: Services, clock: MovingClock, channel: Channel, word: str) -> Talk:
    talk = await Talk(services, clock, channel).begins()
    await talk.writes("jeg vil velge et trygt ord")
    await talk.writes(word)
    return talk


# --- what it may be ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "short"),
        ("   ", "short"),
        ("7", "short"),
        ("1234", "short"),
        ("abc", "short"),
        ("aaaa", "short"),
        ("🐳🐳🐳🐳🐳", "short"),
        ("ja", "short"),
        ("hei", "short"),
        ("rogn", None),
        ("Rognebær!", None),
        ("blå måke flyr", None),
        ("blå måke flyr høyt", "long"),
        ("x" * (MOST_LETTERS - 1) + "y", None),
        ("x" * MOST_LETTERS + "y", "long"),
        ("x" * 10_000, "long"),
        ("nei", "no"),
        ("Ikke nå.", "no"),
        ("no thanks", "no"),
        ("Hallo!", "common"),
        ("HJELP", "common"),
        ("safe word", "common"),
        ("trygt ord", "common"),
        ("menneske", "common"),
        ("slett", "common"),
        ("english", "common"),
        ("hvem er dette", "common"),
        ("<b>rognebær</b>", None),
    ],
)
def test_what_can_be_a_safe_word(text: str, fault: str | None) -> None:
    assert fault_of(text) == fault


def test_words_of_danger_stay_words() -> None:
    safety = loaded()["safety"][0]
    assert fault_of("han slår meg", safety) == "common"
    assert fault_of(WORD, safety) is None


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Rognebær", " ROGNEBÆR ", True),
        ("rognebær", "rognebær.", True),
        ("rognebær", "rognebar", False),
        ("idé", "ide", False),
        ("idé", "ide\u0301", True),
        ("blå  måke", "Blå måke", True),
        ("blåmåke", "blå måke", False),
    ],
)
def test_it_is_compared_whole_without_the_size_of_letters_and_with_accents(
    one: str, other: str, same: bool
) -> None:
    assert (normal_word(one) == normal_word(other)) is same


@given(st.text(max_size=300))
def test_any_text_is_judged_and_normal_words_stay_as_they_are(text: str) -> None:
    once = normal_word(text)
    assert normal_word(once) == once
    assert fault_of(once) == fault_of(text)


# --- kept nowhere --------------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_it_stands_nowhere_in_what_is_kept_or_said(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await chosen(services, clock, channel, WORD.title())
    await talk.writes(WORD)
    clock.passes(hours=2)
    await talk.writes("hei")
    await talk.writes(f" {WORD.upper()}! ")
    state = await talk.state()
    assert state.safe_word is not None
    kept = [state.to_json(), *await talk.said_by_person(), *texts(await talk.heard())]
    assert (await talk.said_by_person()).count(HIDDEN) == 3
    assert not any(WORD in text.lower() for text in kept)
    assert WORD not in str(services.understanding.asked).lower()  # type: ignore[attr-defined]


async def test_the_same_word_in_two_conversations_looks_different(
    services: Services, clock: MovingClock
) -> None:
    one = await chosen(services, clock, "web", WORD)
    other = await chosen(services, clock, "web", WORD)
    assert (await one.state()).safe_word != (await other.state()).safe_word


async def test_it_dies_with_the_conversation(services: Services, clock: MovingClock) -> None:
    talk = await chosen(services, clock, "sms", WORD)
    await talk.writes("slett")
    again = await Talk(services, clock, "sms").begins()
    assert again.id != talk.id
    assert (await again.state()).safe_word is None


# --- choosing ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("channel", "strong"), [("web", True), ("sms", False)])
async def test_on_the_web_it_is_strong_and_by_sms_weak(
    channel: Channel, strong: bool, services: Services, clock: MovingClock
) -> None:
    talk = await chosen(services, clock, channel, WORD)
    state = await talk.state()
    assert state.safe_word_strong is strong
    said = words(await talk.heard(), channel).lower()
    assert ("slett nå meldingen" in said) is not strong


@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_word_that_others_guess_is_asked_for_once_more_and_then_let_be(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await chosen(services, clock, channel, "hei")
    assert talk.sentence("safe_word_again") in texts(await talk.heard())
    assert texts(await talk.writes("1")) == [talk.sentence("stopped")]
    assert (await talk.state()).safe_word is None
    assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))


async def test_a_no_is_taken_for_a_no(services: Services, clock: MovingClock) -> None:
    talk = await chosen(services, clock, "web", "nei")
    state = await talk.state()
    assert (state.safe_word, state.choosing) == (None, 0)


async def test_who_writes_something_else_instead_is_answered(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("safe word")
    assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))
    assert QUESTION in await talk.said_by_person()
    await talk.writes(WORD)
    assert (await talk.state()).safe_word is None, "only the next message can be the word"


@pytest.mark.parametrize("text", ["menneske", "hva kan du gjøre", "han slår meg nå"])
async def test_a_command_or_danger_is_no_word(
    text: str, services: Services, clock: MovingClock
) -> None:
    talk = await chosen(services, clock, "web", text)
    assert (await talk.state()).safe_word is None
    assert HIDDEN not in await talk.said_by_person()
    assert len(await talk.alarms()) == (1 if "slår" in text else 0)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_odd_words_get_an_answer_and_lose_nothing(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    for text in ("", "x" * 10_000, "🐳", "\0", "<script>", "😭" * 400, " \n "):
        talk = await Talk(services, clock, channel).begins()
        await talk.writes("jeg vil velge et trygt ord")
        assert words(await talk.writes(text), channel).strip()
        assert services.troubles == {}
        await talk.writes("noe helt annet enn et ord")
        assert talk.answer("must_i_report") in texts(await talk.writes(QUESTION))


async def test_the_open_question_of_a_flow_comes_again_after_the_choice(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("menneske")
    await talk.writes("trygt ord")
    again = (await talk.writes(WORD))[-1].text
    assert again == "Vil du fortsatt ha kontakt med en rådgiver?"


# --- what it proves ------------------------------------------------------------------------------


async def lays_in(talk: Talk, word: str) -> None:
    def work(tx, id: str) -> None:  # type: ignore[no-untyped-def]
        found = conversations.get(tx, id)
        presence.set_word(found.state, presence.hash_word(tx, id, word), strong=True)
        conversations.save(tx, found)

    await talk.services.turn.alone(talk.id, work)


async def test_a_weak_word_does_not_push_out_a_strong_one(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await lays_in(talk, WORD)
    said = texts(await talk.writes("trygt ord"))
    assert said == [talk.sentence("safe_word_kept")]
    await talk.writes("blåmeis")
    clock.passes(hours=1)
    await talk.writes("hei")
    assert texts(await talk.writes(WORD))[0] == talk.sentence("thread_back")


async def test_who_said_no_more_than_yes_cannot_choose_another_word(
    services: Services, clock: MovingClock
) -> None:
    talk = await chosen(services, clock, "web", WORD)
    clock.passes(hours=2)
    await talk.writes("hei")
    await talk.presses("safe:yes")
    assert texts(await talk.writes("safe word")) == [talk.sentence("safe_word_kept")]


async def test_guessing_ends(services: Services, clock: MovingClock) -> None:
    talk = await chosen(services, clock, "web", WORD)
    clock.passes(hours=2)
    for number in range(MOST_TRIES + 1):
        await talk.writes(f"gjett {number}a")
    assert talk.sentence("thread_back") not in texts(await talk.writes(WORD))
    assert (await talk.state()).aside is None


async def test_a_person_who_writes_on_is_not_taken_for_one_who_guesses(
    services: Services, clock: MovingClock
) -> None:
    talk = await chosen(services, clock, "web", WORD)
    clock.passes(hours=2)
    for _ in range(MOST_TRIES + 5):
        await talk.writes("dette er en helt vanlig lang melding")
    assert talk.sentence("thread_back") in texts(await talk.writes(WORD))


async def test_after_a_crash_the_word_is_still_known_though_its_text_was_never_kept(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("trygt ord")
    run = services.turn._walk

    async def dies(_turn: object) -> None:
        raise SystemExit

    services.turn._walk = dies  # type: ignore[method-assign, assignment]
    with pytest.raises(SystemExit):
        await talk.writes(WORD)
    services.turn._walk = run  # type: ignore[method-assign]
    assert await services.turn.answer_pending() == 1
    assert (await talk.state()).safe_word is not None
    stored = await talk.run(messages.after, talk.id, 0)
    assert not any(WORD in one.reply.text for one in stored)
