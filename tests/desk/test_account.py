"""Min konto: language, password, recovery codes, and where one is signed in."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.store import recovery_codes
from tests.desk.conftest import PASSWORD, Browser, DeskServer

NEW = "seks grønne båter seiler"


def sign_in(browser: Browser, **changes: str) -> httpx.Response:
    fields = {"username": "kari", "password": PASSWORD, "code": "000000"} | changes
    return browser.post("/desk/sign-in", "/desk/sign-in", **fields)


def codes_on(page: str) -> list[str]:
    return re.findall(r"<li><code>(\d{4} \d{4} \d{4} \d{4})</code></li>", page)


def new_codes(browser: Browser) -> list[str]:
    return codes_on(browser.post("/desk/account/recovery", password=PASSWORD).text)


def test_ten_recovery_codes_are_shown_once(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    assert "ingen gjenopprettingskoder" in kari.get("/desk/account").text
    codes = new_codes(kari)
    assert len(set(codes)) == recovery_codes.MANY == 10
    page = kari.get("/desk/account").text
    assert codes_on(page) == []
    assert "10 av 10" in page
    assert ("recovery_made", None) in desk.audit()


def test_codes_are_made_only_with_the_password(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    answer = kari.post("/desk/account/recovery", password="galt galt galt")
    assert answer.status_code == 422
    assert codes_on(answer.text) == []


def test_a_recovery_code_signs_in_once_instead_of_the_app(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    code, other = new_codes(kari)[:2]
    assert sign_in(desk.browser(), code=code, password="galt galt galt").status_code == 401
    assert sign_in(desk.browser(), code=code).status_code == 303
    assert sign_in(desk.browser(), code=code).status_code == 401
    assert sign_in(desk.browser(), code=other.replace(" ", "")).status_code == 303
    assert "8 av 10" in kari.get("/desk/account").text
    assert [action for action, _ in desk.audit()].count("sign_in_recovery") == 2


def test_new_codes_replace_the_old(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    old = new_codes(kari)[0]
    new = new_codes(kari)[0]
    assert sign_in(desk.browser(), code=old).status_code == 401
    assert sign_in(desk.browser(), code=new).status_code == 303


def test_a_code_belongs_to_one_counsellor(desk: DeskServer) -> None:
    code = new_codes(desk.signed_in("Kari"))[0]
    desk.counsellor("Ola")
    assert sign_in(desk.browser(), username="ola", code=code).status_code == 401
    assert sign_in(desk.browser(), code=code).status_code == 303


def test_the_database_holds_no_code_in_clear(desk: DeskServer) -> None:
    codes = new_codes(desk.signed_in("Kari"))
    file = desk.db.url.removeprefix("sqlite:///")
    stored = b"".join(Path(file + end).read_bytes() for end in ("", "-wal"))
    for code in codes:
        assert code.encode() not in stored
        assert code.replace(" ", "").encode() not in stored


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(desk: DeskServer) -> None:
    kari, elsewhere = desk.signed_in("Kari"), desk.signed_in("Kari")
    answer = kari.post("/desk/account/password", password=PASSWORD, new=NEW, again=NEW)
    assert "Passordet er byttet" in answer.text
    assert kari.get("/desk/").status_code == 200
    assert elsewhere.get("/desk/").status_code == 303
    assert sign_in(desk.browser(), code=desk.code()).status_code == 401
    assert sign_in(desk.browser(), password=NEW, code=desk.code()).status_code == 303
    assert ("password_changed", None) in desk.audit()


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"password": "galt galt galt", "new": NEW, "again": NEW}, "stemte ikke"),
        ({"password": PASSWORD, "new": NEW, "again": NEW + "!"}, "ikke like"),
        ({"password": PASSWORD, "new": "kort", "again": "kort"}, "minst 12 tegn"),
    ],
)
def test_what_is_wrong_with_a_new_password_is_said(
    desk: DeskServer, fields: dict[str, str], says: str
) -> None:
    kari = desk.signed_in("Kari")
    answer = kari.post("/desk/account/password", **fields)
    assert answer.status_code == 422
    assert says in answer.text
    assert sign_in(desk.browser(), code=desk.code()).status_code == 303


def test_an_open_desk_is_no_place_to_guess_the_password(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    for _ in range(5):
        kari.post("/desk/account/recovery", password="galt galt galt")
    assert new_codes(kari) == []
    assert kari.get("/desk/").status_code == 200
    desk.clock.passes(seconds=31)
    assert len(new_codes(kari)) == 10


def test_she_sees_where_she_is_signed_in_and_ends_one_of_them(desk: DeskServer) -> None:
    first = desk.signed_in("Kari")
    desk.clock.passes(minutes=20)
    second, third = desk.signed_in("Kari"), desk.signed_in("Kari")
    desk.signed_in("Ola")
    page = second.get("/desk/account").text
    assert page.count("<strong>Denne nettleseren</strong>") == 1
    handles = re.findall(r"/desk/account/session/(\w+)/end", page)
    assert len(handles) == 2
    oldest = handles[-1]  # the one used last stands first
    assert second.post(f"/desk/account/session/{oldest}/end").status_code == 303
    assert first.get("/desk/").status_code == 303
    assert third.get("/desk/").status_code == second.get("/desk/").status_code == 200
    second.post("/desk/account/sessions/end")
    assert third.get("/desk/").status_code == 303
    assert second.get("/desk/").status_code == 200
    assert [action for action, _ in desk.audit()].count("signed_out_others") == 2


def test_nobody_ends_a_colleagues_session_by_its_name(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    other = desk.signed_in("Kari")
    handle = re.findall(r"/desk/account/session/(\w+)/end", kari.get("/desk/account").text)[0]
    ola.post(f"/desk/account/session/{handle}/end")
    assert other.get("/desk/").status_code == 200


def test_a_session_that_is_over_is_not_in_the_list(desk: DeskServer) -> None:
    desk.signed_in("Kari")
    desk.clock.passes(minutes=61)
    assert "account/session/" not in desk.signed_in("Kari").get("/desk/account").text


def test_the_desk_speaks_the_language_she_chose_and_only_to_her(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post("/desk/account/language", lang="nn")
    page = kari.get("/desk/account").text
    assert '<html lang="nn">' in page
    assert "Byt passord" in page
    assert '<html lang="nb">' in ola.get("/desk/account").text
    kari.post("/desk/account/language", lang="xx")
    assert '<html lang="nn">' in kari.get("/desk/account").text


def test_before_signing_in_the_browser_says_which_language(desk: DeskServer) -> None:
    browser = desk.browser()
    for asked, found in (("nn-NO,nn;q=0.9", "nn"), ("nb-NO", "nb"), ("en-GB,nn", "nb"), ("", "nb")):
        page = browser.get("/desk/sign-in", headers={"Accept-Language": asked}).text
        assert f'<html lang="{found}">' in page


def test_used_and_replaced_codes_do_not_pile_up(desk: DeskServer) -> None:
    with desk.db.begin() as tx:
        for _ in range(3):
            recovery_codes.replace(tx, "kari")
        assert recovery_codes.left(tx, "kari") == 10
        assert not recovery_codes.use(tx, "kari", "1" * 15)
    desk.clock.passes(seconds=timedelta(days=1).total_seconds())
