"""Talking on the page in Chromium, with and without script, on good and on broken lines."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, Route, expect

from bot.store import conversations
from tests.browser.conftest import DESKTOP, NewContext
from tests.browser.steps import LONG, open_page, token_of, write
from tests.webchat.conftest import DANGER, Served


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_a_person_writes_and_is_answered(
    which: str, request: pytest.FixtureRequest, served: Served
) -> None:
    page: Page = request.getfixturevalue(which)
    served.script("hva koster det", LONG)
    open_page(page, served)
    write(page, "hva koster det")
    expect(page.locator(".m.you .t")).to_have_text("hva koster det")
    expect(page.locator(".m.bot .t")).to_contain_text("Nei. Du kan få hjelp uten å anmelde.")
    expect(page.locator(".m.bot a")).to_have_attribute("href", "tel:116006")
    page.click("button:has-text('Ja')")
    expect(page.locator(".m.you .t").last).to_have_text("Ja")
    expect(page.locator(".choices")).to_have_count(0)
    assert page.url.split("#")[0] == f"{served.base}/"
    assert page.title() == "Notater"


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_the_words_of_danger_come_first_and_can_be_pressed(
    which: str, request: pytest.FixtureRequest, served: Served
) -> None:
    page: Page = request.getfixturevalue(which)
    open_page(page, served)
    write(page, f"han {DANGER}")
    first = page.locator(".m.bot").first
    expect(first.locator(".t")).to_have_text("Ring politiet nå: 112.")
    expect(first.locator("a")).to_have_attribute("href", "tel:112")
    expect(first).to_be_in_viewport()


def test_what_a_counsellor_writes_appears_by_itself(phone: Page, served: Served) -> None:
    open_page(phone, served)
    write(phone, "hei")
    expect(phone.locator(".m.bot")).to_have_count(1)
    served.desk_writes(token_of(phone), "Hei, jeg er rådgiver.")
    expect(phone.locator(".m.desk .t")).to_have_text("Hei, jeg er rådgiver.")
    expect(phone.locator("#fetch")).to_be_hidden()


def test_without_script_it_appears_when_one_asks_and_the_draft_stays(
    old_phone: Page, served: Served
) -> None:
    open_page(old_phone, served)
    write(old_phone, "hei")
    served.desk_writes(token_of(old_phone), "Hei, jeg er rådgiver.")
    old_phone.fill("#text", "jeg holder på å skrive")
    old_phone.click("text=Se nye svar")
    expect(old_phone.locator(".m.desk .t")).to_have_text("Hei, jeg er rådgiver.")
    expect(old_phone.locator("#text")).to_have_value("jeg holder på å skrive")


def test_the_page_tells_when_a_counsellor_takes_over(phone: Page, served: Served) -> None:
    open_page(phone, served)
    write(phone, "hei")
    expect(phone.locator(".m.bot")).to_have_count(1)
    token = token_of(phone)
    conversation = served.conversation_of(token)
    assert conversation
    with served.db.begin() as tx:
        conversations.set_held_by(tx, conversation.id, "desk")
    served.desk_writes(token, "Hei.")
    expect(phone.locator("#held")).to_have_text("En rådgiver skriver med deg nå.")


def test_messages_sent_fast_come_in_order_and_once(phone: Page, served: Served) -> None:
    served.turn.slow = 0.2
    open_page(phone, served)
    for number in range(4):
        write(phone, f"melding {number}")
    expect(phone.locator(".m.bot")).to_have_count(4)
    assert [m.text for m in served.turn.handled] == [f"melding {n}" for n in range(4)]
    assert phone.locator(".m.you .t").all_inner_texts() == [f"melding {n}" for n in range(4)]
    assert served.count() == 1


def test_a_double_tap_on_a_choice_is_one_answer(phone: Page, served: Served) -> None:
    served.turn.slow = 0.3
    open_page(phone, served)
    phone.locator("text=Ja, det er trygt").dblclick()
    expect(phone.locator(".m.bot")).to_have_count(1)
    assert len(served.turn.handled) == 1


def test_after_a_choice_the_reply_has_the_focus_and_after_writing_the_field(
    phone: Page, served: Served
) -> None:
    served.script("hei", LONG)
    open_page(phone, served)
    phone.focus("#text")
    phone.keyboard.type("hei")
    phone.keyboard.press("Control+Enter")
    phone.click("button.send") if phone.locator("#text").input_value() else None
    expect(phone.locator(".m.bot")).to_have_count(1)
    phone.click("button:has-text('Nei')")
    expect(phone.locator(".m.bot").last).to_be_focused()


def test_enter_sends_on_a_computer(new_context: NewContext, served: Served) -> None:
    page = new_context(viewport=DESKTOP).new_page()
    open_page(page, served)
    page.focus("#text")
    page.keyboard.type("linje en")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("linje to")
    page.keyboard.press("Enter")
    expect(page.locator(".m.you .t")).to_have_text("linje en\nlinje to", use_inner_text=True)
    expect(page.locator("#text")).to_be_focused()


def test_another_language_keeps_the_conversation_and_the_draft(phone: Page, served: Served) -> None:
    open_page(phone, served)
    phone.click("text=English")
    expect(phone.locator("h1")).to_have_text("Here you can ask and tell.")
    assert phone.evaluate("document.documentElement.lang") == "en"
    write(phone, "hello")
    expect(phone.locator(".m.bot")).to_have_count(1)
    token = token_of(phone)
    phone.fill("#text", "my draft")
    phone.click("text=Nynorsk")
    expect(phone.locator("button.leave")).to_have_text("Forlat sida")
    expect(phone.locator("#text")).to_have_value("my draft")
    assert token_of(phone) == token
    assert phone.evaluate("history.length") <= 2


def test_a_message_that_does_not_get_through_is_sent_again_once(
    phone: Page, served: Served
) -> None:
    open_page(phone, served)
    failures = iter([True])

    def flaky(route: Route) -> None:
        if next(failures, False):
            route.abort()
        else:
            route.continue_()

    phone.route("**/chat/message", flaky)
    write(phone, "hei")
    expect(phone.locator("#offline")).to_be_visible()
    expect(phone.locator(".m.bot")).to_have_count(1)
    expect(phone.locator("#offline")).to_be_hidden()
    assert len(served.turn.handled) == 1


def test_an_answer_that_is_lost_on_the_way_does_not_make_two_messages(
    phone: Page, served: Served
) -> None:
    open_page(phone, served)
    failures = iter([True])

    def loses_the_answer(route: Route) -> None:
        if next(failures, False):
            route.fetch()
            route.abort()
        else:
            route.continue_()

    phone.route("**/chat/message", loses_the_answer)
    write(phone, "hei")
    expect(phone.locator(".m.bot")).to_have_count(1)
    assert len(served.turn.handled) == 1
    assert served.count() == 1


@pytest.mark.slow
def test_a_message_that_never_gets_through_comes_back_with_112_and_the_line(
    phone: Page, served: Served
) -> None:
    open_page(phone, served)
    phone.route("**/chat/message", lambda route: route.abort())
    write(phone, "hei")
    expect(phone.locator("#unsent")).to_be_visible(timeout=20_000)
    expect(phone.locator("#text")).to_have_value("hei")
    assert phone.locator("#unsent a").first.get_attribute("href") == "tel:112"
    phone.unroute("**/chat/message")
    phone.click("button.send")
    expect(phone.locator(".m.bot")).to_have_count(1)
    expect(phone.locator("#unsent")).to_be_hidden()


def test_the_open_line_comes_back_after_it_was_cut(phone: Page, served: Served) -> None:
    cut = iter([True, True])

    def flaky(route: Route) -> None:
        if next(cut, False):
            route.abort()
        else:
            route.continue_()

    phone.route("**/chat/stream", flaky)
    open_page(phone, served)
    write(phone, "hei")
    expect(phone.locator("#fetch")).to_be_visible()
    served.desk_writes(token_of(phone), "Er du der?")
    expect(phone.locator(".m.desk .t")).to_have_text("Er du der?")


def test_the_page_works_where_lines_cannot_be_keptopen_page(phone: Page, served: Served) -> None:
    phone.add_init_script("delete window.TextDecoder")
    open_page(phone, served)
    write(phone, "hei")
    expect(phone.locator(".m.bot")).to_have_count(1)
    served.desk_writes(token_of(phone), "Er du der?")
    phone.click("text=Se nye svar")
    expect(phone.locator(".m.desk .t")).to_have_text("Er du der?")
