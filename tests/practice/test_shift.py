"""A practice shift: several people, two at once with an alarm, a colleague who loses her line."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from bot.handoff import queue
from bot.jobs import Jobs
from bot.practice.people import load_people
from bot.practice.shifts import load_shift
from bot.practice.stage import Stage
from bot.practice.visit import Visit
from bot.settings import ConfigError
from bot.store import duty
from tests.practice.conftest import MovedPace, Practice

EVERYBODY = load_people()


def test_the_night_has_what_a_night_has() -> None:
    night = load_shift("night", EVERYBODY)
    comes = [scene for scene in night.scenes if scene.comes]
    assert len(comes) >= 6
    assert any(later.at - scene.at < 2 for scene, later in pairwise(comes))
    assert any("danger:danger_now" in EVERYBODY[one.comes].draft.reasons for one in comes)
    assert any(scene.colleague_loses_line for scene in night.scenes)
    assert night.scenes[-1].at <= 60


async def test_begins_when_she_is_on_duty_and_not_before(practice: Practice) -> None:
    stage = Stage(practice.services, EVERYBODY, MovedPace(practice.clock))
    me = practice.counsellor.me
    await practice.services.db.run(duty.end, me)
    pauses = 0

    async def goes_on_duty() -> None:
        nonlocal pauses
        pauses += 1
        assert not stage.visits
        if pauses == 5:
            await practice.services.db.run(duty.begin, me, None)

    stage._pace.at_every_moment = [goes_on_duty]  # type: ignore[attr-defined]
    shift = load_shift("night", EVERYBODY).model_copy(update={"scenes": ()})
    await stage._play_shift(shift, me)
    assert pauses == 5
    assert stage.shift_is_over


async def test_a_colleague_loses_her_line_and_the_person_says_so_to_the_next(
    practice: Practice,
) -> None:
    over: list[Visit] = []
    pace = MovedPace(practice.clock)
    stage = Stage(practice.services, EVERYBODY, pace, over.append)
    person = EVERYBODY["hit_by_his_wife"]
    me, db = practice.counsellor, practice.services.db
    me.takes = False
    seen: list[str] = []

    async def at_work() -> None:
        await me.at_work()
        visit = stage.visits[person.id]
        row = (await db.run(queue.case, visit.case_id)).row  # type: ignore[union-attr]
        if row.status == "waiting" and "lost" not in seen and "taken" not in seen:
            assert await stage._colleague.takes(visit.case_id)
            seen.append("taken")
        elif visit.where == "talking" and "lost" not in seen:
            await stage._colleague.loses_her_line()
            seen.append("lost")
        elif "lost" in seen and row.status == "waiting":
            seen.append("waits again")
            me.takes = True
        await Jobs(practice.services)._follow_up()

    pace.at_every_moment = [at_work]
    assert stage.comes(person.id)
    assert not stage.comes(person.id), "the same person is here already"
    while stage.visits[person.id].where != "over":
        await pace.rest(0)
        await practice.services.told()
    await stage.stop()
    assert seen[:3] == ["taken", "lost", "waits again"]
    assert person.again in me.heard
    assert [visit.person.id for visit in over] == [person.id]


async def test_nobody_of_that_name_comes(practice: Practice) -> None:
    stage = Stage(practice.services, EVERYBODY, practice.pace)
    assert not stage.comes("ghost")
    assert stage.visits == {}


def test_a_shift_that_names_a_stranger_is_refused(tmp_path: Path) -> None:
    head = "title: {nb: Vakt, nn: Vakt}\nscenes:\n"
    (tmp_path / "odd.yml").write_text(head + "  - {at: 1, comes: ghost}\n")
    with pytest.raises(ConfigError, match="nobody is called ghost"):
        load_shift("odd", EVERYBODY, tmp_path)
    (tmp_path / "odd.yml").write_text(
        head + "  - {at: 2, comes: prank}\n  - {at: 1, comes: sister}\n"
    )
    with pytest.raises(ConfigError, match="order of the clock"):
        load_shift("odd", EVERYBODY, tmp_path)
