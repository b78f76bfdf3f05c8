"""The desk while it is open in Chromium: what comes by itself, sound, a lost line, writing."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from bot.channels.messages import Reply
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.store import conversations, handoffs, messages
from tests.browser.conftest import NewContext, axe_violations
from tests.desk.conftest import Browser, DeskServer, desk, serve_desk
from tests.live import free_port
from tests.support import MovingClock

__all__ = ["desk"]

OFFLINE = "Mistet forbindelsen – ring-linjen gjelder"


def open_as(new_context: NewContext, server: DeskServer, who: Browser, path: str) -> Page:
    context = new_context(viewport={"width": 1366, "height": 768})
    token = who.http.cookies.get("desk_session")
    assert token
    context.add_cookies([{"name": "desk_session", "value": token, "url": f"{server.base}/desk"}])
    page = context.new_page()
    page.goto(server.base + path)
    expect(page.locator("#duty")).to_be_visible()
    return page


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
    hears(page, "second")
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
    desk.handoff()  # wakes the request that waits; its answer does not arrive
    expect(page.get_by_role("alert")).to_contain_text(OFFLINE, timeout=20_000)
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


# --- writing -------------------------------------------------------------------------------------


def open_case(
    new_context: NewContext, desk: DeskServer, channel: str = "sms"
) -> tuple[Page, str, str]:
    """(page, conversation id, handoff id) of a case that Kari has just taken."""
    person = desk.person(channel)
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    page = open_as(new_context, desk, kari, f"/desk/case/{handoff_id}")
    page.get_by_role("button", name="Ta saken").click()
    expect(page.get_by_role("heading", name="Samtalen siden du tok saken")).to_be_visible()
    return page, person, handoff_id


def test_a_conversation_goes_back_and_forth(desk: DeskServer, new_context: NewContext) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    desk.writes(person, "er det noen der?")
    expect(page.get_by_role("log")).to_contain_text("er det noen der?", timeout=3000)
    page.get_by_label("Skriv til personen på SMS").fill("Ja. Jeg heter Kari.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("log")).to_contain_text("Ja. Jeg heter Kari.")
    expect(page.locator("#text")).to_have_value("")
    expect(page.locator("#text")).to_be_focused()
    with desk.db.begin() as tx:
        assert [line.author for line in messages.after(tx, person, 0)] == ["person", "desk"]


def test_what_a_person_writes_while_she_types_does_not_disturb_her(
    desk: DeskServer, new_context: NewContext
) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill("Jeg skriver på noe len")
    desk.writes(person, "hallo?")
    expect(page.get_by_role("log")).to_contain_text("hallo?")
    page.keyboard.type("gre")
    expect(page.locator("#text")).to_have_value("Jeg skriver på noe lengre")


def test_code_in_a_message_is_only_words(desk: DeskServer, new_context: NewContext) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    attack = "<img src=x onerror='window.broken=1'><script>window.broken=1</script>"
    desk.writes(person, attack)
    expect(page.get_by_role("log")).to_contain_text(attack)
    assert page.evaluate("window.broken") is None
    assert page.locator("[role=log] img, [role=log] script").count() == 0


def test_a_message_that_does_not_get_through_stays_and_goes_out_once(
    desk: DeskServer, new_context: NewContext
) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill("Kommer denne fram?")
    # The service takes it, but the answer is lost on the way back.
    tries = itertools.count()

    def lose_the_first_answer(route):
        if next(tries) == 0:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/reply", lose_the_first_answer)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#reply-error")).to_contain_text("Prøv igjen")
    expect(page.locator("#text")).to_have_value("Kommer denne fram?")
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#text")).to_have_value("")
    with desk.db.begin() as tx:
        assert len(messages.after(tx, person, 0)) == 1


def test_a_warning_that_comes_meanwhile_stops_the_message_until_she_has_read_it(
    desk: DeskServer, new_context: NewContext
) -> None:
    page, person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill("Hei fra senteret")
    with desk.db.begin() as tx:
        conversation = conversations.get(tx, person)
        assert conversation
        conversation.state.neutral = True
        conversations.save(tx, conversation)
    desk.wake()
    expect(page.get_by_text("Noen andre kan lese dette.")).to_be_visible(timeout=4000)
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#reply-error")).to_contain_text("ikke sendt")
    page.get_by_label("Jeg har lest advarselen").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("#text")).to_have_value("")


def test_a_case_that_lapses_on_screen_is_said_to_be_gone(
    desk: DeskServer, clock: MovingClock, new_context: NewContext
) -> None:
    from bot.handoff import queue

    page, _person, _handoff_id = open_case(new_context, desk)
    clock.passes(seconds=600)
    with desk.db.begin() as tx:
        assert queue.lapse(tx)
    desk.wake()
    expect(page.get_by_text("Saken er tilbake i køen")).to_be_visible(timeout=4000)
    expect(page.get_by_role("button", name="Send")).to_be_disabled()


@pytest.mark.parametrize(
    "text",
    [
        "Hei",
        "a" * 160,
        "a" * 161,
        "æøå ÆØÅ é à § €",
        "[x] {y} ~ | \\ ^ €",
        "«Hei» – hun sa … ’ja’",
        "nøytral e\u0301 med løs aksent",
        "ą" * 70,
        "ą" * 71,
        "a" * 153 * 3,
        "Hei 👋 du",
        "linje\nskift",
    ],
)
def test_the_length_shown_is_the_length_that_is_paid(
    desk: DeskServer, new_context: NewContext, text: str
) -> None:
    page, _person, _handoff_id = open_case(new_context, desk)
    page.locator("#text").fill(text)
    shown = page.locator("#size").inner_text()
    sent = sms_texts(Reply(text, kind="desk"), "nb")
    paid = sum(count(part).segments for part in sent)
    parts = "1 SMS" if paid == 1 else f"{paid} SMS-er"
    assert f"{sum(count(part).units for part in sent)} tegn, {parts}." in shown


# --- keys ----------------------------------------------------------------------------------------


def test_the_documented_keys_work(desk: DeskServer, new_context: NewContext) -> None:
    page, _person, handoff_id = open_case(new_context, desk)
    page.keyboard.press("Alt+KeyS")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.press("Alt+KeyK")
    expect(page).to_have_url(re.compile(r"/desk/$"))
    waiting = desk.handoff()
    expect(page.locator(f"#case-{waiting}")).to_be_visible()
    page.keyboard.press("Alt+KeyN")
    expect(page.locator(f"#case-{waiting}")).to_be_focused()
    desk.alarm(desk.person())
    expect(page.get_by_role("heading", name="Fare akkurat nå")).to_be_visible()
    page.keyboard.press("Alt+KeyN")
    assert page.evaluate("document.activeElement.closest('.alarm') !== null")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sett av Kari")).to_be_visible()
    assert handoff_id in page.content()


def test_the_field_for_what_was_not_understood_comes_by_itself_and_keeps_what_is_in_it(
    desk: DeskServer, new_context: NewContext
) -> None:
    person = desk.person()
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    page = open_as(new_context, desk, kari, f"/desk/case/{handoff_id}")
    written = page.locator("#missed")
    expect(written).to_have_count(0)
    with desk.db.begin() as tx:
        found = conversations.get(tx, person)
        assert found
        found.state.missed_said = "yes"
        conversations.save(tx, found)
    desk.wake()
    expect(written).to_be_visible(timeout=5000)
    written.fill("Kan naboen på 41 23 45 67 spørre?")
    desk.writes(person, "er du der")
    expect(page.get_by_text("er du der")).to_be_visible(timeout=5000)
    expect(written).to_have_value("Kan naboen på 41 23 45 67 spørre?")
    page.get_by_role("button", name="Godkjenn og lagre").click()
    expect(page.get_by_text("er tatt ut")).to_be_visible()
    desk.writes(person, "hallo")
    expect(page.get_by_text("hallo")).to_be_visible(timeout=5000)
    expect(written).to_have_value("Kan naboen på [nummer fjernet] spørre?")
    page.get_by_role("button", name="Godkjenn og lagre").click()
    expect(page.get_by_text("er lagret med dine ord")).to_be_visible()
    expect(written).to_have_count(0)
