"""Local facts and numbers: confirmed by name through two people, and written back into the file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from bot.centre import load_centre, unconfirmed
from bot.content.due import unconfirmed_numbers
from bot.store import text_changes
from tests.desk.conftest import Browser, Clock
from tests.desk.words_room import CENTRE, Words, fields_of, room

PROPOSED = {"confirmed_by": "Kari Nordmann", "date": "2026-11-21"}


@pytest.fixture
def words(tmp_path: Path, clock: Clock) -> Iterator[Words]:
    yield from room(tmp_path, clock)


@pytest.fixture
def eli(words: Words) -> Browser:
    return words.desk.signed_in("Eli", "editor")


@pytest.fixture
def ada(words: Words) -> Browser:
    return words.desk.signed_in("Ada", "administrator")


def proposes(browser: Browser, key: str, do: str = "propose", **fields: str):  # type: ignore[no-untyped-def]
    page = browser.get(f"/desk/content/facts/{key}").text
    filled = fields_of(page) | {"note": "ringte senteret"} | fields | {"do": do}
    return browser.http.post(f"/desk/content/facts/{key}", data=filled)


def said(answer: object) -> str:
    return " ".join(unescape(answer.text).split())  # type: ignore[attr-defined]


def test_a_fact_is_confirmed_by_two_and_every_other_byte_stays(
    words: Words, eli: Browser, ada: Browser
) -> None:
    assert "facts.transport" in unconfirmed(load_centre(words.centre))
    page = said(eli.get("/desk/content/facts"))
    assert "Skyss (transport)" in page and "Ikke bekreftet: blir ikke sagt" in page
    answer = proposes(eli, "facts.transport", **PROPOSED)
    address = answer.headers["location"]
    assert words.centre.read_bytes() == CENTRE.read_bytes()
    assert words.approves(eli, address).status_code in (404, 422)
    change = said(ada.get(address))
    assert "Bekreftet av: " in change and "<ins>Kari Nordmann" in change
    assert words.approves(ada, address).status_code == 303
    before = CENTRE.read_text(encoding="utf-8").splitlines()
    after = words.centre.read_text(encoding="utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert changed == [
        ("    date: 2026-11-22", "    date: 2026-11-21"),
        ("    confirmed_by: null", "    confirmed_by: Kari Nordmann"),
    ]
    assert unconfirmed(load_centre(words.centre)) == []
    assert "innen noen sekunder, uten omstart" in said(ada.get(address))


def test_a_number_of_the_register_is_confirmed(words: Words, eli: Browser, ada: Browser) -> None:
    assert "legevakt" in unconfirmed_numbers(words.folder, load_centre(words.centre))
    address = proposes(eli, "numbers.legevakt", **PROPOSED).headers["location"]
    assert words.approves(ada, address).status_code == 303
    assert "legevakt" not in unconfirmed_numbers(words.folder, load_centre(words.centre))
    assert "Bekreftet av Kari Nordmann, 21.11.2026" in said(eli.get("/desk/content/facts"))


def test_a_value_that_the_check_refuses(words: Words, eli: Browser) -> None:
    long = "Vi henter deg på stasjonen og kjører deg hit. " * 8
    answer = proposes(eli, "facts.transport", **PROPOSED, **{"value.nb": long.strip()})
    assert answer.status_code == 422 and "Kort den ned til to" in said(answer)
    assert "Vi henter deg" in answer.text
    for fields in ({"date": "i går"}, {"value.nb": "", "value.nn": "", "value.en": ""}):
        assert proposes(eli, "facts.transport", **fields).status_code == 422
    assert words.centre.read_bytes() == CENTRE.read_bytes()
    assert words.changes("facts.transport") == []


def test_two_facts_at_once_do_not_undo_each_other(words: Words, eli: Browser, ada: Browser) -> None:
    first = proposes(eli, "facts.transport", **PROPOSED).headers["location"]
    second = proposes(eli, "numbers.legevakt", **PROPOSED).headers["location"]
    assert words.approves(ada, second).status_code == 303
    assert words.approves(ada, first).status_code == 303
    centre = load_centre(words.centre)
    assert centre.facts["transport"].confirmed_by == "Kari Nordmann"
    assert centre.numbers["legevakt"].confirmed_by == "Kari Nordmann"


def test_a_fact_that_was_changed_meanwhile(words: Words, eli: Browser, ada: Browser) -> None:
    address = proposes(eli, "facts.transport", **PROPOSED).headers["location"]
    text = words.centre.read_text(encoding="utf-8")
    words.centre.write_text(text.replace("på stasjonen", "ved butikken"), encoding="utf-8")
    answer = words.approves(ada, address)
    assert answer.status_code == 422 and "endret av noen andre" in said(answer)
    assert (
        "Kari Nordmann"
        not in words.centre.read_text(encoding="utf-8").split("transport")[1].split("numbers")[0]
    )


def test_a_wrong_number_is_taken_back_at_once(words: Words, eli: Browser, ada: Browser) -> None:
    address = proposes(eli, "numbers.assault_centre", number="00 00 00 09").headers["location"]
    words.approves(ada, address)
    assert "00 00 00 09" in words.centre.read_text(encoding="utf-8")
    lead = words.desk.signed_in("Liv", "shift_lead")
    assert lead.get("/desk/content/facts").status_code == 200
    assert lead.post(f"{address}/undo-now", note="feil nummer").status_code == 303
    assert words.centre.read_bytes() == CENTRE.read_bytes()


def test_the_line_says_that_it_waits_for_a_restart(
    words: Words, eli: Browser, ada: Browser
) -> None:
    address = proposes(eli, "phone_line", number="00 00 00 03").headers["location"]
    assert words.approves(ada, address).status_code == 303
    assert "startet på nytt" in said(ada.get(address))
    assert "i bruk etter omstart" in said(eli.get("/desk/content/facts"))


def test_what_is_kept_is_named_fields(words: Words, eli: Browser) -> None:
    proposes(eli, "facts.transport", **PROPOSED)
    with words.desk.db.begin() as tx:
        [change] = text_changes.of_place(tx, "facts.transport")
    assert json.loads(change.after)["confirmed_by"] == "Kari Nordmann"
    assert ("text_proposed", change.id) in words.desk.audit()


@pytest.mark.parametrize("key", ["facts.unknown", "numbers.unknown", "x", "phone_line.number"])
def test_a_name_that_no_text_uses_is_not_there(words: Words, eli: Browser, key: str) -> None:
    assert eli.get(f"/desk/content/facts/{key}").status_code == 404
