"""Dagtilbud at the desk: the list, proposing, confirming, calling off, and who may do it."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape

import pytest

from bot.handoff.draft import Contact
from bot.store import outbox
from tests.desk.conftest import OWN_WORDS, DeskServer
from tests.desk.day_steps import (
    FIRST,
    LIBRARY,
    NOT_SENT,
    SECOND,
    TIMES,
    agreed,
    answers,
    by_itself,
    does,
    page,
    row,
    said,
    taken,
    wish,
    with_places,
)


@pytest.fixture
def desk(desk: DeskServer) -> DeskServer:
    """The desk with the real way out, and the centre's meeting places."""
    return with_places(desk)


def test_the_list_has_what_is_needed_to_meet_and_no_word_of_the_summary(desk: DeskServer) -> None:
    first = wish(desk)
    desk.clock.passes(hours=2)
    second = wish(desk, channel="web", contact=Contact())
    desk.handoff(desk.person(), how="be_called")
    text = unescape(desk.signed_in("Kari").get("/desk/day-service").text)
    assert "Venter på forslag" in text
    assert text.index(first) < text.index(second), "who has waited longest stands first"
    for word in ("har ventet 2 t", "Lyngdal", "helst formiddag", "somali", "Trygt å ringe 09–14"):
        assert word in text
    for rule in ("ALDRI telefonsvarer", "svarer andre: «feil nummer»", "Ikke noe nummer"):
        assert rule in text
    for secret in (OWN_WORDS, "bilnøklene", "psykisk vold", "+4700000001", "7 år"):
        assert secret not in text


def test_one_to_three_times_go_by_sms_and_say_nothing_of_what_it_is(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    assert "mandag til fredag 8–15" in page(kari, handoff_id)
    assert does(kari, handoff_id, "propose", place="library", **TIMES)[0] == 303
    heard = said(desk, handoff_id)
    assert FIRST in heard
    assert SECOND in heard
    for revealing in ("krisesenter", "rådgiver", "samtale", "116 006", LIBRARY, "somali", "vold"):
        assert revealing not in heard.casefold(), revealing
    shown = page(kari, handoff_id)
    assert f"{FIRST}</span>" in shown
    assert ("day_proposed", handoff_id) in desk.audit()
    with desk.db.begin() as tx:
        assert outbox.counts(tx) == {"waiting": 1}, "one text of at most two segments"


def test_on_the_web_place_and_language_stand_by_the_times(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk, channel="web")
    does(kari, handoff_id, "propose", place="library", tongue="somali, tolk", **TIMES)
    assert f"- {FIRST}, {LIBRARY}, somali, tolk" in said(desk, handoff_id)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "Velg minst én dato"),
        ({"day1": "2026-11-24"}, "mangler dato eller klokkeslett"),
        ({"day1": "i morgen", "clock1": "10:00"}, "mangler dato eller klokkeslett"),
        ({"day1": "2026-11-20", "clock1": "10:00"}, "som ikke er over"),
        ({"day1": "2027-11-20", "clock1": "10:00"}, "innen tre måneder"),
        (TIMES | {"day2": "2026-11-24", "clock2": "10:00"}, "To av tidene er like"),
        (TIMES | {"own_place": "Krisesenteret i Storgata"}, "Stedet sier hva dette gjelder"),
    ],
)
def test_a_proposal_that_cannot_stand_is_not_sent(
    fields: dict[str, str], why: str, desk: DeskServer
) -> None:
    handoff_id, kari = taken(desk)
    status, text = does(kari, handoff_id, "propose", **fields)
    assert status == 422
    assert why in text
    assert NOT_SENT in text
    assert row(desk, handoff_id).row.status == "open"


def test_a_time_outside_the_opening_hours_is_no_mistake(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    status, _ = does(kari, handoff_id, "propose", day1="2026-11-29", clock1="19:00")
    assert (status, "søndag 29. november kl. 19:00" in said(desk, handoff_id)) == (303, True)


def test_the_answer_is_seen_and_confirmed_with_the_place(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    does(kari, handoff_id, "propose", place="library", **TIMES)
    answers(desk, handoff_id, 2)
    assert "Svar å se på" in kari.get("/desk/day-service").text
    assert f"Bekreft {SECOND}" in page(kari, handoff_id)
    assert does(kari, handoff_id, "confirm")[0] == 303
    assert f"Avtalt: {SECOND}. Sted: {LIBRARY}." in said(desk, handoff_id)
    assert ("day_confirmed", handoff_id) in desk.audit()


@pytest.mark.parametrize(
    "fields",
    [
        {"place": "house"},
        {"place": "health"},
        {"place": "library", "hide_place": "yes"},
        {"own_place": "Storgata 12", "hide_place": "yes"},
        {},
    ],
)
def test_a_secret_or_unconfirmed_place_is_never_written(
    fields: dict[str, str], desk: DeskServer
) -> None:
    for channel in ("sms", "web"):
        handoff_id, kari = taken(desk, channel=channel)
        does(kari, handoff_id, "propose", **TIMES, **fields)
        answers(desk, handoff_id, 1)
        does(kari, handoff_id, "confirm")
        heard = said(desk, handoff_id)
        assert ("Du får vite hvor" if channel == "sms" else "rådgiver sier deg hvor") in heard
        for name in ("hemmelige", "helsestasjonen", LIBRARY, "Storgata"):
            assert name not in heard


def test_whoever_may_be_somebody_else_is_not_told_where(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    does(kari, handoff_id, "propose", place="library", **TIMES)
    answers(desk, handoff_id, 1, doubt=True)
    assert "det kan være en annen" in page(kari, handoff_id)
    does(kari, handoff_id, "confirm")
    assert LIBRARY not in said(desk, handoff_id)


@pytest.mark.parametrize("safe", ["", "no"])
def test_what_is_not_safe_is_kept_back_and_the_counsellor_sees_it(
    safe: str, desk: DeskServer
) -> None:
    handoff_id, kari = taken(desk, safe=safe)
    before = said(desk, handoff_id)
    assert does(kari, handoff_id, "propose", **TIMES)[0] == 303
    assert said(desk, handoff_id) == before
    assert "Ikke sendt ennå" in page(kari, handoff_id)


def test_a_text_waits_for_the_time_the_person_said_is_safe(desk: DeskServer) -> None:
    """In the night the counsellor proposes; the phone is silent until nine."""
    desk.clock.now = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
    handoff_id, kari = taken(desk)
    does(kari, handoff_id, "propose", **TIMES)
    assert FIRST not in said(desk, handoff_id)
    assert "Sendes når det er trygt" in page(kari, handoff_id)
    assert by_itself(desk) == 0
    desk.clock.passes(hours=6, minutes=1)
    assert by_itself(desk) == 1
    assert FIRST in said(desk, handoff_id)
    assert by_itself(desk) == 0
    assert "Ikke sendt ennå" not in page(kari, handoff_id)


def test_the_wish_lives_on_when_the_case_is_closed_and_any_on_shift_may_act(
    desk: DeskServer,
) -> None:
    handoff_id, kari = taken(desk)
    ola = desk.signed_in("Ola")
    assert does(ola, handoff_id, "confirm")[0] == 409
    does(kari, handoff_id, "propose", **TIMES)
    kari.post(f"/desk/case/{handoff_id}/close", outcome="appointment")
    answers(desk, handoff_id, 1)
    assert does(ola, handoff_id, "confirm")[0] == 303
    assert "Vis nummer" in page(ola, handoff_id)
    assert "+4700000001" in does(ola, handoff_id, "number")[1]
    assert ("number_shown", handoff_id) in desk.audit()


def test_a_case_nobody_has_taken_is_taken_first(desk: DeskServer) -> None:
    handoff_id = wish(desk)
    kari = desk.signed_in("Kari")
    status, text = does(kari, handoff_id, "propose", **TIMES)
    assert (status, "Ta saken først" in text) == (409, True)
    assert "Foreslå én til tre tider" not in text


@pytest.mark.parametrize(
    ("outcome", "waits"), [("not_wanted", False), ("appointment", False), ("talked", True)]
)
def test_a_wish_nobody_did_anything_about_stays_on_the_list(
    outcome: str, waits: bool, desk: DeskServer
) -> None:
    handoff_id, kari = taken(desk)
    kari.post(f"/desk/case/{handoff_id}/close", outcome=outcome)
    assert (row(desk, handoff_id).row.outcome is None) == waits
    assert ("Venter på forslag" in kari.get("/desk/day-service").text) == waits


def test_any_case_of_hers_can_get_a_time(desk: DeskServer) -> None:
    """Written to, and then agreed in the talk: only the confirmation is sent."""
    handoff_id, kari = taken(desk, how="write_now")
    assert "Foreslå en tid" in kari.get(f"/desk/case/{handoff_id}").text
    fields = {"day1": "2026-11-24", "clock1": "10:00", "do": "agree", "version": "0"}
    assert kari.post(f"/desk/day-service/{handoff_id}/propose", **fields).status_code == 303
    assert f"Avtalt: {FIRST}" in said(desk, handoff_id)
    assert row(desk, handoff_id).row.status == "confirmed"


def test_agreeing_is_about_one_time(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    status, text = does(kari, handoff_id, "propose", do="agree", **TIMES)
    assert (status, "den ene tiden" in text) == (422, True)


def test_a_new_proposal_gives_up_the_agreed_time_and_says_so(desk: DeskServer) -> None:
    handoff_id, kari = agreed(desk)
    assert "Foreslå en annen tid" in page(kari, handoff_id)
    does(kari, handoff_id, "propose", day1="2026-11-26", clock1="09:00")
    assert f"Tiden {FIRST} passer dessverre ikke likevel." in said(desk, handoff_id)
    assert row(desk, handoff_id).row.meets_at is None


def test_called_off_by_the_centre_the_person_is_told(desk: DeskServer) -> None:
    handoff_id, kari = agreed(desk)
    assert does(kari, handoff_id, "call-off")[0] == 303
    assert f"Tiden {FIRST} er dessverre avlyst." in said(desk, handoff_id)
    assert "Avlyst av oss" in kari.get("/desk/day-service").text
    assert ("day_called_off", handoff_id) in desk.audit()


def test_an_answer_that_is_no_time_is_ended_by_a_counsellor(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    does(kari, handoff_id, "propose", **TIMES)
    answers(desk, handoff_id, "no")
    assert "vil ikke lenger" in page(kari, handoff_id)
    assert does(kari, handoff_id, "confirm")[0] == 422
    assert does(kari, handoff_id, "end", outcome="noe annet")[0] == 422
    assert does(kari, handoff_id, "end", outcome="not_wanted")[0] == 303
    assert row(desk, handoff_id).row.outcome == "not_wanted"
    assert does(kari, handoff_id, "propose", **TIMES)[0] == 409
