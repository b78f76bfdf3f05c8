"""Two counsellors at the same moment: one person, one counsellor, always."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from bot.handoff import queue
from tests.desk.conftest import PASSWORD, DeskServer


def test_of_many_who_take_at_once_exactly_one_has_the_person(desk: DeskServer) -> None:
    names = ["Kari", "Ola", "Nina", "Per"]
    browsers = [desk.signed_in(name) for name in names]
    tokens = [browser.csrf() for browser in browsers]
    for _ in range(10):
        handoff_id = desk.handoff()
        start = threading.Barrier(len(names))

        def take(n: int, path: str = f"/desk/case/{handoff_id}/take", start=start) -> int:
            start.wait()
            return browsers[n].http.post(path, data={"csrf": tokens[n]}).status_code

        with ThreadPoolExecutor(len(names)) as pool:
            answers = list(pool.map(take, range(len(names))))
        assert sorted(answers) == [303, 409, 409, 409]
        with desk.db.begin() as tx:
            found = queue.case(tx, handoff_id)
            assert found
        winner = browsers[answers.index(303)]
        assert "Samtalen siden du tok saken" in winner.get(f"/desk/case/{handoff_id}").text
        assert desk.audit().count(("case_taken", handoff_id)) == 1


def test_one_code_used_in_two_browsers_at_once_signs_in_one(desk: DeskServer) -> None:
    desk.counsellor("Kari")
    browsers = [desk.browser() for _ in range(4)]
    tokens = [browser.csrf("/desk/sign-in") for browser in browsers]
    code = desk.code()

    def sign_in(n: int) -> int:
        fields = {"csrf": tokens[n], "username": "kari", "password": PASSWORD, "code": code}
        return browsers[n].http.post("/desk/sign-in", data=fields).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(sign_in, range(4)))
    assert sorted(answers) == [303, 401, 401, 401]


def test_a_case_closed_and_given_back_at_once_ends_in_one_of_the_two(desk: DeskServer) -> None:
    kari = [desk.signed_in("Kari"), desk.signed_in("Kari")]
    for _ in range(5):
        handoff_id = desk.handoff()
        kari[0].post(f"/desk/case/{handoff_id}/take")
        tokens = [browser.csrf() for browser in kari]

        def act(n: int, handoff_id=handoff_id, tokens=tokens) -> int:
            path = f"/desk/case/{handoff_id}/" + ("close", "give-back")[n]
            fields = {"csrf": tokens[n], "outcome": "talked"}
            return kari[n].http.post(path, data=fields).status_code

        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(act, range(2)))
        assert sorted(answers) == [303, 409]
