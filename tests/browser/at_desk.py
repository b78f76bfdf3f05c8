"""How the browser tests sit down at the desk."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext
from tests.desk.conftest import Browser, DeskServer


def open_as(new_context: NewContext, server: DeskServer, who: Browser, path: str) -> Page:
    context = new_context(viewport={"width": 1366, "height": 768})
    token = who.http.cookies.get("desk_session")
    assert token
    context.add_cookies([{"name": "desk_session", "value": token, "url": f"{server.base}/desk"}])
    page = context.new_page()
    page.goto(server.base + path)
    expect(page.locator("#duty")).to_be_visible()
    return page
