"""Ready replies by keyboard, careful words, the journal note on paper, and axe on the new pages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import NewContext, axe_violations, fits_sideways
from tests.desk.conftest import Browser, DeskServer, desk

__all__ = ["desk"]

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}


def opened(desk: DeskServer, new_context: NewContext, who: Browser, path: str, **more) -> Page:
    context = new_context(**({"viewport": LAPTOP} | more))
    token = who.http.cookies.get("desk_session")
    assert token
    url = f"{desk.base}/desk"
    context.add_cookies([{"name": "desk_session", "value": token, "url": url}])
    page = context.new_page()
    page.goto(desk.base + path)
    return page


def taken(desk: DeskServer, channel: str = "web") -> tuple[str, Browser]:
    kari = desk.signed_in("Kari")
    handoff_id = desk.handoff(desk.person(channel))
    assert kari.post(f"/desk/case/{handoff_id}/take").status_code == 303
    return handoff_id, kari


def test_a_ready_reply_is_two_keys_away_and_is_not_sent(
    desk: DeskServer, new_context: NewContext
) -> None:
    handoff_id, kari = taken(desk)
    page = opened(desk, new_context, kari, f"/desk/case/{handoff_id}")
    field = page.locator("#text")
    expect(page.locator("#announce")).to_be_attached()
    page.wait_for_timeout(300)
    page.keyboard.press("Alt+r")
    page.keyboard.press("g")
    expect(field).to_be_focused()
    expect(field).to_have_value("Du trenger ikke skrive mye. Ett ord er nok. Jeg er her.")
    expect(page.locator("#ready")).not_to_have_attribute("open", "")
    assert page.locator(".message.desk").count() == 0
    page.keyboard.press("Control+Enter")
    expect(page.locator(".message.desk")).to_contain_text("Ett ord er nok")


def test_by_sms_words_that_name_the_matter_bring_a_reminder(
    desk: DeskServer, new_context: NewContext
) -> None:
    handoff_id, kari = taken(desk, "sms")
    page = opened(desk, new_context, kari, f"/desk/case/{handoff_id}")
    page.wait_for_timeout(300)
    page.locator("#text").fill("Passer det nå?")
    expect(page.locator("#careful")).to_be_hidden()
    page.locator("#text").fill("Hei fra krisesenteret")
    expect(page.locator("#careful")).to_be_visible()


def test_while_she_types_only_a_sign_leaves_the_page(
    desk: DeskServer, new_context: NewContext
) -> None:
    handoff_id, kari = taken(desk)
    page = opened(desk, new_context, kari, f"/desk/case/{handoff_id}")
    page.wait_for_timeout(300)
    sent: list[str] = []
    page.on("request", lambda request: sent.append(f"{request.url} {request.post_data or ''}"))
    page.locator("#text").press_sequentially("hemmelig", delay=20)
    page.wait_for_timeout(300)
    assert [url for url in sent if "/typing" in url] == [
        f"{desk.base}/desk/case/{handoff_id}/typing "
    ]
    assert not any("hemmelig" in url for url in sent)


def test_the_journal_note_alone_is_on_the_paper(desk: DeskServer, new_context: NewContext) -> None:
    handoff_id, kari = taken(desk)
    page = opened(desk, new_context, kari, f"/desk/case/{handoff_id}/journal")
    page.locator("#agreed").fill("Møte torsdag klokka ti.")
    page.get_by_role("button", name="Lag notatet").click()
    expect(page.get_by_role("button", name="Skriv ut")).to_be_visible()
    page.emulate_media(media="print")
    on_paper = page.locator("body").inner_text()
    assert "Møte torsdag klokka ti." in on_paper
    for other in ("Følg senterets egne regler", "Kø", "Kari", "Lag notatet"):
        assert other not in on_paper


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_new_pages(
    desk: DeskServer, new_context: NewContext, scheme: str
) -> None:
    person = desk.person("sms")
    handoff_id, kari = taken(desk)
    sms = desk.handoff(person, how="be_called")
    kari.post(f"/desk/case/{sms}/take")
    kari.post(
        f"/desk/case/{sms}/misuse", f"/desk/case/{sms}", kind="prank", measure="block", length="4h"
    )
    mark_id = kari.get("/desk/misuse").text.split('id="mark-')[1].split('"')[0]
    ola, eli = desk.signed_in("Ola"), desk.signed_in("Eli", "editor")
    found = {}
    for who, path in (
        (kari, f"/desk/case/{handoff_id}"),
        (kari, f"/desk/case/{sms}"),
        (kari, f"/desk/case/{handoff_id}/journal"),
        (ola, "/desk/misuse"),
        (ola, f"/desk/misuse/{mark_id}"),
        (eli, "/desk/replies/nn"),
        (eli, "/desk/replies/nb/silent"),
    ):
        page = opened(desk, new_context, who, path, color_scheme=scheme, viewport=PHONE)
        for closed in page.locator("details").all():
            closed.evaluate("element => { element.open = true; }")
        page.wait_for_timeout(200)
        found[path] = axe_violations(page) + ([] if fits_sideways(page) else ["too wide"])
    assert {path: wrong for path, wrong in found.items() if wrong} == {}
