"""An editor changes a text, a second one approves, and a person in the chat reads it at once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.app import create_app
from bot.services import Services
from bot.settings import ROOT
from bot.store import counsellors, desk_sessions
from bot.store.roles import read_roles
from tests.browser.conftest import NewContext, axe_violations, fits_sideways
from tests.browser.steps import write
from tests.desk.conftest import CHEAP, SECRET
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.webchat.serving import file_db, running

QUESTION = "hva koster det"
BEFORE, AFTER = "Det er gratis. Du betaler ikke", "Du betaler ingenting. Det koster ikke noe"
WAIT = 90_000  # milliseconds: a look every three seconds, on a slow machine


@dataclass
class Place:
    """The whole service with texts of its own."""

    base: str
    services: Services

    def page_of(self, new_context: NewContext, name: str, viewport: dict[str, int]) -> Page:
        """The browser of somebody with the role editor."""
        with self.services.db.begin() as tx:
            made = counsellors.create(
                *(tx, tx.keys.keyed_hash("test", name)[:24], name.casefold(), name),
                *(read_roles("editor"), CHEAP, SECRET, timedelta(hours=24)),
            )
            counsellors.use_totp_step(tx, made.id, 1)
            counsellors.set_active(tx, made.id, True)
            token = desk_sessions.start(tx, made.id)
        context = new_context(viewport=viewport)
        context.add_cookies([{"name": "desk_session", "value": token, "url": f"{self.base}/desk"}])
        context.set_default_timeout(WAIT)
        return context.new_page()


@pytest.fixture
def place(tmp_path: Path, clock: MovingClock) -> Iterator[Place]:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    services = make_services(
        tmp_path,
        clock,
        db=file_db(tmp_path, clock),
        understanding=ScriptedUnderstanding({QUESTION: "cost"}),
        settings={"content_dir": folder},
    )
    with running(create_app(services)) as (base, _loop):
        yield Place(base, services)
    services.db.close()


def test_a_text_is_edited_at_the_desk_and_read_in_the_chat_without_a_restart(
    place: Place, new_context: NewContext, phone: Page
) -> None:
    phone.goto(f"{place.base}/")
    write(phone, QUESTION)
    expect(phone.locator("#log")).to_contain_text(BEFORE, timeout=WAIT)

    eli = place.page_of(new_context, "Eli", {"width": 1366, "height": 768})
    eli.goto(f"{place.base}/desk/content/topic/cost/nb")
    eli.get_by_role("link", name="Foreslå en endring").click()
    body = eli.get_by_label("Teksten på nett")
    body.fill(body.input_value().replace(BEFORE, AFTER))
    eli.get_by_label("Kort: hvorfor?").fill("enklere")
    eli.get_by_role("button", name="Sjekk og se").click()
    expect(eli.get_by_text("Ingen feil funnet.")).to_be_visible()
    expect(eli.locator(".bubble").first).to_contain_text(AFTER)
    assert axe_violations(eli) == []
    eli.get_by_role("button", name="Foreslå", exact=True).click()
    expect(eli.get_by_text("En annen må lese og godkjenne")).to_be_visible()
    assert eli.get_by_role("button", name="Godkjenn").count() == 0

    ada = place.page_of(new_context, "Ada", {"width": 390, "height": 844})
    ada.goto(f"{place.base}/desk/content")
    assert axe_violations(ada) == []
    ada.get_by_role("link", name="cost · bokmål").click()
    expect(ada.locator("del").first).to_be_visible()
    assert axe_violations(ada) == [] and fits_sideways(ada)
    ada.get_by_role("button", name="Godkjenn").click()
    expect(ada.get_by_text("uten omstart")).to_be_visible()
    assert axe_violations(ada) == [] and fits_sideways(ada)
    ada.goto(f"{place.base}/desk/content/facts")
    assert axe_violations(ada) == [] and fits_sideways(ada)

    for _ in range(20):
        write(phone, QUESTION)
        phone.wait_for_timeout(3000)
        if AFTER in phone.locator("#log").inner_text():
            break
    expect(phone.locator("#log")).to_contain_text(AFTER)
