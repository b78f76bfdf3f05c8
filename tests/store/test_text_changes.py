"""Changes of the texts in the store: who may still decide, and when they are forgotten."""

from __future__ import annotations

from datetime import timedelta

from bot.store import retention, text_changes
from bot.store.text_changes import Wanted
from tests.support import MovingClock, memory_db

WANTED = Wanted("cost", "nb", "før", "etter", "klarere")
LIMITS = retention.Limits(conversation=timedelta(hours=12), audit=timedelta(days=720))


def test_what_went_live_is_kept_two_years_and_the_rest_half_a_year(clock: MovingClock) -> None:
    db = memory_db(clock)
    with db.begin() as tx:
        live = text_changes.save(tx, "eli", WANTED, "waiting")
        assert text_changes.decide(tx, [live], "ada", "live", batch="b")
        text_changes.save(tx, "eli", WANTED, "draft")
        text_changes.save(tx, "eli", WANTED, "waiting")
    clock.passes(days=200)
    with db.begin() as tx:
        retention.sweep(tx, LIMITS)
        assert [change.id for change in text_changes.of_place(tx, "cost")] == [live]
    clock.passes(days=540)
    with db.begin() as tx:
        retention.sweep(tx, LIMITS)
        assert text_changes.of_place(tx, "cost") == []


def test_what_is_decided_is_decided_once(clock: MovingClock) -> None:
    with memory_db(clock).begin() as tx:
        first = text_changes.save(tx, "eli", WANTED, "waiting")
        second = text_changes.save(tx, "eli", Wanted("cost", "nn", "a", "b"), "waiting")
        assert text_changes.decide(tx, [first], "ada", "sent_back", answer="nei")
        assert not text_changes.decide(tx, [first, second], "ada", "live")
        assert not text_changes.decide(tx, [first], "ada", "live")


def test_a_draft_goes_on_under_its_id_for_the_one_who_wrote_it(clock: MovingClock) -> None:
    with memory_db(clock).begin() as tx:
        draft = text_changes.save(tx, "eli", WANTED, "draft")
        assert text_changes.save(tx, "eli", WANTED, "waiting", draft) == draft
        assert text_changes.save(tx, "eli", WANTED, "draft", draft) != draft  # it waits already
        assert text_changes.save(tx, "ada", WANTED, "draft", draft) != draft
        other = Wanted("pets", "nb", "a", "b")
        mine = text_changes.save(tx, "eli", WANTED, "draft")
        assert text_changes.save(tx, "eli", other, "draft", mine) != mine
