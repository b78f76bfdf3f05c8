"""Statistics by keyboard, on a phone, in the dark, and on paper."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NewContext, axe_violations, fits_sideways
from tests.browser.test_case_tools import LAPTOP, PHONE, opened
from tests.desk.conftest import DeskServer, desk
from tests.desk.test_statistics_pages import filled

__all__ = ["desk", "filled"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_it_fits(
    filled: DeskServer, new_context: NewContext, scheme: str
) -> None:
    auditor = filled.signed_in("Kari", "auditor")
    found = {}
    for period, size in (("2025-09", PHONE), ("2025-07", PHONE), ("2025", LAPTOP)):
        path = f"/desk/statistics?period={period}"
        page = opened(filled, new_context, auditor, path, color_scheme=scheme, viewport=size)
        found[path] = axe_violations(page) + ([] if fits_sideways(page) else ["too wide"])
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


def test_a_period_is_chosen_by_keyboard_and_printed_without_the_form(
    filled: DeskServer, new_context: NewContext
) -> None:
    page = opened(filled, new_context, filled.signed_in("Kari", "auditor"), "/desk/statistics")
    page.get_by_label("Måned eller år").focus()
    page.keyboard.type("2025")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("Statistikk: 2025")
    page.emulate_media(media="print")
    expect(page.locator("form.choose")).to_be_hidden()
    expect(page.get_by_text("Slik er det talt")).to_be_visible()
    expect(page.locator(".on-paper")).to_have_text("Et krisesenter")
