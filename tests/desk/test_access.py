"""The table of who may do what: every route is in it, and it is what the desk really does."""

from __future__ import annotations

import re

import pytest

from bot.desk import access
from bot.store.roles import ROLES
from tests.desk.conftest import LEADER, DeskServer

NOBODYS_ID = "0" * 24


def routes(desk: DeskServer) -> list[tuple[str, str, str]]:
    """(action, method, path with ids that belong to nobody) of every route under /desk."""
    found = []
    for route in desk.app.router.routes:
        path = "/" + re.sub(r"<\w+:int>", "0", route.path)
        path = re.sub(r"<[^>]+>", NOBODYS_ID, path)
        for method in route.methods:
            found.append((route.name.rsplit(".", 1)[-1], method, path))
    return found


def test_without_a_session_every_route_leads_to_the_sign_in_page(desk: DeskServer) -> None:
    browser = desk.browser()
    for action, method, path in routes(desk):
        if action in access.PUBLIC:
            continue
        answer = browser.http.request(method, path)
        if action in access.LIVE:
            assert answer.status_code == 401, action
        else:
            assert (answer.status_code, answer.headers["location"]) == (303, "/desk/sign-in"), (
                action
            )


def test_an_action_that_nobody_wrote_into_the_table_is_nobodys() -> None:
    assert not access.may(ROLES, "something_new")


def test_nothing_changes_without_the_token_of_the_page(desk: DeskServer) -> None:
    desk.handoff()
    browser = desk.signed_in("Kari", ",".join(ROLES))
    for action, method, path in routes(desk):
        if method != "POST" or action in access.PUBLIC:
            continue
        for fields in ({}, {"csrf": ""}, {"csrf": "x" * 32}):
            answer = browser.http.request(method, path, data=fields)
            assert answer.status_code == 403, action
    assert browser.get("/desk/").status_code == 200
    assert [action for action, _ in desk.audit()] == []


def test_one_counsellors_token_does_not_work_for_another(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    answer = ola.http.post("/desk/duty", data={"csrf": kari.csrf(), "on": "yes"})
    assert answer.status_code == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_on_another_site_is_refused_even_with_the_token(desk: DeskServer, site: str) -> None:
    browser = desk.signed_in("Kari")
    answer = browser.http.post(
        "/desk/duty", data={"csrf": browser.csrf(), "on": "yes"}, headers={"Sec-Fetch-Site": site}
    )
    assert answer.status_code == 403


def test_the_sign_in_form_works_only_in_the_browser_that_asked_for_it(desk: DeskServer) -> None:
    token = desk.browser().csrf("/desk/sign-in")
    for cookies in ({}, {"desk_before": "y" * 43}, {"desk_before": ""}):
        answer = desk.browser().http.post(
            "/desk/sign-in", data={"csrf": token, "username": "kari"}, cookies=cookies
        )
        assert answer.status_code == 403


def test_every_answer_has_the_headers_that_keep_it_private(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    for path in (
        "/desk/",
        "/desk/static/desk.js",
        "/desk/static/nothing",
        "/desk/case/none",
        "/desk/log",
        "/desk/live",
        "/desk/sign-in",
    ):
        headers = browser.get(path).headers
        assert headers["cache-control"] == "no-store", path
        assert headers["referrer-policy"] == "no-referrer", path
        assert headers["x-frame-options"] == "DENY", path
        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy, path
        assert "unsafe" not in policy, path


def test_pages_name_no_other_site(desk: DeskServer) -> None:
    browser = desk.signed_in("Solveig", LEADER)
    for path in ("/desk/", "/desk/help", "/desk/code", "/desk/staff", "/desk/log", "/desk/sign-in"):
        text = browser.get(path).text
        addresses = re.findall(r'(?:src|href|action)="([^"]+)"', text)
        assert addresses
        assert all(address.startswith(("/desk", "#")) for address in addresses), path
        assert "<style" not in text
        assert " style=" not in text
        assert not re.search(r"\son[a-z]+=", text)


def test_a_demo_says_so_on_every_page_and_production_does_not(desk: DeskServer) -> None:
    browser = desk.signed_in("Solveig", LEADER)
    for path in ("/desk/", "/desk/help", "/desk/staff", "/desk/sign-in", "/desk/case/none"):
        assert "Dette er ikke en ekte tjeneste" in browser.get(path).text, path
    desk.services.settings.env = "production"
    desk.services.centre.demo = False
    assert "Dette er ikke en ekte tjeneste" not in browser.get("/desk/").text


def test_a_very_large_form_is_refused(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    answer = browser.post("/desk/code", code="1" * 40_000)
    assert answer.status_code == 413
