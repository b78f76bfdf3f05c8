"""The auditor's page: who read what, and when. Never the words."""

from __future__ import annotations

import re

import pytest

from bot.handoff import queue
from bot.store import audit, counsellors
from tests.desk.conftest import LEADER, OWN_WORDS, DeskServer


def rows(page: str) -> list[str]:
    """The actions of the lines, newest first."""
    return re.findall(r"<tr><td>\d+</td><td>[^<]+</td><td>[^<]+</td><td>([^<]+)</td>", page)


def test_the_log_tells_who_did_what_and_holds_no_words(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    kari.post(f"/desk/case/{handoff_id}/reply", text="hemmelig hilsen")
    kari.post(f"/desk/case/{handoff_id}/number")
    with desk.db.begin() as tx:
        found = queue.case(tx, handoff_id)
        assert found
    page = desk.signed_in("Solveig", "auditor").get("/desk/log").text
    for words in ("Kari", "tok sak", "skrev til personen", "viste telefonnummer", handoff_id):
        assert words in page
    for words in (OWN_WORDS, "hemmelig", "00000001", found.designation):
        assert words not in page
    assert ("audit_read", None) in desk.audit()


def test_the_log_can_be_read_to_its_end_without_losing_a_line(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    for number in range(130):
        with desk.db.begin() as tx:
            audit.write(tx, "case_opened", None, f"{number:024x}")
    solveig = desk.signed_in("Solveig", LEADER)
    seen: list[str] = []
    path: str | None = "/desk/log"
    while path:
        page = solveig.get(path).text
        seen += re.findall(r"<code>([0-9a-f]{24})</code>", page)
        older = re.search(r'href="(/desk/log\?before=[^"]+)"', page)
        path = older.group(1) if older else None
    assert sorted(seen) == [f"{number:024x}" for number in range(130)]
    assert kari.get("/desk/log").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"before": "x"},
        {"before": "-1"},
        {"day": "2026-99-99"},
        {"day": "9999-12-31"},
        {"who": "'; drop table audit"},
        {"action": "owner", "object": "../../etc"},
    ],
)
def test_what_cannot_be_read_of_a_request_is_left_out(
    desk: DeskServer, asked: dict[str, str]
) -> None:
    solveig = desk.signed_in("Solveig", "auditor")
    assert solveig.get("/desk/log", params=asked).status_code == 200


def test_the_auditor_asks_for_a_counsellor_a_case_an_action_and_a_day(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    first, second = desk.handoff(), desk.handoff()
    kari.get(f"/desk/case/{first}")
    kari.get(f"/desk/case/{second}")
    desk.clock.passes(days=1)
    ola = desk.signed_in("Ola")
    ola.post(f"/desk/case/{first}/take")
    solveig = desk.signed_in("Solveig", "auditor")
    with desk.db.begin() as tx:
        who = counsellors.by_username(tx, "kari")
        assert who
    assert rows(solveig.get("/desk/log", params={"who": who.id}).text) == ["åpnet sak"] * 2
    about = solveig.get("/desk/log", params={"object": first}).text
    assert rows(about) == ["tok sak", "åpnet sak"]
    assert second not in about
    assert rows(solveig.get("/desk/log", params={"action": "case_taken"}).text) == ["tok sak"]
    day_before = solveig.get("/desk/log", params={"day": "2026-11-22"}).text
    assert rows(day_before) == ["åpnet sak"] * 2
    both = {"who": who.id, "object": second, "action": "case_opened", "day": "2026-11-22"}
    assert rows(solveig.get("/desk/log", params=both).text) == ["åpnet sak"]


def test_the_pages_of_a_chosen_filter_keep_it(desk: DeskServer) -> None:
    for _ in range(101):
        with desk.db.begin() as tx:
            audit.write(tx, "case_opened", None, "a" * 24)
            audit.write(tx, "case_taken", None, "a" * 24)
    page = desk.signed_in("Solveig", "auditor").get("/desk/log?action=case_taken").text
    older = re.search(r'href="(/desk/log\?[^"]+)">Eldre', page)
    assert older
    assert "action=case_taken" in older.group(1)


def test_reading_a_case_is_in_the_log_once_an_hour_and_not_every_ten_seconds(
    desk: DeskServer,
) -> None:
    handoff_id = desk.handoff()
    kari = desk.signed_in("Kari")
    kari.get(f"/desk/case/{handoff_id}")
    for _ in range(5):
        kari.get(f"/desk/live/case/{handoff_id}")
    assert desk.audit() == [("case_opened", handoff_id)]
    kari.post(f"/desk/case/{handoff_id}/take")
    for _ in range(3):
        kari.get(f"/desk/live/case/{handoff_id}")
        desk.clock.passes(minutes=5)
    assert [action for action, _ in desk.audit()] == ["case_opened", "case_taken"]
    kari.get("/desk/help")
    desk.clock.passes(minutes=50)
    kari.get(f"/desk/case/{handoff_id}")
    kari.get(f"/desk/live/case/{handoff_id}")
    assert [action for action, _ in desk.audit()][2:] == ["case_read"]


def test_a_case_that_a_colleague_has_shows_no_words_and_is_not_read(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post(f"/desk/case/{handoff_id}/take")
    assert OWN_WORDS not in ola.get(f"/desk/case/{handoff_id}").text
    ola.get(f"/desk/live/case/{handoff_id}")
    assert [action for action, _ in desk.audit()] == ["case_taken"]


def test_the_words_of_an_alarm_are_read_by_whoever_has_the_queue_open(desk: DeskServer) -> None:
    alarm_id = desk.alarm(desk.person())
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    for _ in range(2):
        kari.get("/desk/")
        kari.get("/desk/live")
    assert desk.audit() == [("alarm_read", alarm_id)]
    ola.get("/desk/live")
    assert desk.audit() == [("alarm_read", alarm_id)] * 2


def test_a_broken_chain_stands_on_the_page_of_the_log(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", "auditor")
    assert "brutt" not in solveig.get("/desk/log").text
    desk.services.troubles = {"audit": "changed at 17"}
    page = solveig.get("/desk/log").text
    assert "Kjeden i loggen er brutt" in page
    assert "changed at 17" in page


def test_every_action_has_words_in_the_list(desk: DeskServer) -> None:
    from typing import get_args

    from bot.desk.wording import ACTIONS

    assert set(get_args(audit.Action)) <= set(ACTIONS)
