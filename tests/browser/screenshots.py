"""The two pictures of the README, from the real service: `python -m tests.browser.screenshots`.

A person who is not sure, on a phone; and a case at the desk. Invented people, in demo mode. The
model must be trained (`make install`).
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, Route, expect, sync_playwright

from bot.settings import ROOT
from tests.actors import NotThere, SmsPerson
from tests.browser.conftest import CHROMIUM
from tests.browser.whole import DESK, PHONE, WAIT, goes_on_duty, says
from tests.demo import READY_WITHIN, invitation_of, with_twilio
from tests.fakes.twilio import FakeTwilio
from tests.live import free_port, serving, until_ready

IMAGES = ROOT / "docs" / "images"
LARGEST = 200_000  # bytes of one picture
SETTLED = 2.0  # seconds without a new text until the next one is written
# Debian's only sans is wider than what phones and desks have.
NARROW = "body{font-stretch:condensed}"
UNSURE = (
    "han har aldri slått meg så det er sikkert ikke vold. "
    "men han blir stille i dagevis hvis jeg treffer venninna mi"
)

# The conversation by SMS that leads to the case in the desk's picture.
BEFORE = (
    "hei",
    "1",
    "han blir stille i dagevis hvis jeg treffer venninna mi",
    "han tar bilnøklene for å straffe meg",
    "ringer dere barnevernet hvis jeg kommer med ungene",
)
# What the service asks by SMS → what the person at the desk's picture answers.
ANSWERS = (
    ("Hvordan vil du ha kontakt", "avtal en samtale"),
    ("Hvem gjelder det", "meg selv"),
    ("Når passer det best", "helst formiddag"),
    ("Hvor vil du helst møtes", "Lyngdal"),
    ("Hvilket språk", "norsk"),
    ("trygt å ringe dette nummeret", "ja, dette nummeret"),
    ("Når er det trygt å ringe", "mellom 9 og 14"),
    ("noen andre tar telefonen", "si feil nummer"),
    ("legge igjen en beskjed", "nei"),
    ("korte spørsmål", "ja"),
    ("redd for at noe farlig", "nei"),
    ("barn som er berørt", "to barn, 4 og 7 år, bor hos meg"),
    ("Hvilken kommune", "Lyngdal"),
    ("Hva ønsker du", "en første samtale"),
    ("Skal jeg sende", "ja, send"),
)


def take() -> int:
    """Take both; returns the exit code."""
    IMAGES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, FakeTwilio() as twilio, sync_playwright() as play:
        place, port = Path(folder), free_port()
        with serving(place, port, **with_twilio(twilio, port)) as base:
            until_ready(base, READY_WITHIN)
            browser = play.chromium.launch(
                executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            asks_for_a_talk(SmsPerson(base, twilio, "+4700000001"))
            of_the_chat(browser, base, IMAGES / "chat.png")
            of_the_desk(browser, invitation_of(place), IMAGES / "desk.png")
            browser.close()
    too_large = [file.name for file in IMAGES.glob("*.png") if file.stat().st_size > LARGEST]
    for name in too_large:
        print(f"{name} is larger than {LARGEST} bytes", file=sys.stderr)
    return 1 if too_large else 0


def of_the_chat(browser: Browser, base: str, file: Path) -> None:
    """A person on a small phone who is not sure that it is violence."""
    # Without script, because then the whole conversation is one page that begins at the top.
    page = browser.new_context(
        viewport=PHONE,
        has_touch=True,
        device_scale_factor=2,
        locale="nb-NO",
        java_script_enabled=False,
    ).new_page()
    page.route("**/static/n.css", _narrow)
    page.goto(base)
    says(page, UNSURE)
    expect(page.locator(".m.bot .choices").last).to_be_visible(timeout=WAIT)
    page.mouse.wheel(0, -5000)
    page.wait_for_timeout(500)
    page.screenshot(path=file)


def of_the_desk(browser: Browser, invitation: str, file: Path) -> None:
    """A counsellor with the case open."""
    page = browser.new_context(viewport=DESK, locale="nb-NO").new_page()
    page.route("**/static/desk.css", _narrow)
    goes_on_duty(page, invitation)
    page.locator("[data-key=waiting]").get_by_role("link", name="Åpne").click(timeout=WAIT)
    expect(page.locator("dl")).to_contain_text("bilnøklene", timeout=WAIT)
    page.screenshot(path=file)


def _narrow(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + NARROW)


def asks_for_a_talk(person: SmsPerson) -> None:
    """By SMS from the first word to a case in the queue. Raises NotThere."""

    def hears(write: str) -> str:
        person.writes(write)
        time.sleep(SETTLED)
        return " ".join(person.receives(".")[-1:])

    for write in BEFORE:
        hears(write)
    said = hears("menneske")
    for _ in range(len(ANSWERS) + 2):
        answer = next((words for asked, words in ANSWERS if re.search(asked, said)), None)
        if answer is None:
            if re.search("lagret|sendt", said):
                return
            raise NotThere("a question of the summary that has an answer here")
        said = hears(answer)


if __name__ == "__main__":
    sys.exit(take())
