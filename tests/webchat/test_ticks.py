"""Boxes that are ticked together: drawn once, sent with any button, never lost, never guessed."""

from __future__ import annotations

import re

import pytest

from bot.channels.messages import Button, Reply
from tests.webchat.conftest import Served

SIGNS = Reply(
    "**Kroppen** (1 av 10)\n\nKryss av det du kjenner igjen.",
    (
        Button("Har noen dyttet deg?", "tick:pushed"),
        Button("Har noen <b>låst</b> deg inne?", "tick:locked_in"),
        Button("Videre", "next"),
        Button("Ingen av disse", "none"),
        Button("Snakk med en rådgiver", "human"),
        Button("Stopp her", "stop"),
    ),
)


@pytest.fixture
def person(served: Served):
    served.script("hei", SIGNS)
    someone = served.person()
    someone.opens()
    someone.writes("hei")
    return someone


def last(served: Served):
    message = served.turn.handled[-1]
    return message.payload, message.text


def test_signs_are_boxes_with_a_number_and_the_rest_are_buttons(person):
    html = person.page.html
    boxes = re.findall(r'<input type="checkbox" name="tick" value="(\w+)"', html)
    assert boxes == ["pushed", "locked_in"]
    assert "1. Har noen dyttet deg?" in person.page.text
    assert "&lt;b&gt;låst&lt;/b&gt;" in html
    assert [choice.split("|")[0] for choice in person.page.choices()] == [
        "next", "none", "human", "stop",
    ]  # fmt: skip
    [name] = re.findall(r'role="group" aria-labelledby="(\w+)"', html)
    assert f'id="{name}"' in html


@pytest.mark.parametrize(
    ("fields", "payload", "text"),
    [
        ({"press": "next|Videre"}, "next:pushed,locked_in", "Videre"),
        ({"press": "none|Ingen av disse"}, "none:pushed,locked_in", "Ingen av disse"),
        ({"press": "stop|Stopp her"}, "stop:pushed,locked_in", "Stopp her"),
        ({"press": "human|Snakk med en rådgiver"}, "human", "Snakk med en rådgiver"),
        ({"press": "topic:cost|Pris"}, "topic:cost", "Pris"),
        ({"do": "say", "text": ""}, "next:pushed,locked_in", "✓"),
        ({"do": "say", "text": "bare av og til"}, "tick:pushed,locked_in", "bare av og til"),
        ({"do": "say", "text": "SLETT"}, None, "SLETT"),
        ({"do": "say", "text": "menneske"}, None, "menneske"),
    ],
)
def test_ticks_go_along_with_what_was_pressed_or_written(person, served, fields, payload, text):
    person.posts(tick=["pushed", "locked_in"], **fields)
    assert last(served) == (payload, text)


@pytest.mark.parametrize("press", ["next|Videre", "none|Ingen av disse"])
def test_without_ticks_a_button_is_a_button(person, served, press):
    person.posts(press=press)
    assert last(served)[0] == press.split("|")[0]


@pytest.mark.parametrize(
    "junk", ["", "PUSHED", "a" * 200, "<script>", "\x00", "../x", "1", "😀", "a,b", "tick:pushed"]
)
def test_what_is_no_box_is_left_out(person, served, junk):
    person.posts(press="next|Videre", tick=[junk])
    assert last(served)[0] == "next"


def test_a_thousand_boxes_are_no_thousand_boxes(person, served):
    person.posts(press="next|Videre", tick=[f"a{'b' * number}" for number in range(1, 39)] * 30)
    assert len(last(served)[0].split(",")) <= 40


def test_the_same_boxes_sent_twice_are_answered_once_and_other_boxes_are_another_answer(
    person, served
):
    before = len(served.turn.handled)
    form = person.form(press="next|Videre", tick=["pushed"])
    for sent in (form, form, {**form, "tick": ["locked_in"]}):
        person.http.post("/", data=sent)
    assert [m.payload for m in served.turn.handled[before:]] == ["next:pushed", "next:locked_in"]


@pytest.mark.parametrize("fields", [{"do": "new"}, {"do": "lang:nn"}])
def test_what_is_ticked_stays_ticked_when_the_page_is_drawn_again(person, fields):
    page = person.posts(tick=["locked_in"], text="jeg holder på å skrive", **fields)
    ticked = re.findall(r'value="(\w+)" checked', page.html)
    assert ticked == ["locked_in"]
    assert page.draft == "jeg holder på å skrive"


def test_enter_in_a_box_never_leaves_the_page(person):
    """The first button of a form is the one that Enter presses."""
    first = re.search(r"<button[^>]*>", person.page.html)
    assert first and 'value="say"' in first[0]
    assert 'tabindex="-1"' in first[0] and 'aria-hidden="true"' in first[0]


def test_a_page_with_a_whole_group_stays_light(person, served):
    many = [Button("Har noen gjort noe du ikke ville? " * 3, f"tick:sign_{a}") for a in "abcdefgh"]
    served.script("mer", Reply("Kryss av.", (*many, *SIGNS.buttons[2:])))
    page = person.writes("mer")
    weight = sum(
        len(person.http.get(path).content) for path in ("/static/n.js", "/static/n.css")
    ) + len(page.response.content)
    assert weight < 30 * 1024
