"""Staff outside the desk are told one of three fixed sentences, and nothing stops a handoff."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from bot.channels.sms.provider import SmsError
from bot.channels.sms.shift_phones import VALID_SECONDS, ShiftPhones
from bot.handoff import notify
from bot.handoff.notify import AppriseNotifier, NullNotifier, TwoLevels, notifier_for


async def test_the_text_says_that_there_is_a_case_and_nothing_about_it():
    said: list[str] = []
    notifier = AppriseNotifier(lambda text: not said.append(text))
    assert await notifier.notify()
    assert await notifier.notify(urgent=False)
    assert said == ["Ny hastesak i skranken", "Noen venter i skranken"]
    assert not notifier.failures


async def test_a_dead_address_is_counted_by_class_and_stops_nothing(caplog):
    def dead(text: str) -> bool:
        raise ConnectionRefusedError("mailto://name:password@example.no")

    notifier = AppriseNotifier(dead)
    with caplog.at_level(logging.DEBUG):
        assert not await notifier.notify()
    assert notifier.failures == {"ConnectionRefusedError": 1}
    assert "password" not in caplog.text


async def test_an_address_that_refuses_is_counted():
    notifier = AppriseNotifier(lambda text: False)
    assert not await notifier.notify()
    assert notifier.failures == {"NotDelivered": 1}


async def test_an_address_that_hangs_is_given_up_and_does_not_pile_up():
    release = threading.Event()
    notifier = AppriseNotifier(lambda text: release.wait(5), timeout=0.05)
    results = await asyncio.gather(*(notifier.notify() for _ in range(4)))
    assert results == [False] * 4
    assert notifier.failures == {"TimeoutError": 2, "Busy": 2}
    release.set()
    await asyncio.sleep(0.1)
    assert await notifier.notify()


async def test_a_centre_without_addresses_has_the_desk_page_alone():
    notifier = notifier_for("  ")
    assert isinstance(notifier, NullNotifier)
    assert await notifier.notify()


def test_an_address_that_is_none_stops_the_start_without_being_shown():
    with pytest.raises(ValueError, match="number 2") as caught:
        notifier_for("json://127.0.0.1:9/ tull-uten-skjema-hemmelig")
    assert "hemmelig" not in str(caught.value)


async def test_a_real_address_on_this_machine_that_nobody_listens_to_fails_quietly(caplog):
    notifier = notifier_for("json://127.0.0.1:9/")
    with caplog.at_level(logging.DEBUG):
        assert not await notifier.notify()
    assert sum(notifier.failures.values()) == 1
    assert "127.0.0.1" not in "".join(
        record.getMessage() for record in caplog.records if record.name == "apprise"
    )


# --- the second level: nobody took it ------------------------------------------------------------


class Phones:
    """The shift's phones at a provider that takes some numbers and refuses others."""

    def __init__(self, refuses: str = "") -> None:
        self.refuses = refuses
        self.texted: list[tuple[str, str, int]] = []

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        if number == self.refuses:
            raise SmsError("21610")
        assert callback is None, "it is about nobody, so nothing is reported back"
        self.texted.append((number, text, valid_for))
        return "SM1"


def two_levels(provider: Phones | None = None) -> tuple[TwoLevels, list[str], list[str]]:
    first: list[str] = []
    second: list[str] = []
    phones = None
    if provider is not None:
        phones = ShiftPhones(provider, ["+4700000001", "+4700000002"])  # type: ignore[arg-type]
    tells = TwoLevels(
        AppriseNotifier(lambda text: not first.append(text)),
        AppriseNotifier(lambda text: not second.append(text)),
        phones,
    )
    return tells, first, second


async def test_the_second_level_and_the_phones_are_left_in_peace_until_nobody_took_it():
    provider = Phones()
    tells, first, second = two_levels(provider)
    assert await tells.notify()
    assert (first, second, provider.texted) == (["Ny hastesak i skranken"], [], [])


async def test_when_nobody_took_it_everybody_is_told_one_sentence_without_content():
    provider = Phones()
    tells, first, second = two_levels(provider)
    assert await tells.notify_all()
    sentence = "Noen har ventet for lenge i skranken"
    assert (first, second) == ([sentence], [sentence])
    assert sorted(provider.texted) == [
        ("+4700000001", sentence, VALID_SECONDS),
        ("+4700000002", sentence, VALID_SECONDS),
    ]
    assert not tells.failures


async def test_a_phone_that_cannot_be_texted_keeps_nothing_from_the_others(caplog):
    provider = Phones(refuses="+4700000001")
    tells, first, second = two_levels(provider)
    with caplog.at_level(logging.DEBUG):
        assert not await tells.notify_all()
    assert [number for number, _text, _valid in provider.texted] == ["+4700000002"]
    assert len(first) == len(second) == 1
    assert tells.failures == {"NotDelivered": 1}
    assert "00000001" not in caplog.text


async def test_phones_that_hang_are_given_up(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(notify, "TIMEOUT_SECONDS", 0.05)

    async def hangs(_text: str) -> bool:
        await asyncio.sleep(5)
        return True

    tells = TwoLevels(NullNotifier(), NullNotifier(), hangs)
    assert not await tells.notify_all()
    assert tells.failures == {"TimeoutError": 1}


async def test_an_address_of_the_first_level_that_is_dead_is_counted_with_the_others():
    said: list[str] = []
    first = AppriseNotifier(lambda text: False)
    tells = TwoLevels(first, AppriseNotifier(lambda text: not said.append(text)))
    assert not await tells.notify_all()
    assert said == ["Noen har ventet for lenge i skranken"]
    assert tells.failures == {"NotDelivered": 1}
