"""Forlat siden, Slett and coming back, in Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Error, Page, expect

from tests.browser.conftest import NewContext
from tests.browser.steps import must_be_gone, open_page, token_of, write
from tests.webchat.conftest import Served, serve_page


class Weather(BaseHTTPRequestHandler):
    """The harmless page that Forlat siden leads to."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/html")
        self.end_headers()
        self.wfile.write(b"<title>Weather</title>Sun")

    def log_message(self, *_args: object) -> None:
        return None


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Weather)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()


@pytest.fixture
def leads_away(tmp_path: Path, elsewhere: str) -> Iterator[Served]:
    """A served page whose way out leads to the weather."""
    with serve_page(tmp_path, exit_url=elsewhere) as served:
        yield served


def test_forlat_siden_blanks_erases_and_is_not_in_the_history(
    phone: Page, leads_away: Served, elsewhere: str
) -> None:
    page, served = phone, leads_away
    page.goto("about:blank")
    open_page(page, served)
    write(page, "jeg er redd")
    expect(page.locator(".m.bot")).to_have_count(1)
    token = token_of(page)
    page.click("button.leave")
    page.wait_for_url(elsewhere)
    must_be_gone(served, token)
    page.go_back()
    assert page.url == "about:blank"


def test_forlat_siden_does_not_wait_for_an_erase_that_hangs(
    phone: Page, leads_away: Served, elsewhere: str
) -> None:
    page, served = phone, leads_away
    page.route("**/chat/erase", lambda _route: None)
    open_page(page, served)
    write(page, "jeg er redd")
    expect(page.locator(".m.bot")).to_have_count(1)
    page.click("button.leave")
    page.wait_for_url(elsewhere, timeout=3000)


def test_shift_three_times_leaves_and_is_announced(
    phone: Page, leads_away: Served, elsewhere: str
) -> None:
    page, served = phone, leads_away
    open_page(page, served)
    expect(page.locator("#shift")).to_have_text(re.compile("Shift tre ganger"))
    page.keyboard.press("Shift")
    expect(page.locator("#count")).to_have_text(re.compile("to ganger til"))
    page.keyboard.press("Shift")
    expect(page.locator("#count")).to_have_text(re.compile("en gang til"))
    page.keyboard.press("Shift")
    page.wait_for_url(elsewhere)


def test_capital_letters_do_not_lead_away(phone: Page, leads_away: Served, elsewhere: str) -> None:
    page, served = phone, leads_away
    open_page(page, served)
    page.focus("#text")
    for letter in "HANSLR":
        page.keyboard.press(f"Shift+{letter}")
    expect(page.locator("#count")).to_have_text("")
    assert page.url == f"{served.base}/"


def test_forlat_siden_without_script(old_phone: Page, leads_away: Served, elsewhere: str) -> None:
    open_page(old_phone, leads_away)
    write(old_phone, "jeg er redd")
    token = token_of(old_phone)
    old_phone.click("button.leave")
    old_phone.wait_for_url(elsewhere)
    must_be_gone(leads_away, token)
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser asks before it posts again
        old_phone.go_back()
    # Its own page about that may still be coming in, so this looks until it stands still.
    expect(old_phone.get_by_text("redd")).to_have_count(0)


def test_back_after_going_elsewhere_shows_nothing_of_the_conversation(
    phone: Page, leads_away: Served, elsewhere: str
) -> None:
    page, served = phone, leads_away
    open_page(page, served)
    write(page, "jeg er redd")
    expect(page.locator(".m.bot")).to_have_count(1)
    page.goto(elsewhere)
    page.go_back()
    assert "redd" not in page.content()
    page.reload()
    assert "redd" not in page.content()
    expect(page.locator("#ask")).to_be_visible()


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_slett_empties_the_page_and_confirms(
    which: str, request: pytest.FixtureRequest, served: Served
) -> None:
    page: Page = request.getfixturevalue(which)
    open_page(page, served)
    write(page, "jeg er redd")
    expect(page.locator(".m.bot")).to_have_count(1)
    token = token_of(page)
    page.click("button[value=erase]")
    expect(page.locator("h1")).to_have_text("Slettet")
    assert "redd" not in page.content()
    assert served.conversation_of(token) is None
    page.click("text=Til forsiden")
    expect(page.locator("#ask")).to_be_visible()


def test_slett_in_one_tab_empties_the_other(new_context: NewContext, served: Served) -> None:
    context = new_context(java_script_enabled=True)
    page = context.new_page()
    open_page(page, served)
    write(page, "jeg er redd")
    expect(page.locator(".m.bot")).to_have_count(1)
    token = token_of(page)
    other = served.person()
    other.http.post("/chat/erase", data={"token": token})
    expect(page.locator("h1")).to_have_text("Slettet")
    assert "redd" not in page.content()


def test_nothing_is_left_in_the_browser(phone: Page, served: Served) -> None:
    foreign: list[str] = []
    phone.on("request", lambda r: foreign.append(r.url) if served.base not in r.url else None)
    errors: list[str] = []
    phone.on("console", lambda message: errors.append(message.text))
    open_page(phone, served)
    write(phone, "jeg er redd")
    expect(phone.locator(".m.bot")).to_have_count(1)
    assert phone.context.cookies() == []
    assert phone.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert phone.evaluate("indexedDB.databases()") == []
    assert phone.evaluate("caches.keys()") == []
    assert foreign == []
    assert errors == [], "the policy stops nothing that the page itself does"


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_a_code_opens_the_conversation_on_another_phone(
    which: str, request: pytest.FixtureRequest, new_context: NewContext, served: Served
) -> None:
    page: Page = request.getfixturevalue(which)
    open_page(page, served)
    write(page, "jeg venter")
    expect(page.locator(".m.bot")).to_have_count(1)
    served.hands_over(token_of(page))
    served.desk_writes(token_of(page), "Straks.")
    if which == "old_phone":
        page.click("#fetch")
    page.click("text=Få en returkode")
    code = page.locator("#said b").inner_text()
    other = new_context(java_script_enabled=which == "phone").new_page()
    open_page(other, served)
    other.click("text=Jeg har en returkode")
    other.fill("#code", code)
    other.keyboard.press("Enter")
    expect(other.locator(".m.you .t")).to_have_text("jeg venter")
    expect(other.locator(".m.desk .t")).to_have_text("Straks.")
