"""The README's picture of the chat, taken by `python -m tests.browser.screenshots`.

A person who is not sure, on a phone; in demo mode. The model must be trained (`make install`).
The pictures of the desk are made by tests/browser/test_handbook_pictures.py.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Route, expect, sync_playwright

from bot.settings import ROOT
from tests.browser.conftest import CHROMIUM
from tests.browser.whole import PHONE, WAIT, says
from tests.demo import READY_WITHIN
from tests.live import free_port, serving, until_ready

IMAGES = ROOT / "docs" / "images"
LARGEST = 200_000  # bytes of one picture
# Debian's only sans is wider than what phones and desks have.
NARROW = "body{font-stretch:condensed}"
UNSURE = (
    "han har aldri slått meg så det er sikkert ikke vold. "
    "men han blir stille i dagevis hvis jeg treffer venninna mi"
)


def take() -> int:
    """Take it; returns the exit code."""
    file = IMAGES / "chat.png"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as play:
        with serving(Path(folder), free_port()) as base:
            until_ready(base, READY_WITHIN)
            browser = play.chromium.launch(
                executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
            )
            of_the_chat(browser, base, file)
            browser.close()
    if file.stat().st_size > LARGEST:
        print(f"{file.name} is larger than {LARGEST} bytes", file=sys.stderr)
        return 1
    return 0


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


def _narrow(route: Route) -> None:
    answer = route.fetch()
    route.fulfill(response=answer, body=answer.text() + NARROW)


if __name__ == "__main__":
    sys.exit(take())
