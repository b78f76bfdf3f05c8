"""The shift lead steps in: takes a case over, puts it back, ends a colleague's duty."""

from __future__ import annotations

import pytest

from bot.handoff import queue
from bot.store import audit, counsellors
from tests.desk.conftest import OWN_WORDS, DeskServer


def id_of(desk: DeskServer, name: str) -> str:
    with desk.db.begin() as tx:
        found = counsellors.by_username(tx, name)
    assert found
    return found.id


def holder(desk: DeskServer, handoff_id: str) -> str | None:
    with desk.db.begin() as tx:
        case = queue.case(tx, handoff_id)
        assert case
        return case.taken_by


def last(desk: DeskServer) -> audit.Entry:
    with desk.db.begin() as tx:
        return audit.latest(tx, 1)[0]


def test_a_case_is_taken_over_and_the_colleague_sees_by_whom_and_why(desk: DeskServer) -> None:
    conversation = desk.person()
    handoff_id = desk.handoff(conversation)
    kari, solveig = desk.signed_in("Kari"), desk.signed_in("Solveig", "shift_lead")
    kari.post(f"/desk/case/{handoff_id}/take")
    kari.post(f"/desk/case/{handoff_id}/reply", text="Hei, jeg er her.")
    desk.clock.passes(minutes=1)
    page = solveig.get(f"/desk/case/{handoff_id}").text
    assert OWN_WORDS not in page
    assert "Ta over saken" in page
    assert f'href="/desk/case/{handoff_id}"' in solveig.get("/desk/").text
    answer = solveig.post(f"/desk/case/{handoff_id}/take-over", reason="ill")
    assert answer.headers["location"] == f"/desk/case/{handoff_id}"
    assert holder(desk, handoff_id) == id_of(desk, "solveig")
    hers = solveig.get(f"/desk/case/{handoff_id}").text
    assert OWN_WORDS in hers
    assert "Hei, jeg er her." in hers  # what was written with the desk goes with the case
    theirs = kari.get(f"/desk/live/case/{handoff_id}").json()
    assert theirs["phase"] == "other"
    assert "Solveig tok over saken" in theirs["parts"]["state"]
    assert "Er blitt syk" in theirs["parts"]["state"]
    assert kari.post(f"/desk/case/{handoff_id}/reply", text="Er du der?").status_code == 422


def test_it_is_in_the_log_with_the_reason(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    desk.signed_in("Kari").post(f"/desk/case/{handoff_id}/take")
    solveig = desk.signed_in("Solveig", "shift_lead")
    solveig.post(f"/desk/case/{handoff_id}/take-over", reason="connection")
    entry = last(desk)
    assert (entry.action, entry.object_id, entry.detail) == (
        "case_taken_over",
        handoff_id,
        "connection",
    )
    assert "Har mistet forbindelsen" in desk.signed_in("Revisor", "auditor").get("/desk/log").text


@pytest.mark.parametrize("reason", ["", "owner", "fordi jeg vil"])
def test_without_a_reason_of_the_list_nothing_happens(desk: DeskServer, reason: str) -> None:
    handoff_id = desk.handoff()
    kari, solveig = desk.signed_in("Kari"), desk.signed_in("Solveig", "shift_lead")
    kari.post(f"/desk/case/{handoff_id}/take")
    for action in ("take-over", "put-back"):
        answer = solveig.post(f"/desk/case/{handoff_id}/{action}", reason=reason)
        assert answer.status_code == 422
        assert "Velg hvorfor" in answer.text
    solveig.post(f"/desk/staff/{id_of(desk, 'kari')}/end-duty", reason=reason)
    assert holder(desk, handoff_id) == id_of(desk, "kari")


def test_a_colleague_who_is_no_shift_lead_has_no_such_door(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    kari.post(f"/desk/case/{handoff_id}/take")
    assert "Ta over saken" not in ola.get(f"/desk/case/{handoff_id}").text
    assert ola.post(f"/desk/case/{handoff_id}/take-over", reason="ill").status_code == 404
    assert holder(desk, handoff_id) == id_of(desk, "kari")


def test_a_case_is_put_back_in_the_queue_and_anyone_can_take_it(desk: DeskServer) -> None:
    handoff_id = desk.handoff()
    kari, ola = desk.signed_in("Kari"), desk.signed_in("Ola")
    solveig = desk.signed_in("Solveig", "shift_lead")
    kari.post(f"/desk/case/{handoff_id}/take")
    assert solveig.post(f"/desk/case/{handoff_id}/put-back", reason="off_shift").status_code == 303
    assert holder(desk, handoff_id) is None
    assert "Solveig la saken tilbake i køen" in kari.get(f"/desk/case/{handoff_id}").text
    ola.post(f"/desk/case/{handoff_id}/take")
    assert holder(desk, handoff_id) == id_of(desk, "ola")
    assert "la saken tilbake" not in ola.get(f"/desk/case/{handoff_id}").text


@pytest.mark.parametrize("action", ["take-over", "put-back"])
def test_what_is_nobodys_or_ones_own_is_not_taken_over(desk: DeskServer, action: str) -> None:
    waiting, mine = desk.handoff(), desk.handoff()
    solveig = desk.signed_in("Solveig", "shift_lead")
    solveig.post(f"/desk/case/{mine}/take")
    for handoff_id in (waiting, mine):
        answer = solveig.post(f"/desk/case/{handoff_id}/{action}", reason="ill")
        assert answer.status_code == 409
    assert holder(desk, waiting) is None
    assert holder(desk, mine) == id_of(desk, "solveig")
    assert solveig.post(f"/desk/case/{'0' * 24}/{action}", reason="ill").status_code == 404


def test_a_colleagues_duty_is_ended_and_her_cases_wait_for_the_others(desk: DeskServer) -> None:
    first, second = desk.handoff(), desk.handoff()
    kari, solveig = desk.signed_in("Kari"), desk.signed_in("Solveig", "shift_lead")
    kari.post("/desk/duty", on="yes")
    for handoff_id in (first, second):
        kari.post(f"/desk/case/{handoff_id}/take")
    who = id_of(desk, "kari")
    assert "Avslutt vakten" in solveig.get("/desk/staff").text
    solveig.post(f"/desk/staff/{who}/end-duty", reason="off_shift")
    assert [holder(desk, case) for case in (first, second)] == [None, None]
    with desk.db.begin() as tx:
        found = counsellors.get(tx, who)
        assert found
        assert not found.on_duty
    done = [action for action, _ in desk.audit()]
    assert done.count("case_put_back") == 2
    assert ("duty_ended_by", who) in desk.audit()
    assert kari.get("/desk/").status_code == 200  # she is still signed in


def test_nobody_ends_her_own_duty_this_way(desk: DeskServer) -> None:
    solveig = desk.signed_in("Solveig", "shift_lead")
    answer = solveig.post(f"/desk/staff/{id_of(desk, 'solveig')}/end-duty", reason="ill")
    assert answer.status_code == 404
