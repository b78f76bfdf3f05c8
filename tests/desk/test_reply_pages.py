"""The centre's ready replies: change, add, hide, bring back; who did it and when."""

from __future__ import annotations

import re
from html import unescape

import pytest

from bot.desk.ready_replies import offered
from bot.store import ready_replies
from tests.desk.conftest import Browser, DeskServer

FORM = "/desk/replies/nb/silent"


def save(editor: Browser, path: str = FORM, **fields: str) -> tuple[int, str]:
    values = {"title": "Stille", "web": "Skriv bare litt.", "sms": "", **fields}
    answer = editor.post(path, path, **values)
    return answer.status_code, unescape(answer.text)


def texts(desk: DeskServer) -> dict[str, str]:
    with desk.db.begin() as tx:
        return {one.key: one.text for one in offered(tx, desk.services.content, "nb", "web")}


def test_a_changed_reply_is_what_counsellors_choose_and_can_be_brought_back(
    desk: DeskServer,
) -> None:
    started = texts(desk)["silent"]
    editor = desk.signed_in("Eli", "editor")
    assert save(editor)[0] == 303
    assert texts(desk)["silent"] == "Skriv bare litt."
    desk.clock.passes(minutes=5)
    save(editor, web="Ett ord holder.")
    page = unescape(editor.get(FORM).text)
    assert "22.11.2026 kl. 21:14 · Eli" in page
    assert "gjelder nå" in page
    earlier = re.findall(r'name="version" value="(\w+)"', page)
    editor.post(f"{FORM}/restore", FORM, version=earlier[0])
    assert texts(desk)["silent"] == "Skriv bare litt."
    editor.post(f"{FORM}/restore", FORM, version="start")
    assert texts(desk)["silent"] == started
    assert ("reply_changed", None) in desk.audit()


def test_a_new_reply_is_offered_and_a_hidden_one_is_not(desk: DeskServer) -> None:
    editor = desk.signed_in("Eli", "editor")
    assert save(editor, "/desk/replies/nb/new", title="Vær", web="Det regner.")[0] == 303
    assert "Det regner." in texts(desk).values()
    save(editor, hidden="yes")
    assert "silent" not in texts(desk)
    assert "skjult" in unescape(editor.get("/desk/replies/nb").text)


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"web": ""}, "både en tittel og en tekst"),
        ({"web": "Ring 22 22 22 22"}, "ikke telefonnumre"),
        ({"web": "Ring {n.finnes_ikke}"}, "kan ikke fylles ut"),
        ({"sms": "x" * 307}, "for lang"),
        ({"title": "x" * 41}, "for lang"),
    ],
)
def test_what_cannot_be_said_is_not_kept(
    desk: DeskServer, fields: dict[str, str], says: str
) -> None:
    before = texts(desk)
    status, page = save(desk.signed_in("Eli", "editor"), **fields)
    assert status == 422
    assert says in page
    assert texts(desk) == before


@pytest.mark.parametrize("role", ["counsellor", "administrator", "auditor"])
def test_who_does_not_write_the_words_does_not_find_the_page(desk: DeskServer, role: str) -> None:
    other = desk.signed_in("Kari", role)
    assert other.get("/desk/replies").status_code == 404
    assert other.get(FORM).status_code == 404


def test_numbers_are_filled_in_from_the_register(desk: DeskServer) -> None:
    save(desk.signed_in("Eli", "editor"), web="Ring {n.legevakt} eller {line}.")
    assert texts(desk)["silent"] == "Ring 116 117 eller 116 006."


def test_a_language_or_a_reply_that_is_not_there_is_not_found(desk: DeskServer) -> None:
    editor = desk.signed_in("Eli", "editor")
    for path in ("/desk/replies/sv", "/desk/replies/nb/nothing"):
        assert editor.get(path).status_code == 404
    answer = editor.post("/desk/replies/nb/nothing", "/desk/replies/nb/new", title="x", web="y")
    assert answer.status_code == 404


def test_old_versions_are_forgotten_after_two_years_and_the_newest_stays(desk: DeskServer) -> None:
    editor = desk.signed_in("Eli", "editor")
    save(editor)
    save(editor, web="Ett ord holder.")
    desk.clock.passes(days=800)
    with desk.db.begin() as tx:
        assert ready_replies.sweep(tx) == 1
        assert [one.web_text for one in ready_replies.history(tx, "silent", "nb")] == [
            "Ett ord holder."
        ]
