"""Every role and every route of the running desk: who may is let in, for anybody else it is not
there. The same table stands in docs/roles.md."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sanic.response import HTTPResponse, text

from bot.desk import access
from bot.desk.access_table import Route, table
from bot.settings import ROOT
from bot.store import models
from bot.store.roles import ROLES, Role, UnknownRole, read_roles, write_roles
from tests.desk.conftest import PASSWORD, DeskServer

DOC = ROOT / "docs" / "roles.md"
NOBODYS_ID = "0" * 24


def routes(desk: DeskServer) -> list[Route]:
    """Every route under /desk, as the running service has it."""
    found = []
    for route in desk.app.router.routes:
        path = "/" + re.sub(r"<(\w+):[^>]+>", r"<\1>", route.path)
        for method in sorted(route.methods):
            found.append(Route(route.name.rsplit(".", 1)[-1], method, path))
    return sorted(found, key=lambda route: (route.path, route.method))


def with_ids_of_nothing(desk: DeskServer) -> list[tuple[str, str, str]]:
    """(action, method, path) to ask for."""
    found = []
    for route in desk.app.router.routes:
        path = re.sub(r"<\w+:int>", "0", "/" + route.path)
        path = re.sub(r"<[^>]+>", NOBODYS_ID, path)
        found += [(route.name.rsplit(".", 1)[-1], method, path) for method in route.methods]
    return found


def answered_by_nobody(desk: DeskServer) -> None:
    """The guard stands; behind it every door leads to the same empty room."""

    async def room(_request: Any, **_parts: Any) -> HTTPResponse:
        return text("the empty room")

    for route in desk.app.router.routes:
        route.handler = room


@pytest.mark.parametrize("role", ROLES)
def test_each_route_is_there_for_the_roles_of_the_table_and_for_no_other(
    desk: DeskServer, role: Role
) -> None:
    browser = desk.signed_in("Kari", role)
    answered_by_nobody(desk)
    with desk.db.begin() as tx:
        csrf = tx.session.query(models.DeskSession).one().csrf
    let_in = set()
    for action, method, path in with_ids_of_nothing(desk):
        if action in access.PUBLIC:
            continue
        fields = {"csrf": csrf} if method == "POST" else None
        answer = browser.http.request(method, path, data=fields)
        if answer.text == "the empty room":
            let_in.add(action)
        else:
            assert answer.status_code == 404, action
            assert "Finnes ikke" in answer.text
    assert let_in == {action for action, roles in access.RULES.items() if role in roles}
    assert let_in


def test_the_walk_misses_no_route_and_the_table_names_none_that_is_not_there(
    desk: DeskServer,
) -> None:
    served = {action for action, _method, _path in with_ids_of_nothing(desk)}
    assert served == access.PUBLIC | set(access.RULES)
    assert len(served) > 40


def test_the_table_people_read_is_the_one_that_runs(
    desk: DeskServer, request: pytest.FixtureRequest
) -> None:
    if request.config.getoption("--update-transcripts"):
        DOC.write_text(table(routes(desk)), encoding="utf-8")
    assert DOC.read_text(encoding="utf-8") == table(routes(desk)), (
        "docs/roles.md is old: pytest tests/desk/test_roles.py --update-transcripts"
    )


def test_cases_are_for_those_who_answer_people_and_the_log_for_the_auditor_alone() -> None:
    """The lines nobody may move by accident."""
    for action in ("queue", "case", "live_case", "take", "reply", "number", "quote", "code"):
        assert access.RULES[action] == {"counsellor", "shift_lead"}, action
    assert access.RULES["log"] == {"auditor"}
    assert access.RULES["roles"] == access.RULES["invite"] == {"administrator"}
    assert access.RULES["take_over"] == {"shift_lead"}
    assert all(roles <= set(ROLES) and roles for roles in access.RULES.values())


@pytest.mark.parametrize(
    ("roles", "lands"),
    [
        ("counsellor", "/desk/"),
        ("shift_lead", "/desk/"),
        ("administrator", "/desk/staff"),
        ("auditor", "/desk/log"),
        ("auditor,counsellor", "/desk/"),
    ],
)
def test_whoever_signs_in_lands_on_a_page_of_hers(desk: DeskServer, roles: str, lands: str) -> None:
    desk.counsellor("Kari", roles)
    browser = desk.browser()
    fields = {"username": "kari", "password": PASSWORD, "code": desk.code()}
    answer = browser.post("/desk/sign-in", "/desk/sign-in", **fields)
    assert answer.headers["location"] == lands
    assert browser.get(lands).status_code == 200


def test_an_editor_lands_on_something_and_never_on_the_queue(desk: DeskServer) -> None:
    desk.counsellor("Kari", "editor")
    browser = desk.browser()
    fields = {"username": "kari", "password": PASSWORD, "code": desk.code()}
    lands = browser.post("/desk/sign-in", "/desk/sign-in", **fields).headers["location"]
    assert lands != "/desk/"
    assert browser.get(lands).status_code == 200
    assert browser.get("/desk/").status_code == 404


@pytest.mark.parametrize("role", ROLES)
def test_the_menu_holds_what_the_role_may_see_and_nothing_else(
    desk: DeskServer, role: Role
) -> None:
    browser = desk.signed_in("Kari", role)
    page = browser.get("/desk/help").text
    links = re.findall(r'<li><a href="([^"]+)"', page)
    assert links
    for link in links:
        assert browser.get(link).status_code == 200, link
    assert ('href="/desk/log"' in page) == (role == "auditor")
    assert ("data-live" in page) == (role in ("counsellor", "shift_lead"))


def test_several_roles_add_up(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari", "counsellor,auditor")
    assert browser.get("/desk/").status_code == browser.get("/desk/log").status_code == 200
    assert browser.get("/desk/staff").status_code == 404


def test_roles_are_read_and_written_in_one_order() -> None:
    assert write_roles(read_roles("auditor, counsellor")) == "counsellor,auditor"
    assert read_roles("manager") == {"administrator"}
    for wrong in ("", "owner", "counsellor,owner", ","):
        with pytest.raises(UnknownRole):
            read_roles(wrong)
