"""Machines write too: they are kept and checked for danger, and never answered into a loop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sanic import Sanic

from bot.channels.sms import inbound, machines
from bot.channels.sms.machines import Loops, is_automatic
from bot.channels.sms.outbound import deliver_due
from bot.store import conversations, messages
from tests.fakes.twilio import FakeTwilio
from tests.sms.room import PERSON, PUBLIC, BreakableDatabase, Clock, app_of

AUTOMATIC = [
    "Jeg er for tiden opptatt. Ringer deg senere.",
    "Hei, eg er for tida oppteken.",
    "Autosvar: Jeg er tilbake mandag.",
    "Automatisk svar: tilbake 3. januar",
    "Dette er en automatisk melding.",
    "Fraværsmelding: ute av kontoret til 4.1.",
    "Out of office: back on Monday",
    "Automatic reply: I am away",
    "I'm driving with Do Not Disturb While Driving turned on. I'll see your message when I arrive.",
    "I’m not receiving notifications. If this is urgent, reply “urgent”.",
    "Jeg kjører med Ikke forstyrr på. Jeg ser meldingen din når jeg er framme.",
    "Jeg får ikke varsler akkurat nå.",
    "Leveringsrapport: melding levert",
    "Delivered to +4700000099",
    "Melding til +4700000099 er levert",
    "SMS to 4700000099: delivered",
    "Meldingen kunne ikke leveres.",
    "Takk for din henvendelse. Vi svarer innen to dager.",
]
PERSONS = [
    "kan ikke snakke nå",
    "jeg er opptatt av at barna skal ha det bra",
    "han er ikke på kontoret nå, så nå kan jeg skrive",
    "han er på ferie, kan jeg komme da?",
    "jeg kjører fra ham i kveld",
    "jeg er i bilen, han ser ikke",
    "takk for svaret",
    "får jeg automatisk hjelp?",
    "blir meldingen levert til politiet?",
    "han svarer automatisk nei på alt",
    "i am driving to my sister",
    "out of the house in an hour",
    "jeg får ikke sove",
]


@pytest.mark.parametrize("text", AUTOMATIC)
def test_the_words_of_a_machine_are_known(text: str) -> None:
    assert is_automatic(text)
    assert is_automatic(text.upper())


@pytest.mark.parametrize("text", PERSONS)
def test_a_persons_words_are_not_taken_for_a_machines(text: str) -> None:
    assert not is_automatic(text)


def sends(twilio: FakeTwilio, url: str, text: str) -> None:
    assert twilio.person_sends(url, PERSON, text, public_url=PUBLIC).status == 200


async def test_an_auto_reply_to_our_text_is_kept_and_not_answered(
    services: Any, twilio: FakeTwilio, app_url: str, db: BreakableDatabase
) -> None:
    sends(twilio, app_url, "hei")
    await deliver_due(services)
    sends(twilio, app_url, AUTOMATIC[0])
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["svar: hei"]
    with db.begin() as tx:
        person = conversations.by_number(tx, PERSON, "nb").id
        said = [one.reply.text for one in messages.after(tx, person, 0) if one.author == "person"]
        assert said == ["hei", AUTOMATIC[0]]
        assert messages.waiting(tx) == []


async def test_the_same_words_that_answer_nothing_are_a_persons(
    services: Any, twilio: FakeTwilio, app_url: str, clock: Clock
) -> None:
    sends(twilio, app_url, AUTOMATIC[0])
    assert len(services.turn.handled) == 1, "nothing of ours was there to answer"
    await deliver_due(services)
    clock.forward(minutes=4)
    sends(twilio, app_url, AUTOMATIC[0])
    assert len(services.turn.handled) == 2, "too late for a machine"


async def test_danger_in_the_words_of_a_machine_is_answered(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    sends(twilio, app_url, "hei")
    await deliver_due(services)
    sends(twilio, app_url, "Autosvar: han har kniv")
    assert services.turn.handled[-1].text == "Autosvar: han har kniv"


async def test_what_a_counsellor_is_to_read_is_never_held_for_a_machine(
    services: Any, twilio: FakeTwilio, app_url: str, db: BreakableDatabase
) -> None:
    sends(twilio, app_url, "hei")
    await deliver_due(services)
    with db.begin() as tx:
        conversations.set_held_by(tx, conversations.by_number(tx, PERSON, "nb").id, "desk")
    sends(twilio, app_url, AUTOMATIC[0])
    assert services.turn.handled[-1].text == AUTOMATIC[0]


@pytest.mark.parametrize(
    "machine",
    [
        lambda n: "We have received your message and will get back to you",
        lambda n: f"Meldingen din er mottatt kl. 21:{n:02d}. Saksnummer {n * 7919}.",
        lambda n: "Vi svarer deg snart " + " ".join("abcdefghij"[(n * k) % 10] for k in range(9)),
    ],
    ids=["the same", "a number that grows", "ever new words"],
)
async def test_two_machines_that_answer_each_other_come_to_an_end(
    services: Any, twilio: FakeTwilio, served: Callable[[Sanic], str], machine: Any
) -> None:
    services.settings = services.settings.model_copy(update={"web_per_minute": 120})
    app_url = served(app_of(inbound.blueprint(services)))
    answered = rounds = 0
    while rounds < 200 and answered == rounds:
        rounds += 1
        sends(twilio, app_url, machine(rounds))
        await deliver_due(services)
        answered = len(twilio.texts(PERSON))
    assert answered < rounds <= machines.LONG_ANSWERED + 1
    sends(twilio, app_url, f"{machine(rounds)} han har kniv")
    assert "kniv" in services.turn.handled[-1].text, "danger is never silenced"
    sends(twilio, app_url, "ja")
    assert services.turn.handled[-1].text == "ja", "a short answer is a person's"


def test_short_answers_are_never_a_loop_and_silence_ends_with_time() -> None:
    now = [0.0]
    loops = Loops(clock=lambda: now[0])
    assert not any(loops.is_looping(PERSON, "1") for _ in range(100))
    assert not any(loops.is_looping(PERSON, "ja takk gjerne") for _ in range(100))
    text = "Dette er en tekst som kommer igjen og igjen"
    assert [loops.is_looping(PERSON, text) for _ in range(4)] == [False, False, False, True]
    assert not loops.is_looping("+4700000002", text), "each sender by itself"
    now[0] = machines.WINDOW + 1
    assert not loops.is_looping(PERSON, text)
