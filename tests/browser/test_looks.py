"""How the page looks and reads: axe, small screens, large letters, the keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, NewContext, axe_violations, fits_sideways
from tests.browser.steps import LONG, open_page, token_of, write
from tests.webchat.conftest import DANGER, Served

SIZES = [{"width": 320, "height": 568}, DESKTOP]


@pytest.mark.parametrize("size", SIZES, ids=["phone", "desktop"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_axe_finds_nothing_on_any_screen_and_nothing_runs_out_sideways(
    new_context: NewContext, served: Served, size: dict[str, int], scheme: str, script: bool
) -> None:
    # axe itself needs script, so the plain screens are posted with script off in our own page.
    context = new_context(viewport=size, color_scheme=scheme)
    page = context.new_page()
    if not script:
        page.route("**/static/n.js", lambda route: route.abort())
    served.script("hei", LONG)
    screens = []

    def look(name: str) -> None:
        page.wait_for_load_state("networkidle" if not script else "load")
        screens.append(name)
        assert axe_violations(page) == [], name
        assert fits_sideways(page), name

    open_page(page, served)
    look("first")
    write(page, "hei")
    expect(page.locator(".m.bot")).to_have_count(1)
    look("talking")
    write(page, f"han {DANGER} " + "ordutenmellomrom" * 20)
    expect(page.locator(".m.danger")).to_have_count(1)
    look("danger")
    token = token_of(page)
    served.hands_over(token)
    served.desk_writes(token, "Hei, jeg er rådgiver.")
    page.click("#fetch") if not script else None
    expect(page.locator(".m.desk")).to_have_count(1)
    page.click("#getcode")
    expect(page.locator("#said .notice")).to_be_visible()
    look("code")
    page.click("button[value=erase]")
    expect(page.locator("h1")).to_have_text("Slettet")
    look("erased")
    page.goto(f"{served.base}/nowhere")
    look("error")
    assert len(screens) == 6


@pytest.mark.parametrize("locale", ["nb-NO", "nn-NO", "en-GB"])
def test_everything_can_be_read_at_twice_the_size(
    new_context: NewContext, served: Served, locale: str
) -> None:
    page = new_context(locale=locale).new_page()
    served.script("hei", LONG)
    open_page(page, served)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert fits_sideways(page)
    write(page, "hei")
    expect(page.locator(".m.bot")).to_have_count(1)
    assert fits_sideways(page)
    expect(page.locator("button.leave")).to_be_visible()


def test_the_ways_out_take_one_line_on_a_small_phone(phone: Page, served: Served) -> None:
    open_page(phone, served)
    box = phone.locator("header.bar").bounding_box()
    assert box and box["height"] < 70


@pytest.mark.parametrize("which", ["phone", "old_phone"])
def test_the_ways_out_stay_in_sight_however_long_the_talk(
    which: str, request: pytest.FixtureRequest, served: Served
) -> None:
    page: Page = request.getfixturevalue(which)
    served.script("hei", LONG)
    open_page(page, served)
    for number in range(3):
        write(page, "hei")
        expect(page.locator(".m.bot")).to_have_count(number + 1)
    for name in ("button.leave", "button[value=erase]", "a.call"):
        expect(page.locator(name).first).to_be_in_viewport(ratio=1)


def test_the_whole_talk_can_be_had_with_the_keyboard(
    new_context: NewContext, served: Served
) -> None:
    served.script("hei", LONG)
    page = new_context(viewport=DESKTOP).new_page()
    open_page(page, served)
    seen = []
    for _ in range(12):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.innerText || document.activeElement.id"))
    assert seen[:8] == [
        *("Forlat siden", "Slett", "Ring 116 006"),
        *("Ja, det er trygt", "Nei", "Vet ikke", "text", "Send"),
    ]


def test_a_pasted_picture_is_refused_in_words(phone: Page, served: Served) -> None:
    open_page(phone, served)
    phone.evaluate(
        """() => {
          const data = new DataTransfer();
          data.items.add(new File(["x"], "blaamerke.jpg", {type: "image/jpeg"}));
          document.getElementById("text").dispatchEvent(
            new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(phone.locator("#picture")).to_be_visible()
