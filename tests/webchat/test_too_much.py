"""Too many messages, too long ones, and things that are no message at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.allowance import Allowance
from bot.channels.messages import Button, Reply
from tests.webchat.conftest import DANGER, Page, Served, serve_page

KNOCKING = f"han står utenfor og {DANGER}"


def test_who_floods_is_told_and_keeps_the_words_and_danger_still_gets_through(
    tmp_path: Path,
) -> None:
    with serve_page(tmp_path, web_per_minute=3) as served:
        person = served.person()
        person.opens()
        for number in range(4):
            person.writes(f"melding {number}")
        page = person.writes("en til")
        assert "ble ikke sendt" in page.text and "Ring 116 006" in page.text
        assert page.draft == "en til"
        assert "112" in " ".join(person.writes(KNOCKING).said("bot"))


def test_when_everybody_writes_at_once_danger_still_gets_through(tmp_path: Path) -> None:
    with serve_page(tmp_path, all_per_minute=60) as served:
        people = [served.person() for _ in range(3)]
        for number in range(70):
            people[0].opens()
            people[0].writes(f"melding {number}")
        people[1].opens()
        page = people[1].writes("hei")
        assert "Det er mange som skriver nå" in page.text
        assert page.field("token") == ""
        people[2].opens()
        assert "112" in " ".join(people[2].writes(KNOCKING).said("bot"))


def test_an_allowance_fills_up_again() -> None:
    now = [0.0]
    allowance = Allowance(2, clock=lambda: now[0])
    assert [allowance.take("a") for _ in range(3)] == [True, True, False]
    assert allowance.take("b")
    now[0] = 31.0
    assert [allowance.take("a") for _ in range(2)] == [True, False]


# --- strange things ---


def test_an_empty_message_is_answered_and_opens_nothing(served: Served) -> None:
    person = served.person()
    person.opens()
    page = person.writes(" \n\t ")
    assert "Jeg fikk ingen ord" in page.text
    assert served.count() == 0


def test_a_message_of_ten_thousand_characters_is_taken_whole(served: Served) -> None:
    person = served.person()
    person.opens()
    assert person.writes("å" * 10_000).said("bot") == ["Du skrev 10000 tegn."]


def test_a_longer_message_comes_back_with_a_reason_and_all_its_words(served: Served) -> None:
    person = served.person()
    person.opens()
    page = person.writes("å" * 10_001)
    assert "for lang" in page.text
    assert len(page.draft) == 10_001
    assert served.count() == 0


def test_danger_at_the_end_of_a_message_that_is_too_long_is_heard(served: Served) -> None:
    person = served.person()
    person.opens()
    page = person.writes("a " * 6000 + KNOCKING)
    assert "112" in " ".join(page.said("bot"))
    assert "Bare en del av den ble sendt" in page.text


def test_a_body_that_is_far_too_large_gets_a_clear_page_in_the_person_s_language(
    served: Served,
) -> None:
    person = served.person(**{"accept-language": "nn"})
    person.opens()
    for size in (200_000, 400_000):
        answer = person.http.post("/", data=person.form(do="say", text="a" * size))
        assert answer.status_code == 413
        assert "Det du sende, var for stort." in answer.text
        assert "tel:112" in answer.text


def test_markup_is_shown_as_it_was_written(served: Served) -> None:
    person = served.person()
    person.opens()
    page = person.writes("<script>alert(1)</script> & <b>hei</b> **ikke fet** 112")
    assert "<script>alert" not in page.html
    assert page.said("you") == ["<script>alert(1)</script> & <b>hei</b> **ikke fet** 112"]


def test_marks_that_cannot_be_seen_are_taken_out(served: Served) -> None:
    person = served.person()
    person.opens()
    person.writes("han\x00 er\u202e her\u2066")
    assert served.turn.handled[-1].text == "han er her"


def test_arabic_and_emoji_pass_unharmed(served: Served) -> None:
    person = served.person()
    person.opens()
    assert person.writes("أنا خائفة 😟 øæå").said("you") == ["أنا خائفة 😟 øæå"]


def test_a_picture_is_refused_and_its_words_are_heard(served: Served) -> None:
    person = served.person()
    person.opens()
    picture = {"text2": ("blåmerke.jpg", b"\xff\xd8\xff", "image/jpeg")}
    page = person.posts(do="say", text="", files=picture)
    assert "kan ikke ta imot bilder" in page.text
    assert served.count() == 0
    page = person.posts(do="say", text=KNOCKING, files=picture)
    assert "112" in " ".join(page.said("bot"))
    assert "kan ikke ta imot bilder" in page.text


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json", b'{"text": "hei"}'),
        ("text/plain", b"hei"),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"%ff=%fe&text=%ff%fe&seq=\xc3\x28"),
        ("image/png", b"\x89PNG"),
    ],
)
def test_a_body_that_is_no_form_gets_a_page_and_no_error(
    served: Served, kind: str, body: bytes
) -> None:
    for path in ("/", "/chat/message"):
        answer = served.person().http.post(path, content=body, headers={"content-type": kind})
        assert answer.status_code < 500


def test_a_form_that_another_site_sends_is_not_taken(served: Served) -> None:
    person = served.person()
    person.opens()
    headers = {"sec-fetch-site": "cross-site"}
    page = Page(person.http.post("/", data=person.form(text="hei"), headers=headers))
    assert page.said("you") == [] and served.count() == 0
    for path in ("/chat/message", "/chat/stream", "/chat/erase"):
        assert person.http.post(path, data=person.form(), headers=headers).status_code == 403


@given(text=st.text(max_size=400))
@settings(max_examples=60, deadline=None)
def test_whatever_is_written_is_answered_with_a_page(shared: Served, text: str) -> None:
    person = shared.person()
    person.opens()
    answer = person.http.post(
        "/", data={**person.form(do="say"), "text": text.encode("utf-8", "replace")}
    )
    person.http.close()
    assert answer.status_code == 200
    assert answer.text.count("<script") == 1


def test_unknown_buttons_do_no_harm(served: Served) -> None:
    served.script("hei", Reply("Velg", (Button("Ja", "yes"),)))
    person = served.person()
    person.opens()
    person.writes("hei")
    for do in ("lang:xx", "nonsense", "", "LEAVE"):
        assert person.posts(do=do, text="").response.status_code == 200
