"""The page with script: messages as JSON, and the open line that brings what is new."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest

from bot.channels.events import conversation_topic
from bot.channels.messages import Reply
from bot.channels.webchat import stream
from bot.channels.webchat.limits import STREAMS_PER_CONVERSATION
from bot.store import conversations
from tests.webchat.conftest import DANGER, Person, Served, two_choices


def _says(person: Person, text: str, token: str = "", seq: int = 0, **more: str) -> dict[str, Any]:
    fields = {"text": text, "seq": str(seq), "nonce": f"n-{text}-{seq}", "lang": "nb", **more}
    answer = person.http.post("/chat/message", data=fields, headers={"x-conversation": token})
    assert answer.status_code == 200
    return dict(answer.json())


@contextmanager
def _line(person: Person, token: str, seq: int = 0) -> Iterator[Iterator[dict[str, Any]]]:
    with person.http.stream(
        "POST", "/chat/stream", data={"seq": str(seq)}, headers={"x-conversation": token}
    ) as answer:
        assert answer.headers["content-type"] == "application/x-ndjson"
        assert answer.headers["cache-control"] == "no-store"
        yield (json.loads(row) for row in answer.iter_lines() if row.strip())


def _with_items(rows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    return next(row for row in rows if row.get("items"))


def test_a_message_gives_back_the_token_and_the_drawn_bubbles(served: Served) -> None:
    served.script("hei", two_choices())
    first = _says(served.person(), "hei")
    assert served.conversation_of(first["token"])
    assert [item["who"] for item in first["items"]] == ["you", "bot"]
    assert [item["seq"] for item in first["items"]] == [1, 2]
    assert 'value="yes|Ja"' in first["items"][1]["html"]
    assert first["held"] == "Du skriver med en chatbot, ikke et menneske."


def test_only_what_is_new_to_the_page_comes_back(served: Served) -> None:
    person = served.person()
    first = _says(person, "hei")
    second = _says(person, "er du der", first["token"], seq=2)
    assert [item["seq"] for item in second["items"]] == [3, 4]
    assert second["token"] == first["token"]


def test_a_retry_of_the_same_message_is_one_message(served: Served) -> None:
    person = served.person()
    first = _says(person, "hei", nonce="same")
    again = _says(person, "hei", nonce="same")
    assert again["items"] == first["items"]
    assert len(served.turn.handled) == 1


def test_without_a_store_danger_is_answered_to_the_script_too(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    served.store_goes_away(monkeypatch)
    answer = _says(person, f"han {DANGER}", token, seq=2)
    assert "tel:112" in answer["items"][0]["html"]
    assert answer["items"][0]["seq"] == 0
    assert answer["token"] == token


def test_what_a_counsellor_writes_comes_by_itself(served: Served) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    with _line(person, token, seq=2) as rows:
        assert next(rows) == {}
        next(rows)
        served.desk_writes(token, "Hei, jeg er rådgiver.")
        item = _with_items(rows)["items"][0]
    assert item["who"] == "desk" and item["seq"] == 3
    assert "Hei, jeg er rådgiver." in item["html"]


def test_a_line_that_was_lost_goes_on_from_where_the_page_was(served: Served) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    served.desk_writes(token, "Er du der?")
    with _line(person, token, seq=2) as rows:
        assert [item["seq"] for item in _with_items(rows)["items"]] == [3]


def test_nothing_is_missed_between_looking_and_listening(served: Served) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    seen: list[int] = []
    with _line(person, token, seq=2) as rows:
        next(rows)
        writing = threading.Thread(
            target=lambda: [served.desk_writes(token, f"nummer {n}") for n in range(20)]
        )
        writing.start()
        for row in rows:
            seen += [item["seq"] for item in row.get("items", [])]
            if len(seen) == 20:
                break
        writing.join()
    assert seen == list(range(3, 23))


def test_an_erase_in_one_tab_empties_the_other(served: Served) -> None:
    person, other = served.person(), served.person()
    token = _says(person, "jeg er redd")["token"]
    with _line(other, token) as rows:
        _with_items(rows)
        person.http.post("/chat/erase", data={"token": token})
        last = [row for row in rows if row][-1]
    assert "Slettet" in last["page"] and "redd" not in last["page"]


def test_a_line_to_nothing_says_that_it_is_gone(served: Served) -> None:
    with _line(served.person(), "no such token") as rows:
        assert "Slettet" in next(rows)["page"]


def test_a_quiet_line_gives_signs_of_life(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stream, "BEAT", 0.1)
    person = served.person()
    token = _says(person, "hei")["token"]
    with _line(person, token, seq=2) as rows:
        assert all("items" not in next(rows) for _ in range(4))


def test_a_line_is_closed_after_a_while_so_that_dead_ones_do_not_pile_up(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stream, "BEAT", 0.05)
    monkeypatch.setattr(stream, "LONGEST", 0.3)
    person = served.person()
    token = _says(person, "hei")["token"]
    with _line(person, token) as rows:
        assert len(list(rows)) >= 2


def test_one_conversation_cannot_hold_all_lines(served: Served) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    headers = {"x-conversation": token}
    lines: list[Any] = []
    for _ in range(STREAMS_PER_CONVERSATION):
        line = person.http.stream("POST", "/chat/stream", headers=headers)
        line.__enter__()
        lines.append(line)
    assert person.http.post("/chat/stream", headers=headers).status_code == 429
    for line in lines:
        line.__exit__(None, None, None)
    assert _until_open(person, headers) == 200


def _until_open(person: Person, headers: dict[str, str]) -> int:
    for _ in range(50):
        with person.http.stream("POST", "/chat/stream", headers=headers) as answer:
            if answer.status_code == 200:
                return 200
    return answer.status_code


def test_the_script_hears_that_the_store_is_away(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    served.store_goes_away(monkeypatch)
    answer: httpx.Response = person.http.post("/chat/stream", headers={"x-conversation": token})
    assert answer.status_code == 503


def test_a_message_to_an_erased_conversation_begins_a_new_one_with_all_of_it(
    served: Served,
) -> None:
    person = served.person()
    old = _says(person, "hei")["token"]
    person.http.post("/chat/erase", data={"token": old})
    served.script("er du der", Reply("Ja."))
    answer = _says(person, "er du der", old, seq=2)
    assert answer["token"] not in ("", old)
    assert [item["seq"] for item in answer["items"]] == [1, 2]


def test_the_page_is_told_that_a_counsellor_writes_and_not_what(served: Served) -> None:
    person = served.person()
    token = _says(person, "hei")["token"]
    conversation = served.conversation_of(token)
    assert conversation
    with served.db.begin() as tx:
        conversations.set_held_by(tx, conversation.id, "desk")
    with _line(person, token, seq=2) as rows:
        first = next(row for row in rows if "typing" in row)
        assert first["typing"] == ""
        served.services.typing.begin(conversation.id)
        topic = conversation_topic(conversation.id)
        served.loop.call_soon_threadsafe(served.services.events.publish, topic)
        assert next(row["typing"] for row in rows if row.get("typing")) == "Rådgiveren skriver …"
