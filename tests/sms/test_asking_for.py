"""Asked for by one word: erasing, what remains on the phone, sources, and old numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.messages import Lang
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.reserved import RESERVED, asked_for
from bot.channels.sms.segments import GSM_BASIC, GSM_EXTENSION, count
from bot.commands import PHONES, read_command
from bot.services import Services
from bot.store import conversations, models
from bot.store.database import Tx
from tests.support import MovingClock, ScriptedUnderstanding, loaded, make_services
from tests.talk import Talk, texts, words

QUESTION = "må jeg anmelde for å få hjelp hos dere"


@pytest.fixture
def clock() -> MovingClock:  # type: ignore[override]
    return MovingClock()


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({QUESTION: "must_i_report"})
    return make_services(tmp_path, clock, understanding=scripted)


def all_that_is_left(tx: Tx, conversation_id: str) -> list[str]:
    """Tables that still know of the conversation."""
    tables = (models.Conversation, models.StoredMessage, models.Tracker, models.OutboxRow)
    tables += (models.SmsPart, models.SealKey)  # type: ignore[assignment]
    found = []
    for table in tables:
        for row in tx.session.query(table).all():
            if conversation_id in [str(value) for value in vars(row).values()]:
                found.append(table.__tablename__)
    return found


@pytest.mark.parametrize("safe", [None, "no", "unknown", "yes"])
@pytest.mark.parametrize("word", ["slett", "SLETT!", "delete"])
async def test_slett_erases_at_once_whatever_was_said_of_safety(
    safe: str | None, word: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins(safe=False)
    await talk.writes(QUESTION)
    await talk.knows(safe=safe)
    said = await talk.writes(word)
    assert talk.last is not None
    assert talk.last.erased
    assert await talk.run(conversations.get, talk.id) is None
    assert await talk.run(all_that_is_left, talk.id) == []
    assert len(said) == 1
    assert "telefonen" in words(said) or "phone" in words(said)
    assert count(words(said, "sms")).segments == 1


async def test_after_slett_the_way_to_delete_the_thread_is_one_word_away(
    services: Services, clock: MovingClock
) -> None:
    """The conversation is new then: it is asked first whether it is safe, and goes on by itself."""
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes("slett")
    talk = await Talk(services, clock, "sms").begins(safe=False)
    said = words(await talk.writes("slett tråd"), "sms")
    assert said == "Passer det å skrive nå? 1 ja 2 nei"
    said = words(await talk.writes("1"), "sms")
    assert "Hva slags telefon har du? 1 iPhone, 2 Android, 3 annen telefon" in said
    assert "Nylig slettet" in words(await talk.writes("1"), "sms")


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ("1", "iPad"),
        ("iphone", "iPad"),
        ("2", "PC"),
        ("android", "PC"),
        ("3", "Sen"),
    ],
)
async def test_how_to_delete_the_thread_for_each_kind_of_phone(
    lang: Lang, said: str, holds: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms", lang).begins()
    await talk.writes({"nb": "slette tråden", "nn": "slette tråden", "en": "delete thread"}[lang])
    answer = words(await talk.writes(said), "sms")
    assert holds in answer
    assert count(answer).segments <= 2


def test_every_phone_has_its_page_in_every_language() -> None:
    content = loaded()["content"]
    for phone in PHONES:
        for lang in ("nb", "nn", "en"):
            assert content.has_own(f"delete_thread_{phone}", lang)


async def test_kilde_names_what_the_last_answer_rests_on(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(QUESTION)
    for word in ("KILDE", "kjelde", "SOURCE"):
        said = texts(await talk.writes(word))
        assert said == [services.content.sources("must_i_report", (await state(talk)).lang)]


async def test_kilde_before_any_answer_says_so(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock, "sms").begins()
    assert texts(await talk.writes("kilde")) == [talk.sentence("no_source")]


async def state(talk: Talk) -> conversations.Conversation:
    found: conversations.Conversation = await talk.run(conversations.get, talk.id)
    return found


@pytest.mark.parametrize("number", ["7", "9.", "nr 8", "åtte"])
async def test_a_number_of_an_old_menu_is_understood_as_such(
    number: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, "sms").begins()
    await talk.writes(QUESTION)
    assert texts(await talk.writes(number)) == [talk.sentence("help")]
    assert services.understanding.asked == [QUESTION]  # type: ignore[attr-defined]


@pytest.mark.parametrize("word", sorted(RESERVED))
async def test_a_reserved_word_that_reaches_us_is_answered_like_any_other(
    word: str, services: Services, clock: MovingClock
) -> None:
    """With the account's own handling off it comes here, and nobody is blocked by it."""
    talk = await Talk(services, clock, "sms").begins()
    said = await talk.writes(word)
    assert said
    assert asked_for(words(said, "sms")) == []


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_no_sms_of_all_content_holds_what_its_alphabet_cannot(lang: Lang) -> None:
    """Norwegian and English texts go as GSM-7, without a "?" that was a letter."""
    content = loaded()["content"]
    for topic in content.topics():
        reply = content.answer(topic, lang, "sms")[0]
        for text in sms_texts(reply, lang):
            assert set(text) <= GSM_BASIC | GSM_EXTENSION, (topic, text)
            assert "\N{REPLACEMENT CHARACTER}" not in text


def test_the_commands_are_whole_messages_only() -> None:
    assert read_command("slett tråden") == ("delete_thread", "")
    assert read_command("han vil slette tråden min") is None
