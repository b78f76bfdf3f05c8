"""The seam: a whole conversation over a provider that has nothing in common with Twilio."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic

from bot.channels.sms import copies, inbound
from bot.handoff import queue
from bot.services import Services
from bot.store import conversations, provider_copies
from bot.store.clock import system_clock
from tests.fakes.plain_provider import PlainGateway, PlainProvider, PlainWebhooks
from tests.sms.room import app_of
from tests.support import ScriptedUnderstanding, make_services, memory_db

PERSON = "+4700000001"
QUESTION = "hva koster det å bo hos dere"


@pytest.fixture
def gateway() -> Iterator[PlainGateway]:
    made = PlainGateway()
    yield made
    made.stop()


@pytest.fixture
def helpline(gateway: PlainGateway, tmp_path: Path) -> Services:
    """The whole service, over the other provider."""
    return make_services(
        tmp_path,
        system_clock,  # type: ignore[arg-type]
        db=memory_db(system_clock),  # type: ignore[arg-type]
        understanding=ScriptedUnderstanding({QUESTION: "cost"}),
        sms=PlainProvider(gateway.start()),
        settings={"public_url": "http://127.0.0.1:1"},
    )


@pytest.fixture
def url(helpline: Services, served: Callable[[Sanic], str]) -> str:
    return served(app_of(inbound.blueprint(helpline, PlainWebhooks()), sending=helpline))


class Phone:
    """Writes, and reads until what it waits for has come."""

    def __init__(self, gateway: PlainGateway, url: str) -> None:
        self._gateway, self._url, self._read = gateway, url, 0

    def writes(self, text: str, *, until: str) -> str:
        assert self._gateway.person_writes(self._url, PERSON, text).status_code == 200
        return self.reads(until)

    def reads(self, until: str) -> str:
        end = time.monotonic() + 20
        while time.monotonic() < end:
            new = " ".join(self._gateway.to(PERSON)[self._read :])
            if re.search(until, new):
                self._read = len(self._gateway.to(PERSON))
                return new
            time.sleep(0.05)
        raise AssertionError(f"«{until}» did not come")


async def test_from_the_first_word_to_the_desk_and_erased(
    helpline: Services, gateway: PlainGateway, url: str
) -> None:
    phone = Phone(gateway, url)
    first = phone.writes(QUESTION, until="Passer det")
    assert "krise" not in first.casefold()
    phone.writes("1", until="gratis")
    ways = phone.writes("jeg vil snakke med noen", until="Hvordan vil du ha kontakt")
    about = phone.writes(_number(ways, "skriv med"), until="Hvem gjelder det")
    more = phone.writes(_number(about, "meg selv"), until="gå videre")
    phone.writes(_number(more, "nei, gå videre"), until="[Jj]a, send")
    phone.writes("1", until="lagret|sendt")
    with helpline.db.begin() as tx:
        (row,) = queue.list_queue(tx)
        assert queue.take(tx, row.id, "c0ffee")
    assert await helpline.outbound.from_desk(row.id, "Hei, dette er en rådgiver.") == "sent"
    phone.reads("dette er en rådgiver")
    assert gateway.arrived(url, gateway.texts[-1]) == 204
    with helpline.db.begin() as tx:
        assert queue.close(tx, row.id, "c0ffee", "talked")
    phone.writes("SLETT", until="[Ss]lett")
    with helpline.db.begin() as tx:
        assert conversations.known_by_number(tx, PERSON) is None
    helpline.db.clock = lambda: system_clock() + provider_copies.KNOWN_FOR * 2
    await copies.erase_due(helpline)
    assert set(gateway.deleted) >= {one["id"] for one in gateway.texts}


def test_a_text_without_an_answer_is_looked_up_there_too(
    gateway: PlainGateway, url: str, monkeypatch: Any
) -> None:
    monkeypatch.setattr("bot.channels.sms.outbound.LOOK_UP_SOON", 0)
    gateway.cut_after = 1
    phone = Phone(gateway, url)
    phone.writes("hei", until="Passer det")
    time.sleep(0.5)
    assert len(gateway.to(PERSON)) == 1, "it was taken, so it is not sent again"
    phone.writes("1", until="chatbot")


def test_a_wrong_key_is_refused_before_a_word_is_read(gateway: PlainGateway, url: str) -> None:
    assert gateway.person_writes(url, PERSON, "han har kniv", key="another").status_code == 403
    time.sleep(0.3)
    assert gateway.to(PERSON) == []


def _number(text: str, title: str) -> str:
    found = re.search(rf"(\d) {title}", text, re.IGNORECASE)
    assert found, f"no «{title}» in the menu"
    return found[1]
