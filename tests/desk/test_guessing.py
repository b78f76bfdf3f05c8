"""Guessing slows down the guesser. Whoever is on duty is never kept out by it."""

from __future__ import annotations

import asyncio
import threading

import httpx
import pytest

from bot.desk.passwords import FROM_ONE_ADDRESS, IN_LINE, Busy, Passwords
from bot.store import counsellors, recovery_codes, sign_ins
from tests.desk.conftest import PASSWORD, Browser, DeskServer

ATTACKER, HOME, STATION = "203.0.113.66", "198.51.100.7", "192.0.2.10"


@pytest.fixture
def behind_a_proxy(desk: DeskServer) -> DeskServer:
    desk.services.settings.proxies = 1
    return desk


def tries(browser: Browser, address: str, **changes: str) -> httpx.Response:
    """One try from an address, as the proxy in front tells it."""
    csrf = browser.csrf("/desk/sign-in")
    fields = {"csrf": csrf, "username": "kari", "password": PASSWORD, "code": "000000"} | changes
    return browser.http.post("/desk/sign-in", data=fields, headers={"X-Forwarded-For": address})


def guesses(desk: DeskServer, address: str = ATTACKER, times: int = 30, **changes: str) -> None:
    browser = desk.browser()
    for number in range(times):
        fields = {"password": f"gjetning nummer {number}"} | changes
        assert tries(browser, address, **fields).status_code == 401


def test_a_stranger_who_guesses_at_her_name_keeps_himself_out_and_not_her(
    behind_a_proxy: DeskServer,
) -> None:
    desk = behind_a_proxy
    desk.counsellor("Kari")
    guesses(desk)
    assert tries(desk.browser(), ATTACKER, code=desk.code()).status_code == 401
    assert tries(desk.browser(), HOME, code=desk.code()).status_code == 303


def test_from_a_browser_she_has_used_she_gets_in_even_beside_the_guesser(
    behind_a_proxy: DeskServer,
) -> None:
    """The guesser sits in the same house, or all of the world comes from one address."""
    desk = behind_a_proxy
    desk.counsellor("Kari")
    station = desk.browser()
    assert tries(station, STATION, code=desk.code()).status_code == 303
    station.post("/desk/sign-out")
    desk.clock.passes(hours=9)
    guesses(desk, STATION)
    assert tries(desk.browser(), STATION, code=desk.code()).status_code == 401
    assert tries(station, STATION, code=desk.code()).status_code == 303


def test_two_who_share_a_station_are_both_known_there(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    desk.counsellor("Kari")
    desk.counsellor("Ola")
    station = desk.browser()
    for name in ("kari", "ola"):
        assert tries(station, STATION, username=name, code=desk.code()).status_code == 303
        station.post("/desk/sign-out")
    desk.clock.passes(minutes=1)
    for name in ("kari", "ola"):
        guesses(desk, STATION, 8, username=name)
        assert tries(station, STATION, username=name, code=desk.code()).status_code == 303


def test_guesses_in_her_own_browser_slow_down_that_browser(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    desk.counsellor("Kari")
    stolen = desk.browser()
    tries(stolen, HOME, code=desk.code())
    stolen.post("/desk/sign-out")
    desk.clock.passes(minutes=1)
    for _ in range(5):
        assert tries(stolen, HOME, password="galt galt galt").status_code == 401
    assert tries(stolen, HOME, code=desk.code()).status_code == 401
    assert tries(desk.browser(), HOME, code=desk.code()).status_code == 303


def test_a_recovery_code_passes_every_wait(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    who = desk.counsellor("Kari")
    with desk.db.begin() as tx:
        code = recovery_codes.replace(tx, who)[0]
    guesses(desk)
    assert tries(desk.browser(), ATTACKER, code=code, password="galt").status_code == 401
    assert tries(desk.browser(), ATTACKER, code=code).status_code == 303


def test_wrong_tries_never_end_a_session_or_a_duty(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    kari = desk.signed_in("Kari")
    kari.post("/desk/duty", on="yes")
    guesses(desk, times=40)
    guesses(desk, times=10, password=PASSWORD)
    assert kari.get("/desk/").status_code == 200
    with desk.db.begin() as tx:
        found = counsellors.by_username(tx, "kari")
        assert found
        assert found.on_duty


def test_whoever_knows_the_password_cannot_try_all_codes_from_many_addresses(
    behind_a_proxy: DeskServer,
) -> None:
    desk = behind_a_proxy
    desk.counsellor("Kari")
    station = desk.browser()
    assert tries(station, STATION, code=desk.code()).status_code == 303
    station.post("/desk/sign-out")
    desk.clock.passes(minutes=1)
    for number in range(8):
        guesses(desk, f"203.0.113.{number}", 1, password=PASSWORD)
    assert tries(desk.browser(), "203.0.113.99", code=desk.code()).status_code == 401
    assert ("code_guessed", None) in desk.audit()
    # She herself, where she always signs in, notices nothing.
    assert tries(station, STATION, code=desk.code()).status_code == 303


def test_without_the_password_nobody_makes_the_account_wait(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    who = desk.counsellor("Kari")
    for number in range(8):
        guesses(desk, f"203.0.113.{number}", 4)
    with desk.db.begin() as tx:
        assert not sign_ins.codes_must_wait(tx, who)
    assert tries(desk.browser(), HOME, code=desk.code()).status_code == 303


def test_an_address_that_the_caller_writes_himself_is_not_believed(desk: DeskServer) -> None:
    """Without a proxy the header is nobody's; with one only what the proxy added counts."""
    desk.counsellor("Kari")
    for proxies, header in ((0, "198.51.100.{}"), (1, "198.51.100.{}, " + ATTACKER)):
        desk.services.settings.proxies = proxies
        browser = desk.browser()
        for number in range(5):
            tries(browser, header.format(number), password="galt galt galt")
        answer = tries(browser, header.format(99), code=desk.code())
        assert answer.status_code == 401
        desk.clock.passes(hours=1)


def test_a_household_with_a_whole_network_is_one_address(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    desk.counsellor("Kari")
    browser = desk.browser()
    for number in range(5):
        tries(browser, f"2001:db8:1:2::{number:x}", password="galt galt galt")
    assert tries(browser, "2001:db8:1:2:ffff::1", code=desk.code()).status_code == 401
    assert tries(browser, "2001:db8:1:3::1", code=desk.code()).status_code == 303


def test_the_mark_of_a_browser_is_out_of_reach_and_opens_nothing(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    browser = desk.browser()
    fields = {"username": "kari", "password": PASSWORD, "code": desk.code()}
    answer = browser.post("/desk/sign-in", "/desk/sign-in", **fields)
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith("desk_browser"))
    for part in ("HttpOnly", "SameSite=Strict", "Path=/desk", "Max-Age=7776000"):
        assert part in cookie
    stranger = desk.browser()
    stranger.http.cookies.set("desk_browser", browser.http.cookies["desk_browser"], path="/desk")
    assert stranger.get("/desk/").headers["location"] == "/desk/sign-in"


def test_marks_and_addresses_are_forgotten_in_time(behind_a_proxy: DeskServer) -> None:
    desk = behind_a_proxy
    desk.counsellor("Kari")
    station = desk.browser()
    tries(station, STATION, code=desk.code())
    guesses(desk, times=3)

    def left() -> list[bool]:
        with desk.db.begin() as tx:
            sign_ins.forget_old(tx)
            return sorted(row.known for row in tx.session.query(sign_ins.models.SignInPlace))

    assert left() == [False, False, True]
    desk.clock.passes(hours=25)
    assert left() == [True]
    desk.clock.passes(days=90)
    assert left() == []


def test_names_that_nobody_has_do_not_fill_the_log(desk: DeskServer) -> None:
    browser = desk.browser()
    for number in range(5):
        tries(browser, ATTACKER, username=f"ukjent{number}")
    assert desk.audit() == [("sign_in_failed", None)]


class Slow:
    """A hasher that takes as long as the test wants."""

    def __init__(self) -> None:
        self.go_on = threading.Event()

    def hash(self, _password: str) -> str:
        return "hash"

    def verify(self, _stored: str, _password: str) -> bool:
        return self.go_on.wait(5)

    def check_needs_rehash(self, _stored: str) -> bool:
        return False


async def _flood() -> tuple[int, bool]:
    slow = Slow()
    passwords = Passwords(slow)  # type: ignore[arg-type]
    strangers = [
        asyncio.create_task(passwords.verify("x", "galt", address=f"203.0.113.{n // 3}"))
        for n in range(IN_LINE + 20)
    ]
    await asyncio.sleep(0.05)
    refused = sum(task.done() and isinstance(task.exception(), Busy) for task in strangers)
    hers = asyncio.create_task(passwords.verify("x", PASSWORD, address=STATION, known=True))
    await asyncio.sleep(0.05)
    slow.go_on.set()
    known = (await hers).ok
    await asyncio.gather(*strangers, return_exceptions=True)
    return refused, known


def test_a_flood_of_strangers_leaves_a_line_for_browsers_that_are_known() -> None:
    refused, known = asyncio.run(_flood())
    assert refused == 20
    assert known


async def _from_one() -> list[bool]:
    slow = Slow()
    passwords = Passwords(slow)  # type: ignore[arg-type]
    tasks = [
        asyncio.create_task(passwords.verify("x", "galt", address=ATTACKER)) for _ in range(10)
    ]
    await asyncio.sleep(0.05)
    other = asyncio.create_task(passwords.verify("x", "riktig", address=HOME))
    await asyncio.sleep(0.05)
    slow.go_on.set()
    await asyncio.gather(*tasks, other, return_exceptions=True)
    return [isinstance(task.exception(), Busy) for task in (*tasks, other)]


def test_one_address_does_not_fill_the_line_alone() -> None:
    busy = asyncio.run(_from_one())
    assert busy.count(True) == 10 - FROM_ONE_ADDRESS
    assert not busy[-1]
