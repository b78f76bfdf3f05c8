"""A new counsellor: a link that works once, a password, and one right code."""

from __future__ import annotations

import re
from pathlib import Path

import pyotp
import pytest

from bot.desk import totp
from bot.desk.invitations import create_invitation
from bot.desk.passwords import why_weak
from bot.store import counsellors
from bot.store.roles import read_roles
from tests.desk.conftest import PASSWORD, Browser, DeskServer

NEW = {
    "username": "nina",
    "display_name": "Nina",
    "password": PASSWORD,
    "password_again": PASSWORD,
}


def invitation(desk: DeskServer, role: str = "counsellor") -> str:
    with desk.db.begin() as tx:
        return f"/desk/invitation/{create_invitation(tx, read_roles(role))}"


def fill_in(browser: Browser, link: str, **changes: str):
    return browser.post(link, link, **(NEW | changes))


def secret_on(page: str) -> str:
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found
    return found.group(1).replace(" ", "")


def test_the_first_counsellor_goes_from_link_to_queue(desk: DeskServer) -> None:
    link, browser = invitation(desk, "administrator,counsellor"), desk.browser()
    assert fill_in(browser, link).headers["location"] == link
    page = browser.get(link).text
    assert 'class="qr"' in page
    assert "style=" not in page
    code = pyotp.TOTP(secret_on(page)).at(desk.clock.now)
    answer = browser.post(f"{link}/code", link, code=code)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/")
    assert "Ansatte" in browser.get("/desk/").text
    assert browser.get(link).status_code == 404


def test_in_a_demo_the_code_can_be_printed_before_the_account_is_open(desk: DeskServer) -> None:
    link, browser = invitation(desk), desk.browser()
    fill_in(browser, link)
    with desk.db.begin() as tx:
        code = totp.current_code(tx, "nina")
    assert code
    assert browser.post(f"{link}/code", link, code=code).status_code == 303
    browser.post("/desk/sign-out")
    with desk.db.begin() as tx:  # this step is used: the next one is printed, and works
        code = totp.current_code(tx, "nina")
    assert code
    answer = browser.post(
        "/desk/sign-in", "/desk/sign-in", username="nina", password=PASSWORD, code=code
    )
    assert answer.status_code == 303


def test_nobody_signs_in_before_the_first_code(desk: DeskServer) -> None:
    link, browser = invitation(desk), desk.browser()
    fill_in(browser, link)
    with desk.db.begin() as tx:
        code = totp.current_code(tx, "nina")
    answer = browser.post(
        "/desk/sign-in", "/desk/sign-in", username="nina", password=PASSWORD, code=str(code)
    )
    assert answer.status_code == 401


def test_a_wrong_first_code_can_be_tried_again(desk: DeskServer) -> None:
    link, browser = invitation(desk), desk.browser()
    fill_in(browser, link)
    answer = browser.post(f"{link}/code", link, code="000000")
    assert answer.status_code == 422
    assert "Koden stemte ikke" in answer.text
    with desk.db.begin() as tx:
        code = totp.current_code(tx, "nina")
    assert browser.post(f"{link}/code", link, code=str(code)).status_code == 303


def test_a_link_expires_after_a_day(desk: DeskServer) -> None:
    link = invitation(desk)
    desk.clock.passes(hours=23, minutes=59)
    assert desk.browser().get(link).status_code == 200
    desk.clock.passes(minutes=1)
    assert desk.browser().get(link).status_code == 404


def test_a_link_that_never_was_looks_like_one_that_was_used(desk: DeskServer) -> None:
    answer = desk.browser().get("/desk/invitation/abc")
    assert answer.status_code == 404
    assert "Finnes ikke" in answer.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"username": "Nina Olsen"}, "Brukernavnet må ha"),
        ({"username": "ni"}, "Brukernavnet må ha"),
        ({"display_name": " "}, "Skriv navnet"),
        ({"password_again": "noe annet enn det"}, "ikke like"),
        ({"password": "kort", "password_again": "kort"}, "minst 12 tegn"),
        ({"password": "nina-er-best-her", "password_again": "nina-er-best-her"}, "brukernavnet"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_and_the_rest_is_kept(
    desk: DeskServer, changes: dict[str, str], says: str
) -> None:
    link = invitation(desk)
    answer = fill_in(desk.browser(), link, **changes)
    assert answer.status_code == 422
    assert says in answer.text
    assert PASSWORD not in answer.text


def test_going_back_to_step_one_replaces_what_was_filled_in(desk: DeskServer) -> None:
    link, browser = invitation(desk), desk.browser()
    fill_in(browser, link)
    assert "Brukernavn" in browser.get(f"{link}?again=1").text
    assert fill_in(browser, link, username="nina.h").status_code == 303
    with desk.db.begin() as tx:
        assert [found.username for found in counsellors.all_of_them(tx)] == ["nina.h"]


def test_a_username_belongs_to_one_and_is_free_again_if_never_confirmed(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    first, second = invitation(desk), invitation(desk)
    assert "er tatt" in fill_in(desk.browser(), first, username="kari").text
    fill_in(desk.browser(), first)
    assert "er tatt" in fill_in(desk.browser(), second).text
    desk.clock.passes(hours=25)
    assert fill_in(desk.browser(), invitation(desk)).status_code == 303


def test_the_database_does_not_hold_the_secret_in_clear(desk: DeskServer) -> None:
    link, browser = invitation(desk), desk.browser()
    fill_in(browser, link)
    secret = secret_on(browser.get(link).text)
    file = desk.db.url.removeprefix("sqlite:///")
    stored = b"".join(Path(file + end).read_bytes() for end in ("", "-wal"))
    assert secret.encode() not in stored
    assert PASSWORD.encode() not in stored
    assert b"nina" in stored


@pytest.mark.parametrize(
    ("password", "weak"),
    [
        ("passord12345678", True),
        ("aaaaaaaaaaaaaaaa", True),
        ("Krisesenter2026!", True),
        ("x" * 201, True),
        ("grønn-båt-sitron-7", False),
        (PASSWORD, False),
    ],
)
def test_passwords_that_are_easy_to_guess_are_refused(password: str, weak: bool) -> None:
    assert (why_weak(password, "nina") is not None) is weak
