"""The field for what was not understood: who sees it, what it takes, what stands in the log."""

from __future__ import annotations

from html import unescape

import pytest

from bot.handoff.missed import LONGEST
from bot.store import conversations, missed
from tests.desk.conftest import OWN_WORDS, Browser, DeskServer

FIELD = "Spørsmålet vi ikke forsto, med dine ord"
PARAPHRASE = "Kan man kreve tilbake det partneren har gitt til slekten sin?"
WROTE = "kan jeg få igjen pengene han ga til broren sin på gården"


def taken(desk: DeskServer, said: str = "yes") -> tuple[str, str, Browser]:
    """(conversation, handoff, browser of the counsellor who holds it)."""
    person = desk.person()
    says(desk, person, said)
    desk.writes(person, WROTE)
    handoff_id = desk.handoff(person, reasons=("unsure",))
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    return person, handoff_id, kari


def says(desk: DeskServer, person: str, said: str) -> None:
    with desk.db.begin() as tx:
        found = conversations.get(tx, person)
        assert found is not None
        found.state.missed_said, found.state.missed = said, ["economic"]
        conversations.save(tx, found)


def saves(browser: Browser, handoff_id: str, words: str) -> tuple[int, str]:
    answer = browser.post(f"/desk/case/{handoff_id}/missed", missed=words)
    return answer.status_code, unescape(answer.text)


def page_of(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/case/{handoff_id}").text)


def kept(desk: DeskServer) -> list[str]:
    with desk.db.begin() as tx:
        return [one.words for one in missed.listed(tx)]


def test_after_a_yes_the_field_is_there_with_what_may_not_go_in(desk: DeskServer) -> None:
    _person, handoff_id, kari = taken(desk)
    page = page_of(kari, handoff_id)
    assert FIELD in page
    for hint in ("navn", "steder", "alder", "Du kan la være", "Høyst 200 tegn", 'maxlength="200"'):
        assert hint in page
    live = kari.get(f"/desk/live/case/{handoff_id}").json()["parts"]["missed"]
    assert FIELD in live  # it also comes while the page is open


@pytest.mark.parametrize("said", ["", "asked", "no", "kept"])
def test_without_a_yes_there_is_no_field_and_nothing_can_be_saved(
    said: str, desk: DeskServer
) -> None:
    _person, handoff_id, kari = taken(desk, said)
    assert FIELD not in page_of(kari, handoff_id)
    status, text = saves(kari, handoff_id, PARAPHRASE)
    assert (status, kept(desk)) == (422, [])
    assert "Ingenting ble lagret" in text


def test_saving_is_approving_and_the_log_has_neither_words_nor_case(desk: DeskServer) -> None:
    _person, handoff_id, kari = taken(desk)
    assert saves(kari, handoff_id, f"  {PARAPHRASE} \n ")[0] == 303
    assert kept(desk) == [PARAPHRASE]
    assert ("missed_kept", None) in desk.audit()
    page = page_of(kari, handoff_id)
    assert FIELD not in page
    assert "er lagret med dine ord" in page
    assert PARAPHRASE not in page
    assert saves(kari, handoff_id, "Noe annet igjen?")[0] == 422
    assert kept(desk) == [PARAPHRASE]


@pytest.mark.parametrize(
    "words",
    [
        WROTE,
        f"Personen skrev: {WROTE}",
        "Få igjen pengene han ga, hvordan?",
        OWN_WORDS.upper() + "!",
        "tar bilnøklene",
    ],
)
def test_the_persons_own_words_are_refused(words: str, desk: DeskServer) -> None:
    _person, handoff_id, kari = taken(desk)
    status, text = saves(kari, handoff_id, words)
    assert (status, kept(desk)) == (422, [])
    assert "ord for ord" in text


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("Kan naboen på 41 23 45 67 spørre?", "45 67"),
        ("Må den som bor i Storgata 12 flytte?", "Storgata"),
        ("Hva med 01017012345 og Nav?", "01017012345"),
        ("Kan man skrive til ola@example.org?", "ola@"),
    ],
)
def test_numbers_and_addresses_are_taken_out_before_her_eyes(
    words: str, gone: str, desk: DeskServer
) -> None:
    _person, handoff_id, kari = taken(desk)
    status, text = saves(kari, handoff_id, words)
    assert (status, kept(desk)) == (422, [])
    assert "tatt ut" in text
    assert gone not in text
    shown = text.split('id="missed"')[1].split("</textarea>")[0].split(">", 1)[1]
    assert "fjernet]" in shown
    assert saves(kari, handoff_id, shown)[0] == 303
    assert kept(desk) == [shown]


@pytest.mark.parametrize("words", ["", "  \n", "?!", "ab " * LONGEST])
def test_nothing_and_too_much_are_refused(words: str, desk: DeskServer) -> None:
    _person, handoff_id, kari = taken(desk)
    assert saves(kari, handoff_id, words)[0] == 422
    assert kept(desk) == []


def test_only_who_holds_the_case_can_save(desk: DeskServer) -> None:
    _person, handoff_id, kari = taken(desk)
    ola = desk.signed_in("Ola")
    assert FIELD not in page_of(ola, handoff_id)
    assert saves(ola, handoff_id, PARAPHRASE)[0] == 422
    kari.post(f"/desk/case/{handoff_id}/give-back")
    assert saves(kari, handoff_id, PARAPHRASE)[0] == 422
    assert kept(desk) == []
    assert saves(kari, "0" * 24, PARAPHRASE)[0] == 404


def test_erased_by_the_person_there_is_nothing_to_save(desk: DeskServer) -> None:
    from bot.handoff import queue

    person, handoff_id, kari = taken(desk)
    with desk.db.begin() as tx:
        queue.on_erase(tx, person)
        conversations.erase(tx, person)
    assert FIELD not in page_of(kari, handoff_id)
    assert saves(kari, handoff_id, PARAPHRASE)[0] == 422
    assert kept(desk) == []
