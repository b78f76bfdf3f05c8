"""A case open in Chromium: writing, what must not be lost or sent twice, the keys."""

from __future__ import annotations

import itertools
import re

import pytest
from playwright.sync_api import Page, expect

from bot.channels.messages import Reply
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.store import conversations, messages
from tests.browser.at_desk import open_as
from tests.browser.conftest import NewContext
from tests.desk.conftest import DeskServer, desk
from tests.support import MovingClock

__all__ = ["desk"]


def open_case(
    new_context: NewContext, desk: DeskServer, channel: str = "sms"
) -> tuple[Page, str, str]:
    """(page, conversation id, handoff id) of a case that Kari has just taken."""
    person = desk.person(channel)
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    page = open_as(new_context, desk, kari, f"/desk/case/{handoff_id}")
    page.get_by_role("button", name="Ta saken").click()
    expect(page.get_by_role("heading", name="Samtalen siden du tok saken")).to_be_visible()
    expect(page.locator("#no-script")).to_have_count(0)  # the script runs, and hears the keys
    return page, person, handoff_id


def test_a_conversation_goes_back_and_forth(desk: DeskServer, new_context: NewContext) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    desk.writes(person, "er det noen der?")
    expect(page.get_by_role("log")).to_contain_text("er det noen der?", timeout=3000)
    page.get_by_label("Skriv til personen på SMS").fill("Ja. Jeg heter Kari.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log")).to_contain_text("Ja. Jeg heter Kari.")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()
    with desk.db.begin() as tx:
        assert [line.author for line in messages.after(tx, person, 0)] == ["person", "desk"]


def test_what_a_person_writes_while_she_types_does_not_disturb_her(
    desk: DeskServer, new_context: NewContext
) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill("Jeg skriver på noe len")
    desk.writes(person, "hallo?")
    expect(page.get_by_role("log")).to_contain_text("hallo?")
    page.keyboard.type("gre")
    expect(page.locator("#text")).to_have_value("Jeg skriver på noe lengre")


def test_code_in_a_message_is_only_words(desk: DeskServer, new_context: NewContext) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    attack = "<img src=x onerror='window.broken=1'><script>window.broken=1</script>"
    desk.writes(person, attack)
    expect(page.get_by_role("log")).to_contain_text(attack)
    assert page.evaluate("window.broken") is None
    assert page.locator("[role=log] img, [role=log] script").count() == 0


def test_a_message_that_does_not_get_through_stays_and_goes_out_once(
    desk: DeskServer, new_context: NewContext
) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill("Kommer denne fram?")
    # The service takes it, but the answer is lost on the way back.
    tries = itertools.count()

    def lose_the_first_answer(route):
        if next(tries) == 0:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/reply", lose_the_first_answer)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#reply-error")).to_contain_text("Prøv igjen")
    expect(page.locator("#text")).to_have_value("Kommer denne fram?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#text")).to_have_value("")
    with desk.db.begin() as tx:
        assert len(messages.after(tx, person, 0)) == 1


def test_a_warning_that_comes_meanwhile_stops_the_message_until_she_has_read_it(
    desk: DeskServer, new_context: NewContext
) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill("Hei fra senteret")
    with desk.db.begin() as tx:
        conversation = conversations.get(tx, person)
        assert conversation
        conversation.state.neutral = True
        conversations.save(tx, conversation)
    desk.wake()
    expect(page.get_by_text("Noen andre kan lese dette.")).to_be_visible(timeout=4000)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#reply-error")).to_contain_text("ikke sendt")
    page.get_by_label("Jeg har lest advarselen").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#text")).to_have_value("")


def test_a_case_that_lapses_on_screen_is_said_to_be_gone(
    desk: DeskServer, clock: MovingClock, new_context: NewContext
) -> None:
    from bot.handoff import queue

    page, _person, _handoff_id = open_case(new_context, desk)
    lapsed = []
    for _ in range(20):  # the page may ask, and so renew its hold, just as the clock moves
        clock.passes(seconds=600)
        with desk.db.begin() as tx:
            lapsed = queue.lapse(tx)
        if lapsed:
            break
    assert lapsed
    desk.wake()
    expect(page.get_by_text("Saken er tilbake i køen")).to_be_visible(timeout=4000)
    expect(page.get_by_role("button", name="Send")).to_be_disabled()


@pytest.mark.parametrize(
    "text",
    [
        "Hei",
        "a" * 160,
        "a" * 161,
        "æøå ÆØÅ é à § €",
        "[x] {y} ~ | \\ ^ €",
        "«Hei» – hun sa … ’ja’",
        "nøytral e\u0301 med løs aksent",
        "ą" * 70,
        "ą" * 71,
        "a" * 153 * 3,
        "Hei 👋 du",
        "linje\nskift",
    ],
)
def test_the_length_shown_is_the_length_that_is_paid(
    desk: DeskServer, new_context: NewContext, text: str
) -> None:
    page, _person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill(text)
    sent = sms_texts(Reply(text, kind="desk"), "nb")
    paid = sum(count(part).segments for part in sent)
    parts = "1 SMS" if paid == 1 else f"{paid} SMS-er"
    units = sum(count(part).units for part in sent)
    expect(page.locator("#size")).to_contain_text(f"{units} tegn, {parts}.")


def test_the_documented_keys_work(desk: DeskServer, new_context: NewContext) -> None:
    page, _person, handoff_id = open_case(new_context, desk)
    page.keyboard.press("Alt+KeyS")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Alt+KeyK")
    expect(page).to_have_url(re.compile(r"/desk/$"))
    waiting = desk.handoff()
    expect(page.locator(f"#case-{waiting}")).to_be_visible()
    page.keyboard.press("Alt+KeyN")
    expect(page.locator(f"#case-{waiting}")).to_be_focused()
    desk.alarm(desk.person())
    expect(page.get_by_role("heading", name="Fare akkurat nå")).to_be_visible()
    page.keyboard.press("Alt+KeyN")
    assert page.evaluate("document.activeElement.closest('.alarm') !== null")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sett av Kari")).to_be_visible()
    assert handoff_id in page.content()


def test_the_field_for_what_was_not_understood_comes_by_itself_and_keeps_what_is_in_it(
    desk: DeskServer, new_context: NewContext
) -> None:
    person = desk.person()
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    page = open_as(new_context, desk, kari, f"/desk/case/{handoff_id}")
    written = page.locator("#missed")
    expect(written).to_have_count(0)
    with desk.db.begin() as tx:
        found = conversations.get(tx, person)
        assert found
        found.state.missed_said = "yes"
        conversations.save(tx, found)
    desk.wake()
    expect(written).to_be_visible(timeout=5000)
    written.fill("Kan naboen på 41 23 45 67 spørre?")
    desk.writes(person, "er du der")
    expect(page.get_by_text("er du der")).to_be_visible(timeout=5000)
    expect(written).to_have_value("Kan naboen på 41 23 45 67 spørre?")
    page.get_by_role("button", name="Godkjenn og lagre").click()
    expect(page.get_by_text("er tatt ut")).to_be_visible()
    desk.writes(person, "hallo")
    expect(page.get_by_text("hallo")).to_be_visible(timeout=5000)
    expect(written).to_have_value("Kan naboen på [nummer fjernet] spørre?")
    page.get_by_role("button", name="Godkjenn og lagre").click()
    expect(page.get_by_text("er lagret med dine ord")).to_be_visible()
    expect(written).to_have_count(0)
