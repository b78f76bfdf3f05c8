"""Every page of the desk, by day and by night, on a phone and on a laptop: axe and the keyboard.

What axe cannot see stands in docs/accessibility.md; what of it can be measured is measured here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page

from bot.handoff.draft import Wishes
from bot.store import handoffs
from tests.browser.conftest import NewContext, axe_violations, fits_sideways
from tests.desk.conftest import Browser, Clock, DeskServer
from tests.desk.test_statistics_pages import OCTOBER, SEPTEMBER, counted
from tests.desk.words_room import room

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
EVERYTHING = "counsellor,shift_lead,editor,administrator,auditor"
SMALLEST = 24  # px: WCAG 2.2, 2.5.8; links within a sentence are excepted
EASY = 44  # px: what this project asks of buttons
MOST_TABS = 45

SMALL = """() => [...document.querySelectorAll("button, a, input, select, summary")]
  .filter((one) => one.checkVisibility({visibilityProperty: true}) && !one.closest(".sr, .skip"))
  .filter((one) => !one.classList.contains("skip") && one.type !== "hidden")
  .filter((one) => getComputedStyle(one).display !== "inline")
  .map((one) => [one, (["checkbox", "radio"].includes(one.type) ? one.closest("label") : one)])
  .map(([one, box]) => [one, box.getBoundingClientRect()])
  .filter(([one, box]) => box.height > 0)
  .filter(([one, box]) => Math.min(box.width, box.height) < %d
    || (one.tagName === "BUTTON" && box.height < %d))
  .map(([one, box]) => `${one.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""

# What has the focus: is it ringed, and can a point of it be seen (nothing lies over all of it)?
FOCUS = """async () => {
  await new Promise(requestAnimationFrame); // the page has scrolled to it
  const one = document.activeElement;
  if (one === document.body) return "";
  const box = one.getBoundingClientRect();
  const name = one.outerHTML.slice(0, 90);
  if (getComputedStyle(one).outlineStyle !== "solid") return `no ring: ${name}`;
  const points = [.1, .5, .9].flatMap((x) => [.1, .5, .9].map((y) =>
    [box.left + box.width * x, box.top + box.height * y]));
  const seen = points.some(([x, y]) => {
    const top = document.elementFromPoint(x, y);
    return top && (one.contains(top) || top.contains(one) || top.closest("label")?.contains(one));
  });
  return seen ? "" : `hidden: ${name}`;
}"""


@dataclass
class Desk:
    """A desk with something of everything, and one who may see all of it."""

    server: DeskServer
    kari: Browser
    pages: dict[str, str] = field(default_factory=dict)

    def opened(self, new_context: NewContext, path: str = "", **options: object) -> Page:
        """A browser of hers (with no path: nobody is signed in)."""
        context = new_context(**({"viewport": LAPTOP} | options))
        token = self.kari.http.cookies.get("desk_session")
        url = f"{self.server.base}/desk"
        context.add_cookies([{"name": "desk_session", "value": str(token), "url": url}])
        page = context.new_page()
        if path:
            page.goto(self.server.base + path)
        return page


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    for words in room(tmp_path_factory.mktemp("desk"), Clock()):
        desk = words.desk
        counted(desk, SEPTEMBER, 2026, 9)
        counted(desk, OCTOBER, 2026, 10)
        kari, ola = desk.signed_in("Kari", EVERYTHING), desk.signed_in("Ola", EVERYTHING)
        made = Desk(desk, kari)
        made.pages = _pages(desk, kari, ola) | _of_content(words, ola, kari)
        yield made


def _pages(desk: DeskServer, kari: Browser, ola: Browser) -> dict[str, str]:
    kari.post("/desk/duty", on="yes", until="07:00")
    kari.post("/desk/shift/note", note="Vakttelefonen lader i gangen.")
    kari.post("/desk/shift/plan", day="2026-11-23", starts="15:00", until="23:00")
    in_danger, by_sms = desk.person(), desk.person("sms")
    waiting = desk.handoff(in_danger, urgency="now", reasons=("danger:danger_now", "child"))
    mine = desk.handoff(by_sms, how="be_called")
    wish = desk.handoff(how="first_talk", wishes=Wishes("helst formiddag", "Lyngdal", "somali"))
    others, closed, other_mine = desk.handoff(), desk.handoff(), desk.handoff(desk.person())
    desk.alarm(in_danger)
    desk.alarm(desk.person(), "found_out", "soon")
    kari.post(f"/desk/case/{mine}/take")
    kari.post(f"/desk/case/{closed}/take")
    kari.post(f"/desk/case/{closed}/close", outcome="talked")
    ola.post(f"/desk/case/{others}/take")
    ola.post(f"/desk/case/{other_mine}/take")
    marked = {"kind": "prank", "measure": "block", "length": "4h"}
    ola.post(f"/desk/case/{other_mine}/misuse", **marked)
    desk.writes(by_sms, "Ja, det passer nå.")
    kari.post(f"/desk/case/{mine}/reply", text="Hei, jeg heter Kari og er rådgiver.")
    kari.post(f"/desk/case/{mine}/note", note="ringer klokka ti")
    with desk.db.begin() as tx:
        handoffs.change(tx, waiting, {}, second_at=tx.now)
    return {
        "queue": "/desk/",
        "shift": "/desk/shift",
        "a waiting case": f"/desk/case/{waiting}",
        "her case": f"/desk/case/{mine}",
        "a colleague's case": f"/desk/case/{others}",
        "a closed case": f"/desk/case/{closed}",
        "a quote": f"/desk/case/{mine}/quote/0",
        "journal note": f"/desk/case/{mine}/journal",
        "code": "/desk/code",
        "ready replies": "/desk/replies",
        "ready replies in Nynorsk": "/desk/replies/nn",
        "a ready reply": first_link(kari, "/desk/replies/nb", r"/desk/replies/nb/\w+"),
        "misuse": "/desk/misuse",
        "a second look": first_link(kari, "/desk/misuse", r"/desk/misuse/\w+"),
        "day service": "/desk/day-service",
        "a wish": f"/desk/day-service/{wish}",
        "statistics, a month": "/desk/statistics?period=2026-10",
        "statistics, a year": "/desk/statistics?period=2026",
        "staff": "/desk/staff",
        "log": "/desk/log",
        "account": "/desk/account",
        "help": "/desk/help",
        "nothing there": "/desk/case/none",
    }


def _of_content(words: object, ola: Browser, kari: Browser) -> dict[str, str]:
    body = words.form(ola)["body"].replace("Det er gratis", "Det koster ingenting")  # type: ignore[attr-defined]
    return {
        "texts": "/desk/content",
        "a text": "/desk/content/topic/cost/nb",
        "a text being written": "/desk/content/topic/cost/nb/edit",
        "a proposed change": words.proposed(ola, body=body),  # type: ignore[attr-defined]
        "facts and numbers": "/desk/content/facts",
        "a fact": first_link(kari, "/desk/content/facts", r"/desk/content/facts?/[\w./-]+"),
    }


def first_link(browser: Browser, path: str, wanted: str) -> str:
    found = re.search(f'href="({wanted})"', browser.get(path).text)
    assert found, f"no {wanted} on {path}"
    return found.group(1)


def test_the_list_of_pages_is_whole(filled: Desk) -> None:
    answers = {
        name: filled.kari.get(path, follow_redirects=True).status_code
        for name, path in filled.pages.items()
    }
    assert answers.pop("nothing there") == 404
    assert set(answers.values()) == {200}, answers
    menu = re.findall(r'<li><a href="(/desk/[^"]*)"', filled.kari.get("/desk/help").text)
    assert menu
    assert set(menu) <= {path.split("?")[0] for path in filled.pages.values()}, (
        "a page of the menu is not tried here"
    )


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["390", "1366"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    filled: Desk, new_context: NewContext, scheme: str, size: dict[str, int]
) -> None:
    page = filled.opened(new_context, color_scheme=scheme, viewport=size)
    found = {}
    for name, path in filled.pages.items():
        page.goto(filled.server.base + path)
        page.wait_for_timeout(150)
        wide = [] if fits_sideways(page) else ["scrolls sideways"]
        found[name] = axe_violations(page) + wide + page.evaluate(SMALL % (SMALLEST, EASY))
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_signing_in_is_as_clean(filled: Desk, new_context: NewContext) -> None:
    for scheme in ("light", "dark"):
        page = new_context(viewport=PHONE, color_scheme=scheme).new_page()
        page.goto(f"{filled.server.base}/desk/sign-in")
        assert axe_violations(page) == [] and fits_sideways(page)
        assert page.evaluate(SMALL % (SMALLEST, EASY)) == []


@pytest.mark.parametrize("size", [PHONE, LAPTOP], ids=["390", "1366"])
def test_what_has_the_focus_is_ringed_and_never_hidden_under_a_bar(
    filled: Desk, new_context: NewContext, size: dict[str, int]
) -> None:
    """She is on duty without sound: a red bar stays at the top of every live page."""
    page = filled.opened(new_context, viewport=size)
    found = {}
    for name, path in filled.pages.items():
        page.goto(filled.server.base + path)
        page.wait_for_timeout(150)
        wrong = []
        for key in ["Tab"] * MOST_TABS + ["Shift+Tab"] * MOST_TABS:
            page.keyboard.press(key)
            wrong.append(page.evaluate(FOCUS))
        found[name] = sorted(set(wrong) - {""})
    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_letters_may_stand_wider_and_lines_further_apart(
    filled: Desk, new_context: NewContext
) -> None:
    """WCAG 1.4.12, with the distances it names."""
    page = filled.opened(new_context, viewport=PHONE, bypass_csp=True)
    found = []
    for name, path in filled.pages.items():
        page.goto(filled.server.base + path)
        page.add_style_tag(
            content="* { line-height: 1.5 !important; letter-spacing: .12em !important;"
            " word-spacing: .16em !important; } p { margin-bottom: 2em !important; }"
        )
        if not fits_sideways(page):
            found.append(name)
    assert found == []


def test_the_menu_and_the_help_stand_in_the_same_order_everywhere(filled: Desk) -> None:
    menus = set()
    for path in filled.pages.values():
        text = filled.kari.get(path, follow_redirects=True).text
        menus.add(tuple(re.findall(r'<li><a href="(/desk/[^"]*)"', text.split("</nav>")[0])))
    assert len(menus) == 1
    assert "/desk/help" in menus.pop()
