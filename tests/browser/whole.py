"""What two browsers at the whole service do: a person's phone and a counsellor's desk."""

from __future__ import annotations

import pyotp
from playwright.sync_api import Page, expect

from tests.actors import PASSWORD, PATIENCE

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
WAIT = PATIENCE * 1000  # milliseconds


def goes_on_duty(desk: Page, invitation: str, name: str = "Ingunn") -> None:
    """From the one-time link to a counsellor on duty who looks at the queue."""
    desk.goto(invitation)
    desk.get_by_label("Brukernavn").fill(name.lower())
    desk.get_by_label("Navn som kollegene ser").fill(name)
    desk.get_by_label("Passord", exact=True).fill(PASSWORD)
    desk.get_by_label("Passordet en gang til").fill(PASSWORD)
    desk.get_by_role("button", name="Gå videre").click()
    secret = desk.locator("code.secret").inner_text().replace(" ", "")
    desk.get_by_label("Kode fra appen").fill(pyotp.TOTP(secret).now())
    desk.get_by_role("button", name="Ferdig").click()
    desk.get_by_role("link", name="Start vakt").click()
    desk.get_by_role("button", name="Jeg er på vakt").click()
    expect(desk.locator("#duty")).to_contain_text("På vakt til kl.", timeout=WAIT)


def says(page: Page, text: str) -> None:
    """The person writes a message and sends it."""
    page.fill("#text", text)
    page.click("button.send")
    expect(page.locator(".m.you:not(.wait) .t").last).to_have_text(text, timeout=WAIT)


def presses(page: Page, title: str) -> None:
    """The person presses a choice under the last messages."""
    page.locator(".choices button", has_text=title).last.click()
