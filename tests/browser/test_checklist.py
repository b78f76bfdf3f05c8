"""“Er dette vold?” on a small phone in Chromium: boxes, with and without script, by keyboard."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import create_app
from bot.store.clock import system_clock
from tests.browser.conftest import axe_violations, fits_sideways
from tests.browser.whole import WAIT, presses
from tests.support import ScriptedUnderstanding, make_services
from tests.webchat.serving import file_db, running

WORDS = "er dette vold?"
HEADING = "Ord og trusler"
SIGN = "narr av deg foran andre"
OTHER = "husker feil"
NEXT = "Å være på vakt"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    """The whole service, with the real time and an understanding that knows one question."""
    db = file_db(tmp_path, system_clock)
    known = ScriptedUnderstanding({WORDS: "is_this_violence"})
    services = make_services(tmp_path, system_clock, db=db, understanding=known)
    with running(create_app(services)) as (base, _loop):
        yield base
    db.close()


def begins(page: Page, address: str) -> None:
    page.goto(f"{address}/")
    presses(page, "Ja, det er trygt")
    writes(page, WORDS)
    presses(page, "Se på tegn")
    expect(page.locator(".m.bot .t").last).to_contain_text("Hvem gjelder det?", timeout=WAIT)
    presses(page, "Meg selv")
    expect(page.locator(".m.bot .t").last).to_contain_text(HEADING, timeout=WAIT)


def writes(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.click("button.send")
    expect(page.locator(".m.you:not(.wait) .t").last).to_have_text(text, timeout=WAIT)


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_signs_are_ticked_together_with_and_without_script_and_nothing_is_lost(
    which: str, request: pytest.FixtureRequest, address: str
) -> None:
    page: Page = request.getfixturevalue(which)
    begins(page, address)
    assert fits_sideways(page)
    if which == "phone":  # axe itself needs script; the boxes are the same without
        assert axe_violations(page) == []
    box = page.get_by_label(SIGN)
    box.focus()
    page.keyboard.press("Space")
    writes(page, "hva betyr det?")  # a question in between: the tick is still there
    expect(page.locator(".m.bot .t").last).to_contain_text(HEADING, timeout=WAIT)
    expect(box).to_be_checked()
    expect(page.get_by_label(OTHER)).not_to_be_checked()
    page.get_by_label(OTHER).check()
    page.keyboard.press("Enter")  # sends the boxes; never the first button, which leaves
    expect(page.locator(".m.bot .t").last).to_contain_text(NEXT, timeout=WAIT)
    assert page.url.split("#")[0] == f"{address}/"
    expect(page.locator(".m.bot .t", has_text="Ingenting av dette er greit")).to_have_count(1)
    expect(page.locator(".ticks")).to_have_count(1)
    writes(page, "han hamrer på døra nå")
    expect(page.locator(".m.danger .t").first).to_contain_text("112", timeout=WAIT)
    expect(page.locator(".ticks")).to_have_count(0)
    writes(page, "fortsett")
    expect(page.locator(".m.bot .t").last).to_contain_text(NEXT, timeout=WAIT)
    presses(page, "Vis det jeg har svart")
    said = page.locator(".m.bot .t", has_text="Dette har du kjent igjen")
    expect(said).to_contain_text("Psykisk vold", timeout=WAIT)
