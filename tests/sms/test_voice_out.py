"""A counsellor calls a person back: neither sees the other's number, no machine hears a word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from sanic import Sanic

from bot.centre import load_centre
from bot.channels.outbound import Outbound
from bot.channels.sms import copies, voice_out
from bot.channels.sms.outbound import deliver_due
from bot.handoff import calls as rules
from bot.handoff import queue
from bot.handoff.draft import Contact, HandoffDraft
from bot.settings import ROOT
from bot.store import audit, calls, conversations, provider_copies
from bot.store.database import Tx
from tests.fakes.telephone import PhoneCall
from tests.fakes.twilio import NUMBER, FakeTwilio
from tests.fakes.webhooks import fixture, post_signed
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase, Clock, app_of
from tests.support import loaded

KARI, OLA = "c0ffee", "ba11ad"
KARIS_PHONE = "+4700000077"
TEN_O_CLOCK = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday, in Oslo


@dataclass
class Room:
    """The telephone room: a person who wants to be called, taken by Kari."""

    services: Any
    twilio: FakeTwilio
    db: BreakableDatabase
    clock: Clock
    case: str = ""
    person: str = ""

    def wants_a_call(self, *, voicemail: bool | None = False, times: str = "mellom 9 og 14") -> str:
        with self.db.begin() as tx:
            conversation = conversations.by_number(tx, PERSON, "nb")
            conversation.state.safe = "yes"
            conversations.save(tx, conversation)
            contact = Contact(PERSON, times, "feil nummer", voicemail)
            draft = HandoffDraft("be_called", "soon", "nb", "sms", contact=contact)
            self.case = queue.open_handoff(tx, conversation, draft, give_code=False).handoff_id
            self.person = conversation.id
            assert queue.take(tx, self.case, KARI)
        return self.case

    def begins(self, by: str = KARI, phone: str = KARIS_PHONE, **more: bool) -> Any:
        with self.db.begin() as tx:
            return rules.begin(tx, self.case, by, phone, safe_now=more.get("safe_now", False))

    async def rings_kari(self) -> PhoneCall:
        call_id, why_not = self.begins()
        assert why_not is None
        assert await self.services.telephone.ring(call_id, KARIS_PHONE)
        return self.twilio.phones.rung(KARIS_PHONE)

    async def rings_the_person(self) -> tuple[PhoneCall, PhoneCall]:
        """Kari has answered and pressed 1. Returns her call and the person's."""
        kari = await self.rings_kari()
        self.twilio.phones.picks_up(kari)
        self.twilio.phones.presses(kari, "1")
        return kari, self.twilio.phones.rung(PERSON)

    def outcomes(self) -> list[str]:
        with self.db.begin() as tx:
            return [row.outcome or row.state for row in calls.of_handoff(tx, self.case)]

    def changes(self, change: Callable[[Tx], object]) -> None:
        with self.db.begin() as tx:
            change(tx)

    def audited(self) -> list[str]:
        with self.db.begin() as tx:
            return [entry.action for entry in reversed(audit.latest(tx))]


@pytest.fixture
def room(
    services: Any,
    served: Callable[[Sanic], str],
    twilio: FakeTwilio,
    db: BreakableDatabase,
    clock: Clock,
) -> Room:
    clock.now = TEN_O_CLOCK
    services.telephone = None
    services.content = loaded()["content"]
    services.centre = load_centre(ROOT / "centre.yml")
    services.outbound = Outbound(db, services.events, services.content)
    twilio.app_url = served(app_of(voice_out.blueprint(services)))
    twilio.public_url = PUBLIC
    made = Room(services, twilio, db, clock)
    made.wants_a_call()
    return made


async def test_both_phones_ring_from_our_number_and_the_two_talk(room: Room) -> None:
    kari, person = await room.rings_the_person()
    assert (kari.shown, person.shown) == (NUMBER, NUMBER)
    assert not room.twilio.phones.together()
    assert room.twilio.phones.picks_up(person, by="human") == ["Dial"]
    assert room.twilio.phones.together()
    assert person.heard == []
    room.twilio.phones.puts_down(person)
    room.twilio.phones.puts_down(kari)
    assert room.outcomes() == ["talked"]
    assert sorted(room.audited()) == ["call_begun", "call_connected", "call_ended"]


async def test_a_voicemail_of_the_counsellor_reaches_nobody(room: Room) -> None:
    kari = await room.rings_kari()
    assert room.twilio.phones.picks_up(kari) == ["Gather", "Hangup"]
    assert kari.heard == ["Trykk 1 for å ringe opp."]
    room.twilio.phones.puts_down(kari)
    with pytest.raises(LookupError):
        room.twilio.phones.rung(PERSON)
    assert room.outcomes() == ["counsellor_away"]


async def test_another_key_reaches_nobody(room: Room) -> None:
    kari = await room.rings_kari()
    room.twilio.phones.picks_up(kari)
    assert room.twilio.phones.presses(kari, "2") == ["Hangup"]
    with pytest.raises(LookupError):
        room.twilio.phones.rung(PERSON)


@pytest.mark.parametrize(
    ("by", "outcome"),
    [
        ("machine_start", "machine"),
        ("fax", "machine"),
        ("unknown", "unclear"),
        ("", "machine"),
    ],
)
async def test_only_a_human_is_connected_and_a_machine_hears_nothing(
    room: Room, by: str, outcome: str
) -> None:
    kari, person = await room.rings_the_person()
    assert person.only_humans
    assert person.timeout <= 20
    assert room.twilio.phones.picks_up(person, by=by) == ["Hangup"]
    assert person.heard == []
    assert kari.status == "completed", "she is not left waiting"
    assert kari.heard[-1] == "Det ble ingen samtale. Se skjermen."
    room.twilio.phones.puts_down(person)
    assert room.outcomes() == [outcome]


@pytest.mark.parametrize(
    ("status", "outcome"),
    [("no-answer", "no_answer"), ("busy", "busy"), ("failed", "failed"), ("canceled", "failed")],
)
async def test_who_does_not_answer_is_noted_and_the_counsellor_hears_it(
    room: Room, status: str, outcome: str
) -> None:
    kari, person = await room.rings_the_person()
    room.twilio.phones.puts_down(person, status)
    assert room.outcomes() == [outcome]
    assert kari.status == "completed"
    assert room.twilio.texts(PERSON) == []


async def test_if_the_counsellor_leaves_first_the_persons_phone_stops_ringing(room: Room) -> None:
    kari, person = await room.rings_the_person()
    room.twilio.phones.puts_down(kari)
    assert person.status == "completed"
    assert person.heard == []
    assert room.outcomes() == ["stopped"]
    assert room.twilio.phones.picks_up(person) == ["Hangup"], "picked up in the same moment"


async def test_a_webhook_that_comes_twice_rings_once(room: Room) -> None:
    kari, person = await room.rings_the_person()
    assert "Dial" in room.twilio.phones.presses(kari, "1")
    room.twilio.phones.picks_up(person)
    assert room.twilio.phones.picks_up(person) == ["Dial"]
    room.twilio.phones.puts_down(person)
    room.twilio.phones.puts_down(person)
    assert [call.to for call in room.twilio.phones.calls] == [KARIS_PHONE, PERSON]
    assert room.outcomes() == ["talked"]
    assert room.audited().count("call_ended") == 1


# --- the safe-contact rule -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("times", "hour", "refused"),
    [
        ("mellom 9 og 14", 10, None),
        ("mellom 9 og 14", 15, "outside"),
        ("mellom 9 og 14", 3, "outside"),
        ("når som helst", 3, None),
        ("hverdager 9-14", 10, None),
        ("etter 8", 10, "ask"),
        ("ikke mellom 9 og 14", 10, "ask"),
        ("8 og 10", 9, "ask"),
        ("", 10, "ask"),
    ],
)
def test_only_within_what_the_person_said(
    room: Room, times: str, hour: int, refused: str | None
) -> None:
    room.changes(lambda tx: queue.close(tx, room.case, KARI, "other"))
    room.wants_a_call(times=times)
    room.clock.now = TEN_O_CLOCK.replace(hour=hour - 1)  # UTC is an hour behind
    assert room.begins()[1] == refused
    if refused is not None:
        again = room.begins(safe_now=True)[1]
        assert again == ("outside" if refused == "outside" else None)


def _found_out(room: Room, tx: Tx) -> None:
    conversation = conversations.get(tx, room.person)
    assert conversation
    conversation.state.neutral = True
    conversations.save(tx, conversation)


def test_never_while_somebody_else_may_hold_the_phone(room: Room) -> None:
    room.changes(lambda tx: _found_out(room, tx))
    assert room.begins(safe_now=True) == (None, "danger")


async def test_what_happens_after_the_first_ring_still_counts(room: Room) -> None:
    """Found out while her own phone rang: the person's is not rung."""
    kari = await room.rings_kari()
    room.changes(lambda tx: _found_out(room, tx))
    room.twilio.phones.picks_up(kari)
    room.twilio.phones.presses(kari, "1")
    with pytest.raises(LookupError):
        room.twilio.phones.rung(PERSON)
    assert room.outcomes() == ["stopped"]
    assert "call_connected" not in room.audited()


def test_only_the_counsellor_who_has_the_case(room: Room) -> None:
    assert room.begins(by=OLA) == (None, "not_yours")
    room.changes(lambda tx: queue.give_back(tx, room.case, KARI))
    assert room.begins() == (None, "not_yours")


@pytest.mark.parametrize(
    ("phone", "refused"), [(PERSON, "own_number"), ("+46700000000", "foreign"), ("", "foreign")]
)
def test_the_counsellors_own_phone_is_a_norwegian_one_and_not_the_persons(
    room: Room, phone: str, refused: str
) -> None:
    assert room.begins(phone=phone) == (None, refused)


def test_one_call_at_a_time(room: Room) -> None:
    assert room.begins()[1] is None
    assert room.begins()[1] == "under_way"
    room.clock.forward(minutes=4)
    room.changes(calls.sweep)
    assert room.outcomes() == ["failed"], "nothing was heard of it: it does not block her for ever"
    assert room.begins()[1] is None


# --- when something fails ------------------------------------------------------------------------


@pytest.mark.parametrize("fault", ["429", "21211", "cut_before"])
async def test_a_call_that_is_not_taken_is_noted_and_not_tried_behind_her_back(
    room: Room, fault: str
) -> None:
    room.twilio.phones.faults.append(fault)
    call_id, _ = room.begins()
    placed = await room.services.telephone.ring(call_id, KARIS_PHONE)
    assert room.twilio.phones.calls == []
    # A line that broke leaves it open whether it was taken: then the row waits for news.
    assert (placed, room.outcomes()) == (
        (True, ["calling"]) if fault == "cut_before" else (False, ["failed"])
    )


async def test_a_call_taken_without_an_answer_is_placed_once_and_goes_on(room: Room) -> None:
    kari = await room.rings_kari()
    room.twilio.phones.picks_up(kari)
    room.twilio.phones.faults.append("cut_after")
    assert "Dial" in room.twilio.phones.presses(kari, "1")
    person = room.twilio.phones.rung(PERSON)
    room.twilio.phones.picks_up(person)
    assert room.twilio.phones.together()
    assert len(room.twilio.phones.calls) == 2


async def test_nothing_is_said_to_the_person_while_the_store_is_away(room: Room) -> None:
    """A webhook that fails would make the provider speak, in English, of an error."""
    _kari, person = await room.rings_the_person()
    room.db.away = True
    assert room.twilio.phones.picks_up(person) == ["Hangup"]
    assert person.heard == []


def test_a_wrong_signature_is_refused(room: Room) -> None:
    for path in ("counsellor", "connect", "person", "ended/person", "ended/counsellor"):
        refused = post_signed(
            room.twilio.app_url,
            f"/sms/call/{'0' * 24}/{path}",
            fixture("voice_webhook") | {"Digits": "1", "AnsweredBy": "human"},
            auth_token="somebody-elses",
            public_url=PUBLIC,
        )
        assert refused.status == 403


# --- a text instead, and what remains -----------------------------------------------------------


@pytest.mark.parametrize("voicemail", [True, False, None])
async def test_a_text_instead_only_where_the_person_allowed_a_message(
    room: Room, voicemail: bool | None
) -> None:
    room.changes(lambda tx: queue.close(tx, room.case, KARI, "other"))
    room.wants_a_call(voicemail=voicemail)
    for _ in range(2):
        _kari, person = await room.rings_the_person()
        room.twilio.phones.puts_down(person, "no-answer")
    await deliver_due(room.services)
    expected = ["Vi prøvde å ringe. Ring dette nummeret når det passer."] if voicemail else []
    assert room.twilio.texts(PERSON) == expected, "once, however often she tries"


async def test_no_text_instead_when_somebody_found_out_meanwhile(room: Room) -> None:
    room.changes(lambda tx: queue.close(tx, room.case, KARI, "other"))
    room.wants_a_call(voicemail=True)
    _kari, person = await room.rings_the_person()
    room.changes(lambda tx: _found_out(room, tx))
    room.twilio.phones.puts_down(person, "no-answer")
    await deliver_due(room.services)
    assert room.twilio.texts(PERSON) == []


async def test_the_providers_records_of_both_calls_are_deleted(room: Room) -> None:
    kari, person = await room.rings_the_person()
    room.twilio.phones.puts_down(person, "busy")
    room.twilio.phones.puts_down(kari)
    room.clock.forward(seconds=provider_copies.KNOWN_FOR.total_seconds() + 1)
    await copies.erase_due(room.services)
    assert sorted(room.twilio.deleted) == sorted([kari.sid, person.sid])


async def test_no_number_is_logged_stored_in_clear_or_put_in_an_address(
    room: Room, caplog: pytest.LogCaptureFixture, tmp_path: Any
) -> None:
    caplog.set_level("DEBUG")
    kari, person = await room.rings_the_person()
    room.twilio.phones.picks_up(person)
    room.twilio.phones.puts_down(kari)
    room.twilio.phones.puts_down(person)
    addresses = " ".join(f"{call.asks} {call.status_callback}" for call in (kari, person))
    room.db.checkpoint()
    stored = b"".join(file.read_bytes() for file in tmp_path.glob("store.sqlite3*"))
    for number in (PERSON[3:], KARIS_PHONE[3:]):
        assert number not in caplog.text
        assert number not in addresses
        assert number.encode() not in stored
