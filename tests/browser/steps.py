"""What the browser tests of the page do again and again."""

from __future__ import annotations

import time

from playwright.sync_api import Page

from bot.channels.messages import Reply
from tests.webchat.conftest import Served, two_choices

LONG = Reply(
    "Nei. Du kan få hjelp uten å anmelde.\n\n- tempo\n- bestemmer du\n\nRing **116 006**.",
    two_choices().buttons,
    "Kilde: krisesenterlova § 2. Lovtekst per 28.07.2026",
)


def open_page(page: Page, served: Served) -> None:
    page.goto(f"{served.base}/")


def write(page: Page, text: str) -> None:
    page.fill("#text", text)
    page.click("button.send")


def token_of(page: Page) -> str:
    return page.locator("#f [name=token]").input_value()


def must_be_gone(served: Served, token: str) -> None:
    for _ in range(50):
        if served.conversation_of(token) is None:
            return
        time.sleep(0.05)
    raise AssertionError("the conversation was not erased")
