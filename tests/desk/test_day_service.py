"""Dagtilbud at the desk: the list, proposing, confirming, calling off, and who may do it."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest

from bot.centre import DayService, MeetingPlace
from bot.channels.outbound import Outbound
from bot.day_service import answering, due, wishes
from bot.handoff import queue
from bot.handoff.draft import Contact, Wishes
from bot.store import conversations, messages, models, outbox
from tests.desk.conftest import OWN_WORDS, Browser, Clock, DeskServer

LIBRARY = "biblioteket i Fjellbygd"
TIMES = {"day1": "2026-11-24", "clock1": "10:00", "day2": "2026-11-25", "clock2": "13:30"}
FIRST, SECOND = "tirsdag 24. november kl. 10:00", "onsdag 25. november kl. 13:30"
NOT_SENT = "Ingenting ble sendt"


def place(place_id: str, name: str, **values: Any) -> MeetingPlace:
    known = {"source": "test", "date": date(2026, 11, 1), "confirmed_by": "En leder"}
    return MeetingPlace(id=place_id, name={"nb": name}, **(known | values))


@pytest.fixture
def desk(desk: DeskServer) -> DeskServer:
    """The desk with the real way out, and the centre's meeting places."""
    desk.clock.now = datetime(2026, 11, 23, 9, 14, tzinfo=UTC)  # a quarter past ten in Norway
    services: SimpleNamespace = desk.services
    services.outbound = Outbound(desk.db, services.events, services.content)
    services.centre.day_service = DayService(
        hours={"nb": "mandag til fredag 8–15"},
        places=[
            place("library", LIBRARY),
            place("house", "det hemmelige huset", secret=True),
            place("health", "helsestasjonen", confirmed_by=None),
        ],
    )
    return desk


def wish(desk: DeskServer, channel: str = "sms", safe: str = "yes", **changes: Any) -> str:
    """A case with a wish for a first talk; returns its id."""
    person = desk.person(channel, safe)
    values = {"how": "first_talk", "wishes": Wishes("helst formiddag", "Lyngdal", "somali")}
    return desk.handoff(person, **(values | changes))


def taken(desk: DeskServer, **changes: Any) -> tuple[str, Browser]:
    handoff_id = wish(desk, **changes)
    kari = desk.signed_in("Kari")
    kari.post(f"/desk/case/{handoff_id}/take")
    return handoff_id, kari


def page(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/day-service/{handoff_id}").text)


def does(browser: Browser, handoff_id: str, what: str, **fields: str) -> tuple[int, str]:
    """Press a button on the page of the wish as it is now."""
    found = re.search(r'name="version" value="(\d+)"', page(browser, handoff_id))
    values = {"version": found.group(1) if found else "0"} | fields
    answer = browser.post(f"/desk/day-service/{handoff_id}/{what}", **values)
    return answer.status_code, unescape(answer.text)


def said(desk: DeskServer, handoff_id: str) -> str:
    """Everything the service has said to the person."""
    with desk.db.begin() as tx:
        conversation = conversations.of_handoff(tx, handoff_id)
        assert conversation
        heard = [one for one in messages.after(tx, conversation.id, 0) if one.author != "person"]
        return "\n".join(
            "\n".join([one.reply.text, *(button.title for button in one.reply.buttons)])
            for one in heard
        )


def answers(desk: DeskServer, handoff_id: str, answer: int | str, doubt: bool = False) -> None:
    with desk.db.begin() as tx:
        found = wishes.of_case(tx, handoff_id)
        assert found
        if isinstance(answer, int):
            assert answering.choose(tx, found, answer, in_doubt=doubt)
        else:
            assert answering.refuse(tx, found, answer, in_doubt=doubt)


def row(desk: DeskServer, handoff_id: str) -> wishes.Wish:
    with desk.db.begin() as tx:
        found = wishes.of_case(tx, handoff_id)
        assert found
        return found


def by_itself(desk: DeskServer) -> int:
    """Everything that comes without anyone writing; how many persons were told something."""
    with desk.db.begin() as tx:
        due_now = due.due(tx)
    told = 0
    for _conversation, handoff_id in due_now:
        with desk.db.begin() as tx:
            services = desk.services
            told += bool(due.carry_out(tx, services.outbound, services.content, handoff_id))
    return told


def agreed(desk: DeskServer, **changes: Any) -> tuple[str, Browser]:
    """A wish whose first time was chosen and confirmed, at the library."""
    handoff_id, kari = taken(desk, **changes)
    assert does(kari, handoff_id, "propose", place="library", **TIMES)[0] == 303
    answers(desk, handoff_id, 1)
    assert does(kari, handoff_id, "confirm")[0] == 303
    return handoff_id, kari


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


def both_at_once(desk: DeskServer, handoff_id: str, browsers: tuple[Browser, Browser]) -> list[int]:
    """One confirms and the other proposes anew, both on what they saw before."""
    version = str(row(desk, handoff_id).row.version)
    tokens = [browser.csrf() for browser in browsers]
    start = threading.Barrier(2)

    def act(n: int) -> int:
        start.wait()
        path = f"/desk/day-service/{handoff_id}/" + ("confirm", "propose")[n]
        fields = {"csrf": tokens[n], "version": version, **TIMES}
        return browsers[n].http.post(path, data=fields).status_code

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(act, range(2)))


def test_of_two_who_confirm_or_propose_at_once_exactly_one_wins(desk: DeskServer) -> None:
    for _ in range(4):
        handoff_id, kari = taken(desk)
        does(kari, handoff_id, "propose", **TIMES)
        kari.post(f"/desk/case/{handoff_id}/close", outcome="appointment")
        answers(desk, handoff_id, 1)
        browsers = (kari, desk.signed_in("Ola"))
        assert sorted(both_at_once(desk, handoff_id, browsers)) == [303, 409]
        wanted = ("day_confirmed", "day_proposed")
        acted = [action for action, of in desk.audit() if of == handoff_id and action in wanted]
        assert len(acted) == 2, "the first proposal, and one of the two"


def test_what_changed_meanwhile_is_not_acted_on(desk: DeskServer) -> None:
    """The person answers while she fills in new times."""
    handoff_id, kari = taken(desk)
    does(kari, handoff_id, "propose", **TIMES)
    version = str(row(desk, handoff_id).row.version)
    answers(desk, handoff_id, 1)
    answer = kari.post(
        f"/desk/day-service/{handoff_id}/propose",
        version=version,
        day1="2026-12-01",
        clock1="12:00",
    )
    assert answer.status_code == 409
    assert "Noe er endret siden" in unescape(answer.text)
    assert 'value="2026-12-01"' in answer.text, "what she filled in is still there"


def test_an_erased_person_leaves_no_words_and_an_agreed_time_stands_if_they_say_so(
    desk: DeskServer,
) -> None:
    gone, kari = agreed(desk)
    stands, _ = agreed(desk)
    for handoff_id, stays in ((gone, False), (stands, True)):
        with desk.db.begin() as tx:
            conversation = conversations.of_handoff(tx, handoff_id)
            assert conversation
            queue.on_erase(tx, conversation.id, callback_stands=stays)
            conversations.erase(tx, conversation.id)
    assert (row(desk, gone).row.outcome, row(desk, gone).words) == ("erased", wishes.Words())
    kept = row(desk, stands)
    assert (kept.row.status, kept.row.conversation_id, kept.row.remind_at) == (
        "confirmed",
        None,
        None,
    )
    assert kept.chosen
    assert [one.at for one in kept.words.proposals] == [kept.chosen.at]
    text = unescape(kari.get("/desk/day-service").text)
    assert FIRST in text
    assert "Slettet av personen" in text


def test_when_the_day_is_over_it_ends_and_after_a_week_the_words_are_gone(
    desk: DeskServer, clock: Clock
) -> None:
    from bot.jobs import sweep_all

    handoff_id, kari = agreed(desk)
    kari.post(f"/desk/case/{handoff_id}/close", outcome="appointment")
    clock.now = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
    with desk.db.begin() as tx:
        sweep_all(tx, desk.services.settings)
    assert row(desk, handoff_id).row.outcome == "passed"
    clock.passes(days=7, minutes=1)
    with desk.db.begin() as tx:
        sweep_all(tx, desk.services.settings)
    assert row(desk, handoff_id).words == wishes.Words()
    assert row(desk, handoff_id).row.designation == ""


def test_nothing_sealed_can_be_read_in_the_table(desk: DeskServer) -> None:
    handoff_id, _ = agreed(desk)
    with desk.db.begin() as tx:
        stored = tx.session.get(models.DayWish, row(desk, handoff_id).row.id)
        assert stored
        values = [str(value) for value in vars(stored).values()]
    for words in ("+4700", "Lyngdal", "bibliotek", "formiddag", "somali"):
        assert not any(words in value for value in values)
