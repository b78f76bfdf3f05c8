"""What watches one life in the kill scenario: a tripwire at every commit and send, which may kill.

The pager is on the other side: a file that survives the process.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from bot.channels.sms.provider import TwilioProvider
from bot.store.database import Database
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER
from tests.support import MASTER, MovingClock


class Tripwire:
    """Counts commits and sends, and kills this process at the one it is set to."""

    def __init__(self, kill_at: int | None) -> None:
        self.kill_at = kill_at
        self.passed: list[str] = []
        self.step = "start"
        self.doing = ""

    def passes(self, what: str) -> None:
        self.passed.append(f"{self.step} · {self.doing} · {what}")
        if len(self.passed) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)


class WatchedDatabase(Database):
    """The real store; tells the tripwire of every commit that writes something."""

    def __init__(self, url: str, clock: MovingClock, wire: Tripwire) -> None:
        super().__init__(url, MASTER, clock)
        self._wire = wire
        self._writes = False
        event.listen(self.engine, "before_cursor_execute", self._executes)
        event.listen(self.engine, "commit", self._commits)
        event.listen(Session, "after_commit", self._committed)

    def _call(self, fn: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        self._wire.doing = fn.__name__.strip("_")
        return super()._call(fn, *args, **kwargs)

    def _executes(self, _conn: object, _cursor: object, statement: str, *_: object) -> None:
        self._writes = self._writes or statement.split()[0] in ("INSERT", "UPDATE", "DELETE")

    def _commits(self, _connection: object) -> None:
        if self._writes:
            self._wire.passes("before commit")

    def _committed(self, _session: object) -> None:
        if self._writes:
            self._writes = False
            self._wire.passes("after commit")


class WatchedProvider:
    """Twilio's real SDK against the fake; tells the tripwire of every text."""

    def __init__(self, base_url: str, wire: Tripwire) -> None:
        self._twilio = TwilioProvider(ACCOUNT_SID, AUTH_TOKEN, NUMBER, base_url, timeout=5)
        self._wire = wire
        self.find = self._twilio.find
        self.erase = self._twilio.erase

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        self._wire.doing = "send"
        self._wire.passes("before the request")
        sid = self._twilio.send(number, text, callback, valid_for)
        self._wire.passes("accepted, not noted")
        return sid


class Pager:
    """Staff who are told: a line in a file, written before anything else can happen."""

    def __init__(self, file: Path) -> None:
        self.failures: Counter[str] = Counter()
        self._file = file

    async def notify(self, urgent: bool = True) -> bool:
        with self._file.open("a") as out:
            out.write("urgent\n" if urgent else "waiting\n")
        return True

    async def notify_all(self) -> bool:
        with self._file.open("a") as out:
            out.write("second\n")
        return True
