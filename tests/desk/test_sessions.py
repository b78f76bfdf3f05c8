"""Sessions: the cookie, how long it lasts, and what ends it."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import counsellors, models
from tests.desk.conftest import PASSWORD, Clock, DeskServer, serve_desk


def cookie_after_sign_in(desk: DeskServer) -> str:
    desk.counsellor("Kari")
    answer = desk.browser().post(
        "/desk/sign-in",
        "/desk/sign-in",
        username="kari",
        password=PASSWORD,
        code=desk.code(),
    )
    cookies = answer.headers.get_list("set-cookie")
    return next(line for line in cookies if line.startswith("desk_session="))


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(desk: DeskServer) -> None:
    cookie = cookie_after_sign_in(desk)
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Path=/desk" in cookie
    assert "Max-Age" not in cookie
    assert "expires" not in cookie.lower()


@pytest.mark.parametrize(
    ("settings", "secure"),
    [
        ({"env": "demo"}, False),
        ({"env": "demo", "public_url": "https://chat.example.no"}, True),
        ({"env": "production", "public_url": "https://chat.example.no"}, True),
        ({"env": "production"}, True),
    ],
)
def test_the_cookie_is_secure_unless_a_demo_runs_on_plain_http(
    tmp_path: Path, clock: Clock, settings: dict[str, str], secure: bool
) -> None:
    served = serve_desk(tmp_path, clock, **settings)
    desk = next(served)
    answer = desk.browser().get("/desk/sign-in")
    assert ("Secure" in answer.headers["set-cookie"]) is secure
    served.close()


def test_the_database_holds_no_token_that_would_open_a_session(desk: DeskServer) -> None:
    token = desk.signed_in("Kari").http.cookies.get("desk_session")
    with desk.db.begin() as tx:
        rows = tx.session.query(models.DeskSession).all()
    assert token
    assert all(token not in (row.token_hash, row.csrf) for row in rows)


def test_an_hour_without_doing_anything_signs_out(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    desk.clock.passes(minutes=59)
    assert browser.get("/desk/").status_code == 200
    desk.clock.passes(minutes=59)
    assert browser.get("/desk/").status_code == 200
    desk.clock.passes(minutes=61)
    assert browser.get("/desk/").headers["location"] == "/desk/sign-in"


def test_an_open_page_alone_does_not_keep_an_abandoned_desk_signed_in(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    for _ in range(7):
        desk.clock.passes(minutes=10)
        last = browser.get("/desk/live")
    assert last.status_code == 401


def test_an_open_page_on_duty_stays_signed_in_so_that_alarms_are_heard(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    browser.post("/desk/duty", on="yes")
    for _ in range(30):
        desk.clock.passes(minutes=10)
        assert browser.get("/desk/live").status_code == 200


def test_after_twelve_hours_everyone_signs_in_again(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    browser.post("/desk/duty", on="yes")
    for _ in range(24):
        desk.clock.passes(minutes=30)
        assert browser.get("/desk/").status_code == 200
    desk.clock.passes(minutes=1)
    assert browser.get("/desk/").status_code == 303


def test_who_is_on_duty_counts_only_while_her_desk_is_heard_from(desk: DeskServer) -> None:
    from bot.handoff import queue

    browser = desk.signed_in("Kari")
    with desk.db.begin() as tx:
        assert not queue.someone_on_duty(tx)
    browser.post("/desk/duty", on="yes")
    desk.clock.passes(seconds=80)
    browser.get("/desk/live")
    desk.clock.passes(seconds=80)
    with desk.db.begin() as tx:
        assert queue.someone_on_duty(tx)
    desk.clock.passes(seconds=11)
    with desk.db.begin() as tx:
        assert not queue.someone_on_duty(tx)
        who = counsellors.by_username(tx, "kari")
        assert who
        assert who.on_duty
