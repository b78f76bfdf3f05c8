"""Nothing falls silent: a table of what is due as the clock moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.messages import Reply
from bot.handoff import queue
from bot.handoff.followup import FollowUp, Intervals, done, due
from bot.store import conversations, messages
from bot.store.database import Database
from tests.handoff.conftest import MovingClock, Seen, a_draft, web_person


def carry_out(db: Database) -> list[str]:
    """What was due, carried out as the scheduler does it: "notify" or the sentence."""
    with db.begin() as tx:
        found = due(tx)
        for follow_up in found:
            done(tx, follow_up)
    return [follow_up.sentence_id or "notify" for follow_up in found]


def at_each_minute(db: Database, clock: MovingClock, minutes: int) -> dict[int, list[str]]:
    seen: dict[int, list[str]] = {}
    for minute in range(minutes + 1):
        happened = carry_out(db)
        if happened:
            seen[minute] = happened
        clock.passes(minutes=1)
    return seen


NOTIFY, YET = "notify", "no_counsellor_yet"


def test_a_person_who_waits_now_alarms_every_minute_and_is_told_the_truth_less_and_less_often(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(urgency="now"), give_code=False)
    seen = at_each_minute(db, clock, 20)
    assert all(NOTIFY in seen[minute] for minute in range(21))
    assert [minute for minute in seen if YET in seen[minute]] == [1, 4, 16]


@pytest.mark.parametrize(
    ("how", "urgency", "notified", "told"),
    [
        ("write_now", "soon", [0, 5, 10, 15, 20, 25], [5, 20]),
        ("be_called", "soon", [0, 5, 10, 15, 20, 25], [5]),
        ("first_talk", "when_possible", [0], []),
        ("call_self", "now", [], []),
    ],
)
def test_how_often_the_desk_is_alerted_and_the_person_told(
    db: Database, clock: MovingClock, how, urgency, notified, told
):
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(how, urgency), give_code=False)
    seen = at_each_minute(db, clock, 25)
    assert [minute for minute in seen if NOTIFY in seen[minute]] == notified
    assert [minute for minute in seen if YET in seen[minute]] == told


def test_a_wish_for_a_first_talk_comes_up_again_every_hour(db: Database, clock: MovingClock):
    with db.begin() as tx:
        draft = a_draft("first_talk", "when_possible")
        queue.open_handoff(tx, web_person(tx), draft, give_code=False)
        [first] = due(tx)
        assert not first.urgent
        done(tx, first)
    clock.passes(minutes=59)
    assert carry_out(db) == []
    clock.passes(minutes=1)
    assert carry_out(db) == [NOTIFY, YET]


def test_nothing_is_due_for_a_taken_case_until_the_counsellor_goes_silent(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
        queue.take(tx, opened.handoff_id, "kari")
    clock.passes(seconds=119)
    assert carry_out(db) == []
    clock.passes(seconds=1)
    assert carry_out(db) == [NOTIFY, "counsellor_away"]
    assert carry_out(db) == []
    clock.passes(minutes=5)
    assert carry_out(db) == [NOTIFY, YET]


def test_what_was_not_carried_out_before_a_crash_is_due_again(db: Database):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
    expected = [FollowUp("notify_desk", "waiting", handoff_id=opened.handoff_id, urgent=True)]
    for _ in range(2):
        with db.begin() as tx:
            assert due(tx) == expected


def test_a_person_who_has_gone_is_not_written_to_but_the_desk_still_hears(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        person = web_person(tx)
        queue.open_handoff(tx, person, a_draft("be_called"), give_code=False)
        conversations.erase(tx, person.id)
    clock.passes(minutes=6)
    assert carry_out(db) == [NOTIFY]


def test_an_unseen_alarm_alerts_again_until_somebody_has_seen_it_even_after_erasing(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        person = web_person(tx)
        alarm_id = queue.raise_alarm(tx, person.id, Seen(), "web")
    assert carry_out(db) == [NOTIFY]
    clock.passes(seconds=59)
    assert carry_out(db) == []
    with db.begin() as tx:
        queue.on_erase(tx, person.id)
    clock.passes(seconds=1)
    assert carry_out(db) == [NOTIFY]
    with db.begin() as tx:
        queue.see_alarm(tx, alarm_id, "kari")
    clock.passes(minutes=10)
    assert carry_out(db) == []


def held_person_in_danger(db: Database) -> tuple[str, str]:
    with db.begin() as tx:
        person = web_person(tx)
        opened = queue.open_handoff(tx, person, a_draft(), give_code=False)
        queue.take(tx, opened.handoff_id, "kari")
    with db.begin() as tx:
        return person.id, queue.raise_alarm(tx, person.id, Seen(), "web")


def test_a_held_person_in_danger_gets_the_emergency_line_when_nobody_answers_in_thirty_seconds(
    db: Database, clock: MovingClock
):
    person_id, _ = held_person_in_danger(db)
    assert carry_out(db) == [NOTIFY]
    clock.passes(seconds=29)
    assert carry_out(db) == []
    clock.passes(seconds=1)
    with db.begin() as tx:
        [line] = due(tx)
        assert line.sentence_id == "emergency_line"
        assert line.conversation_id == person_id
        done(tx, line)
    clock.passes(seconds=10)
    assert carry_out(db) == []


@pytest.mark.parametrize("answer", ["sees the alarm", "writes"])
def test_a_counsellor_who_answers_in_time_speaks_for_themselves(
    db: Database, clock: MovingClock, answer
):
    person_id, alarm_id = held_person_in_danger(db)
    carry_out(db)
    clock.passes(seconds=20)
    with db.begin() as tx:
        if answer == "writes":
            messages.add_reply(tx, person_id, Reply("Jeg er her.", kind="desk"))
        else:
            queue.see_alarm(tx, alarm_id, "kari")
    clock.passes(seconds=20)
    assert "emergency_line" not in carry_out(db)


def test_a_new_danger_after_the_line_was_said_is_a_new_alarm(db: Database, clock: MovingClock):
    person_id, first = held_person_in_danger(db)
    clock.passes(seconds=30)
    assert "emergency_line" in carry_out(db)
    with db.begin() as tx:
        assert queue.raise_alarm(tx, person_id, Seen(words="han er inne"), "web") != first
    clock.passes(seconds=30)
    assert "emergency_line" in carry_out(db)


def test_the_intervals_come_from_the_settings(db: Database, clock: MovingClock):
    slow = Intervals(soon=timedelta(minutes=9))
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(), give_code=False)
        for follow_up in due(tx, slow):
            done(tx, follow_up)
    clock.passes(minutes=8)
    with db.begin() as tx:
        assert due(tx, slow) == []
    clock.passes(minutes=1)
    with db.begin() as tx:
        assert len(due(tx, slow)) == 2
