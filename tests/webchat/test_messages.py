"""Writing on the page without script: said, answered, and the same form again."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.channels.messages import Reply
from bot.store import conversations
from tests.webchat.conftest import DANGER, Page, Served, two_choices

KNOCKING = f"han står utenfor og {DANGER}"


def test_the_first_message_opens_a_conversation_and_is_answered(served: Served) -> None:
    served.script("hva koster det", Reply("Det er gratis.", source="Kilde: krisesenterlova § 2"))
    person = served.person()
    person.opens()
    page = person.writes("hva koster det")
    assert page.said("you") == ["hva koster det"]
    assert page.said("bot") == ["Det er gratis."]
    assert "Kilde: krisesenterlova § 2" in page.text
    assert served.count() == 1
    assert served.conversation_of(page.field("token"))


def test_a_person_can_write_at_once_without_saying_whether_it_is_safe(served: Served) -> None:
    person = served.person()
    person.opens()
    assert "112" in " ".join(person.writes(KNOCKING).said("bot"))


def test_the_answer_to_is_it_safe_is_the_first_message(served: Served) -> None:
    person = served.person()
    person.opens()
    person.presses("Vet ikke")
    assert served.turn.handled[0].payload == "safe:unknown"
    assert served.turn.handled[0].text == "Vet ikke"


def test_the_conversation_goes_on_by_the_token_in_the_page(served: Served) -> None:
    person = served.person()
    person.opens()
    token = person.writes("hei").field("token")
    page = person.writes("er du der")
    assert page.field("token") == token
    assert page.said("you") == ["hei", "er du der"]
    assert served.count() == 1
    assert token not in str(page.response.url)


def test_a_choice_is_pressed_or_its_words_are_written(served: Served) -> None:
    served.script("hei", two_choices())
    person = served.person()
    person.opens()
    assert person.writes("hei").choices() == ["yes|Ja", "no|Nei"]
    page = person.presses("Nei")
    assert served.turn.handled[-1].payload == "no"
    assert page.said("you") == ["hei", "Nei"]
    person.writes("ja")
    assert served.turn.handled[-1].payload is None


def test_old_choices_cannot_be_pressed_any_more(served: Served) -> None:
    served.script("hei", two_choices())
    person = served.person()
    person.opens()
    person.writes("hei")
    assert person.writes("noe annet").choices() == []


def test_a_choice_with_a_strange_payload_is_not_a_choice(served: Served) -> None:
    person = served.person()
    person.opens()
    for press in ("/restart|Ja", "human", "human|", "HUMAN|Ja", "a b|Ja", "yes{}|Ja"):
        person.posts(press=press, text="hei")
        assert served.turn.handled[-1].payload is None
        assert served.turn.handled[-1].text == "hei"


def test_what_was_being_typed_is_still_there_after_a_choice_or_a_look(served: Served) -> None:
    served.script("hei", two_choices())
    person = served.person()
    person.opens()
    person.writes("hei")
    assert person.posts(do="new", text="jeg holder på å skrive").draft == "jeg holder på å skrive"
    press = person.page.choices()[0]
    assert (
        person.posts(press=press, text="jeg holder på å skrive").draft == "jeg holder på å skrive"
    )
    assert (
        person.posts(do="lang:en", text="jeg holder på å skrive").draft == "jeg holder på å skrive"
    )
    assert len(served.turn.handled) == 2


def test_new_replies_come_when_one_asks_for_them(served: Served) -> None:
    person = served.person()
    person.opens()
    token = person.writes("hei").field("token")
    served.desk_writes(token, "Hei, jeg er rådgiver.")
    page = person.posts(do="new")
    assert page.said("desk") == ["Hei, jeg er rådgiver."]
    assert "Rådgiver" in page.text


def test_the_page_says_who_writes(served: Served) -> None:
    person = served.person()
    person.opens()
    token = person.writes("hei").field("token")
    assert "Du skriver med en chatbot, ikke et menneske." in person.page.text
    conversation = served.conversation_of(token)
    assert conversation
    with served.db.begin() as tx:
        conversations.set_held_by(tx, conversation.id, "desk")
    assert "En rådgiver skriver med deg nå." in person.posts(do="new").text


# --- the same form again ---


def test_the_same_form_sent_twice_is_one_message(served: Served) -> None:
    person = served.person()
    person.opens()
    form = person.form(do="say", text="hei")
    first, second = (Page(person.http.post("/", data=form)) for _ in range(2))
    assert len(served.turn.handled) == 1
    assert served.count() == 1
    assert second.field("token") == first.field("token")
    assert second.said("you") == ["hei"]


def test_two_taps_at_the_same_time_are_one_message_and_both_see_the_answer(served: Served) -> None:
    served.turn.slow = 0.5
    person = served.person()
    person.opens()
    form = person.form(do="say", text="hei")
    pages: list[Page] = []
    taps = [
        threading.Thread(target=lambda: pages.append(Page(person.http.post("/", data=form))))
        for _ in range(3)
    ]
    for tap in taps:
        tap.start()
    for tap in taps:
        tap.join()
    assert len(served.turn.handled) == 1
    assert [page.said("bot") for page in pages] == [["Du skrev 3 tegn."]] * 3


def test_another_message_from_the_same_old_form_is_a_new_message(served: Served) -> None:
    person = served.person()
    person.opens()
    form = person.form()
    person.writes("hei")
    again = Page(person.http.post("/", data={**form, "do": "say", "text": KNOCKING}))
    assert "112" in " ".join(again.said("bot"))


def test_a_form_from_the_browser_s_history_after_an_erase_shows_nothing(served: Served) -> None:
    person = served.person()
    person.opens()
    first = person.form(do="say", text="han er farlig")
    person.posts(**first)
    second = person.form(do="say", text="jeg er redd")
    person.posts(**second)
    person.posts(do="erase")
    for form in (first, second):
        again = Page(person.http.post("/", data=form))
        assert "Slettet" in again.text
        assert "redd" not in again.html and "farlig" not in again.html
    assert served.count() == 0


def test_a_new_message_on_a_page_that_was_erased_elsewhere_is_still_answered(
    served: Served,
) -> None:
    person = served.person()
    person.opens()
    other_tab = person.writes("hei")
    form = person.form(do="say", text=KNOCKING)
    person.posts(do="erase")
    again = Page(person.http.post("/", data=form))
    assert "112" in " ".join(again.said("bot"))
    assert again.field("token") not in ("", other_tab.field("token"))


def test_a_message_that_could_not_be_handled_can_be_sent_again(served: Served) -> None:
    person = served.person()
    person.opens()
    form = person.form(do="say", text="hei")
    served.turn.broken = RuntimeError("words of the person")
    assert person.http.post("/", data=form).status_code == 500
    served.turn.broken = None
    assert Page(person.http.post("/", data=form)).said("bot") == ["Du skrev 3 tegn."]


def test_a_message_is_handled_to_its_end_when_the_browser_hangs_up(served: Served) -> None:
    served.turn.slow = 0.4
    person = served.person()
    person.opens()
    with pytest.raises(Exception, match="timed out"):
        person.http.post("/", data=person.form(do="say", text=KNOCKING), timeout=0.2)

    async def wait() -> None:
        await asyncio.sleep(0.6)

    asyncio.run_coroutine_threadsafe(wait(), served.loop).result()
    assert served.count() == 1
    with served.db.begin() as tx:
        from sqlalchemy import select

        from bot.store import models

        assert len(tx.session.scalars(select(models.StoredMessage)).all()) == 2


def test_another_language_is_remembered_and_is_no_message(served: Served) -> None:
    person = served.person()
    person.opens()
    assert "Here you can ask and tell." in person.posts(do="lang:en").text
    assert served.count() == 0
    token = person.writes("hello").field("token")
    page = person.posts(do="lang:nn")
    assert page.said("you") == ["hello"]
    assert 'lang="nn"' in page.html
    assert "Forlat sida" in person.posts(do="new").text
    conversation = served.conversation_of(token)
    assert conversation and conversation.lang == "nn"
