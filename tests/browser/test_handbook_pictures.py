"""The pictures of the handbook, taken from the desk as it is, with invented people.

To take them anew: run this file with HANDBOOK_PICTURES=docs/images.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.handoff.draft import Wishes
from bot.settings import ROOT
from bot.store import handoffs
from tests.browser.conftest import NewContext
from tests.desk.conftest import Browser, Clock
from tests.desk.test_statistics_pages import OCTOBER, counted
from tests.desk.words_room import Words, room

SIZE = {"width": 1100, "height": 720}
TALL = {"desk-writing": {"width": 1100, "height": 900}}  # the ready replies are below the field
LARGEST = 150_000  # bytes of one picture
EVERYTHING = "counsellor,shift_lead,editor,administrator"
HANDBOOK = ROOT / "docs" / "desk_handbook.md"

Stage = Callable[[Words, Browser, Browser], str]


def start_of_shift(words: Words, kari: Browser, _ola: Browser) -> str:
    kari.post("/desk/shift/note", note="Vakttelefonen lader i gangen.")
    return "/desk/shift"


def queue(words: Words, kari: Browser, ola: Browser) -> str:
    desk = words.desk
    ola.post("/desk/duty", on="yes", until="23:00")
    kari.post("/desk/duty", on="yes", until="07:00")
    in_danger = desk.person()
    desk.alarm(in_danger)
    late = desk.handoff(in_danger, urgency="now", reasons=("danger:danger_now",))
    desk.clock.passes(minutes=4)
    with desk.db.begin() as tx:
        handoffs.change(tx, late, {}, second_at=tx.now)
    desk.handoff(desk.person("sms"), how="be_called", reasons=("asked", "afraid_now"))
    return "/desk/"


def case(words: Words, _kari: Browser, _ola: Browser) -> str:
    told = words.desk.handoff(words.desk.person("sms"), how="be_called")
    return f"/desk/case/{told}"


def writing(words: Words, kari: Browser, _ola: Browser) -> str:
    person = words.desk.person("web")
    told = words.desk.handoff(person)
    kari.post(f"/desk/case/{told}/take")
    words.desk.writes(person, "er det noen der?")
    return f"/desk/case/{told}"


def day_service(words: Words, _kari: Browser, _ola: Browser) -> str:
    for channel, tongue in (("sms", "somali"), ("web", None)):
        wishes = Wishes("helst formiddag", "Lyngdal", tongue)
        words.desk.handoff(words.desk.person(channel), how="first_talk", wishes=wishes)
    return "/desk/day-service"


def statistics(words: Words, _kari: Browser, _ola: Browser) -> str:
    counted(words.desk, OCTOBER, 2026, 10)
    return "/desk/statistics?period=2026-10"


def change(words: Words, _kari: Browser, ola: Browser) -> str:
    body = words.form(ola)["body"].replace("Det er gratis", "Det koster ingenting")
    return str(words.proposed(ola, body=body))


PICTURES: dict[str, Stage] = {
    "desk-shift": start_of_shift,
    "desk-queue": queue,
    "desk-case": case,
    "desk-writing": writing,
    "desk-day": day_service,
    "desk-statistics": statistics,
    "desk-change": change,
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_of_the_handbook_shows_the_desk_as_it_is(
    tmp_path: Path, clock: Clock, new_context: NewContext, name: str
) -> None:
    for words in room(tmp_path, clock):
        kari = words.desk.signed_in("Kari", EVERYTHING)
        ola = words.desk.signed_in("Ola", EVERYTHING)
        path = PICTURES[name](words, kari, ola)
        page = new_context(viewport=TALL.get(name, SIZE)).new_page()
        token = kari.http.cookies.get("desk_session")
        url = f"{words.desk.base}/desk"
        page.context.add_cookies([{"name": "desk_session", "value": str(token), "url": url}])
        page.goto(words.desk.base + path)
        _settles(page, name)
        picture = page.screenshot()
        assert 10_000 < len(picture) < LARGEST
        folder = os.environ.get("HANDBOOK_PICTURES")
        if folder:
            Path(folder, f"{name}.png").write_bytes(picture)


def _settles(page: Page, name: str) -> None:
    """As she sees it: sound on, and in the case she writes in, the ready replies open."""
    if page.locator("#sound").count():
        page.locator("#sound").click()
    if name == "desk-writing":
        expect(page.get_by_role("log")).to_contain_text("er det noen der?")
        page.locator("#ready summary").click()
    if name == "desk-shift":
        expect(page.get_by_role("button", name="Spill alarm")).to_be_visible()
    page.mouse.move(0, 0)
    page.wait_for_timeout(400)


def test_every_picture_of_the_handbook_is_made_here_and_has_words() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(images/([\w-]+)\.png\)", HANDBOOK.read_text("utf-8"))
    assert sorted(name for _words, name in shown) == sorted(PICTURES)
    assert all((HANDBOOK.parent / "images" / f"{name}.png").exists() for _words, name in shown)
