"""The same form posted twice: while it is being handled, a second post waits for the first.

Also remembers, by digest only, which forms were handled, so that a form that is posted again from
the browser's history after an erase shows an empty page and not the words it carries.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Generic, TypeVar

T = TypeVar("T")

OUTCOME_KEPT = 600.0
"""Seconds the outcome of a form is kept for a second post of it."""
KEY_KEPT = 12 * 3600.0
"""Seconds a handled form is recognised; as long as a conversation lives by default."""
MOST_REMEMBERED = 50_000


class Repeats(Generic[T]):
    """Runs the work of a form once. In memory only; a restart forgets."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._keys: OrderedDict[str, float] = OrderedDict()
        self._work: OrderedDict[str, tuple[float, asyncio.Task[T]]] = OrderedDict()

    def seen(self, key: str) -> bool:
        """True when a form with this key was handled, or is being handled."""
        self._forget_old()
        return key in self._keys

    def outcome(self, key: str) -> asyncio.Task[T] | None:
        """The work of this form, while its outcome is kept."""
        self._forget_old()
        known = self._work.get(key)
        return known[1] if known else None

    async def once(self, key: str, work: Callable[[], Awaitable[T]]) -> T:
        """The outcome of `work`, done once per key. It goes on when the browser hangs up.

        Work that raises is forgotten, so that the same form can be tried again. Without a key the
        work is always done.
        """
        task = self.outcome(key)
        if task is None:
            task = asyncio.ensure_future(_run(work))
            if key:
                self._remember(key, task)
        return await asyncio.shield(task)

    def forget(self, key: str) -> None:
        """Let the same form be handled once more."""
        self._keys.pop(key, None)
        self._work.pop(key, None)

    def drop_outcomes(self, wanted: Callable[[T], bool]) -> None:
        """Forget the outcomes that `wanted` picks, after an erase; their keys are still known."""
        for key, (_, task) in list(self._work.items()):
            failed = task.done() and (task.cancelled() or task.exception() is not None)
            if task.done() and not failed and wanted(task.result()):
                del self._work[key]

    def _remember(self, key: str, task: asyncio.Task[T]) -> None:
        self._keys[key] = self._clock()
        self._work[key] = (self._clock(), task)
        task.add_done_callback(lambda done: self._unless_failed(key, done))

    def _unless_failed(self, key: str, task: asyncio.Task[T]) -> None:
        if task.cancelled() or task.exception() is not None:
            self.forget(key)

    def _forget_old(self) -> None:
        now = self._clock()
        while self._work and now - next(iter(self._work.values()))[0] > OUTCOME_KEPT:
            self._work.popitem(last=False)
        while self._keys and (
            now - next(iter(self._keys.values())) > KEY_KEPT or len(self._keys) > MOST_REMEMBERED
        ):
            self._keys.popitem(last=False)


async def _run(work: Callable[[], Awaitable[T]]) -> T:
    return await work()
