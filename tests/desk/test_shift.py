"""The shift: duty until when, pause, leaving with cases, notes; the lease that follows the line."""

from __future__ import annotations

import re
import socket
import time
from html import unescape

import pytest

from bot.desk.shift_pages import until_of
from bot.handoff import queue, shift
from bot.store import handoffs, shift_notes
from tests.desk.conftest import Browser, DeskServer

NOTE = "Nøkkelen til arkivet ligger i skuffen"


def board(browser: Browser) -> str:
    page = unescape(browser.get("/desk/").text)
    return " ".join(re.sub(r"<[^>]+>", "", page).split())


def asks_and_hangs_up(desk: DeskServer, browser: Browser, path: str) -> None:
    """A page that waits for news, and whose browser is closed."""
    mark = browser.get(path).json()["mark"]
    token = browser.http.cookies.get("desk_session")
    host, port = desk.base.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as line:
        line.sendall(
            f"GET {path} HTTP/1.1\r\nHost: {host}\r\nCookie: desk_session={token}\r\n"
            f"X-Mark: {mark}\r\n\r\n".encode()
        )
        time.sleep(0.5)
    time.sleep(0.5)


def lease_of(desk: DeskServer, handoff_id: str) -> float:
    with desk.db.begin() as tx:
        row = handoffs.get(tx, handoff_id)
        assert row
        assert row.lease_until
        return (row.lease_until - tx.now).total_seconds()


def taken(desk: DeskServer, kari: Browser) -> str:
    handoff_id = desk.handoff()
    kari.post(f"/desk/case/{handoff_id}/take")
    return handoff_id


# --- the lease follows the line ------------------------------------------------------------------


def test_a_closed_page_gives_the_person_back_within_seconds(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    handoff_id = taken(desk, kari)
    asks_and_hangs_up(desk, kari, f"/desk/live/case/{handoff_id}")
    assert lease_of(desk, handoff_id) == 20
    desk.clock.passes(seconds=19)
    with desk.db.begin() as tx:
        assert queue.lapse(tx) == []
    desk.clock.passes(seconds=1)
    with desk.db.begin() as tx:
        assert [case.id for case in queue.lapse(tx)] == [handoff_id]


def test_a_reload_or_another_page_of_the_desk_keeps_it(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    handoff_id = taken(desk, kari)
    asks_and_hangs_up(desk, kari, f"/desk/live/case/{handoff_id}")
    desk.clock.passes(seconds=10)
    kari.get("/desk/live")
    assert lease_of(desk, handoff_id) == 120
    desk.clock.passes(seconds=100)
    with desk.db.begin() as tx:
        assert queue.lapse(tx) == []


def test_all_her_cases_are_kept_by_one_open_page(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    first, second = taken(desk, kari), taken(desk, kari)
    for _ in range(4):
        desk.clock.passes(seconds=100)
        kari.get(f"/desk/live/case/{second}")
    with desk.db.begin() as tx:
        assert queue.lapse(tx) == []
    assert lease_of(desk, first) == 120


def test_a_restart_of_the_service_takes_nobodys_counsellor(desk: DeskServer) -> None:
    handoff_id = taken(desk, desk.signed_in("Kari"))
    desk.clock.passes(minutes=5)
    with desk.db.begin() as tx:
        assert shift.after_restart(tx) == 1
        assert queue.lapse(tx) == []
    desk.clock.passes(seconds=45)
    with desk.db.begin() as tx:
        assert [case.id for case in queue.lapse(tx)] == [handoff_id]


def test_the_queue_says_which_case_of_hers_waits_for_an_answer(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    assert "Ny melding" not in board(kari)
    desk.clock.passes(seconds=5)
    desk.writes(person, "er du der")
    assert "Ny melding fra personen" in board(kari)
    assert len(kari.get("/desk/live").json()["heard"]) == 1
    desk.clock.passes(seconds=5)
    kari.post(f"/desk/case/{handoff_id}/reply", text="Ja")
    assert "Ny melding" not in board(kari)


# --- on duty, pause, leaving ---------------------------------------------------------------------


def test_on_duty_until_a_time_is_seen_by_all(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post("/desk/duty", seen_on="/desk/shift", on="yes", until="07:00")
    assert "På vakt nå: Kari til 07:00" in board(ola)
    assert "På vakt til kl. 07:00" in board(kari)


def test_whoever_has_a_pause_is_seen_and_not_counted(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post("/desk/duty", on="yes", until="07:00")
    with desk.db.begin() as tx:
        assert queue.someone_on_duty(tx)
    kari.post("/desk/duty", on="pause")
    assert "Kari (pause)" in board(ola)
    kari.get("/desk/live")
    with desk.db.begin() as tx:
        assert not queue.someone_on_duty(tx)
    kari.post("/desk/duty", on="resume")
    with desk.db.begin() as tx:
        assert queue.someone_on_duty(tx)
    actions = [action for action, _ in desk.audit()]
    assert actions[-3:] == ["duty_on", "pause_on", "pause_off"]


def test_half_an_hour_after_the_end_an_open_page_proves_nothing(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    kari.post("/desk/duty", on="yes", until="21:30")
    desk.clock.passes(minutes=17)
    assert "Vakten din var til kl. 21:30" in board(kari)
    kari.get("/desk/live")
    with desk.db.begin() as tx:
        assert queue.someone_on_duty(tx)
    desk.clock.passes(minutes=30)
    kari.get("/desk/live")
    with desk.db.begin() as tx:
        assert not queue.someone_on_duty(tx)
    kari.post("/desk/duty", on="yes", until="23:30")
    with desk.db.begin() as tx:
        assert queue.someone_on_duty(tx)


def test_a_line_that_ended_stops_counting_as_present(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    kari.post("/desk/duty", on="yes", until="07:00")
    asks_and_hangs_up(desk, kari, "/desk/live")
    desk.clock.passes(seconds=21)
    with desk.db.begin() as tx:
        assert not queue.someone_on_duty(tx)
    assert "siden er ikke åpen" in board(desk.signed_in("Ola"))


@pytest.mark.parametrize(
    ("address", "gone"), [("/desk/duty", "/desk/shift"), ("/desk/sign-out", "/desk/sign-in")]
)
def test_who_leaves_with_a_case_in_hand_is_asked_and_it_goes_back_to_the_queue(
    desk: DeskServer, address: str, gone: str
) -> None:
    person = desk.person()
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    kari.post("/desk/duty", on="yes")
    kari.post(f"/desk/case/{handoff_id}/take")
    asked = kari.post(address, on="no")
    assert asked.status_code == 409
    assert "Hvem tar dem?" in asked.text
    assert f'action="{address}"' in asked.text
    with desk.db.begin() as tx:
        assert handoffs.get(tx, handoff_id).status == "taken"  # type: ignore[union-attr]
        assert queue.someone_on_duty(tx)
    answer = kari.post(address, on="no", cases="give_back")
    assert answer.headers["location"] == gone
    with desk.db.begin() as tx:
        assert handoffs.get(tx, handoff_id).status == "waiting"  # type: ignore[union-attr]
        assert not queue.someone_on_duty(tx)
    told = desk.services.outbound.unprompted_sentences
    assert told[-1] == (person, "counsellor_away")


def test_without_cases_nothing_is_asked(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    kari.post("/desk/duty", on="yes")
    assert kari.post("/desk/duty", on="no").status_code == 303
    assert kari.post("/desk/sign-out").headers["location"] == "/desk/sign-in"


@pytest.mark.parametrize(
    ("text", "hours"), [("07:00", 9.77), ("7.00", 9.77), ("2130", 0.27), ("", 8.0), ("sju", None)]
)
def test_the_end_of_a_shift_is_the_next_time_the_clock_shows_it(
    desk: DeskServer, text: str, hours: float | None
) -> None:
    until = until_of(text, desk.clock.now)
    ahead = None if until is None else (until - desk.clock.now).total_seconds() / 3600
    assert ahead == (None if hours is None else pytest.approx(hours, abs=0.01))


# --- notes and shifts to come --------------------------------------------------------------------


def test_a_note_goes_from_shift_to_shift_sealed_and_is_gone_after_a_week(desk: DeskServer) -> None:
    desk.signed_in("Kari").post("/desk/shift/note", note=NOTE)
    page = desk.signed_in("Ola").get("/desk/shift").text
    assert NOTE in page
    assert "22.11.2026 kl. 21:14, Kari" in page
    with desk.db.engine.connect() as connection:
        raw = connection.exec_driver_sql("select text_sealed from shift_notes").scalar_one()
    assert b"arkivet" not in raw
    desk.clock.passes(days=6, hours=23)
    with desk.db.begin() as tx:
        assert shift_notes.sweep(tx) == 0
    desk.clock.passes(hours=2)
    with desk.db.begin() as tx:
        assert shift_notes.sweep(tx) == 1
    assert NOTE not in desk.signed_in("Ola").get("/desk/shift").text


def test_a_note_can_be_taken_away_and_the_log_says_who(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post("/desk/shift/note", note=NOTE)
    address = re.search(r'action="(/desk/shift/note/[^"]+/remove)"', ola.get("/desk/shift").text)
    assert address
    ola.post(address[1])
    assert NOTE not in kari.get("/desk/shift").text
    assert [action for action, _ in desk.audit()] == ["shift_noted", "shift_note_removed"]
    assert kari.post("/desk/shift/note", note="  ").status_code == 422


def test_a_shift_to_come_is_set_up_and_taken_off_the_board(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    kari.post("/desk/shift/plan", day="2026-11-23", starts="07:00", until="15:00")
    page = kari.get("/desk/shift").text
    assert "23.11.2026 kl. 07:00–15:00" in page
    with desk.db.begin() as tx:
        [planned] = shift_notes.to_come(tx)
    kari.post(f"/desk/shift/plan/{planned.id}/remove")
    assert "07:00–15:00" not in kari.get("/desk/shift").text


@pytest.mark.parametrize(
    ("day", "starts", "until"),
    [("2026-11-23", "sju", "15:00"), ("i morgen", "07:00", "15:00"), ("2027-11-23", "07", "15")],
)
def test_a_shift_without_a_time_is_refused_in_words(
    desk: DeskServer, day: str, starts: str, until: str
) -> None:
    answer = desk.signed_in("Kari").post("/desk/shift/plan", day=day, starts=starts, until=until)
    assert answer.status_code == 422
    assert "Velg dag" in answer.text


# --- what the queue says of the second level -----------------------------------------------------


def test_who_has_waited_too_long_is_marked_and_every_page_says_it(desk: DeskServer) -> None:
    handoff_id = desk.handoff(urgency="soon", reasons=("danger:strangled", "child"))
    kari = desk.signed_in("Kari")
    assert "Bør få svar så snart noen kan: Kvelertak · barn eller ung" in board(kari)
    assert kari.get("/desk/live").json()["second"] == []
    with desk.db.begin() as tx:
        handoffs.change(tx, handoff_id, {}, second_at=tx.now)
    assert "Har ventet for lenge. Alle på vakt ble varslet kl. 21:14" in board(kari)
    news = kari.get("/desk/live").json()
    assert news["second"] == [handoff_id]
    assert "1 har ventet for lenge" in kari.get("/desk/shift").text
    desk.signed_in("Ola").post(f"/desk/case/{handoff_id}/take")
    assert kari.get("/desk/live").json()["second"] == []


def test_a_case_says_why_it_is_urgent_before_and_after_it_is_taken(desk: DeskServer) -> None:
    told = ("asked", "afraid_now", "risks")
    handoff_id = desk.handoff(urgency="soon", how="be_called", reasons=told)
    kari = desk.signed_in("Kari")
    why = "ba om et menneske, redd for noe farlig i dag, har fortalt om fare før"
    assert why in kari.get(f"/desk/case/{handoff_id}").text
    kari.post(f"/desk/case/{handoff_id}/take")
    assert why in kari.get(f"/desk/case/{handoff_id}").text
