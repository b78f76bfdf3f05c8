"""Beside the conversation: marks of change, the journal note, the next call, misuse, codes."""

from __future__ import annotations

from dataclasses import replace
from html import unescape

import pytest

from bot.channels.messages import Reply
from bot.handoff import queue
from bot.handoff.draft import Contact, SummaryLine
from bot.store import conversations, messages
from tests.desk.conftest import Browser, DeskServer, make_draft

EVENING = Contact("+4700000001", "18-24", "feil nummer", False)


def taken(desk: DeskServer, conversation_id: str | None = None, **changes) -> tuple[str, Browser]:
    handoff_id = desk.handoff(conversation_id, **changes)
    browser = desk.signed_in("Kari")
    assert browser.post(f"/desk/case/{handoff_id}/take").status_code == 303
    return handoff_id, browser


def page_of(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/case/{handoff_id}").text)


# --- what changed while it waited ----------------------------------------------------------------


def test_a_corrected_line_and_other_rules_are_marked_with_the_time(desk: DeskServer) -> None:
    person = desk.person()
    desk.handoff(person)
    desk.clock.passes(minutes=6)
    lines = tuple(
        replace(line, text="tre") if line.field == "children" else line
        for line in make_draft().summary
    )
    handoff_id = desk.handoff(person, summary=lines, contact=EVENING)
    page = page_of(desk.signed_in("Kari"), handoff_id)
    assert page.count("endret kl. 21:20") == 2
    assert page.index("tre</span>") < page.rindex("endret kl. 21:20")


def test_a_new_danger_and_not_now_stand_on_the_case(desk: DeskServer) -> None:
    person = desk.person()
    desk.alarm(person, "strangled", "soon")
    desk.clock.passes(minutes=1)
    handoff_id = desk.handoff(person)
    kari = desk.signed_in("Kari")
    assert "Ny fare" not in page_of(kari, handoff_id)
    desk.clock.passes(minutes=5)
    desk.alarm(person)
    assert "Ny fare kl. 21:20:</strong> Fare akkurat nå" in page_of(kari, handoff_id)
    with desk.db.begin() as tx:
        queue.say_not_now(tx, person)
    assert "Personen sier «ikke nå» kl. 21:20" in page_of(kari, handoff_id)


# --- the journal note ----------------------------------------------------------------------------


def test_the_journal_note_holds_what_was_chosen_and_is_kept_nowhere(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    form = unescape(kari.get(f"/desk/case/{handoff_id}/journal").text)
    assert "ikke en journal" in form
    assert "navn på andre enn personen" in form
    answer = kari.post(
        f"/desk/case/{handoff_id}/journal", date="yes", wants="yes", agreed="Møte torsdag kl. 10."
    )
    note = unescape(answer.text).split('id="journal-note"')[1].split("</dl>")[0]
    for part in ("22.11.2026", "en første samtale", "Møte torsdag kl. 10."):
        assert part in note
    with desk.db.begin() as tx:
        found = queue.case(tx, handoff_id)
    assert found
    assert found.designation not in note, "she did not choose it"
    assert "+47" not in note
    assert "Møte torsdag" not in page_of(kari, handoff_id)
    assert ("journal_made", handoff_id) in desk.audit()


def test_a_colleague_gets_no_journal_note_of_it(desk: DeskServer) -> None:
    handoff_id, _kari = taken(desk)
    ola = desk.signed_in("Ola")
    assert ola.get(f"/desk/case/{handoff_id}/journal").status_code == 404
    assert ola.post(f"/desk/case/{handoff_id}/journal", date="yes").status_code == 404


# --- calling again -------------------------------------------------------------------------------


def test_the_next_try_is_planned_inside_the_safe_times_only(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk, desk.person("sms"), how="be_called", contact=EVENING)
    plan = f"/desk/case/{handoff_id}/call-plan"
    assert "utenfor tiden" in unescape(kari.post(plan, at="2026-11-23T10:00").text)
    assert "ikke er over" in unescape(kari.post(plan, at="2026-11-22T20:00").text)
    assert "ikke er over" in unescape(kari.post(plan, at="snart").text)
    assert "innen en uke" in unescape(kari.post(plan, at="2026-12-23T19:00").text)
    assert kari.post(plan, at="2026-11-23T19:00").status_code == 303
    assert "Neste forsøk 23.11.2026 kl. 19:00" in page_of(kari, handoff_id)
    desk.clock.passes(hours=22)
    kari = desk.signed_in("Kari")
    assert "Nå er tiden for neste forsøk" in page_of(kari, handoff_id)


def test_times_that_can_be_read_in_two_ways_need_her_word(desk: DeskServer) -> None:
    contact = replace(EVENING, safe_times="etter 8")
    handoff_id, kari = taken(desk, desk.person("sms"), how="be_called", contact=contact)
    plan = f"/desk/case/{handoff_id}/call-plan"
    assert "Kryss av" in unescape(kari.post(plan, at="2026-11-23T10:00").text)
    assert kari.post(plan, at="2026-11-23T10:00", safe="yes").status_code == 303


def test_calls_from_her_own_phone_are_counted_and_end_the_plan(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk, desk.person("sms"), how="be_called", contact=EVENING)
    kari.post(f"/desk/case/{handoff_id}/call-plan", at="2026-11-22T22:00")
    for outcome in ("no_answer", "machine", "talked"):
        desk.clock.passes(minutes=1)
        assert kari.post(f"/desk/case/{handoff_id}/call-noted", outcome=outcome).status_code == 303
    page = page_of(kari, handoff_id)
    assert "2 forsøk uten svar" in page
    assert "Neste forsøk 22" not in page
    assert kari.post(f"/desk/case/{handoff_id}/call-noted", outcome="sint").status_code == 409
    assert desk.audit().count(("call_noted", handoff_id)) == 3


@pytest.mark.parametrize(("voicemail", "says"), [(True, "sagt ja til"), (False, "Legg ikke igjen")])
def test_what_may_be_left_on_voicemail_stands_there(
    desk: DeskServer, voicemail: bool, says: str
) -> None:
    contact = replace(EVENING, voicemail=voicemail)
    handoff_id, kari = taken(desk, desk.person("sms"), how="be_called", contact=contact)
    assert says in page_of(kari, handoff_id)


# --- misuse --------------------------------------------------------------------------------------


def mark(desk: DeskServer, person: str, length: str = "4h") -> tuple[str, str, Browser]:
    handoff_id, kari = taken(desk, person)
    desk.clock.passes(minutes=1)
    desk.writes(person, "jeg vet hvor dere bor")
    fields = {"kind": "threat", "measure": "block", "length": length}
    assert kari.post(f"/desk/case/{handoff_id}/misuse", **fields).status_code == 303
    listed = kari.get("/desk/misuse").text
    return handoff_id, listed.split('id="mark-')[1].split('"')[0], kari


def test_a_long_block_waits_for_a_colleague_who_reads_and_decides(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, mark_id, kari = mark(desk, person)
    assert kari.get(f"/desk/misuse/{mark_id}").status_code == 404, "not one's own"
    ola = desk.signed_in("Ola")
    assert "jeg vet hvor dere bor" in ola.get(f"/desk/misuse/{mark_id}").text
    assert ("misuse_looked", handoff_id) in desk.audit()
    assert kari.post(f"/desk/misuse/{mark_id}/second", agrees="yes").status_code == 409
    assert ola.post(f"/desk/misuse/{mark_id}/second", agrees="no").status_code == 303
    assert "ikke enig" in ola.get("/desk/misuse").text
    with desk.db.begin() as tx:
        found = conversations.get(tx, person)
    assert found
    assert found.state.blocked_until is None


def test_anyone_on_shift_can_undo_a_mark_and_it_is_logged(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, mark_id, _kari = mark(desk, person, "15m")
    ola = desk.signed_in("Ola")
    assert "sperret til kl. 21:30" in unescape(ola.get("/desk/misuse").text)
    assert ola.post(f"/desk/misuse/{mark_id}/undo").status_code == 303
    assert "Ingen samtaler er merket nå" in ola.get("/desk/misuse").text
    assert ("misuse_undone", handoff_id) in desk.audit()


def test_the_list_of_misuse_holds_no_words_and_no_erased_people(desk: DeskServer) -> None:
    person = desk.person()
    _handoff_id, _mark_id, kari = mark(desk, person)
    page = kari.get("/desk/misuse").text
    assert "hvor dere bor" not in page
    assert "han blir stille" not in page
    with desk.db.begin() as tx:
        queue.on_erase(tx, person)
        conversations.erase(tx, person)
    assert "Ingen samtaler er merket nå" in kari.get("/desk/misuse").text


# --- codes ---------------------------------------------------------------------------------------


def test_where_the_line_reads_no_codes_none_is_looked_up(desk: DeskServer) -> None:
    _handoff_id, code = desk.handoff(how="call_self", give_code=True)
    desk.services.centre.phone_line.reads_codes = False
    answer = desk.signed_in("Kari").post("/desk/code", code=code)
    assert answer.status_code == 422
    assert "leser ikke koder her" in answer.text
    assert ("code_used", _handoff_id) not in desk.audit()


def test_guessing_together_gets_no_further_than_guessing_alone(desk: DeskServer) -> None:
    _handoff_id, code = desk.handoff(how="call_self", give_code=True)
    for name in ("Kari", "Ola", "Nina", "Per", "Siv"):
        browser = desk.signed_in(name)
        for guess in range(8):
            browser.post("/desk/code", code=f"00000{guess}")
    fresh = desk.signed_in("Ine")
    assert "mange feil koder" in fresh.post("/desk/code", code=code).text
    desk.clock.passes(minutes=11)
    assert desk.signed_in("Ine").post("/desk/code", code=code).status_code == 303


def test_five_digits_are_no_code_and_count_as_no_guess(desk: DeskServer) -> None:
    kari = desk.signed_in("Kari")
    assert "seks tall" in kari.post("/desk/code", code="12345").text
    assert ("code_wrong", None) not in desk.audit()


def test_what_was_said_to_the_bot_is_not_part_of_a_second_look(desk: DeskServer) -> None:
    person = desk.person()
    desk.writes(person, "dette sa jeg til boten")
    with desk.db.begin() as tx:
        messages.add_reply(tx, person, Reply("svar fra boten"))
    desk.clock.passes(minutes=1)
    _handoff_id, mark_id, _kari = mark(desk, person)
    assert "sa jeg til boten" not in desk.signed_in("Ola").get(f"/desk/misuse/{mark_id}").text


def test_a_line_that_looks_like_a_template_is_shown_as_it_is(desk: DeskServer) -> None:
    words = "{time} og {{ 7*7 }}"
    lines = (SummaryLine("own_words", "own_words", words, quotes=(words,)),)
    handoff_id = desk.handoff(summary=lines)
    assert words in page_of(desk.signed_in("Kari"), handoff_id)
