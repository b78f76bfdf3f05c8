"""A case from the queue to its end: what is shown, what is done, and what stands in the log."""

from __future__ import annotations

from html import unescape

import pytest

from bot.channels.messages import Reply
from bot.handoff import queue
from bot.handoff.draft import Contact
from bot.store import conversations, messages, outbox
from tests.desk.conftest import OWN_WORDS, Browser, DeskServer

NUMBER = "+4700000001"


def taken(desk: DeskServer, conversation_id: str | None = None, **changes) -> tuple[str, Browser]:
    handoff_id = desk.handoff(conversation_id, **changes)
    browser = desk.signed_in("Kari")
    assert browser.post(f"/desk/case/{handoff_id}/take").status_code == 303
    return handoff_id, browser


def page_of(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/case/{handoff_id}").text)


def live_of(browser: Browser, handoff_id: str) -> dict:
    return browser.get(f"/desk/live/case/{handoff_id}").json()


def test_a_waiting_case_shows_what_the_person_approved_and_not_the_number(
    desk: DeskServer,
) -> None:
    handoff_id = desk.handoff()
    page = page_of(desk.signed_in("Kari"), handoff_id)
    for words in (
        OWN_WORDS,
        "Ta saken",
        "SNART",
        "ALDRI telefonsvarer",
        "kvelertak: ",
        "ikke spurt",
    ):
        assert words in page
    assert NUMBER not in page
    assert "Vis nummer" not in page
    assert ("case_opened", handoff_id) in desk.audit()


def test_taking_holds_the_person_and_tells_them(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, browser = taken(desk, person)
    with desk.db.begin() as tx:
        conversation = conversations.get(tx, person)
        assert conversation
        assert conversation.held_by == "desk"
    assert desk.services.outbound.unprompted_sentences == [(person, "counsellor_taken")]
    assert "Samtalen siden du tok saken" in page_of(browser, handoff_id)


def test_whoever_chose_to_be_called_gets_no_sms_when_the_case_is_taken(desk: DeskServer) -> None:
    taken(desk, desk.person("sms"), how="be_called")
    assert desk.services.outbound.unprompted_sentences == []


def test_the_second_who_takes_is_told_who_has_it_and_sees_no_words(desk: DeskServer) -> None:
    handoff_id, _kari = taken(desk)
    ola = desk.signed_in("Ola")
    answer = ola.post(f"/desk/case/{handoff_id}/take")
    assert answer.status_code == 409
    assert "Kari har allerede tatt saken." in answer.text
    assert OWN_WORDS not in answer.text
    assert OWN_WORDS not in ola.get(f"/desk/case/{handoff_id}").text


def test_a_colleague_is_not_even_handed_the_words_to_leave_out(desk: DeskServer) -> None:
    from bot.desk.case_view import case_view

    handoff_id, _kari = taken(desk)
    ola = desk.counsellor("Ola")
    with desk.db.begin() as tx:
        view = case_view(tx, handoff_id, ola)
    assert view
    assert (view.phase, view.groups, view.contact, view.messages) == ("other", [], [], [])


def test_a_case_that_never_was_cannot_be_taken(desk: DeskServer) -> None:
    assert desk.signed_in("Kari").post("/desk/case/nothing/take").status_code == 404


@pytest.mark.parametrize("action", ["reply", "note", "give-back", "close", "number"])
def test_a_colleague_cannot_act_on_a_case_that_is_not_hers(desk: DeskServer, action: str) -> None:
    person = desk.person()
    handoff_id, _kari = taken(desk, person)
    answer = desk.signed_in("Ola").post(
        f"/desk/case/{handoff_id}/{action}", text="hei", note="hei", outcome="talked"
    )
    assert answer.status_code in (404, 409, 422)
    with desk.db.begin() as tx:
        found = queue.case(tx, handoff_id)
        assert found
        assert found.status == "taken"
        assert found.notes == ()
        assert messages.after(tx, person, 0) == []
    assert NUMBER not in answer.text


def test_the_number_is_shown_only_to_the_one_who_has_the_case_and_is_logged(
    desk: DeskServer,
) -> None:
    handoff_id, kari = taken(desk)
    assert NUMBER not in page_of(kari, handoff_id)
    assert ("number_shown", handoff_id) not in desk.audit()
    assert NUMBER in unescape(kari.post(f"/desk/case/{handoff_id}/number").text)
    assert desk.audit().count(("number_shown", handoff_id)) == 1
    assert desk.signed_in("Ola").get(f"/desk/case/{handoff_id}/number").status_code in (404, 405)


def test_a_quote_opens_alone_and_is_logged(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    page = unescape(kari.get(f"/desk/case/{handoff_id}/quote/1").text)
    assert "tar bilnøklene" in page
    assert OWN_WORDS not in page
    assert ("quote_opened", handoff_id) in desk.audit()
    assert kari.get(f"/desk/case/{handoff_id}/quote/2").status_code == 404
    assert desk.signed_in("Ola").get(f"/desk/case/{handoff_id}/quote/1").status_code == 404


def test_only_what_is_written_after_taking_is_shown(desk: DeskServer) -> None:
    person = desk.person()
    desk.writes(person, "dette skrev jeg til boten")
    desk.clock.passes(minutes=1)
    handoff_id, kari = taken(desk, person)
    desk.clock.passes(minutes=1)
    desk.writes(person, "er det noen der nå")
    page = page_of(kari, handoff_id)
    assert "er det noen der nå" in page
    assert "dette skrev jeg til boten" not in page


def test_what_the_counsellor_writes_goes_to_the_person(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    answer = kari.post(f"/desk/case/{handoff_id}/reply", text="Hei, jeg heter Kari.")
    assert answer.status_code == 303
    with desk.db.begin() as tx:
        (sent,) = messages.after(tx, person, 0)
    assert (sent.author, sent.reply.text) == ("desk", "Hei, jeg heter Kari.")
    assert "Hei, jeg heter Kari." in page_of(kari, handoff_id)


def test_the_same_form_sent_twice_writes_once(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    for _ in range(2):
        kari.post(f"/desk/case/{handoff_id}/reply", text="Hei", once="abc")
    with desk.db.begin() as tx:
        assert len(messages.after(tx, person, 0)) == 1


def test_a_message_that_did_not_go_out_can_be_sent_again(desk: DeskServer) -> None:
    person = desk.person(neutral=True)
    handoff_id, kari = taken(desk, person)
    first = kari.post(f"/desk/case/{handoff_id}/reply", text="Hei", once="abc")
    assert first.status_code == 422
    again = kari.post(f"/desk/case/{handoff_id}/reply", text="Hei", once="abc", warned="yes")
    assert again.status_code == 303


@pytest.mark.parametrize(("text", "says"), [("", "tom"), ("   ", "tom"), ("x" * 1501, "for lang")])
def test_an_empty_or_endless_message_is_not_sent(desk: DeskServer, text: str, says: str) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    answer = kari.post(f"/desk/case/{handoff_id}/reply", text=text)
    assert answer.status_code == 422
    assert says in answer.text
    with desk.db.begin() as tx:
        assert messages.after(tx, person, 0) == []


@pytest.mark.parametrize(
    ("channel", "safe", "neutral", "warning"),
    [
        ("web", "yes", True, "Noen andre kan lese dette"),
        ("web", "no", False, "Ikke trygt å skrive"),
        ("sms", "unknown", False, "Vi vet ikke om det er trygt"),
        ("sms", "no", False, "Ikke trygt å skrive"),
    ],
)
def test_when_it_may_not_be_safe_the_counsellor_must_say_that_she_has_thought(
    desk: DeskServer, channel: str, safe: str, neutral: bool, warning: str
) -> None:
    person = desk.person(channel, safe, neutral)
    handoff_id, kari = taken(desk, person)
    assert warning in page_of(kari, handoff_id)
    answer = kari.post(f"/desk/case/{handoff_id}/reply", text="Hei fra krisesenteret")
    assert answer.status_code == 422
    assert "Hei fra krisesenteret" in answer.text  # what she wrote is not lost
    with desk.db.begin() as tx:
        assert messages.after(tx, person, 0) == []
    assert "case_written" not in [action for action, _ in desk.audit()]


def test_where_it_is_safe_there_is_no_warning(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk, desk.person("sms", "yes"))
    assert 'class="warning"' not in page_of(kari, handoff_id)


def test_a_danger_to_the_contact_that_comes_meanwhile_reaches_the_open_page(
    desk: DeskServer,
) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    assert live_of(kari, handoff_id)["danger"] is None
    with desk.db.begin() as tx:
        conversation = conversations.get(tx, person)
        assert conversation
        conversation.state.neutral = True
        conversations.save(tx, conversation)
    news = live_of(kari, handoff_id)
    assert news["danger"] == "found_out"
    assert "Noen andre kan lese dette" in news["parts"]["state"]


def test_notes_stay_with_the_case_and_leave_with_it(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    assert kari.post(f"/desk/case/{handoff_id}/note", note="ringte, ingen svar").status_code == 303
    assert "ringte, ingen svar" in page_of(kari, handoff_id)
    kari.post(f"/desk/case/{handoff_id}/give-back")
    ola = desk.signed_in("Ola")
    assert "ringte, ingen svar" not in page_of(ola, handoff_id)
    ola.post(f"/desk/case/{handoff_id}/take")
    assert "ringte, ingen svar" in page_of(ola, handoff_id)


def test_given_back_it_waits_for_a_colleague_and_the_person_is_told(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    assert kari.post(f"/desk/case/{handoff_id}/give-back").headers["location"] == "/desk/"
    with desk.db.begin() as tx:
        found, conversation = queue.case(tx, handoff_id), conversations.get(tx, person)
        assert found
        assert conversation
        assert (found.status, conversation.held_by) == ("waiting", "bot")
    assert desk.services.outbound.unprompted_sentences[-1] == (person, "counsellor_away")


def test_closing_needs_an_outcome_and_gives_the_person_back_to_the_bot(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    for outcome in ("", "noe jeg fant på"):
        answer = kari.post(f"/desk/case/{handoff_id}/close", outcome=outcome)
        assert answer.status_code == 422
    assert kari.post(f"/desk/case/{handoff_id}/close", outcome="talked").status_code == 303
    with desk.db.begin() as tx:
        found, conversation = queue.case(tx, handoff_id), conversations.get(tx, person)
        assert found
        assert conversation
        assert (found.status, found.row.outcome) == ("closed", "talked")
        assert conversation.held_by == "bot"
    assert desk.services.outbound.unprompted_sentences[-1] == (person, "given_back")
    page = page_of(kari, handoff_id)
    assert "Skrev eller snakket sammen" in page
    assert OWN_WORDS not in page


def test_an_erased_conversation_is_said_to_be_erased(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    with desk.db.begin() as tx:
        queue.on_erase(tx, person)
        conversations.erase(tx, person)
    page = page_of(kari, handoff_id)
    assert "Slettet av personen" in page
    assert OWN_WORDS not in page
    assert kari.post(f"/desk/case/{handoff_id}/reply", text="Hei").status_code == 422


def test_a_callback_that_stands_keeps_its_rules_and_number_without_a_conversation(
    desk: DeskServer,
) -> None:
    person = desk.person("sms")
    handoff_id, kari = taken(desk, person, how="be_called")
    with desk.db.begin() as tx:
        queue.on_erase(tx, person, callback_stands=True)
        conversations.erase(tx, person)
    page = page_of(kari, handoff_id)
    assert "Ønsket om å bli ringt står" in page
    assert "ALDRI telefonsvarer" in page
    assert 'id="reply"' not in page
    assert NUMBER in unescape(kari.post(f"/desk/case/{handoff_id}/number").text)


def test_taking_the_case_means_that_its_alarms_are_seen(desk: DeskServer) -> None:
    person, other = desk.person(), desk.person()
    mine, others = desk.alarm(person), desk.alarm(other)
    taken(desk, person)
    with desk.db.begin() as tx:
        status = {row.id: row.status for row in queue.list_alarms(tx)}
    assert status == {mine: "seen", others: "open"}
    assert ("alarm_seen", mine) in desk.audit()


def test_closing_the_case_closes_the_alarms_it_was_about_and_no_other(desk: DeskServer) -> None:
    person, other = desk.person(), desk.person()
    desk.alarm(person)
    others = desk.alarm(other)
    handoff_id, kari = taken(desk, person)
    unseen = desk.alarm(person, danger="strangled", level="soon")
    kari.post(f"/desk/case/{handoff_id}/close", outcome="talked")
    with desk.db.begin() as tx:
        assert {row.id for row in queue.list_alarms(tx)} == {others, unseen}


def test_words_that_look_like_code_are_shown_as_words(desk: DeskServer) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    person = desk.person()
    from bot.handoff.draft import SummaryLine

    lines = (SummaryLine("own_words", "own_words", attack, quotes=(attack,)),)
    contact = Contact(NUMBER, attack, attack, False)
    handoff_id, kari = taken(desk, person, summary=lines, contact=contact)
    desk.writes(person, attack)
    kari.post(f"/desk/case/{handoff_id}/note", note=attack)
    news = live_of(kari, handoff_id)
    for text in (
        kari.get(f"/desk/case/{handoff_id}").text,
        kari.get(f"/desk/case/{handoff_id}/quote/0").text,
        kari.post(f"/desk/case/{handoff_id}/reply", text="").text,
        kari.post(f"/desk/case/{handoff_id}/reply", text=attack * 30).text,
        *news["parts"].values(),
    ):
        assert "<script>alert" not in text
        assert "<img src" not in text
    assert "&lt;script&gt;" in news["parts"]["messages"]


def test_addresses_and_titles_hold_no_designation_words_or_number(desk: DeskServer) -> None:
    import re

    handoff_id, kari = taken(desk)
    with desk.db.begin() as tx:
        found = queue.case(tx, handoff_id)
        assert found
    for path in (f"/desk/case/{handoff_id}", "/desk/"):
        page = kari.get(path).text
        title = re.search(r"<title>(.*?)</title>", page)
        assert title
        assert title.group(1) in ("Sak – Vakt", "Kø – Vakt")
        addresses = " ".join(re.findall(r'(?:href|action|data-live)="([^"]*)"', page))
        assert found.designation.split()[0] not in addresses
        assert "4700000001" not in addresses


def test_under_each_text_by_sms_stands_how_it_fared(desk: DeskServer) -> None:
    person = desk.person("sms", "yes")
    handoff_id, browser = taken(desk, person)
    with desk.db.begin() as tx:
        for text, code in (("kom jeg fram?", None), ("er du der?", "30003")):
            said = messages.add_reply(tx, person, Reply(text, kind="desk"))
            row = outbox.put(tx, person, person, NUMBER, text, "desk", said)
            outbox.mark_sending(tx, row, 30)
            outbox.mark_sent(tx, row, f"SM{row}")
            outbox.mark_delivery(tx, row, f"SM{row}", delivered=code is None, error_code=code)
    page = page_of(browser, handoff_id)
    assert page.index("kom jeg fram?") < page.index("kom fram</p>") < page.index("er du der?")
    assert "KOM IKKE FRAM (feilkode 30003)" in page[page.index("er du der?") :]
