"""Writing to a person: ready replies, "skriver …", careful words by SMS, and silence."""

from __future__ import annotations

from html import unescape

import pytest

from bot.channels.messages import Reply
from bot.desk.ready_replies import LETTERS, TITLES, offered
from bot.store import conversations, messages
from tests.desk.conftest import Browser, DeskServer


def taken(desk: DeskServer, conversation_id: str | None = None, **changes) -> tuple[str, Browser]:
    handoff_id = desk.handoff(conversation_id, **changes)
    browser = desk.signed_in("Kari")
    assert browser.post(f"/desk/case/{handoff_id}/take").status_code == 303
    return handoff_id, browser


def page_of(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/case/{handoff_id}").text)


# --- ready replies -------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
@pytest.mark.parametrize("channel", ["web", "sms"])
def test_the_starting_set_is_whole_in_every_language_with_numbers_filled_in(
    desk: DeskServer, lang, channel
) -> None:
    with desk.db.begin() as tx:
        found = offered(tx, desk.services.content, lang, channel)
    assert len(found) == len(TITLES) >= 20
    assert [offer.letter for offer in found] == list(LETTERS[: len(found)])
    texts = {offer.key: offer.text for offer in found}
    assert "112" in texts["danger_now"]
    assert "116 117" in texts["doctor"]
    assert not any("{" in text or "**" in text for text in texts.values())


def test_replies_come_in_the_persons_language_and_for_the_channel(desk: DeskServer) -> None:
    web, kari = taken(desk, desk.person("web"))
    sms, _kari = taken(desk, desk.person("sms"), lang="en")
    assert "Kan noen andre se skjermen din?" in page_of(kari, web)
    assert "Is it a good time to write now?" in page_of(kari, sms)
    assert "Can anyone else see your screen?" not in page_of(kari, sms)


def test_without_script_a_chosen_reply_is_put_in_the_field_and_not_sent(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    answer = kari.post(f"/desk/case/{handoff_id}/reply", text="Hei.", ready="silent")
    assert answer.status_code == 200
    assert "Hei.\nDu trenger ikke skrive mye." in unescape(answer.text)
    with desk.db.begin() as tx:
        assert messages.after(tx, person, 0) == []


def test_by_sms_a_reply_that_names_the_matter_is_marked(desk: DeskServer) -> None:
    with desk.db.begin() as tx:
        found = {
            offer.key: offer.reveals for offer in offered(tx, desk.services.content, "nb", "sms")
        }
    assert found["duty"]
    assert not found["ask_safe"]
    assert not found["closing"]
    handoff_id, kari = taken(desk, desk.person("sms"))
    assert "sier hva det gjelder" in page_of(kari, handoff_id)
    web, _kari = taken(desk)
    assert "sier hva det gjelder" not in page_of(kari, web)


# --- "skriver …" ---------------------------------------------------------------------------------


def test_that_she_writes_is_known_for_some_seconds_and_nothing_else(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    typing = desk.services.typing
    assert not typing.now(person)
    assert kari.post(f"/desk/case/{handoff_id}/typing").status_code == 204
    assert typing.now(person)
    kari.post(f"/desk/case/{handoff_id}/reply", text="Hei")
    assert not typing.now(person)


@pytest.mark.parametrize("why", ["sms", "neutral", "doubt", "colleague"])
def test_nothing_is_shown_to_who_may_be_somebody_else(desk: DeskServer, why: str) -> None:
    person = desk.person("sms" if why == "sms" else "web", neutral=why == "neutral")
    handoff_id, kari = taken(desk, person)
    if why == "doubt":
        with desk.db.begin() as tx:
            found = conversations.get(tx, person)
            assert found
            found.state.doubt = "who"
            conversations.save(tx, found)
    writer = desk.signed_in("Ola") if why == "colleague" else kari
    writer.post(f"/desk/case/{handoff_id}/typing")
    assert not desk.services.typing.now(person)


# --- silence -------------------------------------------------------------------------------------


def test_after_ten_silent_minutes_a_kind_closing_is_offered_and_nothing_closes(
    desk: DeskServer,
) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    desk.writes(person, "hei")
    kari.post(f"/desk/case/{handoff_id}/reply", text="Hei, jeg er her.")
    desk.clock.passes(minutes=9)
    assert "Stille i" not in page_of(kari, handoff_id)
    desk.clock.passes(minutes=2)
    page = page_of(kari, handoff_id)
    assert "Stille i 11 min" in page
    assert "Vennlig avslutning i feltet" in page
    assert "din sak siden" in page, "nothing was closed"
    desk.writes(person, "er her")
    assert "Stille i" not in page_of(kari, handoff_id)


def test_the_person_is_asked_once_in_a_silence_by_the_counsellor(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, kari = taken(desk, person)
    desk.writes(person, "hei")
    kari.post(f"/desk/case/{handoff_id}/reply", text="Hei")
    desk.clock.passes(minutes=11)
    assert kari.post(f"/desk/case/{handoff_id}/still-there").status_code == 303
    said = desk.services.outbound.unprompted_sentences
    assert said[-1] == (person, "still_there")
    assert kari.post(f"/desk/case/{handoff_id}/still-there").status_code == 409
    assert "Spurt kl." in page_of(kari, handoff_id)
    assert ("asked_there", handoff_id) in desk.audit()
    desk.clock.passes(minutes=1)
    desk.writes(person, "ja")
    kari.post(f"/desk/case/{handoff_id}/reply", text="Fint")
    desk.clock.passes(minutes=11)
    assert kari.post(f"/desk/case/{handoff_id}/still-there").status_code == 303


def test_a_colleague_cannot_ask_in_her_place(desk: DeskServer) -> None:
    person = desk.person()
    handoff_id, _kari = taken(desk, person)
    with desk.db.begin() as tx:
        messages.add_reply(tx, person, Reply("Hei", kind="desk"))
    answer = desk.signed_in("Ola").post(f"/desk/case/{handoff_id}/still-there")
    assert answer.status_code == 409
    assert (person, "still_there") not in desk.services.outbound.unprompted_sentences
