"""The page in front of the whole service: danger check, flows, handing over, the desk's words."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import create_app
from bot.handoff import queue
from bot.services import Services
from bot.store import conversations
from tests.browser.conftest import axe_violations, fits_sideways
from tests.support import MovingClock, make_services
from tests.webchat.serving import file_db, running

COUNSELLOR = "a-counsellor"


@dataclass
class Whole:
    """The running service."""

    base: str
    services: Services
    loop: asyncio.AbstractEventLoop

    def conversation(self, token: str) -> conversations.Conversation | None:
        with self.services.db.begin() as tx:
            return conversations.by_web_token(tx, token)

    def taken(self) -> str:
        """A counsellor takes the one case that waits; returns its id."""
        with self.services.db.begin() as tx:
            (row,) = queue.list_queue(tx)
            assert queue.take(tx, row.id, COUNSELLOR)
        return row.id

    def desk_writes(self, handoff_id: str, text: str) -> None:
        writing = self.services.outbound.from_desk(handoff_id, text)
        assert asyncio.run_coroutine_threadsafe(writing, self.loop).result(10) == "sent"

    def closes(self, handoff_id: str) -> None:
        with self.services.db.begin() as tx:
            assert queue.close(tx, handoff_id, COUNSELLOR, queue.OUTCOMES[0])


@pytest.fixture
def whole(tmp_path: Path, clock: MovingClock) -> Iterator[Whole]:
    services = make_services(tmp_path, clock, db=file_db(tmp_path, clock))
    with running(create_app(services)) as (base, loop):
        yield Whole(base, services, loop)
    services.db.close()


def _write(page: Page, text: str) -> None:
    shown = page.locator(".m").count()
    page.fill("#text", text)
    page.click("button.send")
    expect(page.locator(".m").nth(shown + 1)).to_be_visible()


def _press(page: Page, title: str) -> None:
    shown = page.locator(".m").count()
    page.click(f".choices button:has-text('{title}')")
    expect(page.locator(".m").nth(shown + 1)).to_be_visible()


def _token(page: Page) -> str:
    return page.locator("#f [name=token]").input_value()


def _asks_for_a_person(page: Page) -> None:
    """From the first screen to "it is stored", by choices wherever there are any."""
    _write(page, "menneske")
    for _ in range(25):
        titles = [title.strip() for title in page.locator(".choices button").all_inner_texts()]
        if not titles:
            return
        wanted = ("Ja, send", "Skriv", "Hopp over", "Vil ikke svare", "Deg selv", "Meg selv")
        chosen = next((t for w in wanted for t in titles if t.startswith(w)), titles[0])
        _press(page, chosen)
        if chosen == "Ja, send":
            return
    raise AssertionError("the handing over never came to an end")


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_from_the_first_word_to_a_counsellor_and_back(
    which: str, request: pytest.FixtureRequest, whole: Whole
) -> None:
    page: Page = request.getfixturevalue(which)

    def sees_what_is_new() -> None:
        if which == "old_phone":
            page.click("#fetch")

    page.goto(f"{whole.base}/")
    _press(page, "Ja, det er trygt")
    _asks_for_a_person(page)
    case = whole.taken()
    whole.desk_writes(case, "Hei, jeg er rådgiver. Hva heter katten?")
    sees_what_is_new()
    expect(page.locator(".m.desk .t")).to_have_text("Hei, jeg er rådgiver. Hva heter katten?")
    expect(page.locator("#held")).to_have_text("En rådgiver skriver med deg nå.")
    page.fill("#text", "Pus")
    page.click("button.send")
    expect(page.locator(".m.you .t").last).to_have_text("Pus")
    whole.desk_writes(case, "Fint navn.")
    whole.closes(case)
    sees_what_is_new()
    expect(page.locator(".m.desk .t").last).to_have_text("Fint navn.")


def test_danger_on_the_very_first_screen_is_answered_with_112_first(
    phone: Page, whole: Whole
) -> None:
    phone.goto(f"{whole.base}/")
    _write(phone, "han står utenfor og hamrer på døra")
    first = phone.locator(".m.bot").first
    expect(first.locator("a")).to_have_attribute("href", "tel:112")
    expect(first).to_be_in_viewport()
    assert axe_violations(phone) == []


@pytest.mark.parametrize("answer", ["Ja, det er trygt", "Nei", "Vet ikke"])
def test_every_answer_to_is_it_safe_is_answered(phone: Page, whole: Whole, answer: str) -> None:
    phone.goto(f"{whole.base}/")
    phone.click(f".choices button:text-is('{answer}')")
    expect(phone.locator(".m.bot").first).to_be_visible()
    assert fits_sideways(phone)


def test_slett_works_while_a_counsellor_holds_the_person(phone: Page, whole: Whole) -> None:
    phone.goto(f"{whole.base}/")
    _asks_for_a_person(phone)
    whole.taken()
    token = _token(phone)
    phone.click("button[value=erase]")
    expect(phone.locator("h1")).to_have_text("Slettet")
    assert whole.conversation(token) is None


def test_slett_in_words_works_while_a_counsellor_holds_the_person(
    phone: Page, whole: Whole
) -> None:
    phone.goto(f"{whole.base}/")
    _asks_for_a_person(phone)
    whole.taken()
    token = _token(phone)
    phone.fill("#text", "slett")
    phone.click("button.send")
    expect(phone.locator("h1")).to_have_text("Slettet")
    assert whole.conversation(token) is None


def test_slett_in_words_empties_the_page(phone: Page, whole: Whole) -> None:
    phone.goto(f"{whole.base}/")
    _write(phone, "hei")
    token = _token(phone)
    phone.fill("#text", "SLETT")
    phone.click("button.send")
    expect(phone.locator("h1")).to_have_text("Slettet")
    assert whole.conversation(token) is None


def test_the_return_code_dies_with_the_case(phone: Page, old_phone: Page, whole: Whole) -> None:
    phone.goto(f"{whole.base}/")
    _asks_for_a_person(phone)
    phone.click("#getcode")
    code = phone.locator("#said b").inner_text()
    whole.closes(whole.taken())
    old_phone.goto(f"{whole.base}/")
    old_phone.click("text=Jeg har en returkode")
    old_phone.fill("#code", code)
    old_phone.click("text=Åpne samtalen")
    expect(old_phone.locator("#said")).to_contain_text("Returkoden virker ikke")


def test_the_page_follows_when_the_person_writes_another_language(
    phone: Page, whole: Whole
) -> None:
    phone.goto(f"{whole.base}/")
    _write(phone, "I am afraid of my husband and I do not know what to do")
    expect(phone.locator("button.leave")).to_have_text("Leave this page")
    expect(phone.locator(".m.you")).to_have_count(1)
    assert phone.evaluate("document.documentElement.lang") == "en"


def test_unknown_addresses_of_the_service_show_112(old_phone: Page, whole: Whole) -> None:
    answer = old_phone.goto(f"{whole.base}/nothing/here")
    assert answer and answer.status == 404
    expect(old_phone.locator("a[href='tel:112']")).to_be_visible()
