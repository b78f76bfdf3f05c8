"""Who writes? The mark on a case, the safe word a counsellor lays in, and "it is the person"."""

from __future__ import annotations

import pytest

from bot.safe_word import normal_word
from bot.store import conversations, presence
from bot.store.conversations import State
from tests.desk.conftest import Browser, DeskServer

WORD = "rognebær"


def taken(desk: DeskServer, person: str) -> tuple[str, Browser]:
    handoff_id = desk.handoff(person)
    kari = desk.signed_in()
    kari.post(f"/desk/case/{handoff_id}/take")
    return handoff_id, kari


def state_of(desk: DeskServer, person: str) -> State:
    with desk.db.begin() as tx:
        found = conversations.get(tx, person)
    assert found is not None
    return found.state


def in_doubt(desk: DeskServer, person: str, why: presence.Doubt) -> None:
    with desk.db.begin() as tx:
        found = conversations.get(tx, person)
        assert found is not None
        found.state.last_topic = "economic"
        presence.begin_doubt(found.state, why)
        conversations.save(tx, found)


def test_a_word_said_on_the_phone_is_kept_strong_and_shown_nowhere(desk: DeskServer) -> None:
    person = desk.person("sms")
    handoff_id, kari = taken(desk, person)
    page = f"/desk/case/{handoff_id}"
    assert "ikke valgt" in kari.get(page).text
    answer = kari.post(f"{page}/safe-word", seen_on=page, word=f" {WORD.title()} ")
    assert answer.status_code == 303
    state = state_of(desk, person)
    with desk.db.begin() as tx:
        assert state.safe_word == presence.hash_word(tx, person, normal_word(WORD))
    assert state.safe_word_strong
    shown = kari.get(page).text
    assert WORD not in shown.lower()
    assert "ikke valgt" not in shown
    assert ("safe_word_set", handoff_id) in desk.audit()


@pytest.mark.parametrize("word", ["", "7", "hei", "slett", "han slår meg", "x" * 300, "<b>", "\0"])
def test_a_word_that_cannot_be_one_is_refused_and_nothing_is_kept(
    word: str, desk: DeskServer
) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    page = f"/desk/case/{handoff_id}"
    answer = kari.post(f"{page}/safe-word", seen_on=page, word=word)
    assert answer.status_code == 422
    assert "Ingenting ble lagret" in answer.text
    assert state_of(desk, person).safe_word is None


@pytest.mark.parametrize("why", ["pause", "who", "language"])
def test_a_pause_is_a_mark_and_stops_nobody(why: presence.Doubt, desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    in_doubt(desk, person, why)
    page = f"/desk/case/{handoff_id}"
    shown = kari.get(page).text
    assert "kan være en annen" in shown
    assert 'class="warning"' not in shown
    assert kari.post(f"{page}/reply", seen_on=page, text="Passer det nå?").status_code == 303


def test_a_counsellor_who_knows_who_it_is_brings_the_thread_back(desk: DeskServer) -> None:
    person = desk.person("sms")
    handoff_id, kari = taken(desk, person)
    in_doubt(desk, person, "found_out")
    page = f"/desk/case/{handoff_id}"
    assert kari.post(f"{page}/reply", seen_on=page, text="Hei").status_code == 422
    assert kari.post(f"{page}/same-person", seen_on=page).status_code == 303
    state = state_of(desk, person)
    assert (state.last_topic, state.neutral, state.safe) == ("economic", False, "yes")
    assert kari.post(f"{page}/reply", seen_on=page, text="Hei").status_code == 303
    assert ("same_person", handoff_id) in desk.audit()


@pytest.mark.parametrize("path", ["safe-word", "same-person"])
def test_only_the_one_who_has_the_case_can_do_either(path: str, desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    in_doubt(desk, person, "pause")
    ola = desk.signed_in("Ola")
    answer = ola.post(f"/desk/case/{handoff_id}/{path}", word=WORD)
    assert answer.status_code == 409
    kari.post(f"/desk/case/{handoff_id}/give-back")
    assert kari.post(f"/desk/case/{handoff_id}/{path}", word=WORD).status_code == 409
    state = state_of(desk, person)
    assert (state.safe_word, state.doubt) == (None, "pause")
