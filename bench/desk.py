"""How soon twenty handoffs at once stand on an open desk: `python -m bench.desk`.

The real service in memory, a desk page that waits for news, and twenty persons who press "send" in
the same moment. Needs no model. Printed beside what docs/ says to reach.
"""

from __future__ import annotations

import asyncio
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from bot.handoff.queue import list_queue
from tests.desk.conftest import Browser, DeskServer, serve_desk
from tests.support import MovingClock

AT_ONCE = 20
URGENCIES = ("when_possible", "soon", "now", "soon")
LONGEST = 30.0


def measure(place: Path) -> dict[str, Any]:
    """Seconds from the first handoff until the page has 1 and all of them, and their order."""
    serving = serve_desk(place, MovingClock())
    desk = next(serving)
    try:
        return _measured(desk, desk.signed_in("Kari"))
    finally:
        serving.close()


def _measured(desk: DeskServer, kari: Browser) -> dict[str, Any]:
    news: list[tuple[float, int]] = []
    first = kari.get("/desk/live").json()
    begun = threading.Event()

    def watch() -> None:
        mark, end = first["mark"], time.monotonic() + LONGEST
        begun.set()
        while time.monotonic() < end:
            answer = kari.get("/desk/live", headers={"X-Mark": mark}).json()
            mark = answer["mark"]
            news.append((time.monotonic(), len(answer["waiting"])))
            if len(answer["waiting"]) == AT_ONCE:
                return

    page = threading.Thread(target=watch)
    page.start()
    begun.wait(5)
    time.sleep(0.5)
    started = time.monotonic()
    asyncio.run_coroutine_threadsafe(_all_at_once(desk), desk.loop).result(LONGEST)
    stored = time.monotonic() - started
    page.join(LONGEST)
    shown = [at - started for at, count in news if count]
    with desk.db.begin() as tx:
        rows = [(row.urgency, row.created_at) for row in list_queue(tx)]
    order = sorted(rows, key=lambda row: (("now", "soon", "when_possible").index(row[0]), row[1]))
    return {
        "at_once": AT_ONCE,
        "all_stored_s": round(stored, 2),
        "first_on_the_page_s": round(shown[0], 2) if shown else None,
        "all_on_the_page_s": round(shown[-1], 2) if shown else None,
        "in_order": rows == order,
        "reach": "≤ 1 s after they are stored",
    }


async def _all_at_once(desk: DeskServer) -> None:
    loop = asyncio.get_running_loop()
    jobs = [
        loop.run_in_executor(None, lambda n=number: desk.handoff(urgency=URGENCIES[n % 4]))
        for number in range(AT_ONCE)
    ]
    await asyncio.gather(*jobs)


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as place:
        for name, figure in measure(Path(place)).items():
            print(f"{name:<24} {figure}")


if __name__ == "__main__":
    main()
