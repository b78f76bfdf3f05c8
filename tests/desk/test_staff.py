"""Accounts and the log: inviting, closing accounts, and the log of who did what."""

from __future__ import annotations

import re

from bot.handoff import queue
from bot.store import counsellors
from tests.desk.conftest import LEADER, OWN_WORDS, PASSWORD, DeskServer


def test_an_administrator_makes_a_link_that_is_shown_once(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", LEADER)
    page = solveig.post("/desk/staff/invite", role="counsellor").text
    found = re.search(r'value="(http://[^"]+/desk/invitation/([\w-]+))"', page)
    assert found
    assert found.group(2) not in solveig.get("/desk/staff").text
    assert desk.browser().get(f"/desk/invitation/{found.group(2)}").status_code == 200
    assert ("invitation_made", None) in desk.audit()


def test_without_a_known_role_no_link_is_made(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", LEADER)
    answer = solveig.post("/desk/staff/invite", role="owner")
    assert answer.status_code == 422
    assert "Velg minst én rolle" in answer.text
    assert not re.search(r"/desk/invitation/[\w-]+", answer.text)


def test_a_closed_account_is_signed_out_at_once_and_can_be_opened_again(desk: DeskServer) -> None:
    kari, solveig = desk.signed_in("Kari"), desk.signed_in("Solveig", LEADER)
    with desk.db.begin() as tx:
        who = counsellors.by_username(tx, "kari")
        assert who
    solveig.post(f"/desk/staff/{who.id}/account", open="no")
    assert kari.get("/desk/").status_code == 303
    solveig.post(f"/desk/staff/{who.id}/account", open="yes")
    fields = {"username": "kari", "password": PASSWORD, "code": desk.code()}
    assert desk.browser().post("/desk/sign-in", "/desk/sign-in", **fields).status_code == 303
    assert {("account_closed", who.id), ("account_opened", who.id)} <= set(desk.audit())


def test_nobody_closes_her_own_account(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", LEADER)
    with desk.db.begin() as tx:
        who = counsellors.by_username(tx, "solveig")
        assert who
    solveig.post(f"/desk/staff/{who.id}/account", open="no")
    assert solveig.get("/desk/staff").status_code == 200


def test_the_log_tells_who_did_what_and_holds_no_words(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    kari.post(f"/desk/case/{handoff_id}/reply", text="hemmelig hilsen")
    kari.post(f"/desk/case/{handoff_id}/number")
    with desk.db.begin() as tx:
        found = queue.case(tx, handoff_id)
        assert found
    page = desk.signed_in("Solveig", LEADER).get("/desk/log").text
    for words in ("Kari", "tok sak", "skrev til personen", "viste telefonnummer", handoff_id):
        assert words in page
    for words in (OWN_WORDS, "hemmelig", "00000001", found.designation):
        assert words not in page
    assert ("audit_read", None) in desk.audit()


def test_the_log_can_be_read_to_its_end_without_losing_a_line(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    for number in range(130):
        with desk.db.begin() as tx:
            from bot.store import audit

            audit.write(tx, "case_opened", None, f"{number:024x}")
    solveig = desk.signed_in("Solveig", LEADER)
    seen: list[str] = []
    path: str | None = "/desk/log"
    while path:
        page = solveig.get(path).text
        seen += re.findall(r"<code>([0-9a-f]{24})</code>", page)
        older = re.search(r'href="(/desk/log\?after=[^"]+)"', page)
        path = older.group(1) if older else None
    assert sorted(seen) == [f"{number:024x}" for number in range(130)]
    assert kari.get("/desk/log").status_code == 404


def test_a_place_in_the_log_that_cannot_be_read_is_the_first_page(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", LEADER)
    for place in ("", "x", "~", "2026-99-99~a", "'; drop table audit"):
        assert solveig.get("/desk/log", params={"after": place}).status_code == 200
