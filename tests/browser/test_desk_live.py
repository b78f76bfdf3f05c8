"""The desk while it is open in Chromium: what comes by itself, sound, a lost line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.store import handoffs
from tests.browser.at_desk import open_as
from tests.browser.conftest import NewContext, axe_violations
from tests.desk.conftest import DeskServer, desk, serve_desk
from tests.live import free_port
from tests.support import MovingClock

__all__ = ["desk"]

OFFLINE = "Mistet forbindelsen – ring-linjen gjelder"


def sounded(page: Page) -> str:
    """Which sound was made last, and when."""
    return str(page.evaluate("document.body.dataset.sounded || ''"))


def hears(page: Page, kind: str, timeout: float = 5000) -> None:
    """Wait for a sound of this kind."""
    sound = re.compile(f"^{kind} ")
    expect(page.locator("body")).to_have_attribute("data-sounded", sound, timeout=timeout)


def test_an_alarm_appears_by_itself_with_title_and_words(
    desk: DeskServer, new_context: NewContext
) -> None:
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    expect(page).to_have_title("Kø – Vakt")
    desk.alarm(desk.person())
    expect(page.get_by_role("heading", name="Fare akkurat nå")).to_be_visible(timeout=3000)
    expect(page).to_have_title("(1) Hastesak – Vakt")
    expect(page.locator("#announce")).to_have_text("Ny alarm.")


def test_sound_is_off_until_one_click_and_the_page_says_so(
    desk: DeskServer, new_context: NewContext
) -> None:
    desk.alarm(desk.person())
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    button = page.locator("#sound")
    expect(button).to_have_text("Lyd av. Slå på lyd")
    assert sounded(page) == ""
    button.click()
    expect(button).to_have_text("Lyd på. Slå av")
    assert sounded(page).startswith("test")
    hears(page, "alarm", 15_000)
    button.click()
    expect(button).to_have_text("Lyd av. Slå på lyd")


def test_an_alarm_sounds_until_somebody_has_seen_it(
    desk: DeskServer, new_context: NewContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.desk.live.HOLD", 1.0)
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    page.locator("#sound").click()
    alarm = desk.alarm(desk.person())
    hears(page, "alarm")
    first = sounded(page)
    expect(page.locator("body")).not_to_have_attribute("data-sounded", first)
    assert sounded(page).startswith("alarm")
    page.locator(f"#see-{alarm}").click()
    expect(page.get_by_text("Sett av Kari")).to_be_visible()
    page.wait_for_timeout(300)
    quiet = sounded(page)
    page.wait_for_timeout(2500)
    assert sounded(page) == quiet


def test_a_new_case_sounds_once_and_softly(desk: DeskServer, new_context: NewContext) -> None:
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    page.locator("#sound").click()
    desk.handoff()
    hears(page, "waiting")
    expect(page).to_have_title("(1) Venter – Vakt")


def test_buttons_of_the_queue_work_without_a_new_page_and_keep_the_focus(
    desk: DeskServer, new_context: NewContext
) -> None:
    first, second = desk.alarm(desk.person()), desk.alarm(desk.person(), "strangled")
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    page.evaluate("window.same = true")
    page.locator(f"#see-{second}").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sett av Kari")).to_be_visible()
    assert page.evaluate("window.same") is True
    assert page.evaluate("document.activeElement !== document.body")
    page.locator(f"#see-{first}").focus()
    desk.handoff()
    expect(page.get_by_text("venter under 1 min")).to_be_visible()
    expect(page.locator(f"#see-{first}")).to_be_focused()


def test_a_shift_begins_with_a_sound_test_and_colleagues_see_it(
    desk: DeskServer, new_context: NewContext
) -> None:
    kari = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    ola = open_as(new_context, desk, desk.signed_in("Ola"), "/desk/")
    expect(ola.get_by_text("Ingen er på vakt")).to_be_visible()
    kari.get_by_role("link", name="Start vakt").click()
    kari.get_by_role("button", name="Spill alarm").click()
    expect(kari.get_by_text("Lyden virker.")).to_be_visible()
    hears(kari, "alarm")
    kari.get_by_role("button", name="Spill «har ventet for lenge»").click()
    hears(kari, "second")
    assert axe_violations(kari) == []
    kari.get_by_label("Vakten varer til kl.").fill("07:00")
    kari.get_by_role("button", name="Jeg er på vakt").click()
    expect(kari.locator("#duty")).to_have_text("På vakt til kl. 07:00")
    expect(ola.get_by_text("På vakt nå: Kari til 07:00")).to_be_visible()


def test_a_desk_on_duty_without_sound_says_so_in_red_and_one_press_mends_it(
    desk: DeskServer, new_context: NewContext
) -> None:
    who = desk.signed_in("Kari")
    page = open_as(new_context, desk, who, "/desk/")
    deaf = page.locator("#deaf")
    expect(deaf).to_be_hidden()
    who.post("/desk/duty", on="yes", until="07:00")
    desk.wake()
    expect(deaf).to_contain_text("Denne skjermen lager ingen lyd", timeout=5000)
    deaf.get_by_role("button", name="Slå på lyd").click()
    expect(deaf).to_be_hidden()


def test_who_has_waited_too_long_sounds_differently_until_taken(
    desk: DeskServer, new_context: NewContext
) -> None:
    handoff_id = desk.handoff(urgency="now")
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    page.locator("#sound").click()
    with desk.db.begin() as tx:
        handoffs.change(tx, handoff_id, {}, second_at=tx.now)
    desk.wake()
    hears(page, "second", 15_000)
    expect(page).to_have_title("(1) Har ventet for lenge – Vakt")
    expect(page.get_by_text("1 har ventet for lenge")).to_be_visible()
    expect(page.locator("#announce")).to_have_text("Noen har ventet for lenge.")
    desk.signed_in("Ola").post(f"/desk/case/{handoff_id}/take")
    expect(page).to_have_title("Kø – Vakt")


def test_a_lost_line_is_said_loudly_and_gone_when_it_is_back(
    desk: DeskServer, new_context: NewContext
) -> None:
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    page.context.set_offline(True)
    # Only the next question fails: the one that waits may still get its answer.
    expect(page.get_by_role("alert")).to_contain_text(OFFLINE, timeout=30_000)
    desk.handoff()
    page.context.set_offline(False)
    expect(page.get_by_text(OFFLINE)).to_be_hidden(timeout=10_000)
    expect(page.get_by_text("venter under 1 min")).to_be_visible()
    meanwhile = page.locator("#meanwhile")
    expect(meanwhile).to_contain_text("Mens forbindelsen var borte")
    expect(meanwhile).to_contain_text("nye i køen: 1")
    meanwhile.get_by_role("button", name="Greit").click()
    expect(meanwhile).to_be_hidden()


def test_the_desk_survives_a_restart_of_the_service(
    tmp_path: Path, clock: MovingClock, new_context: NewContext
) -> None:
    port = free_port()
    first = serve_desk(tmp_path, clock, port)
    before = next(first)
    page = open_as(new_context, before, before.signed_in("Kari"), "/desk/")
    first.close()
    expect(page.get_by_role("alert")).to_contain_text(OFFLINE, timeout=30_000)
    second = serve_desk(tmp_path, clock, port)
    after = next(second)
    after.alarm(after.person())
    expect(page.get_by_text(OFFLINE)).to_be_hidden(timeout=15_000)
    expect(page.get_by_role("heading", name="Fare akkurat nå")).to_be_visible()
    second.close()


def test_a_signed_out_page_says_that_alarms_are_not_heard(
    desk: DeskServer, clock: MovingClock, new_context: NewContext
) -> None:
    page = open_as(new_context, desk, desk.signed_in("Kari"), "/desk/")
    clock.passes(hours=2)
    desk.wake()
    expect(page.get_by_role("alert")).to_contain_text("Du er logget ut", timeout=15_000)
    expect(page).to_have_title("Logget ut – Kø – Vakt")
    page.get_by_role("link", name="Logg inn igjen").click()
    expect(page.get_by_role("heading", name="Logg inn")).to_be_visible()
