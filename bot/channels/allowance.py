"""So much a minute and no more: the one count that web and SMS share."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from time import monotonic

MINUTE = 60.0
MOST_REMEMBERED = 20_000


class Allowance:
    """So many a minute for each name, saved up to `burst`; forgets whom it has not seen lately."""

    def __init__(
        self, per_minute: float, burst: float | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._per_second = per_minute / MINUTE
        self._burst = burst if burst is not None else per_minute
        self._clock = clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, name: str) -> bool:
        """True when one more is allowed now."""
        now = self._clock()
        left, seen = self._left.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - seen) * self._per_second)
        allowed = left >= 1
        self._left[name] = (left - 1 if allowed else left, now)
        if len(self._left) > MOST_REMEMBERED:
            self._left.popitem(last=False)
        return allowed
