"""Runs a Sanic application on a loopback port, in a thread of its own, for the length of a test."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sanic import Sanic

from bot.store.clock import Clock
from bot.store.database import Database
from bot.store.models import Base


def file_db(folder: Path, clock: Clock) -> Database:
    """A fresh database in a file: the test and the application each have their own connection."""
    db = Database(f"sqlite:///{folder / 'page.sqlite3'}", bytes(range(32)), clock)
    Base.metadata.create_all(db.engine)
    return db


@contextmanager
def running(app: Sanic[Any, Any]) -> Iterator[tuple[str, asyncio.AbstractEventLoop]]:
    """(address, event loop) of the served application."""
    app.config.TOUCHUP = False  # it rewrites Sanic in memory, which works once per process
    loop = asyncio.new_event_loop()
    servers: list[Any] = []
    listening = socket.socket()  # Sanic itself takes port 0 for its default port
    listening.bind(("127.0.0.1", 0))

    async def serve() -> None:
        server = await app.create_server(
            sock=listening, return_asyncio_server=True, access_log=False
        )
        assert server
        await server.startup()
        await server.before_start()
        await server.start_serving()
        await server.after_start()
        servers.append(server)

    async def end() -> None:
        for server in servers:
            await server.before_stop()
            server.close()
            await server.after_stop()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    def work() -> None:
        asyncio.set_event_loop(loop)
        loop.run_forever()

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    asyncio.run_coroutine_threadsafe(serve(), loop).result(60)
    address = f"http://127.0.0.1:{listening.getsockname()[1]}"
    try:
        yield address, loop
    finally:
        asyncio.run_coroutine_threadsafe(end(), loop).result(20)
        loop.call_soon_threadsafe(loop.stop)
        worker.join(10)
        loop.close()
