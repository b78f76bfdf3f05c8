"""Nothing falls silent: a table of what is due as the clock moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.channels.messages import Reply
from bot.handoff import queue
from bot.handoff.followup import FollowUp, Intervals, done, due
from bot.store import conversations, duty, handoffs, messages, shift_notes
from bot.store.database import Database
from bot.store.models import Counsellor
from tests.handoff.conftest import MovingClock, Seen, a_draft, add_counsellor, web_person


def carry_out(db: Database) -> list[str]:
    """What was due, carried out as the scheduler does it: "notify" or the sentence."""
    with db.begin() as tx:
        found = due(tx)
        for follow_up in found:
            done(tx, follow_up)
    return [follow_up.sentence_id or follow_up.do.removesuffix("_desk") for follow_up in found]


@pytest.fixture(autouse=True)
def someone_is_on_duty(db: Database, clock: MovingClock) -> None:
    """A counsellor whose desk stays open, whatever the clock does."""
    with db.begin() as tx:
        add_counsellor(tx, "ola")
        ola = tx.session.get(Counsellor, "ola")
        assert ola
        ola.last_seen_at = clock() + timedelta(days=1)


def nobody_is_on_duty(db: Database) -> None:
    with db.begin() as tx:
        duty.end(tx, "ola")


def at_each_minute(db: Database, clock: MovingClock, minutes: int) -> dict[int, list[str]]:
    seen: dict[int, list[str]] = {}
    for minute in range(minutes + 1):
        happened = carry_out(db)
        if happened:
            seen[minute] = happened
        clock.passes(minutes=1)
    return seen


NOTIFY, SECOND, YET, STILL = "notify", "notify_second", "no_counsellor_yet", "still_nobody"


def test_a_person_who_waits_now_alarms_every_minute_and_is_told_the_truth_less_and_less_often(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(urgency="now"), give_code=False)
    seen = at_each_minute(db, clock, 20)
    assert all({NOTIFY, SECOND} & set(seen[minute]) for minute in range(21))
    assert [minute for minute in seen if SECOND in seen[minute]] == [3, 6, 9, 12, 15, 18]
    assert [minute for minute in seen if YET in seen[minute]] == [1]
    assert [minute for minute in seen if STILL in seen[minute]] == [4, 16]


@pytest.mark.parametrize(
    ("how", "urgency", "notified", "told"),
    [
        ("write_now", "soon", [0, 5, 10, 15, 20, 25], [5, 16]),
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
    assert [minute for minute in seen if {NOTIFY, SECOND} & set(seen[minute])] == notified
    assert [minute for minute in seen if {YET, STILL} & set(seen[minute])] == told


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


# --- the second level -----------------------------------------------------------------------------


def test_what_nobody_takes_alarms_everyone_and_then_the_person_hears_the_truth(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(urgency="now"), give_code=False)
    carry_out(db)
    clock.passes(seconds=60)
    assert carry_out(db) == [NOTIFY, YET]
    clock.passes(seconds=119)
    assert SECOND not in carry_out(db)
    clock.passes(seconds=1)
    assert carry_out(db) == [SECOND]
    with db.begin() as tx:
        assert queue.list_queue(tx)[0].second_at == clock()
    clock.passes(seconds=5)
    assert carry_out(db) == [STILL]
    assert carry_out(db) == []


@pytest.mark.parametrize(("urgency", "minutes"), [("now", 3), ("soon", 15), ("when_possible", 240)])
def test_each_urgency_has_a_limit_of_its_own(db: Database, clock: MovingClock, urgency, minutes):
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(urgency=urgency), give_code=False)
    clock.passes(minutes=minutes, seconds=-1)
    assert SECOND not in carry_out(db)
    clock.passes(seconds=1)
    assert SECOND in carry_out(db)


def test_a_case_that_was_taken_begins_its_wait_anew_when_it_comes_back(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        opened = queue.open_handoff(tx, web_person(tx), a_draft(urgency="now"), give_code=False)
    clock.passes(minutes=3)
    assert SECOND in carry_out(db)
    with db.begin() as tx:
        assert queue.take(tx, opened.handoff_id, "kari")
    clock.passes(minutes=1)
    with db.begin() as tx:
        assert queue.give_back(tx, opened.handoff_id, "kari")
    assert carry_out(db) == [NOTIFY]  # the person heard it when the case was given back
    clock.passes(minutes=2, seconds=59)
    assert SECOND not in carry_out(db)
    clock.passes(seconds=1)
    assert SECOND in carry_out(db)


def test_an_alarm_nobody_sees_alarms_everyone_and_the_person_hears_that_once(
    db: Database, clock: MovingClock
):
    with db.begin() as tx:
        alarm_id = queue.raise_alarm(tx, web_person(tx).id, Seen(), "web")
    seen = at_each_minute(db, clock, 12)
    assert [minute for minute in seen if SECOND in seen[minute]] == [3, 6, 9, 12]
    assert [minute for minute in seen if "alarm_not_seen" in seen[minute]] == [4]
    with db.begin() as tx:
        queue.see_alarm(tx, alarm_id, "kari")
    clock.passes(minutes=10)
    assert carry_out(db) == []


@pytest.mark.parametrize("silent", ["has a case", "says not now", "is about our own texts"])
def test_of_an_unseen_alarm_nothing_is_said_where_it_would_be_wrong(
    db: Database, clock: MovingClock, silent
):
    with db.begin() as tx:
        person = web_person(tx)
        if silent == "is about our own texts":
            queue.raise_unreached(tx, person.id, "sms_lost", "now", "feilkode 30003")
        else:
            queue.raise_alarm(tx, person.id, Seen(), "web")
        if silent == "has a case":
            queue.open_handoff(tx, person, a_draft("call_self"), give_code=False)
        if silent == "says not now":
            queue.say_not_now(tx, person.id)
    seen = at_each_minute(db, clock, 8)
    assert not [minute for minute in seen if "alarm_not_seen" in seen[minute]]
    assert SECOND in seen[3]


# --- nobody on duty -------------------------------------------------------------------------------


def test_where_nobody_is_on_duty_that_is_said_instead(db: Database, clock: MovingClock):
    nobody_is_on_duty(db)
    with db.begin() as tx:
        queue.open_handoff(tx, web_person(tx), a_draft(urgency="now"), give_code=False)
    carry_out(db)
    clock.passes(minutes=1)
    assert carry_out(db) == [NOTIFY, "nobody_on_duty"]


def test_the_next_shift_is_told_when_the_board_knows_it(db: Database, clock: MovingClock):
    nobody_is_on_duty(db)
    with db.begin() as tx:
        shift_notes.plan(tx, "ola", clock() + timedelta(hours=9), clock() + timedelta(hours=17))
        queue.open_handoff(tx, web_person(tx), a_draft(urgency="now"), give_code=False)
    carry_out(db)
    clock.passes(minutes=1)
    assert carry_out(db) == [NOTIFY, "nobody_until"]
    clock.passes(hours=9)
    assert "nobody_on_duty" in carry_out(db)  # it should have begun: nobody came


def test_twenty_at_once_stand_in_order_of_urgency_then_time(db: Database, clock: MovingClock):
    urgencies = ["when_possible", "soon", "now", "soon"] * 5
    ids = []
    with db.begin() as tx:
        for urgency in urgencies:
            draft = a_draft(urgency=urgency)  # type: ignore[arg-type]
            ids.append(queue.open_handoff(tx, web_person(tx), draft, give_code=False).handoff_id)
    for number, handoff_id in enumerate(ids):
        with db.begin() as tx:
            at = clock() - timedelta(seconds=number % 7)
            handoffs.change(tx, handoff_id, {}, created_at=at, waiting_since=at)
    with db.begin() as tx:
        rows = queue.list_queue(tx)
    keys = [(["now", "soon", "when_possible"].index(r.urgency), r.created_at) for r in rows]
    assert len(rows) == 20
    assert keys == sorted(keys)
