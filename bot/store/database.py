"""The database: a transaction a call, run in a thread so that no turn waits for a disk.

SQLite in WAL mode is the default and belongs to exactly one process. Another URL (PostgreSQL)
uses the same code.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from sqlalchemy.pool import StaticPool

from bot.store.clock import Clock, system_clock
from bot.store.keys import KeyRing

P = ParamSpec("P")
T = TypeVar("T")

MEMORY_URL = "sqlite://"
BUSY_TIMEOUT_MS = 3000


class StoreAway(Exception):
    """The database cannot be reached or refused the statement. Names the error class, no values."""


@dataclass(frozen=True)
class Tx:
    """One transaction: its session, its keys, and the time it happens."""

    session: Session
    keys: KeyRing
    now: datetime


def new_id() -> str:
    """A random id of 24 characters; never counted, so it says nothing about how many there are."""
    return secrets.token_hex(12)


class Database:
    """Opens transactions. `master` seals everything; `clock` gives every transaction its time."""

    def __init__(self, url: str, master: bytes, clock: Clock = system_clock) -> None:
        self.url = url
        self.clock = clock
        self._master = master
        self.engine = _engine(url)
        self._file = _file_of(url)
        self._seen: tuple[int, int] | None = None
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        # SQLite has one writer; one thread keeps those who wait in order, without a busy loop.
        workers = 1 if self.is_sqlite else 8
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="store")

    @contextmanager
    def begin(self) -> Iterator[Tx]:
        """A transaction that commits at the end, or rolls back. Raises StoreAway without values."""
        self._same_file()
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                now = self.clock()
                yield Tx(session, KeyRing(self._master, session, now), now)
        except (SQLAlchemyError, OSError) as error:
            raise StoreAway(type(error).__name__) from None

    async def run(
        self, fn: Callable[Concatenate[Tx, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """`fn(tx, …)` in one transaction in a thread. Raises StoreAway, and what `fn` raises.

        The thread knows what the caller's context holds, such as the language of a request.
        """
        loop = asyncio.get_running_loop()
        here = copy_context()
        return await loop.run_in_executor(
            self._pool, lambda: here.run(lambda: self._call(fn, *args, **kwargs))
        )

    def _call(self, fn: Callable[..., T], *args: Any, **kwargs: Any) -> T:
        with self.begin() as tx:
            return fn(tx, *args, **kwargs)

    def _same_file(self) -> None:
        """Raises StoreAway when the file is gone; a file put in its place is opened anew.

        SQLite would go on in a deleted file, and everything would be lost at the next start.
        """
        if self._file is None:
            return
        try:
            found = self._file.stat()
        except OSError as error:
            if self._seen is None:
                return  # not made yet
            self.engine.dispose()
            raise StoreAway(type(error).__name__) from None
        if self._seen not in (None, (found.st_dev, found.st_ino)):
            self.engine.dispose()
        self._seen = (found.st_dev, found.st_ino)

    def checkpoint(self) -> bool:
        """Empty the write-ahead log, so that erased pages do not live on in it (SQLite only).

        Never raises: what was erased is unreadable already, its key is gone. False: not done now.
        """
        if not self.is_sqlite or self.url == MEMORY_URL:
            return True
        try:
            with self.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        except (SQLAlchemyError, OSError):
            return False
        return True

    def close(self) -> None:
        """Let go of connections and threads."""
        self._pool.shutdown(wait=True)
        self.engine.dispose()


def readable(tx: Tx) -> None:
    """Raises, inside the transaction, when the tables cannot be read."""
    tx.session.execute(text("select 1 from conversations limit 1"))


def _file_of(url: str) -> Path | None:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or parsed.database in (None, "", ":memory:"):
        return None
    return Path(str(parsed.database))


def _engine(url: str) -> Engine:
    # hide_parameters: an error of the database must never carry what a person wrote.
    options: dict[str, Any] = {"hide_parameters": True}
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True, **options)
    options["connect_args"] = {"check_same_thread": False}
    file = _file_of(url)
    if file is None:
        options["poolclass"] = StaticPool
    else:
        file.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _sqlite_pragmas)
    return engine


def _sqlite_pragmas(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")  # a handoff that was confirmed survives a power cut
    cursor.execute("PRAGMA secure_delete=ON")  # erased words are overwritten, not only unlinked
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
    cursor.close()
