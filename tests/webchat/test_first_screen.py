"""The first screen: what it says, what it weighs, and that looking leaves no trace."""

from __future__ import annotations

import re

import httpx
import pytest

from bot.channels.webchat.words import TITLE
from tests.webchat.conftest import Page, Served

HEAVIEST = 60 * 1024


def test_the_first_screen_says_what_it_is_what_it_keeps_and_asks_whether_it_is_safe(
    served: Served,
) -> None:
    page = served.person().opens()
    assert "Her kan du spørre og fortelle." in page.text
    assert "Dette er en chatbot, ikke et menneske." in page.text
    assert "blir slettet når du trykker Slett eller Forlat siden, og ellers 12 timer" in page.text
    assert "Er det trygt for deg å skrive her nå?" in page.text
    assert page.choices() == ["safe:yes|Ja, det er trygt", "safe:no|Nei", "safe:unknown|Vet ikke"]
    assert 'href="tel:116006"' in page.html
    assert 'Ring politiet <a href="tel:112">112</a>' in page.html


@pytest.mark.parametrize(
    ("header", "lang", "words"),
    [
        ("nb-NO,nb;q=0.9", "nb", "Er det trygt for deg å skrive her nå?"),
        ("nn-NO,nn;q=0.9,nb;q=0.8", "nn", "Er det trygt for deg å skrive her no?"),
        ("en-GB,en;q=0.5", "en", "Is it safe for you to write here now?"),
        ("pl,en;q=0.4", "en", "Is it safe for you to write here now?"),
        ("en;q=0.2,no;q=0.9", "nb", "Er det trygt for deg å skrive her nå?"),
        ("", "nb", "Er det trygt for deg å skrive her nå?"),
        ("*;q=x,;;,=", "nb", "Er det trygt for deg å skrive her nå?"),
    ],
)
def test_the_browser_s_language_is_the_first_guess(
    served: Served, header: str, lang: str, words: str
) -> None:
    page = served.person(**{"accept-language": header}).opens()
    assert f'<html lang="{lang}">' in page.html
    assert words in page.text


def test_looking_stores_nothing_and_every_look_starts_anew(served: Served) -> None:
    person = served.person()
    first = person.opens().field("nonce")
    assert person.opens().field("nonce") != first
    assert served.count() == 0


def test_the_tab_is_called_the_same_in_every_language_and_state(served: Served) -> None:
    person = served.person()
    pages = [person.opens(), person.writes("hei")]
    pages += [person.posts(do="lang:en"), person.posts(do="lang:nn"), person.posts(do="erase")]
    pages.append(Page(person.http.get("/nothing-here")))
    for page in pages:
        assert f"<title>{TITLE}</title>" in page.html
        assert 'href="/static/n.svg"' in page.html


def test_every_page_of_the_demonstration_says_that_it_is_one(served: Served) -> None:
    person = served.person()
    pages = [person.opens(), person.writes("hei"), person.posts(do="erase")]
    pages.append(Page(person.http.get("/nothing-here")))
    for page in pages:
        assert "Demo: dette er ikke en ekte tjeneste." in page.text


def test_the_page_with_all_it_loads_weighs_less_than_sixty_kilobytes(served: Served) -> None:
    person = served.person()
    page = person.opens()
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.html)
    assert len(loaded) == 3
    weight = sum(_weight(person.http.get(path)) for path in ["/", *loaded])
    assert weight < HEAVIEST


def _weight(response: httpx.Response) -> int:
    assert response.status_code == 200
    headers = sum(len(name) + len(value) + 4 for name, value in response.headers.raw)
    return len(response.content) + headers


def test_nothing_is_asked_from_anywhere_else(served: Served) -> None:
    person = served.person()
    for page in (person.opens(), person.writes("hei")):
        addresses = re.findall(r'(?:src|href|action)="([^"]+)"', page.html)
        assert all(a.startswith(("/", "tel:")) and not a.startswith("//") for a in addresses)
    script = person.http.get("/static/n.js").text + person.http.get("/static/n.css").text
    assert "http:" not in script and "https:" not in script and "url(" not in script


@pytest.mark.parametrize("path", ["/", "/static/n.js", "/static/n.css", "/favicon.ico", "/x"])
def test_every_answer_forbids_keeping_framing_and_foreign_code(served: Served, path: str) -> None:
    _strict(served.person().http.get(path))


def test_posted_pages_are_just_as_strict(served: Served) -> None:
    person = served.person()
    person.opens()
    for answer in (
        person.writes("hei").response,
        person.http.post("/chat/message", data=person.form(text="hei")),
        person.http.post("/chat/erase", data=person.form()),
        person.posts(do="erase").response,
        person.http.put("/"),
    ):
        _strict(answer)


def _strict(answer: httpx.Response) -> None:
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "set-cookie" not in answer.headers


def test_the_page_has_no_code_or_style_in_it_that_the_policy_would_stop(served: Served) -> None:
    page = served.person().opens()
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)", page.html)


def test_the_script_keeps_nothing_in_the_browser(served: Served) -> None:
    script = served.person().http.get("/static/n.js").text
    code = re.sub(r"//.*", "", script)
    for word in ("localStorage", "sessionStorage", "indexedDB", "cookie", "EventSource", "caches"):
        assert word not in code
    assert len(script.splitlines()) < 300
