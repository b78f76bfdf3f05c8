"""What understanding costs: start-up, stalls of the event loop, memory, time per message.

.venv/bin/python bench/understanding_speed.py
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

from bot.understanding.agent import RasaUnderstanding  # noqa: E402
from bot.understanding.trackers import TrackersInMemory  # noqa: E402
from bot.understanding.train import trained_model  # noqa: E402

TICK = 0.05
TURNS = 310


def memory() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 1e6


async def load(understanding: RasaUnderstanding) -> None:
    """Loads while a ticker looks how long the event loop is held."""
    started, last, stalls = time.perf_counter(), time.perf_counter(), []
    loading = asyncio.create_task(understanding.load())
    while not loading.done():
        await asyncio.sleep(TICK)
        now = time.perf_counter()
        stalls.append(now - last - TICK)
        last = now
    await loading
    longest = ", ".join(f"{stall:.2f}" for stall in sorted(stalls)[-3:])
    print(f"load {time.perf_counter() - started:.1f} s; longest stalls {longest} s")


async def messages(understanding: RasaUnderstanding) -> None:
    """One long conversation, every message new to the encoder."""
    wall, cpu = [], []
    for turn in range(TURNS):
        started, used = time.perf_counter(), time.process_time()
        await understanding.understand("bench", f"hva koster det å bo der i {turn} dager", "nb")
        wall.append((time.perf_counter() - started) * 1000)
        cpu.append((time.process_time() - used) * 1000)
    wall_sorted = sorted(wall[5:])
    print(
        f"message p50 {statistics.median(wall_sorted):.1f} ms, "
        f"p95 {wall_sorted[int(len(wall_sorted) * 0.95)]:.1f} ms, "
        f"processor {statistics.median(cpu[5:]):.1f} ms"
    )
    early, late = statistics.median(cpu[5:25]), statistics.median(cpu[-20:])
    print(
        f"turns 5-25 {early:.1f} ms, turns 290-310 {late:.1f} ms: {late / early:.2f} x (processor)"
    )


async def main() -> None:
    """Prints the figures."""
    model = trained_model(PROJECT, PROJECT / "models")
    if model is None:
        raise SystemExit("no trained model: run `make install`")
    print(f"before {memory():.0f} MB")
    understanding = RasaUnderstanding(model, TrackersInMemory())
    await load(understanding)
    print(f"loaded {memory():.0f} MB")
    await messages(understanding)
    print(f"after {TURNS} messages {memory():.0f} MB")


if __name__ == "__main__":
    asyncio.run(main())
