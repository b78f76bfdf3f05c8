"""Staff outside the desk are told one of two fixed sentences, and nothing stops a handoff."""

from __future__ import annotations

import asyncio
import logging
import threading

import pytest

from bot.handoff.notify import AppriseNotifier, NullNotifier, notifier_for


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
