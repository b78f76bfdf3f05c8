"""Sends what stands in the outbox: one text at a time per person, none lost, doubled only in doubt.

take      waiting → sending, committed before the provider is asked
hand over the provider's SDK in a thread, with a time limit
note      sent, or waiting for the next try, or failed
in doubt  no answer, or the process died in between: the provider's list is asked first; only a
          text it does not show is sent again
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from bot.channels.sms import undelivered
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.provider import (
    LOST,
    Found,
    SmsError,
    SmsInDoubt,
    SmsProvider,
    SmsRefused,
)
from bot.store import outbox, provider_copies, statistics
from bot.store.database import StoreAway, Tx
from bot.store.deliveries import Delivery
from bot.store.outbox import Due

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import TurnResult

log = logging.getLogger(__name__)
T = TypeVar("T")

AT_ONCE = 4  # persons written to side by side
HAND_OVER_TIMEOUT = 12.0  # seconds; above the provider's own, so a late answer is still heard
LOOK_UP_AFTER = 30  # seconds until a row being sent counts as in doubt (a crash)
LOOK_UP_SOON = 5  # seconds when we know that no answer came
LOOK_UP_AGAIN = 15  # seconds when the provider could not be asked
LOOK_UP_AT_START = 2  # seconds after a restart: the provider's list needs a moment
WATCH_EVERY = 0.1  # seconds between looks for new rows while others are under way

# Seconds a provider may still deliver a text. A phone that was off for hours may be in other hands.
VALID_FOR = {"danger": 4 * 3600, "desk": 10 * 3600}
VALID_OTHERS = 3600

_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="sms")


async def deliver_due(services: Services) -> int:
    """Look up what is in doubt, then send all that is due. Returns how many rows were settled.

    Returns when nothing is due any more. Raises StoreAway when the outbox cannot be read.
    """
    provider = services.sms
    if provider is None:
        return 0
    settled = await _look_up(services, provider)
    running: set[asyncio.Task[bool]] = set()
    try:
        while True:
            while len(running) < AT_ONCE:
                due = await services.db.run(_take)
                if due is None:
                    break
                running.add(asyncio.create_task(_send(services, provider, due)))
            if not running:
                return settled
            # A new text for somebody else must not wait for the slowest one.
            done, running = await asyncio.wait(
                running, timeout=WATCH_EVERY, return_when=asyncio.FIRST_COMPLETED
            )
            settled += sum(task.result() for task in done)
    finally:
        if running:
            await asyncio.wait(running)


async def recover(services: Services) -> int:
    """At start: what an earlier process was sending is looked up in a moment. Returns how many."""
    return await services.db.run(outbox.mark_all_in_doubt, LOOK_UP_AT_START)


async def send_now(services: Services, number: str, texts: list[str]) -> bool:
    """Hand over without the outbox: for the moments when there is no store to queue in.

    Only for a person who just wrote and would otherwise hear nothing. False when it failed. The
    provider's copies are deleted later: no conversation will ever ask for it.
    """
    provider = services.sms
    if provider is None:
        return False
    sids: list[str] = []
    try:
        for text in texts:
            sids.append(await in_thread(partial(provider.send, number, text, None, VALID_OTHERS)))
    except SmsError as error:
        log.error("a reply without the outbox could not be sent: %s", error.code)
        return isinstance(error, SmsInDoubt) or bool(sids)  # perhaps said: never said twice
    finally:
        await _note(services, lambda tx: provider_copies.note_nobodys(tx, sids))
    return True


async def erased_reply(services: Services, number: str, result: TurnResult) -> bool:
    """The one answer to SLETT, sent so that the provider's copy of it can be deleted too.

    False when it was not handed over: then the answer to the webhook must carry it.
    """
    return await send_now(services, number, unqueued(result))


def unqueued(result: TurnResult) -> list[str]:
    """Replies that no outbox row holds: the store is away, or the conversation is erased."""
    if result.stored and not result.erased:
        return []
    return [sent for reply in result.replies for sent in sms_texts(reply, result.lang)]


def _take(tx: Tx) -> Due | None:
    due = outbox.next_due(tx)
    if due is None or not outbox.mark_sending(tx, due.id, LOOK_UP_AFTER):
        return None
    return due


async def _send(services: Services, provider: SmsProvider, due: Due) -> bool:
    """One text. True when its row is settled, False when it will be tried or looked up again."""
    callback = status_url(services, due.id)
    valid_for = VALID_FOR.get(due.kind, VALID_OTHERS)
    try:
        sid = await in_thread(lambda: provider.send(due.number, due.text, callback, valid_for))
    except SmsError as error:
        return await _note_failure(services, due, error)
    undelivered.count(services, "sent")
    return await _note(services, lambda tx: outbox.mark_sent(tx, due.id, sid))


async def _note_failure(services: Services, due: Due, error: SmsError) -> bool:
    log.warning("outbox %s: %s %s", due.id, type(error).__name__, error.code)
    if isinstance(error, SmsInDoubt):
        undelivered.count(services, "in_doubt")
        await _note(services, lambda tx: outbox.still_in_doubt(tx, due.id, LOOK_UP_SOON))
        return False
    final = isinstance(error, SmsRefused)
    return await _note_failed(services, due, error.code, final=final)


async def _note_failed(services: Services, due: Due, code: str, *, final: bool) -> bool:
    """True when the row is settled. Whoever must know of it is told."""

    def write(tx: Tx) -> tuple[Delivery | None, str | None]:
        failed = outbox.mark_failed(tx, due.id, code, again=not final)
        return failed, undelivered.act(tx, failed)

    try:
        failed, alarm_id = await services.db.run(write)
    except StoreAway as error:
        log.error("an outcome could not be noted: %s", error)
        return False
    undelivered.tell(services, failed, alarm_id)
    return final


async def _look_up(services: Services, provider: SmsProvider) -> int:
    """Ask the provider's list about every row in doubt."""
    doubtful = await services.db.run(outbox.in_doubt)
    return sum([await _settle_doubt(services, provider, due) for due in doubtful])


async def _settle_doubt(services: Services, provider: SmsProvider, due: Due) -> bool:
    since = due.sending_at or services.db.clock()
    try:
        found = await in_thread(lambda: provider.find(due.number, due.text, since))
    except SmsError as error:
        log.warning("outbox %s: cannot be looked up: %s", due.id, error.code)
        await _note(services, lambda tx: outbox.still_in_doubt(tx, due.id, LOOK_UP_AGAIN))
        return False
    taken = await services.db.run(outbox.known_sids, [one.sid for one in found])
    free = [one for one in found if one.sid not in taken]
    if not free:
        # The one place where a text may be doubled: the list may be late. It is counted as such.
        log.warning("outbox %s: the provider does not show it, it is sent again", due.id)
        undelivered.count(services, "sent_again")
        await _note(services, lambda tx: _put_back(tx, due))
        return False
    log.info("outbox %s: the provider has it", due.id)
    return await _note_found(services, due, free[0])


def _put_back(tx: Tx, due: Due) -> None:
    outbox.put_back(tx, due.id)
    statistics.count(tx, "sms", "sent_again")


async def _note_found(services: Services, due: Due, found: Found) -> bool:
    def write(tx: Tx) -> tuple[Delivery | None, str | None]:
        outbox.mark_sent(tx, due.id, found.sid)
        if found.status not in LOST:
            return None, None
        lost = outbox.mark_delivery(
            tx, due.id, found.sid, delivered=False, error_code=found.error_code
        )
        return lost, undelivered.act(tx, lost)

    try:
        lost, alarm_id = await services.db.run(write)
    except StoreAway as error:
        log.error("an outcome could not be noted: %s", error)
        return False
    undelivered.tell(services, lost, alarm_id)
    return True


async def _note(services: Services, what: Callable[[Tx], object]) -> bool:
    """Write down an outcome. When the store is away the row stays in doubt and is looked up."""

    def write(tx: Tx) -> None:
        what(tx)

    try:
        await services.db.run(write)
    except StoreAway as error:
        log.error("an outcome could not be noted: %s", error)
        return False
    return True


async def in_thread(call: Callable[[], T]) -> T:
    """`call` in a thread. Raises SmsInDoubt when it takes too long: it may still succeed."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(HAND_OVER_TIMEOUT):
            return await loop.run_in_executor(_threads, call)
    except TimeoutError:
        raise SmsInDoubt("timeout") from None


def status_url(services: Services, row_id: str) -> str | None:
    """The signed address that is told how row `row_id` fares; None without a public address."""
    if not services.settings.public_url:
        return None
    return f"{services.settings.base_url}/sms/status/{row_id}"
