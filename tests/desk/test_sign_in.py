"""Signing in: one answer for everything that is wrong, and guessing gets slow."""

from __future__ import annotations

import statistics
import time

import pytest

from bot.store import counsellors, models, sign_ins
from bot.store.database import Tx
from tests.desk.conftest import PASSWORD, Browser, DeskServer


def sign_in(browser: Browser, **values: str):
    fields = {"username": "kari", "password": PASSWORD, "code": "000000", **values}
    return browser.post("/desk/sign-in", "/desk/sign-in", **fields)


def test_a_counsellor_signs_in_with_password_and_code(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    browser = desk.browser()
    answer = sign_in(browser, code=desk.code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/")
    assert "Ingen venter nå" in browser.get("/desk/").text
    assert ("sign_in", None) in desk.audit()


def test_capital_letters_and_spaces_in_name_and_code_do_not_matter(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    code = desk.code()
    answer = sign_in(desk.browser(), username=" KARI ", code=f"{code[:3]} {code[3:]}")
    assert answer.status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"password": "noe helt annet enn riktig"},
        {"code": "000000"},
        {"username": "ola"},
        {"password": ""},
        {"code": ""},
        {"code": "१२३४५६"},
        {"username": "", "password": "", "code": ""},
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same(desk: DeskServer, wrong: dict[str, str]) -> None:
    desk.counsellor("Kari")
    answer = sign_in(desk.browser(), **({"code": desk.code()} | wrong))
    assert answer.status_code == 401
    assert "Innloggingen gikk ikke" in answer.text
    assert "desk_session" not in answer.headers.get("set-cookie", "")


def test_a_code_works_once(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    code = desk.code()
    assert sign_in(desk.browser(), code=code).status_code == 303
    assert sign_in(desk.browser(), code=code).status_code == 401
    desk.clock.passes(seconds=30)
    assert sign_in(desk.browser(), code=desk.code()).status_code == 303


@pytest.mark.parametrize(("seconds", "status"), [(-30, 303), (30, 303), (-60, 401), (60, 401)])
def test_a_code_may_be_one_step_early_or_late(desk: DeskServer, seconds: int, status: int) -> None:
    desk.counsellor("Kari")
    code = desk.code()
    desk.clock.passes(seconds=-seconds)
    assert sign_in(desk.browser(), code=code).status_code == status


def test_an_older_code_does_not_work_after_a_newer_one(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    older = desk.code()
    desk.clock.passes(seconds=30)
    assert sign_in(desk.browser(), code=desk.code()).status_code == 303
    assert sign_in(desk.browser(), code=older).status_code == 401


def test_a_right_code_with_a_wrong_password_is_not_used_up(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    code = desk.code()
    assert sign_in(desk.browser(), password="feil feil feil feil", code=code).status_code == 401
    assert sign_in(desk.browser(), code=code).status_code == 303


def test_after_five_wrong_tries_even_the_right_one_waits(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    browser = desk.browser()
    for _ in range(5):
        assert sign_in(browser, password="galt").status_code == 401
    assert sign_in(browser, code=desk.code()).status_code == 401
    desk.clock.passes(seconds=31)
    assert sign_in(browser, code=desk.code()).status_code == 303


def begins(tx: Tx, address: str = "192.0.2.1", browser: str = "") -> sign_ins.Attempt:
    attempt = sign_ins.begin(tx, "kari", address, browser)
    assert attempt
    return attempt


def test_each_further_wrong_try_waits_twice_as_long(desk: DeskServer) -> None:
    who = desk.counsellor("Kari")
    waits = []
    for _ in range(12):
        with desk.db.begin() as tx:
            attempt = begins(tx)
            row = tx.session.get(models.SignInPlace, (who, attempt.place_hash))
            assert row
            if row.wait_until and not attempt.waiting:
                waits.append((row.wait_until - tx.now).total_seconds())
                desk.clock.now = row.wait_until
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_tries_at_the_same_time_do_not_slip_past_the_limit(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    with desk.db.begin() as tx:
        begun = [begins(tx) for _ in range(50)]
    assert sum(not attempt.waiting for attempt in begun) == 5


def test_while_one_waits_more_tries_do_not_lengthen_the_wait(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    browser = desk.browser()
    for _ in range(9):
        sign_in(browser, password="galt")
    desk.clock.passes(seconds=31)
    assert sign_in(browser, code=desk.code()).status_code == 303


def test_an_unknown_name_costs_as_much_as_a_wrong_password(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    with desk.db.begin() as tx:  # a hash with the parameters of today, as after a first sign-in
        from argon2 import PasswordHasher

        who = counsellors.by_username(tx, "kari")
        assert who
        counsellors.set_password_hash(tx, who.id, PasswordHasher().hash(PASSWORD))
    times: dict[str, list[float]] = {"kari": [], "finnes-ikke": []}
    browser = desk.browser()
    for _ in range(4):
        for name, taken in times.items():
            began = time.perf_counter()
            sign_in(browser, username=name, password="galt")
            taken.append(time.perf_counter() - began)
    known, unknown = (statistics.median(taken) for taken in times.values())
    assert 0.5 < known / unknown < 2


def test_a_hash_with_weak_parameters_is_replaced_at_sign_in(desk: DeskServer) -> None:
    who = desk.counsellor("Kari")
    sign_in(desk.browser(), code=desk.code())
    with desk.db.begin() as tx:
        row = tx.session.get(counsellors.models.Counsellor, who)
        assert row
        assert "m=65536" in row.password_hash


def test_a_closed_account_cannot_sign_in_and_its_session_ends(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    with desk.db.begin() as tx:
        who = counsellors.by_username(tx, "kari")
        assert who
        counsellors.set_active(tx, who.id, False)
    assert browser.get("/desk/").status_code == 303
    assert sign_in(desk.browser(), code=desk.code()).status_code == 401


def test_signing_out_ends_the_session_and_the_duty(desk: DeskServer) -> None:
    browser = desk.signed_in("Kari")
    browser.post("/desk/duty", on="yes")
    token = browser.http.cookies.get("desk_session")
    browser.post("/desk/sign-out")
    assert desk.browser(token).get("/desk/").status_code == 303
    with desk.db.begin() as tx:
        who = counsellors.by_username(tx, "kari")
        assert who
        assert not who.on_duty
    assert {"duty_off", "sign_out"} <= {action for action, _ in desk.audit()}


def test_of_two_who_use_the_same_step_the_store_lets_one(desk: DeskServer) -> None:
    who = desk.counsellor("Kari")
    with desk.db.begin() as tx:
        assert counsellors.use_totp_step(tx, who, 100)
        assert not counsellors.use_totp_step(tx, who, 100)
        assert not counsellors.use_totp_step(tx, who, 99)
        assert counsellors.use_totp_step(tx, who, 101)
