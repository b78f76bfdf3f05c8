"""Forlat siden, Slett, return codes, and what is said when the store is away."""

from __future__ import annotations

import pytest

from bot.channels.webchat import codes
from bot.handoff import queue
from bot.store import conversations
from tests.webchat.conftest import DANGER, Page, Person, Served

EXIT = "https://www.yr.no/"


def _talking(served: Served) -> tuple[Person, str]:
    person = served.person()
    person.opens()
    return person, person.writes("jeg er redd").field("token")


def test_forlat_siden_erases_and_leads_to_somewhere_harmless(served: Served) -> None:
    person, token = _talking(served)
    answer = person.http.post("/", data=person.form(do="leave", text="mer"))
    assert answer.status_code == 303
    assert answer.headers["location"] == EXIT
    assert "https://www.yr.no" in answer.headers["content-security-policy"]
    assert served.conversation_of(token) is None


def test_forlat_siden_works_before_anything_was_written(served: Served) -> None:
    person = served.person()
    person.opens()
    assert person.http.post("/", data=person.form(do="leave")).status_code == 303


def test_leaving_while_the_first_message_is_on_its_way_erases_it_too(served: Served) -> None:
    served.turn.slow = 0.4
    person = served.person()
    person.opens()
    form = person.form(do="say", text="jeg er redd")
    with pytest.raises(Exception, match="timed out"):
        person.http.post("/", data=form, timeout=0.2)
    assert person.http.post("/", data=form | {"do": "leave"}).status_code == 303
    assert served.count() == 0


def test_the_script_s_way_out_takes_the_token_in_the_body(served: Served) -> None:
    person, token = _talking(served)
    answer = person.http.post("/chat/erase", data={"token": token})
    assert answer.status_code == 204
    assert served.conversation_of(token) is None


def test_slett_erases_and_confirms_without_saying_what_this_was(served: Served) -> None:
    person, token = _talking(served)
    page = person.posts(do="erase", text="utkast")
    assert served.conversation_of(token) is None
    assert "Slettet" in page.text
    for telling in ("redd", "utkast", "krisesenter", "vold", "rådgiver"):
        assert telling not in page.text.lower()


def test_slett_written_as_a_message_shows_the_same_page(served: Served) -> None:
    person, _token = _talking(served)
    page = person.posts(press="erase|Slett nå")
    assert "Slettet" in page.text and "redd" not in page.html


def test_who_is_to_be_called_is_asked_once_whether_that_stands(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _token = _talking(served)
    monkeypatch.setattr(queue, "has_open_callback", lambda _tx, _id: True)
    person.posts(do="erase")
    assert served.turn.handled[-1].payload == "erase"


def test_erasing_twice_is_no_error(served: Served) -> None:
    person, _token = _talking(served)
    form = person.form(do="erase")
    for _ in range(2):
        assert "Slettet" in Page(person.http.post("/", data=form)).text


# --- return codes ---


def test_who_waits_gets_five_words_that_open_the_conversation_on_another_phone(
    served: Served,
) -> None:
    person, token = _talking(served)
    assert 'id="getcode"' in person.page.html and 'value="code" hidden' in person.page.html
    served.hands_over(token)
    assert 'value="code" hidden' not in person.posts(do="new").html
    page = person.posts(do="code", text="utkast")
    code = _shown(page)
    assert len(code.split()) == codes.WORDS_IN_CODE
    assert page.draft == "utkast"
    assert code not in person.posts(do="new").text

    other = served.person()
    other.opens()
    back = other.posts(do="return", code=code.upper().replace(" ", "-"))
    assert back.said("you") == ["jeg er redd"]
    assert back.field("token") not in ("", token)
    assert served.conversation_of(token) is None, "the old page has stopped working"


def test_a_code_works_only_until_the_case_is_closed(served: Served) -> None:
    person, token = _talking(served)
    handoff = served.hands_over(token)
    code = _shown(person.posts(do="code"))
    with served.db.begin() as tx:
        queue.take(tx, handoff, "counsellor")
        queue.close(tx, handoff, "counsellor", next(iter(queue.OUTCOMES)))
    page = _comes_back(served, code)
    assert "Returkoden virker ikke" in page.text
    assert page.field("token") == ""


def test_a_new_code_puts_the_old_one_out_of_use(served: Served) -> None:
    person, token = _talking(served)
    served.hands_over(token)
    old, new = _shown(person.posts(do="code")), _shown(person.posts(do="code"))
    assert "Returkoden virker ikke" in _comes_back(served, old).text
    assert _comes_back(served, new).said("you") == ["jeg er redd"]


def test_without_a_case_there_is_no_code(served: Served) -> None:
    person, _token = _talking(served)
    assert "når du venter på en rådgiver" in person.posts(do="code").text


def test_an_erased_conversation_cannot_be_opened_by_its_code(served: Served) -> None:
    person, token = _talking(served)
    served.hands_over(token)
    code = _shown(person.posts(do="code"))
    person.posts(do="erase")
    assert "Returkoden virker ikke" in _comes_back(served, code).text


def test_guessing_codes_is_slow(served: Served) -> None:
    person = served.person()
    person.opens()
    said = [
        person.posts(do="return", code="agurk album anker april asfalt").text for _ in range(40)
    ]
    assert "Det er prøvd mange koder nå" in said[-1]
    assert "Returkoden virker ikke" in said[0]


def _comes_back(served: Served, code: str) -> Page:
    other = served.person()
    other.opens()
    return other.posts(do="return", code=code)


def _shown(page: Page) -> str:
    return page.html.split("Returkoden din er: <b>")[1].split("</b>")[0]


# --- when things are broken ---


def test_without_a_store_danger_is_answered_and_anyone_is_told_whom_to_ring(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _token = _talking(served)
    served.store_goes_away(monkeypatch)
    assert "112" in " ".join(person.writes(f"han {DANGER}").said("bot"))
    page = person.writes("hva nå")
    assert "116 006" in " ".join(page.said("bot"))
    assert page.draft == "hva nå", "what was not kept can be sent again"
    person.opens()
    assert "112" in " ".join(person.writes(f"han {DANGER}").said("bot"))


def test_without_a_store_leaving_leads_away_all_the_same(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _token = _talking(served)
    served.store_goes_away(monkeypatch)
    assert person.http.post("/", data=person.form(do="leave")).status_code == 303


def test_without_a_store_slett_does_not_claim_that_it_is_done(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    person, _token = _talking(served)
    served.store_goes_away(monkeypatch)
    page = person.posts(do="erase")
    assert "Det er ikke slettet ennå" in page.text
    assert page.field("token"), "so that it can be tried again"


@pytest.mark.parametrize("do", ["new", "code", "return", "lang:nn"])
def test_without_a_store_other_buttons_show_112_and_the_line(
    served: Served, monkeypatch: pytest.MonkeyPatch, do: str
) -> None:
    person, _token = _talking(served)
    served.store_goes_away(monkeypatch)
    page = person.posts(do=do, code="a b c d e", text="hemmelig")
    assert page.response.status_code == 503
    _is_neutral(page, "hemmelig")


def test_an_unexpected_error_shows_112_and_none_of_the_words(served: Served) -> None:
    person, _token = _talking(served)
    served.turn.broken = RuntimeError("hemmelig")
    page = person.writes("hemmelig")
    assert page.response.status_code == 500
    _is_neutral(page, "hemmelig")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/hemmelig", 404),
        ("PUT", "/", 405),
        ("GET", "/chat/message", 405),
        ("GET", "/static/x", 404),
    ],
)
def test_wrong_addresses_show_112_and_the_line(
    served: Served, method: str, path: str, status: int
) -> None:
    page = Page(served.person().http.request(method, path))
    assert page.response.status_code == status
    _is_neutral(page, "hemmelig")


def _is_neutral(page: Page, words: str) -> None:
    assert words not in page.html
    assert 'href="tel:112"' in page.html
    assert 'href="tel:116006"' in page.html


def test_a_conversation_that_was_erased_stays_erased_when_its_page_looks_again(
    served: Served,
) -> None:
    person, token = _talking(served)
    conversation = served.conversation_of(token)
    assert conversation
    with served.db.begin() as tx:
        conversations.erase(tx, conversation.id)
    for do in ("new", "code", "lang:en"):
        answer = Page(person.http.post("/", data=person.form(do=do)))
        assert "redd" not in answer.html
        assert answer.said("you") == []


def test_forlat_siden_on_an_error_page_erases_too(served: Served) -> None:
    person, token = _talking(served)
    served.turn.broken = RuntimeError("hemmelig")
    page = person.writes("hemmelig")
    assert page.response.status_code == 500
    served.turn.broken = None
    assert person.posts(do="leave").response.status_code == 303
    assert served.conversation_of(token) is None
