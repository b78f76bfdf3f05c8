"""Alarms reach the desk at once; erasing takes the words and leaves the alarm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handoff import queue
from bot.handoff.draft import Contact
from bot.store import conversations
from bot.store.database import Database
from tests.handoff.conftest import (
    PHONE,
    MovingClock,
    Seen,
    a_draft,
    sms_person,
    web_person,
)


def test_an_alarm_holds_the_words_that_raised_it_and_the_name_of_the_case(db: Database):
    with db.begin() as tx:
        person = web_person(tx)
        alarm_id = queue.raise_alarm(tx, person.id, Seen(), "web")
        opened = queue.open_handoff(tx, person, a_draft(), give_code=False)
    with db.begin() as tx:
        [alarm] = queue.list_alarms(tx)
    assert alarm.id == alarm_id
    assert alarm.words == ("han hamrer på døra",)
    assert alarm.designation == opened.designation
    assert not alarm.while_held


def test_the_same_danger_again_joins_the_alarm_nobody_has_seen(db: Database):
    with db.begin() as tx:
        person = web_person(tx)
        first = queue.raise_alarm(tx, person.id, Seen(level="soon", words="han truer"), "web")
        again = queue.raise_alarm(tx, person.id, Seen(words="han har kniv"), "web")
        assert first == again
        [alarm] = queue.list_alarms(tx)
        assert alarm.words == ("han truer", "han har kniv")
        assert alarm.level == "now"
        assert queue.see_alarm(tx, first, "kari")
        assert not queue.see_alarm(tx, first, "ola")
        assert queue.raise_alarm(tx, person.id, Seen(words="nå igjen"), "web") != first


def test_unseen_alarms_come_first_and_now_before_soon(db: Database, clock: MovingClock):
    with db.begin() as tx:
        seen = queue.raise_alarm(tx, web_person(tx).id, Seen(), "web")
        queue.see_alarm(tx, seen, "kari")
        soon = queue.raise_alarm(tx, web_person(tx).id, Seen("strangled", "soon", "kvalte"), "sms")
    clock.passes(minutes=1)
    with db.begin() as tx:
        now = queue.raise_alarm(tx, None, Seen(), "web")
        assert [alarm.id for alarm in queue.list_alarms(tx)] == [now, soon, seen]
        assert queue.close_alarm(tx, now, "kari")
        assert not queue.close_alarm(tx, now, "kari")
        assert [alarm.id for alarm in queue.list_alarms(tx)] == [soon, seen]


def test_erasing_withdraws_someone_who_waited_to_write_and_leaves_no_word(db: Database):
    with db.begin() as tx:
        person = web_person(tx)
        opened = queue.open_handoff(tx, person, a_draft("write_now"), give_code=True)
        assert not queue.has_open_callback(tx, person.id)
        erased = queue.on_erase(tx, person.id)
        assert erased.withdrawn == (opened.handoff_id,)
        left = queue.case(tx, opened.handoff_id)
        assert left.status == "withdrawn"
        assert left.row.outcome == "erased"
        assert left.draft is None
        assert left.row.reasons == ()
        assert left.row.urgency == "soon"
        assert left.conversation_id is None
        assert queue.by_code(tx, opened.code) is None
        assert queue.list_queue(tx) == []


@pytest.mark.parametrize("how", ["be_called", "first_talk"])
def test_erasing_destroys_the_contact_unless_the_person_said_the_callback_stands(db: Database, how):
    with db.begin() as tx:
        person = sms_person(tx)
        opened = queue.open_handoff(tx, person, a_draft(how, channel="sms"), give_code=False)
        assert queue.has_open_callback(tx, person.id)
        erased = queue.on_erase(tx, person.id, callback_stands=False)
        assert erased.withdrawn == (opened.handoff_id,)
        assert erased.callbacks_kept == ()
        assert queue.case(tx, opened.handoff_id).draft is None


def test_a_callback_that_stands_keeps_the_contact_and_loses_the_story(db: Database):
    with db.begin() as tx:
        person = sms_person(tx)
        opened = queue.open_handoff(tx, person, a_draft("be_called"), give_code=False)
        queue.take(tx, opened.handoff_id, "kari")
        queue.note(tx, opened.handoff_id, "kari", "ringer i morgen")
        erased = queue.on_erase(tx, person.id, callback_stands=True)
        conversations.erase(tx, person.id)
        assert erased.callbacks_kept == (opened.handoff_id,)
    with db.begin() as tx:
        case = queue.case(tx, opened.handoff_id)
        assert case.draft.contact.number == PHONE
        assert case.draft.contact.safe_times == "mellom 9 og 14"
        assert case.draft.own_words == ()
        assert case.notes == ()
        assert [line.field for line in case.draft.summary] == ["language"]
        assert case.conversation_id is None
        assert case.status == "taken"
        assert queue.close(tx, opened.handoff_id, "kari", "called")


def test_a_backup_from_before_the_erasing_cannot_be_read_afterwards(db: Database):
    """The callback's longer draft was sealed under a key that no longer exists."""
    from bot.store.keys import Unreadable
    from bot.store.models import Handoff

    with db.begin() as tx:
        person = sms_person(tx)
        opened = queue.open_handoff(tx, person, a_draft("be_called"), give_code=False)
        backup = tx.session.get(Handoff, opened.handoff_id).case_sealed
    with db.begin() as tx:
        queue.on_erase(tx, person.id, callback_stands=True)
    with db.begin() as tx, pytest.raises(Unreadable):
        tx.keys.open(opened.handoff_id, backup, f"handoffs.case:{opened.handoff_id}")


def test_an_open_alarm_stays_without_words_after_erasing(db: Database, clock: MovingClock):
    with db.begin() as tx:
        person = web_person(tx)
        alarm_id = queue.raise_alarm(tx, person.id, Seen(), "web")
        closed = queue.raise_alarm(tx, person.id, Seen("suicide", "soon", "orker ikke"), "web")
        queue.close_alarm(tx, closed, "kari")
    clock.passes(minutes=3)
    with db.begin() as tx:
        erased = queue.on_erase(tx, person.id)
        assert erased.alarms == (alarm_id,)
        [alarm] = queue.list_alarms(tx)
        assert alarm.words == ()
        assert alarm.erased_at == clock.now
        assert alarm.danger == "danger_now"
        assert alarm.conversation_id is None
        assert queue.see_alarm(tx, alarm_id, "kari")


def test_a_case_that_is_closed_loses_its_words_too_when_the_person_erases(db: Database):
    with db.begin() as tx:
        person = web_person(tx)
        opened = queue.open_handoff(tx, person, a_draft(), give_code=False)
        queue.take(tx, opened.handoff_id, "kari")
        queue.close(tx, opened.handoff_id, "kari", "talked")
        queue.on_erase(tx, person.id)
        left = queue.case(tx, opened.handoff_id)
        assert left.draft is None
        assert left.row.outcome == "talked"


def test_closed_alarms_are_emptied_after_seven_days(db: Database, clock: MovingClock):
    with db.begin() as tx:
        alarm_id = queue.raise_alarm(tx, web_person(tx).id, Seen(), "web")
        queue.close_alarm(tx, alarm_id, "kari")
    clock.passes(days=7)
    with db.begin() as tx:
        assert queue.expire_ended(tx) == 1
        assert queue.expire_ended(tx) == 0


def test_a_wish_for_a_talk_without_a_number_is_no_callback_that_could_stand(db: Database):
    draft = replace(a_draft("first_talk"), contact=Contact())
    with db.begin() as tx:
        person = web_person(tx)
        queue.open_handoff(tx, person, draft, give_code=False)
        assert not queue.has_open_callback(tx, person.id)
        assert queue.on_erase(tx, person.id, callback_stands=True).callbacks_kept == ()
