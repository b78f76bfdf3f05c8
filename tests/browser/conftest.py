"""Debian's Chromium in front of a served page. Skipped, with the reason, where there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.webchat.conftest import served, shared

__all__ = ["served", "shared"]

CHROMIUM = Path("/usr/bin/chromium")
SMALL_PHONE = {"width": 320, "height": 568}
DESKTOP = {"width": 1280, "height": 800}

NewContext = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("browser")
            if not CHROMIUM.exists():
                item.add_marker(pytest.mark.skip(reason=f"no Chromium at {CHROMIUM}"))


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    browser = playwright.chromium.launch(
        executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
    )
    yield browser
    browser.close()


@pytest.fixture
def new_context(chromium: Browser) -> Iterator[NewContext]:
    """A fresh browser profile: `new_context(java_script_enabled=False, …)`."""
    made: list[BrowserContext] = []

    def make(**options: Any) -> BrowserContext:
        context = chromium.new_context(
            **{"viewport": SMALL_PHONE, "locale": "nb-NO", "reduced_motion": "reduce", **options}
        )
        context.set_default_timeout(30_000)
        made.append(context)
        return context

    yield make
    for context in made:
        context.close()


@pytest.fixture
def phone(new_context: NewContext) -> Page:
    """A page on a small phone, with script."""
    return new_context(has_touch=True).new_page()


@pytest.fixture
def old_phone(new_context: NewContext) -> Page:
    """A page on a small phone, without script."""
    return new_context(java_script_enabled=False).new_page()


def fits_sideways(page: Page) -> bool:
    """True when nothing has to be scrolled sideways to be read."""
    return bool(
        page.evaluate(
            "document.scrollingElement.scrollWidth <= document.documentElement.clientWidth"
        )
    )


def axe_violations(page: Page) -> list[str]:
    """What axe finds wrong on the page as it stands: rule and the elements, [] when nothing."""
    found = Axe().run(page)
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found.response["violations"]
    ]
