"""Long answers: two segments now, and the rest on MER."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import Button, Reply
from bot.channels.sms import rest
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.services import Services
from bot.store import models
from bot.store.conversations import State
from bot.store.database import Tx
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk

LONG = " ".join(f"Dette er setning nummer {number}, og den er ganske lang." for number in range(30))
MENU = (Button("Snakk med noen", "human"), Button("Er dette vold?", "topic:is_this_violence"))


def read_all(reply: Reply, lang: str = "nb") -> list[str]:
    """What a person reads who asks for the rest until there is none."""
    state, texts = State(), []
    while True:
        cut = rest.cut(reply, lang, state)  # type: ignore[arg-type]
        texts += cut.texts
        if not cut.rest:
            return texts
        rest.keep(state, cut.rest, reply, last=True)
        reply = rest.next_part(state, "MER") or Reply("")
        rest.forget(state)


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_a_long_answer_comes_in_parts_of_two_segments_that_end_at_sentences(lang: str) -> None:
    texts = read_all(Reply(LONG, MENU), lang)
    assert len(texts) > 4
    hint = rest.HINT[lang]  # type: ignore[index]
    assert [text.endswith(f". {hint}") for text in texts] == [True] * (len(texts) - 1) + [False]
    assert max(count(text).segments for text in texts) <= 2
    whole = " ".join(text.removesuffix(hint).strip() for text in texts)
    assert whole.startswith(LONG)
    assert "1 snakk med noen" in texts[-1]
    assert not any("1 snakk med noen" in text for text in texts[:-1])


@given(text=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=1500))
def test_whatever_is_cut_fits_and_loses_no_letter(text: str) -> None:
    texts = read_all(Reply(text))
    assert all(count(one).segments <= 2 for one in texts)
    told = "".join(one.removesuffix(rest.HINT["nb"]) for one in texts)
    plain = "".join(sms_texts(Reply(text), "nb"))
    assert "".join(told.split()) == "".join(plain.split())


@pytest.mark.parametrize("kind", ["danger", "desk"])
def test_danger_and_a_counsellors_words_are_never_kept_back(kind: str) -> None:
    cut = rest.cut(Reply(LONG, kind=kind), "nb", State())  # type: ignore[arg-type]
    assert cut.rest == ""
    assert " ".join(cut.texts) == LONG


def test_a_summary_is_read_whole_before_it_is_said_yes_to() -> None:
    cut = rest.cut(Reply(LONG, MENU), "nb", State(flow="handoff"))
    assert cut.rest == ""
    assert "1 snakk med noen" in cut.texts[-1]


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("MER", True),
        ("mer!", True),
        ("Meir", True),
        ("MORE", True),
        ("mer takk", True),
        ("resten", True),
        ("ikke mer", False),
        ("han slår mer og mer", False),
        ("", False),
    ],
)
def test_which_words_ask_for_the_rest(text: str, asks: bool) -> None:
    assert rest.asks_for_it(text) is asks


# --- in a conversation ----------------------------------------------------------------------------


@pytest.fixture
def clock() -> MovingClock:  # type: ignore[override]
    return MovingClock()


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    scripted = ScriptedUnderstanding({"spørsmål": "must_i_report", "annet": "cost"})
    return make_services(tmp_path, clock, understanding=scripted)


@pytest.fixture
async def talk(services: Services, clock: MovingClock, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """Somebody to whom the answer about reporting is long."""
    answer = services.content.answer

    def long_answer(topic: str, *args: object) -> list[Reply]:
        return [Reply(LONG, MENU)] if topic == "must_i_report" else answer(topic, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(services.content, "answer", long_answer)
    return await Talk(services, clock, "sms").begins()


async def left(talk: Talk) -> list[str]:
    """The texts in the outbox, oldest first."""

    def read(tx: Tx) -> list[str]:
        rows = tx.session.query(models.OutboxRow).order_by(models.OutboxRow.seq).all()
        return [
            tx.keys.open_text(row.owner_id, row.body_sealed or b"", f"outbox.body:{row.id}")
            for row in rows
        ]

    texts: list[str] = await talk.run(read)
    return texts


async def test_mer_brings_the_rest_and_the_menu_works_at_its_end(talk: Talk) -> None:
    await talk.writes("spørsmål")
    (first,) = await left(talk)
    assert first.endswith("Skriv MER for resten.")
    assert (await talk.state()).menu == [], "nobody has read the choices yet"
    for _ in range(20):
        if not (await talk.state()).rest:
            break
        await talk.writes("mer")
    texts = await left(talk)
    assert "1 snakk med noen" in texts[-1]
    assert " ".join(texts).replace(" Skriv MER for resten.", "").partition(" 1 snakk")[0] == LONG
    await talk.writes("1")
    assert (await talk.state()).flow == "handoff"


async def test_a_number_before_the_end_chooses_nothing_that_was_not_read(talk: Talk) -> None:
    await talk.writes("spørsmål")
    await talk.writes("1")
    assert (await talk.state()).flow is None


async def test_another_question_in_between_ends_the_rest(talk: Talk) -> None:
    await talk.writes("spørsmål")
    await talk.writes("annet")
    assert (await talk.state()).rest == ""
    said = await talk.writes("mer")
    assert "setning nummer" not in said[0].text


async def test_danger_comes_before_the_rest(talk: Talk) -> None:
    await talk.writes("spørsmål")
    said = await talk.writes("han står utenfor og hamrer på døra")
    assert said[0].kind == "danger"
    assert (await talk.state()).rest == ""


async def test_whoever_writes_after_a_pause_does_not_get_the_rest(
    talk: Talk, services: Services, clock: MovingClock
) -> None:
    await talk.writes("spørsmål")
    clock.passes(seconds=services.settings.pause_sms + 1)
    said = await talk.writes("mer")
    assert "setning nummer" not in said[0].text
    said = await talk.writes("ja")
    assert "setning nummer" not in " ".join(reply.text for reply in said)


async def test_every_text_stands_for_the_message_it_is_of(talk: Talk) -> None:
    await talk.writes("spørsmål")

    def rows(tx: Tx) -> list[str | None]:
        return [row.message_id for row in tx.session.query(models.OutboxRow).all()]

    (message_id,) = await talk.run(rows)
    assert message_id in [one.id for one in await talk.run(_stored, talk.id)]


def _stored(tx: Tx, conversation_id: str) -> list[object]:
    from bot.store import messages

    return list(messages.after(tx, conversation_id, 0))
