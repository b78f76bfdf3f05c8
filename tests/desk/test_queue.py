"""The queue: what stands on top, alarms, being on duty, codes, and the open page's connection."""

from __future__ import annotations

import re
import threading
import time
from html import unescape

from bot.handoff import queue
from bot.store import conversations
from tests.desk.conftest import OWN_WORDS, Browser, DeskServer


def board(browser: Browser) -> str:
    return unescape(browser.get("/desk/").text)


def live(browser: Browser, mark: str = "") -> dict:
    return browser.get("/desk/live", headers={"X-Mark": mark}).json()


def test_alarms_stand_on_top_then_the_urgent_then_who_has_waited_longest(desk: DeskServer) -> None:
    names = {}
    for name, urgency in (("a", "when_possible"), ("b", "soon"), ("c", "now"), ("d", "soon")):
        names[name] = desk.handoff(urgency=urgency)
        desk.clock.passes(minutes=5)
    alarm = desk.alarm(desk.person())
    page = board(desk.signed_in("Kari"))
    order = [page.index(names[name]) for name in "cbda"]
    assert order == sorted(order)
    assert page.index(alarm) < order[0]
    assert "venter 20 min" in page


def test_the_queue_shows_no_words_and_no_number(desk: DeskServer) -> None:
    desk.handoff()
    page = board(desk.signed_in("Kari"))
    assert OWN_WORDS not in page
    assert "00000001" not in page
    assert "Lyngdal" not in page


def test_an_alarm_shows_its_danger_time_channel_and_words(desk: DeskServer) -> None:
    desk.alarm(desk.person(), "weapon_or_kill_threat", "now")
    page = board(desk.signed_in("Kari"))
    for words in ("Våpen eller drapstrusler", "kl. 21:14", "nett", "<q>han står utenfor</q>"):
        assert words in page
    assert "personen har ikke sagt ja til å dele mer" in page


def test_an_alarm_that_the_person_says_is_not_now_says_so_and_still_sounds(
    desk: DeskServer,
) -> None:
    person = desk.person()
    desk.alarm(person)
    kari = desk.signed_in("Kari")
    assert "ikke nå" not in board(kari)
    desk.clock.passes(minutes=2)
    with desk.db.begin() as tx:
        queue.say_not_now(tx, person)
    desk.wake()
    page = board(kari)
    assert "Personen sier: ikke nå</strong>, kl. 21:16" in page
    assert "Sett<span" in page  # it still waits to be seen


def test_an_alarm_that_led_to_a_case_opens_the_case(desk: DeskServer) -> None:
    person = desk.person()
    desk.alarm(person)
    handoff_id = desk.handoff(person)
    page = board(desk.signed_in("Kari"))
    assert page.count(f'href="/desk/case/{handoff_id}"') == 2


def test_an_erased_alarm_stays_and_says_that_its_words_were_erased(desk: DeskServer) -> None:
    person = desk.person()
    desk.alarm(person)
    with desk.db.begin() as tx:
        queue.on_erase(tx, person)
        conversations.erase(tx, person)
    page = board(desk.signed_in("Kari"))
    assert "slettet av personen, eller av noen med telefonen, kl. 21:14" in page
    assert "han står utenfor" not in page


def test_seen_stops_the_sound_for_everyone_and_closed_takes_it_away(desk: DeskServer) -> None:
    alarm = desk.alarm(desk.person())
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    assert live(ola)["unseen"] == [alarm]
    kari.post(f"/desk/alarm/{alarm}/see")
    assert live(ola)["unseen"] == []
    assert "Sett av Kari" in board(ola)
    ola.post(f"/desk/alarm/{alarm}/close")
    assert "Ingen alarmer" in board(kari)
    assert {("alarm_seen", alarm), ("alarm_closed", alarm)} <= set(desk.audit())


def test_seeing_twice_is_logged_once(desk: DeskServer) -> None:
    alarm = desk.alarm(desk.person())
    kari = desk.signed_in("Kari")
    for _ in range(2):
        assert kari.post(f"/desk/alarm/{alarm}/see").status_code == 303
    assert desk.audit().count(("alarm_seen", alarm)) == 1


def test_the_title_counts_unseen_alarms_and_those_who_cannot_wait(desk: DeskServer) -> None:
    desk.handoff(urgency="now")
    desk.handoff(urgency="soon")
    alarm = desk.alarm(desk.person())
    kari = desk.signed_in("Kari")
    assert live(kari)["urgent"] == 2
    kari.post(f"/desk/alarm/{alarm}/see")
    assert live(kari)["urgent"] == 1


def test_a_taken_case_moves_from_the_queue_to_whoever_has_it(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post(f"/desk/case/{handoff_id}/take")
    assert re.search(r"Mine saker.*Fortsett", board(kari), re.DOTALL)
    assert re.search(r"Hos kolleger.*: Kari, siden kl. 21:14", board(ola), re.DOTALL)
    assert "Ingen venter nå" in board(ola)


def test_who_is_on_duty_is_seen_by_all(desk: DeskServer) -> None:
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    assert "Ingen er på vakt" in board(ola)
    kari.post("/desk/duty", on="yes")
    assert re.search(r"På vakt nå: <span[^>]*>Kari til 05:14</span>", board(ola))
    desk.clock.passes(seconds=1)
    kari.post("/desk/duty", on="no")
    assert "Ingen er på vakt" in board(ola)
    assert [action for action, _ in desk.audit()] == ["duty_on", "duty_off"]


# --- codes ---------------------------------------------------------------------------------------


def test_six_digits_read_out_on_the_phone_open_the_case(desk: DeskServer) -> None:
    handoff_id, code = desk.handoff(how="call_self", give_code=True)
    kari = desk.signed_in("Kari")
    answer = kari.post("/desk/code", code=f"{code[:3]} {code[3:]}")
    assert answer.headers["location"] == f"/desk/case/{handoff_id}"
    assert ("code_used", handoff_id) in desk.audit()


def test_a_code_of_a_closed_case_opens_nothing(desk: DeskServer) -> None:
    handoff_id, code = desk.handoff(how="call_self", give_code=True)
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    kari.post(f"/desk/case/{handoff_id}/close", outcome="talked")
    assert "Fant ingen åpen sak" in kari.post("/desk/code", code=code).text


def test_guessing_codes_gets_nowhere(desk: DeskServer) -> None:
    _handoff_id, code = desk.handoff(how="call_self", give_code=True)
    kari = desk.signed_in("Kari")
    for guess in range(8):
        assert "Fant ingen" in kari.post("/desk/code", code=f"00000{guess}").text
    assert "mange feil koder" in kari.post("/desk/code", code=code).text
    desk.clock.passes(minutes=10, seconds=1)
    assert kari.post("/desk/code", code=code).status_code == 303
    assert desk.audit().count(("code_wrong", None)) == 8


# --- the open page's connection ------------------------------------------------------------------


def test_the_page_is_told_at_once_when_something_comes(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    mark = live(kari)["mark"]
    came: list[float] = []
    began = time.monotonic()

    def ask() -> None:
        answer = live(kari, mark)
        came.append(time.monotonic() - began)
        assert len(answer["waiting"]) == 1

    waiting = threading.Thread(target=ask)
    waiting.start()
    time.sleep(0.5)
    desk.handoff()
    waiting.join(15)
    assert came
    assert 0.4 < came[0] < 2.5


def test_an_answer_waits_while_nothing_changes(desk: DeskServer) -> None:
    from bot.desk import live as connection

    kari = desk.signed_in("Kari")
    mark = live(kari)["mark"]
    began = time.monotonic()
    connection.HOLD, before = 1.0, connection.HOLD
    try:
        assert live(kari, mark)["mark"] == mark
    finally:
        connection.HOLD = before
    assert time.monotonic() - began >= 1


def test_the_pieces_sent_later_are_the_pieces_of_the_first_page(desk: DeskServer) -> None:
    desk.handoff()
    desk.alarm(desk.person())
    kari = desk.signed_in("Kari")
    assert live(kari)["parts"]["board"].strip() in kari.get("/desk/").text


def test_the_open_case_page_keeps_the_case_and_a_closed_laptop_gives_it_back(
    desk: DeskServer,
) -> None:
    handoff_id = desk.handoff()
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    for _ in range(5):
        desk.clock.passes(seconds=100)
        kari.get(f"/desk/live/case/{handoff_id}")
        with desk.db.begin() as tx:
            assert queue.lapse(tx) == []
    desk.clock.passes(seconds=121)
    with desk.db.begin() as tx:
        assert [case.id for case in queue.lapse(tx)] == [handoff_id]
    assert "Tilbake i køen kl. 21:24" in board(kari)
    assert kari.get(f"/desk/live/case/{handoff_id}").json()["phase"] == "waiting"


def test_a_colleague_looking_at_the_page_does_not_keep_the_case(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    desk.signed_in("Kari").post(f"/desk/case/{handoff_id}/take")
    ola = desk.signed_in("Ola")
    for _ in range(2):
        desk.clock.passes(seconds=61)
        ola.get(f"/desk/live/case/{handoff_id}")
    with desk.db.begin() as tx:
        assert len(queue.lapse(tx)) == 1


def test_a_case_page_hears_of_alarms_too(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari = desk.signed_in("Kari")
    desk.alarm(desk.person())
    news = kari.get(f"/desk/live/case/{handoff_id}").json()
    assert news["urgent"] == 1
    assert "1 alarm som ingen har sett" in news["parts"]["bar"]


def test_when_the_database_is_away_the_desk_says_that_the_phone_line_counts(
    desk: DeskServer, monkeypatch
) -> None:
    from bot.store.database import StoreAway

    kari = desk.signed_in("Kari")

    async def away(*_args, **_kwargs):
        raise StoreAway("OperationalError")

    monkeypatch.setattr(desk.db, "run", away)
    page = kari.get("/desk/")
    assert page.status_code == 503
    assert "Ring-linjen gjelder" in page.text
    assert page.headers["cache-control"] == "no-store"
    answer = kari.get("/desk/live", headers={"Accept": "application/json"})
    assert answer.status_code == 503
    monkeypatch.undo()
    assert kari.get("/desk/").status_code == 200
