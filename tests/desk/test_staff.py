"""Accounts: inviting, roles, closing, and helping a colleague who cannot sign in."""

from __future__ import annotations

import re

import httpx
import pyotp

from bot.store import counsellors, recovery_codes
from tests.desk.conftest import LEADER, PASSWORD, Browser, DeskServer


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


def test_who_has_which_role_is_changed_by_somebody_else_and_stands_in_the_log(
    desk: DeskServer,
) -> None:
    kari, solveig = desk.signed_in("Kari"), desk.signed_in("Solveig", "administrator")
    who, me = ids(desk, "kari", "solveig")
    assert kari.get("/desk/").status_code == 200
    answer = solveig.http.post(
        f"/desk/staff/{who}/roles", data={"csrf": solveig.csrf(), "role": ["editor", "auditor"]}
    )
    assert answer.status_code == 303
    assert kari.get("/desk/").status_code == 404
    assert kari.get("/desk/log").status_code == 200
    assert ("roles_changed", who) in desk.audit()
    assert solveig.post(f"/desk/staff/{who}/roles").status_code == 422
    assert solveig.post(f"/desk/staff/{me}/roles", role="counsellor").status_code == 404
    assert solveig.get("/desk/").status_code == 404


def test_a_colleague_is_signed_out_everywhere_and_is_off_duty(desk: DeskServer) -> None:
    one, other = desk.signed_in("Kari"), desk.signed_in("Kari")
    solveig = desk.signed_in("Solveig", "shift_lead")
    one.post("/desk/duty", on="yes")
    who, me = ids(desk, "kari", "solveig")
    assert solveig.post(f"/desk/staff/{who}/sign-out").status_code == 303
    for browser in (one, other):
        assert browser.get("/desk/").headers["location"] == "/desk/sign-in"
    assert ("signed_out_by", who) in desk.audit()
    with desk.db.begin() as tx:
        found = counsellors.get(tx, who)
        assert found
        assert not found.on_duty
    assert solveig.post(f"/desk/staff/{me}/sign-out").status_code == 404


def test_whoever_lost_her_phone_gets_a_new_app_and_stays_on_duty_meanwhile(
    desk: DeskServer,
) -> None:
    kari, solveig = desk.signed_in("Kari"), desk.signed_in("Solveig", "shift_lead")
    (who,) = ids(desk, "kari")
    with desk.db.begin() as tx:
        recovery = recovery_codes.replace(tx, who)[0]
    page = solveig.post(f"/desk/staff/{who}/factor").text
    link = re.search(r"/desk/invitation/[\w-]+", page)
    assert link
    assert kari.get("/desk/").status_code == 200
    for void in (desk.code(), recovery):
        assert sign_in(desk.browser(), void).status_code == 401
    browser = desk.browser()
    form = browser.get(link.group(0)).text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', form)
    assert secret
    code = pyotp.TOTP(secret.group(1).replace(" ", "")).at(desk.clock.now)
    path = f"{link.group(0)}/code"
    stranger = browser.post(path, link.group(0), password="feil feil feil", code=code)
    assert stranger.status_code == 422
    answer = browser.post(path, link.group(0), password=PASSWORD, code=code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/")
    assert browser.get("/desk/").status_code == 200
    assert browser.get(link.group(0)).status_code == 404
    assert [e for e in desk.audit() if e[0].startswith("factor")] == [
        ("factor_reset", who),
        ("factor_set", who),
    ]


def test_a_link_to_a_new_app_makes_no_account(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", "administrator")
    who = desk.counsellor("Kari")
    page = solveig.post(f"/desk/staff/{who}/factor").text
    link = re.search(r"/desk/invitation/[\w-]+", page)
    assert link
    fields = {"username": "ny", "display_name": "Ny", "password": PASSWORD}
    answer = desk.browser().post(link.group(0), link.group(0), password_again=PASSWORD, **fields)
    assert answer.status_code == 404
    with desk.db.begin() as tx:
        assert counsellors.by_username(tx, "ny") is None


def test_an_older_link_is_void_when_a_newer_is_made(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", "administrator")
    who = desk.counsellor("Kari")
    links = [
        re.findall(r"/desk/invitation/[\w-]+", solveig.post(f"/desk/staff/{who}/factor").text)[0]
        for _ in range(2)
    ]
    assert [desk.browser().get(link).status_code for link in links] == [404, 200]


def ids(desk: DeskServer, *names: str) -> list[str]:
    with desk.db.begin() as tx:
        found = [counsellors.by_username(tx, name) for name in names]
    return [who.id for who in found if who]


def sign_in(browser: Browser, code: str) -> httpx.Response:
    fields = {"username": "kari", "password": PASSWORD, "code": code}
    return browser.post("/desk/sign-in", "/desk/sign-in", **fields)
