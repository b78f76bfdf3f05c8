"""Calling back from the case page: who is offered it, what is refused, what stands there after."""

from __future__ import annotations

from html import unescape

import pytest

from bot.handoff.draft import Contact
from bot.store import calls, conversations
from tests.desk.conftest import Browser, DeskServer

PERSON, KARIS_PHONE = "+4700000001", "+4700000077"
EVENING = "18-24"  # the clock of these tests stands at 21:14


class FakeTelephone:
    """Remembers what it was asked to ring."""

    def __init__(self) -> None:
        self.rung: list[tuple[str, str]] = []
        self.works = True

    async def ring(self, call_id: str, number: str) -> bool:
        self.rung.append((call_id, number))
        return self.works


@pytest.fixture
def telephone(desk: DeskServer) -> FakeTelephone:
    desk.services.telephone = FakeTelephone()
    return desk.services.telephone


def taken(desk: DeskServer, times: str | None = EVENING, **person: object) -> tuple[str, Browser]:
    contact = Contact(PERSON, times, "feil nummer", False)
    conversation = desk.person("sms", **person)  # type: ignore[arg-type]
    handoff_id = desk.handoff(conversation, how="be_called", contact=contact)
    browser = desk.signed_in("Kari")
    assert browser.post(f"/desk/case/{handoff_id}/take").status_code == 303
    return handoff_id, browser


def page_of(browser: Browser, handoff_id: str) -> str:
    return unescape(browser.get(f"/desk/case/{handoff_id}").text)


def call(browser: Browser, handoff_id: str, **fields: str) -> tuple[int, str]:
    answer = browser.post(f"/desk/case/{handoff_id}/call", **{"phone": "00 00 00 77", **fields})
    return answer.status_code, unescape(answer.text)


def test_a_call_is_placed_to_her_own_phone_and_shown_on_the_case(
    desk: DeskServer, telephone: FakeTelephone
) -> None:
    handoff_id, kari = taken(desk)
    assert "Ring via sentralen" in page_of(kari, handoff_id)
    assert call(kari, handoff_id)[0] == 303
    assert [number for _call, number in telephone.rung] == [KARIS_PHONE]
    page = page_of(kari, handoff_id)
    assert "21:14 Kari" in page
    assert "ringer telefonen din" in page
    for number in ("00000077", "00 00 00 77", PERSON):
        assert number not in page
    assert ("call_begun", handoff_id) in desk.audit()


def test_the_open_page_learns_what_became_of_it(desk: DeskServer, telephone: FakeTelephone) -> None:
    handoff_id, kari = taken(desk)
    call(kari, handoff_id)
    with desk.db.begin() as tx:
        call_id = telephone.rung[0][0]
        calls.change(tx, call_id, "calling", state="ended", outcome="machine", texted=True)
    news = kari.get(f"/desk/live/case/{handoff_id}").json()
    assert "telefonsvarer tok den, ingenting ble sagt" in unescape(news["parts"]["calls"])
    assert "SMS sendt i stedet" in news["parts"]["calls"]


def test_outside_the_safe_times_it_is_not_even_offered(
    desk: DeskServer, telephone: FakeTelephone
) -> None:
    handoff_id, kari = taken(desk, "09-14")
    page = page_of(kari, handoff_id)
    assert "Det er utenfor tiden personen sa er trygg" in page
    assert 'name="phone"' not in page
    status, page = call(kari, handoff_id, safe_now="yes")
    assert (status, telephone.rung) == (409, [])
    assert "Ingen ble ringt" in page


@pytest.mark.parametrize("times", [None, "når han er på jobb"])
def test_times_that_only_a_human_understands_need_her_word(
    desk: DeskServer, telephone: FakeTelephone, times: str | None
) -> None:
    handoff_id, kari = taken(desk, times)
    assert 'name="safe_now"' in page_of(kari, handoff_id)
    assert call(kari, handoff_id)[0] == 409
    assert telephone.rung == []
    assert call(kari, handoff_id, safe_now="yes")[0] == 303


@pytest.mark.parametrize("person", [{"neutral": True}, {"safe": "no"}])
def test_never_while_somebody_else_may_hold_the_phone(
    desk: DeskServer, telephone: FakeTelephone, person: dict[str, object]
) -> None:
    handoff_id, kari = taken(desk, **person)
    assert "noen andre kan ha telefonen" in page_of(kari, handoff_id)
    assert call(kari, handoff_id, safe_now="yes")[0] == 409
    assert telephone.rung == []


def test_a_colleague_cannot_call(desk: DeskServer, telephone: FakeTelephone) -> None:
    handoff_id, _kari = taken(desk)
    ola = desk.signed_in("Ola")
    assert "Ring via sentralen" not in page_of(ola, handoff_id)
    assert call(ola, handoff_id)[0] == 409
    assert telephone.rung == []


def test_without_a_form_of_ours_nothing_rings(desk: DeskServer, telephone: FakeTelephone) -> None:
    handoff_id, kari = taken(desk)
    answer = kari.http.post(f"/desk/case/{handoff_id}/call", data={"phone": "00 00 00 77"})
    assert answer.status_code == 403
    assert telephone.rung == []


def test_without_a_telephone_it_is_not_offered(desk: DeskServer) -> None:
    handoff_id, kari = taken(desk)
    page = page_of(kari, handoff_id)
    assert "Ring via sentralen" not in page
    assert "Vis nummer" in page


def test_when_the_provider_does_not_answer_she_is_told_and_can_still_see_the_number(
    desk: DeskServer, telephone: FakeTelephone
) -> None:
    telephone.works = False
    handoff_id, kari = taken(desk)
    status, page = call(kari, handoff_id)
    assert status == 409
    assert "Telefonsentralen svarer ikke" in page
    assert "Vis nummer" in page


def test_a_callback_that_stands_after_erasing_can_still_be_called(
    desk: DeskServer, telephone: FakeTelephone
) -> None:
    from bot.handoff import queue

    handoff_id, kari = taken(desk)
    with desk.db.begin() as tx:
        conversation = conversations.of_handoff(tx, handoff_id)
        assert conversation
        queue.on_erase(tx, conversation.id, callback_stands=True)
        conversations.erase(tx, conversation.id)
    assert call(kari, handoff_id)[0] == 303
