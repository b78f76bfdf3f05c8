"""Three different cases in the first view of a laptop and of a phone: words and pixels, printed.

Run with -s to see the table. What must stand there without scrolling: the rules of contact, the
language, the summary, and, once the case is taken, the field to write in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page

from bot.handoff.draft import Contact, SummaryLine, Wishes
from tests.browser.conftest import NewContext, fits_sideways
from tests.desk.conftest import DeskServer, desk

__all__ = ["desk"]

LAPTOP = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
VIEWS = {"laptop": LAPTOP, "phone": PHONE}
MOST_WORDS = 120
WORD = re.compile(r"\w+(?:[-:.–]\w+)*")


@dataclass(frozen=True)
class Told:
    """A case of the measurement: how it came, and what must be read at once."""

    channel: str
    draft: dict[str, Any]
    must: tuple[str, ...]


def line(name: str, text: str = "", status: str = "said", quotes: tuple[str, ...] = ()) -> Any:
    return SummaryLine(name, name, text, status, quotes)  # type: ignore[arg-type]


def said(*quotes: str) -> Any:
    return line("own_words", " · ".join(f"«{quote}»" for quote in quotes), quotes=quotes)


SHORT = Told(
    "web",
    {
        "urgency": "now",
        "reasons": ("danger:danger_now",),
        "contact": Contact(),
        "wishes": Wishes(),
        "summary": (
            said("han står utenfor og hamrer på døra"),
            line("about", "meg selv"),
            line("risks", "fare akkurat nå"),
        ),
    },
    ("hamrer på døra", "fare akkurat nå"),
)
LONG = Told(
    "sms",
    {
        "how": "be_called",
        "lang": "en",
        "contact": Contact(
            "+4700000001",
            "mellom 9 og 14 på hverdager, ikke onsdag",
            "det er fra tannlegen om timen på torsdag",
            False,
        ),
        "wishes": Wishes(time="helst formiddag", place="Lyngdal", language="tigrinja"),
        "summary": (
            said(
                "he takes my phone when he comes home and reads all the messages I have written",
                "last week he held me by the throat in the kitchen and the children saw it",
                "he says he will send me back if I tell anyone and nobody will believe me here",
                "I do not have my own money and my brother in law drives me everywhere I go",
            ),
            line("about", "meg selv"),
            line("violence", "fysisk vold, psykisk vold, økonomisk vold, kontroll"),
            line("risks", "kvelertak, trusler om å drepe, blir fulgt etter"),
            line("afraid_now", "ja"),
            line("weapon", status="would_not_say"),
            line("children", "tre: 2, 5 og 9 år, alle bor hos meg, skole og barnehage i Lyngdal"),
            line("wants", "noen å snakke med som kan forklare hva som skjer hvis jeg reiser"),
            line("plan", "pass og papirer hos en venninne; bilnøkler i jakka; ringe når han sover"),
            line(
                "answered", "opphold, barnevern, tolk, hva det koster, hva man tar med, meldeplikt"
            ),
            line("municipality", "Lyngdal"),
            line("language", "tigrinja"),
            line("interpreter", "ja"),
        ),
    },
    ("tigrinja", "tannlegen", "ALDRI telefonsvarer", "kvelertak", "takes my phone", "2, 5 og 9 år"),
)
RELATIVE = Told(
    "sms",
    {
        "how": "first_talk",
        "contact": Contact("+4700000002", "etter 17", None, True),
        "wishes": Wishes(time="etter skolen", place="Farsund"),
        "summary": (
            said("jeg er 16 og søsteren min på 12 tør ikke gå hjem når han har drukket"),
            line("about", "en annen"),
            line("safe_now", "ja"),
            line("afraid_now", "ja"),
            line("strangled", status="not_asked"),
            line("weapon", status="not_asked"),
            line("children", "søster 12 år"),
            line("wants", "vite hva vi kan gjøre uten at han får vite det"),
            line("answered", "meldeplikt"),
            line("municipality", status="would_not_say"),
        ),
    },
    ("etter 17", "søsteren min på 12", "kvelertak: ikke spurt", "ikke oppgitt, si ingenting"),
)
CASES = {"short web": SHORT, "long SMS": LONG, "relative, young": RELATIVE}


def open_case(desk: DeskServer, new_context: NewContext, told: Told, view: str, take: bool) -> Page:
    kari = desk.signed_in("Kari")
    kari.post("/desk/duty", on="yes")
    person = desk.person(told.channel)
    handoff_id = desk.handoff(person, **told.draft)
    if take:
        assert kari.post(f"/desk/case/{handoff_id}/take").status_code == 303
        for _ in range(6):  # a talk under way: it scrolls in its own box
            desk.writes(person, "jeg vet ikke helt hva jeg skal si, men jeg er her ennå")
    context = new_context(viewport=VIEWS[view])
    token = kari.http.cookies.get("desk_session")
    assert token
    url = f"{desk.base}/desk"
    context.add_cookies([{"name": "desk_session", "value": token, "url": url}])
    page = context.new_page()
    page.goto(f"{desk.base}/desk/case/{handoff_id}")
    page.locator("#sound").wait_for(timeout=4000)
    page.locator("#sound").click()  # as at the start of every shift: no red bar says it is off
    page.wait_for_timeout(400)
    return page


def bottom(page: Page, selector: str) -> int:
    """Where the last element of this kind ends, in pixels from the top of the page."""
    box = page.locator(selector).last.bounding_box()
    assert box, selector
    return round(box["y"] + box["height"] + float(page.evaluate("scrollY")))


def read(page: Page) -> str:
    """What stands on the case, folded rows left out, as a counsellor reads it before taking."""
    return page.locator("article.case").inner_text()


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", CASES)
def test_a_waiting_case_is_read_without_scrolling(
    desk: DeskServer, new_context: NewContext, name: str, view: str
) -> None:
    told = CASES[name]
    page = open_case(desk, new_context, told, view, take=False)
    text, ends = read(page), bottom(page, ".summary")
    words = len(WORD.findall(text))
    print(
        f"\n{name:16} {view:7} waiting  {words:4} words, ends at {ends} of {VIEWS[view]['height']}"
    )
    assert words <= MOST_WORDS
    assert ends <= VIEWS[view]["height"]
    assert bottom(page, "#take") <= VIEWS[view]["height"]
    assert fits_sideways(page)
    for words_of_it in told.must:
        assert words_of_it in text


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", CASES)
def test_a_taken_case_keeps_rules_and_summary_in_view_and_the_field_at_hand(
    desk: DeskServer, new_context: NewContext, name: str, view: str
) -> None:
    told = CASES[name]
    page = open_case(desk, new_context, told, view, take=True)
    height = VIEWS[view]["height"]
    ends = {place: bottom(page, place) for place in (".summary", "#text", "#reply .primary")}
    print(f"\n{name:16} {view:7} taken    {ends}")
    shown = page.locator("main").inner_text()
    for words_of_it in told.must:
        assert words_of_it in shown
    if told.draft["contact"].number:
        assert bottom(page, ".contact") <= height
    assert bottom(page, ".summary dl > div >> nth=0") <= height
    if view == "laptop":
        assert ends[".summary"] <= height
        assert ends["#reply .primary"] <= height
    else:
        jump = page.get_by_role("link", name="Skriv", exact=True)
        box = jump.bounding_box()
        assert box
        assert box["height"] >= 44
        assert box["y"] + box["height"] <= height
        jump.click()
        field = page.locator("#text").bounding_box()
        assert field
        assert 0 <= field["y"] < height
    assert fits_sideways(page)


def test_what_folds_is_one_press_away_and_is_never_risk_or_rules(
    desk: DeskServer, new_context: NewContext
) -> None:
    page = open_case(desk, new_context, LONG, "laptop", take=False)
    folded = page.locator(".summary details.more")
    assert "Fått svar" in folded.locator("summary").inner_text()
    assert "meldeplikt" not in read(page)
    for never in ("Risiko", "Neste steg"):
        assert never not in folded.locator("summary").inner_text()
    folded.locator("summary").click()
    assert "meldeplikt" in read(page)
    assert "drives me everywhere" in read(page)
