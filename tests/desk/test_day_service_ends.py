"""Dagtilbud: two at once, what is erased, how it ends, and what may be read in the table."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from html import unescape

import pytest

from bot.day_service import wishes
from bot.desk import day_pages, day_wording, speech
from bot.desk.day_view import GROUPS
from bot.handoff import queue
from bot.settings import ROOT
from bot.store import conversations, models
from tests.desk.conftest import Browser, Clock, DeskServer
from tests.desk.day_steps import (
    FIRST,
    TIMES,
    agreed,
    answers,
    does,
    row,
    taken,
    with_places,
)


@pytest.fixture
def desk(desk: DeskServer) -> DeskServer:
    """The desk with the real way out, and the centre's meeting places."""
    return with_places(desk)


def both_at_once(desk: DeskServer, handoff_id: str, browsers: tuple[Browser, Browser]) -> list[int]:
    """One confirms and the other proposes anew, both on what they saw before."""
    version = str(row(desk, handoff_id).row.version)
    tokens = [browser.csrf() for browser in browsers]
    start = threading.Barrier(2)

    def act(n: int) -> int:
        start.wait()
        path = f"/desk/day-service/{handoff_id}/" + ("confirm", "propose")[n]
        fields = {"csrf": tokens[n], "version": version, **TIMES}
        return browsers[n].http.post(path, data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(act, range(2)))


def test_of_two_who_confirm_or_propose_at_once_exactly_one_wins(desk: DeskServer) -> None:
    for _ in range(4):
        handoff_id, kari = taken(desk)
        does(kari, handoff_id, "propose", **TIMES)
        kari.post(f"/desk/case/{handoff_id}/close", outcome="appointment")
        answers(desk, handoff_id, 1)
        browsers = (kari, desk.signed_in("Ola"))
        assert sorted(both_at_once(desk, handoff_id, browsers)) == [303, 409]
        wanted = ("day_confirmed", "day_proposed")
        acted = [action for action, of in desk.audit() if of == handoff_id and action in wanted]
        assert len(acted) == 2, "the first proposal, and one of the two"


def test_what_changed_meanwhile_is_not_acted_on(desk: DeskServer) -> None:
    """The person answers while she fills in new times."""
    handoff_id, kari = taken(desk)
    does(kari, handoff_id, "propose", **TIMES)
    version = str(row(desk, handoff_id).row.version)
    answers(desk, handoff_id, 1)
    answer = kari.post(
        f"/desk/day-service/{handoff_id}/propose",
        version=version,
        day1="2026-12-01",
        clock1="12:00",
    )
    assert answer.status_code == 409
    assert "Noe er endret siden" in unescape(answer.text)
    assert 'value="2026-12-01"' in answer.text, "what she filled in is still there"


def test_an_erased_person_leaves_no_words_and_an_agreed_time_stands_if_they_say_so(
    desk: DeskServer,
) -> None:
    gone, kari = agreed(desk)
    stands, _ = agreed(desk)
    for handoff_id, stays in ((gone, False), (stands, True)):
        with desk.db.begin() as tx:
            conversation = conversations.of_handoff(tx, handoff_id)
            assert conversation
            queue.on_erase(tx, conversation.id, callback_stands=stays)
            conversations.erase(tx, conversation.id)
    assert (row(desk, gone).row.outcome, row(desk, gone).words) == ("erased", wishes.Words())
    kept = row(desk, stands)
    assert (kept.row.status, kept.row.conversation_id, kept.row.remind_at) == (
        "confirmed",
        None,
        None,
    )
    assert kept.chosen
    assert [one.at for one in kept.words.proposals] == [kept.chosen.at]
    text = unescape(kari.get("/desk/day-service").text)
    assert FIRST in text
    assert "Slettet av personen" in text


def test_when_the_day_is_over_it_ends_and_after_a_week_the_words_are_gone(
    desk: DeskServer, clock: Clock
) -> None:
    from bot.jobs import sweep_all

    handoff_id, kari = agreed(desk)
    kari.post(f"/desk/case/{handoff_id}/close", outcome="appointment")
    clock.now = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    with desk.db.begin() as tx:
        sweep_all(tx, desk.services.settings)
    assert row(desk, handoff_id).row.outcome == "passed"
    clock.passes(days=7, minutes=1)
    with desk.db.begin() as tx:
        sweep_all(tx, desk.services.settings)
    assert row(desk, handoff_id).words == wishes.Words()
    assert row(desk, handoff_id).row.designation == ""


def test_nothing_sealed_can_be_read_in_the_table(desk: DeskServer) -> None:
    handoff_id, _ = agreed(desk)
    with desk.db.begin() as tx:
        stored = tx.session.get(models.DayWish, row(desk, handoff_id).row.id)
        assert stored
        values = [str(value) for value in vars(stored).values()]
    for words in ("+4700", "Lyngdal", "bibliotek", "formiddag", "somali"):
        assert not any(words in value for value in values)


def test_the_page_speaks_nynorsk_to_who_chose_it() -> None:
    """Every text of the page has a Nynorsk form."""
    source = (ROOT / "bot/desk/day_pages.py", ROOT / "bot/desk/day_view.py")
    pages = ("day_service", "day_wish", "part_day", "case_day")
    templates = [ROOT / f"bot/desk/templates/{name}.html" for name in pages]
    found = [re.findall(r'_\("([^"]+)"', path.read_text(encoding="utf-8")) for path in templates]
    found += [re.findall(r'say\("([^"]+)"', path.read_text(encoding="utf-8")) for path in source]
    words = {word for listed in found for word in listed} | set(GROUPS.values())
    words |= {*day_pages.REFUSED.values(), *day_wording.ANSWERS.values()}
    words |= {*day_wording.OUTCOMES.values(), *day_wording.REMINDERS.values()}
    assert len(words) > 90
    assert words - set(speech.nynorsk()) == set()
