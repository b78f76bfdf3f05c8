"""A case in the queue: taken by one, given back, lapsed, closed."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, text

from bot.handoff import queue
from bot.handoff.designations import BIRDS, COLOURS
from bot.handoff.draft import (
    THIS_NUMBER,
    Contact,
    DraftError,
    HandoffDraft,
    SummaryLine,
    Wishes,
)
from bot.store import conversations
from bot.store.database import Database
from bot.store.models import Handoff
from tests.handoff.conftest import (
    PHONE,
    WORDS,
    MovingClock,
    a_draft,
    add_counsellor,
    sms_person,
    web_person,
)

texts = st.text(max_size=40)


@given(
    number=st.none() | texts,
    voicemail=st.none() | st.booleans(),
    place=st.none() | texts,
    lines=st.lists(st.tuples(texts, texts, st.lists(texts, max_size=3)), max_size=4),
)
def test_a_draft_survives_the_round_trip_through_json(number, voicemail, place, lines):
    draft = HandoffDraft(
        how="first_talk",
        urgency="when_possible",
        lang="nn",
        channel="sms",
        reasons=("asked", "unsure"),
        contact=Contact(number=number, voicemail=voicemail),
        wishes=Wishes(place=place),
        summary=tuple(SummaryLine(f, f, t, quotes=tuple(q)) for f, t, q in lines),
    )
    assert HandoffDraft.from_json(draft.to_json()) == draft


@pytest.mark.parametrize("raw", ["", "[]", "{}", "null", '{"how": "fax"}', "ikke json"])
def test_a_broken_draft_is_refused_without_quoting_it(raw):
    with pytest.raises(DraftError) as caught:
        HandoffDraft.from_json(raw)
    assert raw == "" or raw not in str(caught.value)


def test_a_draft_from_an_older_version_is_read_with_defaults():
    old = json.loads(a_draft().to_json())
    old["fax"] = "1"
    old["contact"]["pager"] = "2"
    del old["wishes"]
    assert HandoffDraft.from_json(json.dumps(old)) == a_draft()


def test_what_the_desk_reads_is_what_the_person_approved(db: Database):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
    with db.begin() as tx:
        case = queue.case(tx, opened.handoff_id)
    assert case is not None
    assert case.draft == a_draft()
    assert case.draft.own_words == (WORDS,)
    assert opened.code is None
    colour, bird = opened.designation.split(" ", 1)
    assert colour in COLOURS
    assert bird in BIRDS


def test_no_word_and_no_number_is_readable_in_the_database_file(file_db: Database):
    with file_db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=True)
        assert queue.take(tx, opened.handoff_id, "kari")
        assert queue.note(tx, opened.handoff_id, "kari", "ringte fra jobben")
    file_db.checkpoint()
    assert file_db.url.startswith("sqlite:///")
    with open(file_db.url.removeprefix("sqlite:///"), "rb") as file:
        raw = file.read()
    for secret in (WORDS, PHONE, "ringte fra jobben", opened.code or "-"):
        assert secret.encode() not in raw


def test_an_sms_person_who_chose_this_number_is_called_on_the_number_they_wrote_from(
    db: Database,
):
    draft = replace(a_draft("be_called", channel="sms"), contact=Contact(number=THIS_NUMBER))
    with db.begin() as tx:
        opened = queue.open_handoff(tx, sms_person(tx), draft, give_code=False)
        case = queue.case(tx, opened.handoff_id)
    assert case is not None
    assert case.draft is not None
    assert case.draft.contact.number == PHONE


def test_the_queue_is_ordered_by_urgency_and_then_by_waiting_time(db: Database, clock: MovingClock):
    for urgency in ("when_possible", "soon", "now", "soon", "now"):
        with db.begin() as tx:
            queue.open_handoff(tx, web_person(tx), a_draft(urgency=urgency), give_code=False)
        clock.passes(minutes=1)
    with db.begin() as tx:
        rows = queue.list_queue(tx)
    assert [row.urgency for row in rows] == ["now", "now", "soon", "soon", "when_possible"]
    assert rows[0].created_at < rows[1].created_at
    assert rows[2].created_at < rows[3].created_at


def test_a_taken_case_is_held_by_the_desk_and_a_closed_one_by_the_bot(db: Database):
    with db.begin() as tx:
        person = web_person(tx)
        conversations.set_return_code(tx, person.id, "en to tre fire fem")
        opened = queue.open_handoff(tx, person, a_draft(), give_code=True)
    with db.begin() as tx:
        assert queue.take(tx, opened.handoff_id, "kari")
        assert conversations.get(tx, person.id).held_by == "desk"
    with db.begin() as tx:
        assert queue.close(tx, opened.handoff_id, "kari", "talked")
    with db.begin() as tx:
        assert conversations.get(tx, person.id).held_by == "bot"
        assert conversations.by_return_code(tx, "en to tre fire fem") is None
        assert queue.by_code(tx, opened.code) is None
        assert queue.find_open(tx, person.id) is None
        assert queue.list_queue(tx) == []


def test_only_the_counsellor_who_has_the_case_can_renew_give_back_note_or_close(db: Database):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
        assert not queue.close(tx, opened.handoff_id, "kari", "talked")
        assert queue.take(tx, opened.handoff_id, "kari")
        assert not queue.take(tx, opened.handoff_id, "ola")
        assert not queue.renew(tx, opened.handoff_id, "ola")
        assert not queue.note(tx, opened.handoff_id, "ola", "hei")
        assert not queue.give_back(tx, opened.handoff_id, "ola")
        assert not queue.close(tx, opened.handoff_id, "ola", "talked")
        assert queue.note(tx, opened.handoff_id, "kari", "ringer igjen i morgen")
        assert not queue.note(tx, opened.handoff_id, "kari", "   ")
        case = queue.case(tx, opened.handoff_id)
        assert [note.text for note in case.notes] == ["ringer igjen i morgen"]
        assert queue.give_back(tx, opened.handoff_id, "kari")
        assert queue.take(tx, opened.handoff_id, "ola")


def test_an_outcome_is_a_word_from_a_list_and_never_free_text(db: Database):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
        queue.take(tx, opened.handoff_id, "kari")
        with pytest.raises(ValueError, match="unknown outcome"):
            queue.close(tx, opened.handoff_id, "kari", "hun heter Mona")  # type: ignore[arg-type]


def test_two_counsellors_who_take_at_once_do_not_both_get_the_person(file_db: Database):
    for _ in range(5):
        with file_db.begin() as tx:
            opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
        start = threading.Barrier(4)
        got: list[str] = []

        def one(name: str, start=start, got=got, handoff_id=opened.handoff_id) -> None:
            start.wait()
            with file_db.begin() as tx:
                if queue.take(tx, handoff_id, name):
                    got.append(name)

        threads = [threading.Thread(target=one, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(got) == 1
        with file_db.begin() as tx:
            assert queue.case(tx, opened.handoff_id).taken_by == got[0]


def test_a_case_comes_back_when_the_counsellors_page_goes_silent(db: Database, clock: MovingClock):
    with db.begin() as tx:
        person = web_person(tx)
        opened = queue.open_handoff(tx, person, a_draft(), give_code=False)
        queue.take(tx, opened.handoff_id, "kari")
    clock.passes(seconds=100)
    with db.begin() as tx:
        assert queue.renew(tx, opened.handoff_id, "kari")
    clock.passes(seconds=100)
    with db.begin() as tx:
        assert queue.lapse(tx) == []
    clock.passes(seconds=21)
    with db.begin() as tx:
        back = queue.lapse(tx)
        assert [case.id for case in back] == [opened.handoff_id]
        assert back[0].status == "waiting"
        assert back[0].taken_by is None
        assert conversations.get(tx, person.id).held_by == "bot"
        assert not queue.renew(tx, opened.handoff_id, "kari")
        assert queue.take(tx, opened.handoff_id, "ola")


def test_a_code_is_six_digits_stored_only_as_a_hash_and_found_however_it_is_typed(db: Database):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft("call_self"), give_code=True)
        code = opened.code
        assert code is not None
        assert len(code) == 6
        assert code.isdigit()
        assert tx.session.scalar(select(Handoff.code_hash)) != code
        assert queue.by_code(tx, code) == opened.handoff_id
        assert queue.by_code(tx, f" {code[:3]}-{code[3:]} ") == opened.handoff_id
        assert queue.by_code(tx, "") is None
        assert queue.by_code(tx, code[:5]) is None


def test_a_new_wish_of_the_same_person_replaces_the_one_that_waits_and_keeps_its_place(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        person = web_person(tx)
        first = queue.open_handoff(tx, person, a_draft("be_called"), give_code=False)
        since = queue.case(tx, first.handoff_id).row.created_at
    clock.passes(minutes=7)
    with db.begin() as tx:
        second = queue.open_handoff(tx, person, a_draft("write_now"), give_code=False)
    with db.begin() as tx:
        rows = queue.list_queue(tx)
        assert [row.id for row in rows] == [second.handoff_id]
        assert rows[0].created_at == since
        assert rows[0].designation == first.designation
        assert queue.case(tx, first.handoff_id).draft is None
        assert queue.find_open(tx, person.id).id == second.handoff_id


def test_a_short_case_sent_in_danger_keeps_what_was_approved_before(db: Database):
    danger = HandoffDraft(
        how="write_now",
        urgency="now",
        lang="nb",
        channel="web",
        reasons=("danger:danger_now",),
        summary=(SummaryLine("own_words", "own_words", "«nå»", quotes=("nå",)),),
    )
    with db.begin() as tx:
        person = web_person(tx)
        queue.open_handoff(tx, person, a_draft("be_called"), give_code=False)
        opened = queue.open_handoff(tx, person, danger, give_code=False)
        draft = queue.case(tx, opened.handoff_id).draft
    assert draft.how == "write_now"
    assert draft.own_words == ("nå",)
    assert [line.field for line in draft.summary] == ["own_words", "language", "risk"]
    assert draft.contact.number == PHONE


def test_a_full_summary_says_nothing_that_the_person_has_removed_since(db: Database):
    with db.begin() as tx:
        person = web_person(tx)
        queue.open_handoff(tx, person, a_draft("be_called"), give_code=False)
        shorter = replace(a_draft(), summary=(), contact=Contact())
        opened = queue.open_handoff(tx, person, shorter, give_code=False)
        assert queue.case(tx, opened.handoff_id).draft == shorter


def test_designations_differ_among_open_cases_and_run_on_when_all_are_used(db: Database):
    with db.begin() as tx:
        names = {
            queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False).designation
            for _ in range(60)
        }
    assert len(names) == 60
    from bot.handoff.designations import _new

    everything = {f"{colour} {bird}" for colour in COLOURS for bird in BIRDS}
    assert _new(everything) == f"{COLOURS[0]} {BIRDS[0]} 2"


def test_on_duty_means_signed_on_and_heard_from_lately(db: Database, clock: MovingClock):
    with db.begin() as tx:
        assert not queue.someone_on_duty(tx)
        add_counsellor(tx, "ola", on_duty=False)
        assert not queue.someone_on_duty(tx)
        add_counsellor(tx, "kari")
        assert queue.someone_on_duty(tx)
    clock.passes(seconds=91)
    with db.begin() as tx:
        assert not queue.someone_on_duty(tx)


def test_a_case_outlives_its_conversation_and_is_emptied_seven_days_after_it_is_closed(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        person = web_person(tx)
        opened = queue.open_handoff(tx, person, a_draft(), give_code=False)
        conversations.erase(tx, person.id)  # the twelve hours are over
        assert queue.case(tx, opened.handoff_id).draft == a_draft()
        assert queue.take(tx, opened.handoff_id, "kari")
        queue.close(tx, opened.handoff_id, "kari", "called")
    clock.passes(days=6, hours=23)
    with db.begin() as tx:
        assert queue.expire_ended(tx) == 0
    clock.passes(hours=1)
    with db.begin() as tx:
        assert queue.expire_ended(tx) == 1
        assert queue.expire_ended(tx) == 0
        left = queue.case(tx, opened.handoff_id)
        assert left.draft is None
        assert left.notes == ()
        assert left.designation == ""
        assert left.row.outcome == "called"
        assert left.row.urgency == "soon"
        query = text("select count(*) from seal_keys where owner_id = :id")
        assert tx.session.scalar(query, {"id": opened.handoff_id}) == 0
