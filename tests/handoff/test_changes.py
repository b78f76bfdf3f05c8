"""What the person corrected while the case waited is known line by line, and sealed."""

from __future__ import annotations

from dataclasses import replace

from bot.handoff import changes, queue
from bot.handoff.draft import Contact, HandoffDraft, SummaryLine
from bot.store import handoffs, models
from bot.store.conversations import open_web
from bot.store.database import Database
from tests.handoff.conftest import MovingClock

FIRST = HandoffDraft(
    "write_now",
    "soon",
    "nb",
    "web",
    contact=Contact("+4700000001", "09–14", "feil nummer", False),
    summary=(
        SummaryLine("children", "children", "to, 4 og 7 år"),
        SummaryLine("wants", "wants", "en samtale"),
        SummaryLine("weapon", "weapon", "", "not_asked"),
    ),
)


def corrected(**lines: str) -> HandoffDraft:
    kept = [line for line in FIRST.summary if line.field not in lines]
    added = [SummaryLine(name, name, text) for name, text in lines.items() if text]
    return replace(FIRST, summary=(*kept, *added))


def test_each_line_that_was_corrected_added_or_removed_is_marked_with_its_time(
    db: Database, clock: MovingClock
) -> None:
    with db.begin() as tx:
        person, _token = open_web(tx, "nb")
        first = queue.open_handoff(tx, person, FIRST, False).handoff_id
        assert changes.of_case(tx, first) == {}
    clock.passes(minutes=6)
    with db.begin() as tx:
        second = queue.open_handoff(tx, person, corrected(children="tre", wants=""), False)
        assert changes.of_case(tx, second.handoff_id) == dict.fromkeys(
            ("children", "wants"), tx.now
        )
    at_six = clock()
    clock.passes(minutes=4)
    with db.begin() as tx:
        draft = replace(
            corrected(children="tre", wants="", weapon="ja"),
            how="be_called",
            contact=replace(FIRST.contact, safe_times="18–20"),
        )
        third = queue.open_handoff(tx, person, draft, False).handoff_id
        assert changes.of_case(tx, third) == {
            "children": at_six,
            "wants": at_six,
            "weapon": tx.now,
            "contact": tx.now,
            "how": tx.now,
        }


def test_a_line_that_was_never_asked_is_no_change() -> None:
    assert changes.differing(FIRST, corrected(weapon="")) == []


def test_which_lines_changed_is_unreadable_and_gone_when_the_words_are(
    db: Database, clock: MovingClock
) -> None:
    with db.begin() as tx:
        person, _token = open_web(tx, "nb")
        queue.open_handoff(tx, person, FIRST, False)
        second = queue.open_handoff(tx, person, corrected(children="tre"), False).handoff_id
        (row,) = tx.session.query(models.CaseEvent).all()
        assert b"children" not in bytes(row.detail_sealed or b"")
        handoffs.forget_words(tx, second)
        assert changes.of_case(tx, second) == {}
        assert tx.session.query(models.CaseEvent).count() == 0
