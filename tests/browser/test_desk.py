"""The desk's pages in Chromium: axe finds nothing, everything fits, keys lead everywhere."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page, expect

from bot.desk.invitations import create_invitation
from bot.handoff import queue
from bot.handoff.draft import Wishes
from bot.store import conversations
from tests.browser.conftest import NewContext, axe_violations, fits_sideways
from tests.desk.conftest import OWN_WORDS, PASSWORD, Browser, DeskServer, desk
from tests.support import MovingClock

__all__ = ["desk"]

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
ZOOMED = {"width": 683, "height": 384}  # a laptop at 200 %
NARROW = {"width": 320, "height": 568}
MOST_WORDS = 120


@dataclass
class Night:
    """A night with something of everything."""

    desk: DeskServer
    kari: Browser
    solveig: Browser
    waiting: str
    mine: str
    unsafe: str
    others: str
    invitation: str


@pytest.fixture
def night(desk: DeskServer, clock: MovingClock) -> Night:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    solveig = desk.signed_in("Solveig", "administrator,auditor")
    for browser in (kari, ola):
        browser.post("/desk/duty", on="yes")
    in_danger, by_sms, watched = desk.person(), desk.person("sms"), desk.person("sms", neutral=True)
    waiting = desk.handoff(in_danger, urgency="now", reasons=("danger:danger_now",))
    mine = desk.handoff(by_sms, how="be_called")
    unsafe = desk.handoff(watched, how="first_talk", lang="en", wishes=Wishes(language="polsk"))
    others = desk.handoff()
    for browser, case in ((kari, mine), (kari, unsafe), (ola, others)):
        browser.post(f"/desk/case/{case}/take")
    desk.alarm(in_danger)
    gone = desk.person()
    desk.alarm(gone, "found_out", "soon")
    with desk.db.begin() as tx:
        not_understood = conversations.get(tx, by_sms)
        assert not_understood
        not_understood.state.missed_said = "yes"
        conversations.save(tx, not_understood)
        queue.on_erase(tx, gone)
        conversations.erase(tx, gone)
        invitation = f"/desk/invitation/{create_invitation(tx, ['counsellor'])}"
    clock.passes(minutes=1)
    desk.writes(by_sms, "Ja, det passer nå.")
    kari.post(f"/desk/case/{mine}/reply", text="Hei, jeg heter Kari og er rådgiver.")
    kari.post(f"/desk/case/{mine}/note", note="ringer klokka ti")
    return Night(desk, kari, solveig, waiting, mine, unsafe, others, invitation)


def open_as(new_context: NewContext, night: Night, who: Browser | None, **options) -> Page:
    context = new_context(**({"viewport": LAPTOP} | options))
    token = who.http.cookies.get("desk_session") if who else None
    if token:
        url = f"{night.desk.base}/desk"
        context.add_cookies([{"name": "desk_session", "value": token, "url": url}])
    return context.new_page()


def paths(night: Night) -> list[tuple[Browser | None, str]]:
    """Every page of the desk, and who opens it."""
    return [
        (None, "/desk/sign-in"),
        (None, night.invitation),
        (night.kari, "/desk/"),
        (night.kari, f"/desk/case/{night.waiting}"),
        (night.kari, f"/desk/case/{night.mine}"),
        (night.kari, f"/desk/case/{night.unsafe}"),
        (night.kari, f"/desk/case/{night.others}"),
        (night.kari, f"/desk/case/{night.mine}/quote/0"),
        (night.kari, "/desk/code"),
        (night.kari, "/desk/help"),
        (night.kari, "/desk/case/none"),
        (night.solveig, "/desk/staff"),
        (night.solveig, "/desk/log"),
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page_by_day_and_by_night(
    night: Night, new_context: NewContext, scheme: str
) -> None:
    found = {}
    pages = {
        who: open_as(new_context, night, who, color_scheme=scheme)
        for who in (None, night.kari, night.solveig)
    }
    for who, path in paths(night):
        page = pages[who]
        page.goto(night.desk.base + path)
        found[path] = axe_violations(page)
    assert {path: wrong for path, wrong in found.items() if wrong} == {}


@pytest.mark.parametrize("viewport", [PHONE, ZOOMED, NARROW])
def test_nothing_has_to_be_scrolled_sideways(
    night: Night, new_context: NewContext, viewport: dict[str, int]
) -> None:
    for who in (None, night.kari, night.solveig):
        page = open_as(new_context, night, who, viewport=viewport)
        for owner, path in paths(night):
            if owner is who:
                page.goto(night.desk.base + path)
                assert fits_sideways(page), path


def test_no_page_asks_anyone_else_for_anything_or_breaks_its_own_rules(
    night: Night, new_context: NewContext
) -> None:
    asked: list[str] = []
    told: list[str] = []
    for who in (None, night.kari, night.solveig):
        page = open_as(new_context, night, who)
        page.on("request", lambda request: asked.append(request.url))
        page.on("console", lambda message: told.append(message.text))
        page.on("pageerror", lambda error: told.append(str(error)))
        for owner, path in paths(night):
            if owner is who and path != "/desk/case/none":
                page.goto(night.desk.base + path)
                page.wait_for_timeout(150)
    assert asked
    assert [url for url in asked if not url.startswith(night.desk.base + "/desk")] == []
    assert told == []


def test_a_case_is_understood_in_the_first_view_of_a_laptop(
    night: Night, new_context: NewContext
) -> None:
    page = open_as(new_context, night, night.kari)
    page.goto(f"{night.desk.base}/desk/case/{night.waiting}")
    last = page.locator(".summary dl > div").last.bounding_box()
    take = page.locator("#take").bounding_box()
    assert last
    assert take
    assert last["y"] + last["height"] <= LAPTOP["height"]
    assert take["y"] + take["height"] <= LAPTOP["height"]
    words = page.locator("article.case").inner_text().split()
    assert len(words) <= MOST_WORDS


def test_the_rules_for_calling_are_larger_than_everything_but_the_heading(
    night: Night, new_context: NewContext
) -> None:
    page = open_as(new_context, night, night.kari)
    page.goto(f"{night.desk.base}/desk/case/{night.waiting}")
    expect(page.locator(".contact")).to_contain_text("ALDRI telefonsvarer")
    size = "element => parseFloat(getComputedStyle(element).fontSize)"
    assert page.locator(".contact").evaluate(size) >= 20
    assert page.locator(".summary dd").first.evaluate(size) == 16


def test_a_new_counsellor_comes_from_the_link_to_the_queue(
    night: Night, new_context: NewContext
) -> None:
    from bot.desk import totp

    page = open_as(new_context, night, None)
    page.goto(night.desk.base + night.invitation)
    page.get_by_label("Brukernavn").fill("nina")
    page.get_by_label("Navn som kollegene ser").fill("Nina")
    page.get_by_label("Passord", exact=True).fill(PASSWORD)
    page.get_by_label("Passordet en gang til").fill(PASSWORD)
    page.get_by_role("button", name="Gå videre").click()
    expect(page.get_by_role("img", name="QR-kode for kodeappen")).to_be_visible()
    assert axe_violations(page) == []
    with night.desk.db.begin() as tx:
        code = totp.current_code(tx, "nina")
    page.get_by_label("Kode fra appen").fill(str(code))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Alarmer")).to_be_visible()


def test_signing_in_and_out(night: Night, new_context: NewContext) -> None:
    page = open_as(new_context, night, None)
    page.goto(f"{night.desk.base}/desk/")
    page.get_by_label("Brukernavn").fill("kari")
    page.get_by_label("Passord").fill(PASSWORD)
    page.get_by_label("Kode fra appen").fill(night.desk.code())
    page.get_by_role("button", name="Logg inn").click()
    expect(page).to_have_title(re.compile("Hastesak – Vakt"))
    page.get_by_role("button", name="Logg ut").click()
    expect(page.get_by_role("heading", name="Du har saker. Hvem tar dem?")).to_be_visible()
    page.get_by_role("button", name="Gi tilbake til køen, og gå").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
    page.evaluate("history.go(-2)")  # past the question about her cases, to the queue
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()


def test_a_wrong_sign_in_is_announced(night: Night, new_context: NewContext) -> None:
    page = open_as(new_context, night, None)
    page.goto(f"{night.desk.base}/desk/sign-in")
    page.get_by_label("Brukernavn").fill("kari")
    page.get_by_label("Passord").fill("ikke dette passordet")
    page.get_by_label("Kode fra appen").fill("123456")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Innloggingen gikk ikke")
    assert axe_violations(page) == []


def test_the_first_key_leads_past_the_menu_and_every_control_can_be_reached(
    night: Night, new_context: NewContext
) -> None:
    page = open_as(new_context, night, night.kari)
    page.goto(f"{night.desk.base}/desk/case/{night.mine}")
    page.wait_for_timeout(300)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hopp til innholdet")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#innhold")).to_be_focused()
    wanted = page.locator("main button:visible, main a:visible, main textarea:visible").count()
    seen = set()
    for _ in range(wanted + 12):
        page.keyboard.press("Tab")
        seen.add(page.evaluate("document.activeElement.outerHTML"))
        if page.evaluate("document.activeElement !== document.body"):
            ring = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert ring == "solid"
    assert sum(1 for html in seen if html.startswith(("<button", "<a", "<textarea"))) >= wanted


def test_a_quote_opens_in_place_and_closes_with_escape(
    night: Night, new_context: NewContext
) -> None:
    page = open_as(new_context, night, night.kari)
    page.goto(f"{night.desk.base}/desk/case/{night.waiting}")
    page.get_by_role("link", name="Åpne sitat 1").click()
    box = page.get_by_role("dialog", name="Personens egne ord")
    expect(box).to_contain_text(OWN_WORDS)
    assert axe_violations(page) == []
    page.keyboard.press("Escape")
    expect(box).to_be_hidden()


def test_the_desk_can_be_used_without_script(night: Night, new_context: NewContext) -> None:
    page = open_as(new_context, night, night.kari, java_script_enabled=False)
    page.goto(f"{night.desk.base}/desk/case/{night.mine}")
    expect(page.get_by_text("får ikke kjørt JavaScript")).to_be_visible()
    page.get_by_label("Skriv til personen på SMS").fill("Er du der?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".messages")).to_contain_text("Er du der?")
    page.get_by_role("button", name="Vis nummer").click()
    expect(page.locator(".shown")).to_contain_text("+4700000001")
