"""Buttons travel as a numbered menu, and come back as a number or as words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.messages import Button, Lang, Reply
from bot.channels.sms.menu import is_stale_number, offered, read_choice, sms_texts
from bot.channels.sms.reserved import RESERVED, asked_for, menu_title
from bot.channels.sms.segments import count

SAFE = (Button("Ja", "safe:yes"), Button("Nei", "safe:no"))
NEXT = (Button("Hva du tar med", "topic:what_to_bring"), Button("Snakke med noen", "human"))
SUMMARY = (
    Button("Ja, send", "send"),
    Button("Nei, ikke send", "dont_send"),
    Button("Rett på noe", "edit:own_words"),
)


def test_a_short_question_keeps_its_answers_on_the_line() -> None:
    assert sms_texts(Reply("Passer det å skrive nå?", SAFE), "nb") == [
        "Passer det å skrive nå? 1 ja 2 nei"
    ]


def test_next_steps_end_with_the_way_to_the_menu() -> None:
    reply = Reply("Det er **gratis** å bo der.\n\nDu trenger ingen henvisning.", NEXT, "Kilde: § 2")
    assert sms_texts(reply, "nb") == [
        "Det er gratis å bo der.\nDu trenger ingen henvisning.\n"
        "1 hva du tar med, 2 snakke med noen, 0 meny"
    ]


def test_a_reply_without_buttons_has_no_menu() -> None:
    assert sms_texts(Reply("Ring politiet nå: **112**.", kind="danger"), "nb") == [
        "Ring politiet nå: 112."
    ]


def test_names_and_the_english_i_keep_their_capital() -> None:
    buttons = (Button("I call myself", "how:call_self"), Button("Nav", "topic:nav_checklist"))
    assert sms_texts(Reply("Hello.", buttons), "en") == ["Hello. 1 I call myself, 2 Nav, 0 menu"]


def test_a_long_reply_becomes_messages_of_two_segments_with_the_menu_in_the_last() -> None:
    texts = sms_texts(Reply("Du kan få hjelp uten å anmelde. " * 20, NEXT), "nb")
    assert len(texts) > 1
    assert all(count(text).segments <= 2 for text in texts)
    assert [text for text in texts if "1 hva du tar med" in text] == texts[-1:]


def test_a_menu_too_long_for_one_message_is_cut_between_its_lines() -> None:
    buttons = tuple(Button(f"Rett på linje nummer {n} her", f"edit:field{n}") for n in range(30))
    texts = sms_texts(Reply("Dette sier jeg videre.", buttons), "nb")
    assert all(count(text).segments <= 2 for text in texts)
    lines = [line for text in texts[1:] for line in text.split("\n")]
    assert [line.split(" ")[0] for line in lines] == [str(n) for n in range(1, 31)]


def test_zero_meny_gives_way_when_the_message_is_full() -> None:
    text = "a" * (306 - len(" 1 hva du tar med, 2 snakke med noen"))
    (sent,) = sms_texts(Reply(text, NEXT), "nb")
    assert sent.endswith("2 snakke med noen")
    assert count(sent).units == 306


@pytest.mark.parametrize(
    ("said", "payload"),
    [
        ("1", "safe:yes"),
        (" 1. ", "safe:yes"),
        ("1)", "safe:yes"),
        ("1️⃣", "safe:yes"),
        ("nr 2", "safe:no"),
        ("Svar: 2", "safe:no"),
        ("en", "safe:yes"),
        ("Ein", "safe:yes"),
        ("one", "safe:yes"),
        ("to", "safe:no"),
        ("ja", "safe:yes"),
        ("JA!!", "safe:yes"),
        ("ok", "safe:yes"),
        ("1 ja", "safe:yes"),
        ("1 takk", "safe:yes"),
        ("nei", "safe:no"),
        ("3", None),
        ("0", None),
        ("11", None),
        ("1 barn", None),
        ("1 2", None),
        ("ja men han kommer snart", None),
        ("", None),
        ("?", None),
    ],
)
def test_what_answers_the_first_question(said: str, payload: str | None) -> None:
    assert read_choice(said, offered(SAFE)) == payload


@pytest.mark.parametrize(
    ("said", "payload"),
    [
        ("hva du tar med", "topic:what_to_bring"),
        ("Snakke med noen.", "human"),
        ("2 snakke med noen", "human"),
        ("0", "help"),
        ("0 meny", "help"),
        ("ja", None),
        ("noen", None),
    ],
)
def test_the_words_of_a_title_choose_it_too(said: str, payload: str | None) -> None:
    assert read_choice(said, offered(NEXT)) == payload


def test_yes_and_no_choose_where_only_one_choice_means_that() -> None:
    assert read_choice("ja", offered(SUMMARY)) == "send"
    assert read_choice("nei", offered(SUMMARY)) == "dont_send"
    both = [["send", "Ja, send"], ["yes", "Ja"]]
    assert read_choice("japp", both) is None


def test_a_menu_remembered_without_titles_still_takes_numbers_and_yes() -> None:
    assert read_choice("2", ["yes", "no"]) == "no"
    assert read_choice("ja", ["yes", "no"]) == "yes"
    assert read_choice("veit ikkje", ["yes", "no", "dont_know"]) == "dont_know"


def test_nynorsk_no_means_now_and_chooses_nothing() -> None:
    assert read_choice("no", offered(SAFE), "nn") is None
    assert read_choice("no", offered(SAFE), "en") == "safe:no"


def test_an_old_number_is_known_as_one_and_never_guessed() -> None:
    assert is_stale_number("7", offered(SAFE))
    assert is_stale_number("2.", [])
    assert not is_stale_number("2", offered(SAFE))
    assert not is_stale_number("2 barn", [])
    assert not is_stale_number("hei", [])


@given(st.text(max_size=300), st.lists(st.tuples(st.text(), st.text()), max_size=5))
def test_any_text_against_any_menu_gives_one_of_its_payloads_or_nothing(
    text: str, menu: list[tuple[str, str]]
) -> None:
    chosen = read_choice(text, menu)
    assert chosen is None or chosen == "help" or chosen in [payload for payload, _ in menu]
    is_stale_number(text, menu)


@given(
    st.text(max_size=800),
    st.lists(st.text(min_size=1, max_size=24), max_size=6),
    st.sampled_from(["nb", "nn", "en"]),
)
def test_every_message_of_any_reply_is_at_most_two_segments(
    text: str, titles: list[str], lang: Lang
) -> None:
    buttons = tuple(Button(title, f"topic:t{n}") for n, title in enumerate(titles))
    assert all(1 <= count(sent).segments <= 2 for sent in sms_texts(Reply(text, buttons), lang))


def test_no_menu_offers_a_word_that_carriers_keep_for_themselves() -> None:
    for word in sorted(RESERVED):
        title = word.capitalize()
        if title.lower() in ("stopall", "unsubscribe", "unstop"):
            continue  # no button is called that; the content test below would find it
        (text,) = sms_texts(Reply("Shall we?", (Button(title, "yes"), Button("No", "no"))), "en")
        assert not asked_for(text), text
        assert read_choice(title, [["yes", title], ["no", "No"]]) == "yes"
    assert menu_title("Yes, please") == "Yes, please"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Svar STOP for å avslutte", ["STOP"]),
        ('Reply "help" for more', ["HELP"]),
        ("Text yes to go on", ["YES"]),
        ("Er det ok? 1 yes 2 no", ["YES"]),
        ("The help is free. You can get help and info here.", []),
        ("Send oss et ord hvis du vil. Hvem kan hjelpe?", []),
        ("1 yes please 2 no", []),
        ("Skriv SLETT, så sletter vi.", []),
    ],
)
def test_a_text_that_asks_for_a_reserved_word_is_found(text: str, found: list[str]) -> None:
    assert asked_for(text) == found
