"""A person on a small phone and a counsellor at the desk, live, in real Chromium.

Without a model: danger, handing over and the desk work without understanding.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import create_app
from bot.desk.invitations import create_invitation
from bot.store.clock import system_clock
from tests.browser.conftest import NewContext, axe_violations, fits_sideways
from tests.browser.whole import DESK, PHONE, WAIT, goes_on_duty, presses, says
from tests.support import make_services
from tests.webchat.serving import file_db, running

WORDS = "han står utenfor og hamrer på døra"
HELLO = "Hei, jeg heter Ingunn og er rådgiver. Er du alene nå?"
ANSWER = "ja jeg er alene"


@pytest.fixture
def whole(tmp_path: Path) -> Iterator[tuple[str, str]]:
    """(address, link for the first counsellor) of the whole service, with the real time."""
    db = file_db(tmp_path, system_clock)
    services = make_services(tmp_path, system_clock, db=db)
    with db.begin() as tx:
        invitation = create_invitation(tx, ("counsellor", "administrator"))
    with running(create_app(services)) as (base, _loop):
        yield base, f"{base}/desk/invitation/{invitation}"
    db.close()


def _watched(page: Page) -> list[str]:
    """What the browser itself complains about: script errors and what the policy stopped."""
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
    return complaints


@pytest.mark.slow
def test_a_frightened_person_reaches_a_counsellor_and_neither_reloads(
    whole: tuple[str, str], new_context: NewContext
) -> None:
    base, invitation = whole
    person = new_context(viewport=PHONE, has_touch=True).new_page()
    desk = new_context(viewport=DESK).new_page()
    complaints = _watched(person), _watched(desk)
    goes_on_duty(desk, invitation)

    person.goto(base)
    says(person, WORDS)
    first = person.locator(".m.danger .t").first
    expect(first).to_have_text("Ring politiet nå: 112.", timeout=WAIT)
    expect(first.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
    expect(person.locator("#log")).to_contain_text("varslet rådgiverne")

    alarm = desk.locator(".card.alarm")
    expect(alarm).to_contain_text("Fare akkurat nå", timeout=WAIT)
    expect(alarm).to_contain_text(WORDS)
    expect(alarm).to_contain_text("personen har ikke sagt ja til å dele mer")
    expect(desk).to_have_title("(1) Hastesak – Vakt")

    presses(person, "Snakk med noen")
    offer = person.locator(".m.bot .t").last
    expect(offer).to_contain_text(WORDS, timeout=WAIT)
    expect(offer).to_contain_text("melde fra til barnevernet")
    presses(person, "Ja, send")
    expect(person.locator("#log")).to_contain_text("Nå er det sendt", timeout=WAIT)

    waiting = desk.locator("[data-key=waiting] .card")
    expect(waiting).to_contain_text("HASTER NÅ", timeout=WAIT)
    waiting.get_by_role("link", name="Åpne").click()
    expect(desk.locator("dl")).to_contain_text(WORDS)
    assert axe_violations(desk) == []
    desk.get_by_role("button", name="Ta saken").click()
    expect(person.locator("#held")).to_have_text("En rådgiver skriver med deg nå.", timeout=WAIT)

    expect(desk.locator("#no-script")).to_have_count(0)  # the script runs, and hears the keys
    desk.get_by_label("Skriv til personen på nettsiden").fill(HELLO)
    desk.keyboard.press("Control+Enter")
    expect(person.locator(".m.desk .t")).to_have_text(HELLO, timeout=WAIT)
    said = person.locator(".m.bot").count()
    says(person, ANSWER)
    expect(desk.locator(".message.person .pre")).to_have_text(ANSWER, timeout=WAIT)
    assert person.locator(".m.bot").count() == said, "the bot is silent while a counsellor writes"
    assert axe_violations(person) == axe_violations(desk) == []
    assert fits_sideways(person)
    assert fits_sideways(desk)

    desk.get_by_label("Skrev eller snakket sammen").check()
    desk.get_by_role("button", name="Avslutt saken").click()
    expect(desk.locator("[data-part=board]")).to_contain_text("Ingen alarmer")
    expect(desk.locator("[data-part=board]")).to_contain_text("Du har ingen saker")
    expect(person.locator("#held")).to_contain_text("chatbot", timeout=WAIT)
    expect(person.locator(".m.bot .t").last).to_contain_text("Rådgiveren har gått ut")
    assert complaints == ([], [])


@pytest.mark.slow
def test_slett_takes_the_words_from_a_desk_that_has_them_open(
    whole: tuple[str, str], new_context: NewContext
) -> None:
    base, invitation = whole
    person = new_context(viewport=PHONE, has_touch=True).new_page()
    desk = new_context(viewport=DESK).new_page()
    goes_on_duty(desk, invitation)
    person.goto(base)
    says(person, WORDS)
    presses(person, "Snakk med noen")
    presses(person, "Ja, send")
    desk.locator("[data-key=waiting]").get_by_role("link", name="Åpne").click(timeout=WAIT)
    desk.get_by_role("button", name="Ta saken").click()
    says(person, ANSWER)
    expect(desk.locator(".message.person .pre")).to_have_text(ANSWER, timeout=WAIT)

    person.locator("button[value=erase]").click()
    expect(person.locator("#app")).to_contain_text("Slettet", timeout=WAIT)
    expect(desk.locator(".message.person")).to_have_count(0, timeout=WAIT)
    expect(desk.locator("[data-part=state]")).to_contain_text("Slettet av", timeout=WAIT)
    desk.reload()
    expect(desk.locator("main")).not_to_contain_text(WORDS)
    desk.goto(f"{base}/desk/")
    expect(desk.locator(".card.alarm .words")).to_contain_text("slettet av personen, eller av noen")
