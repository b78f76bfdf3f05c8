"""A long SMS may come as several, seconds apart: one answer, and danger never waits for it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sanic import Sanic

from bot.channels.sms import inbound, parts
from bot.channels.sms.outbound import deliver_due
from bot.channels.sms.parts import answer_due, joined, looks_cut
from bot.store import conversations, models
from tests.fakes.twilio import FakeTwilio
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase, Clock, app_of
from tests.support import MovingClock, make_services
from tests.talk import Talk

LONG = "Det begynte for to år siden, og jeg har ikke sagt det til noen før nå. " * 5
FIRST, SECOND, TAIL = LONG[:153], LONG[153:306], LONG[306:].strip()


def sends(twilio: FakeTwilio, url: str, *texts: str) -> None:
    for text in texts:
        assert twilio.person_sends(url, PERSON, text, public_url=PUBLIC).status == 200


def heard(services: Any) -> list[str]:
    return [message.text for message in services.turn.handled]


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("", False),
        ("a", False),
        ("a" * 148, False),
        ("a" * 149, True),
        ("a" * 153, True),
        ("a" * 160, True),
        ("a" * 161, False),
        ("a" * 305, True),
        ("a" * 306, True),
        ("a" * 307, False),
        ("å€" * 51, True),  # the sign for euro costs two: 153 units
        ("š" * 62, False),
        ("š" * 63, True),
        ("š" * 70, True),
        ("š" * 71, False),
        ("š" * 134, True),
        ("a" * 1599, True),
        ("a" * 1601, False),
        ("(1/2) hei", True),
        ("1/2: hei", True),
        ("2/2 hei", False),
        ("1/1 hei", False),
    ],
)
def test_which_texts_are_probably_not_all(text: str, cut: bool) -> None:
    assert looks_cut(text) is cut


@given(text=st.text("abcæøå .,!", min_size=1, max_size=500))
def test_what_a_network_cut_is_put_together_as_it_was(text: str) -> None:
    assert joined(tuple(text[at : at + 153] for at in range(0, len(text), 153))) == text


@pytest.mark.parametrize(
    ("came", "whole"),
    [
        (("a" * 152 + "n", "iv"), "a" * 152 + "niv"),
        (("x" * 150, "og mer"), "x" * 150 + " og mer"),
        (("x" * 150 + " ", "og mer"), "x" * 150 + " og mer"),
        (("(1/2) først", "(2/2) sist"), "først sist"),
    ],
)
def test_parts_are_joined_as_they_were_cut(came: tuple[str, ...], whole: str) -> None:
    assert joined(came) == whole


async def test_three_parts_are_one_message_with_one_answer(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    sends(twilio, app_url, FIRST, SECOND)
    assert heard(services) == []
    sends(twilio, app_url, TAIL)
    assert heard(services) == [FIRST + SECOND + TAIL]
    await deliver_due(services)
    assert len(twilio.texts(PERSON)) == 1


async def test_when_the_rest_does_not_come_what_is_there_is_answered(
    services: Any, twilio: FakeTwilio, app_url: str, clock: Clock
) -> None:
    sends(twilio, app_url, FIRST)
    assert await answer_due(services) == 0, "it waits a moment"
    clock.forward(seconds=parts.WAIT.total_seconds())
    assert await answer_due(services) == 1
    assert heard(services) == [FIRST]
    assert await answer_due(services) == 0
    sends(twilio, app_url, "og dette kom mye senere")
    assert heard(services) == [FIRST, "og dette kom mye senere"]


async def test_a_part_that_was_kept_survives_a_crash_and_is_answered_once(
    services: Any,
    twilio: FakeTwilio,
    app_url: str,
    served: Callable[[Sanic], str],
    db: BreakableDatabase,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sends(twilio, app_url, FIRST)
    again = served(app_of(inbound.blueprint(services)))
    clock.forward(seconds=10)

    async def dies(*args: object) -> None:
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(services.turn, "handle", dies)
        with pytest.raises(asyncio.CancelledError):
            await answer_due(services)
    assert await answer_due(services) == 0, "somebody else may still be at it"
    clock.forward(seconds=61)
    assert await answer_due(services) == 1
    sends(twilio, again, TAIL)
    assert heard(services) == [FIRST, TAIL]


async def test_a_part_that_is_posted_again_is_kept_once(
    services: Any, twilio: FakeTwilio, app_url: str, served: Callable[[Sanic], str]
) -> None:
    twilio.person_sends(app_url, PERSON, FIRST, "SM1", public_url=PUBLIC)
    again = served(app_of(inbound.blueprint(services)))
    twilio.person_sends(again, PERSON, FIRST, "SM1", public_url=PUBLIC)
    sends(twilio, again, TAIL)
    twilio.person_sends(again, PERSON, FIRST, "SM1", public_url=PUBLIC)
    assert heard(services) == [FIRST + TAIL]


def test_danger_in_a_part_does_not_wait_for_the_rest(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    dangerous = "han har kniv " + "x" * 140
    sends(twilio, app_url, FIRST, dangerous)
    assert len(heard(services)) == 1
    assert dangerous in heard(services)[0]


@pytest.mark.parametrize("cut", range(1, 4))
def test_danger_that_only_two_parts_together_hold_is_heard(
    services: Any, twilio: FakeTwilio, app_url: str, cut: int
) -> None:
    before, after = "x" * (153 - cut) + "kniv"[:cut], "kniv"[cut:] + "y" * 150
    sends(twilio, app_url, before, after)
    assert heard(services) == [before + after], "at once, though the second part is full too"


def test_what_a_counsellor_is_to_read_is_not_kept_back(
    services: Any, twilio: FakeTwilio, app_url: str, db: BreakableDatabase
) -> None:
    with db.begin() as tx:
        conversations.set_held_by(tx, conversations.by_number(tx, PERSON, "nb").id, "desk")
    sends(twilio, app_url, FIRST)
    assert heard(services) == [FIRST]


def test_kept_parts_are_sealed_redacted_and_go_with_the_conversation(
    services: Any, twilio: FakeTwilio, app_url: str, db: BreakableDatabase, tmp_path: Any
) -> None:
    sends(twilio, app_url, "mitt kort er 4111 1111 1111 1111 særegent " + "x" * 112)
    db.checkpoint()
    raw = b"".join(path.read_bytes() for path in tmp_path.glob("store.sqlite3*"))
    assert "særegent".encode() not in raw
    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        (row,) = tx.session.query(models.SmsPart).all()
        words = tx.keys.open_text(person, row.body_sealed or b"", f"sms_parts.body:{row.id}")
        assert "særegent" in words
        assert "4111" not in words
        conversations.erase(tx, person)
        assert tx.session.query(models.SmsPart).count() == 0


def test_so_many_parts_and_no_more(services: Any, twilio: FakeTwilio, app_url: str) -> None:
    sends(twilio, app_url, *[letter * 153 for letter in "abcdefghijkl"])
    assert len("abcdefghijkl") == parts.MOST_PARTS
    assert [len(text) for text in heard(services)] == [153 * parts.MOST_PARTS]


@pytest.mark.parametrize("cut_at", ["han har kn", "han har", "han står med kni"])
async def test_the_real_danger_check_reads_across_the_cut(cut_at: str, tmp_path: Any) -> None:
    """Neither part holds a danger by itself."""
    rest = {"han har kn": "iv", "han har": " kniv", "han står med kni": "v"}[cut_at]
    story = "Vi har kranglet om ferien i hele dag, og ungene er på skolen nå, "
    first = (story * 3)[: 153 - len(cut_at) - 2] + ", " + cut_at
    services = make_services(tmp_path, MovingClock())
    talk = await Talk(services, MovingClock(), "sms").begins()
    assert await parts.arrives(services, talk.id, first, "SM1") is None
    found = await parts.arrives(services, talk.id, rest + " i gangen nå " + "x" * 145, "SM2")
    assert found is not None, "at once, though the second part is full too"
    assert f"{cut_at}{rest}" in found.text
    result = await parts.answer(services, talk.id, found)
    assert result.finding is not None
    assert result.finding.level == "now"
