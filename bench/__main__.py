"""`helpline bench [--json]`: prints every figure with what docs/ says to reach beside it."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench import growth, latency, page, startup
from bot import logs


def main() -> None:
    """Run all measurements, one after the other, in fresh places."""
    logs.configure("error")
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        figures["start"] = startup.measure(place / "start")
        figures["page"] = page.measure()
        figures.update(asyncio.run(latency.measure(place / "latency")))
        figures["growth"] = asyncio.run(growth.measure(place / "growth"))
    if "--json" in sys.argv:
        print(json.dumps(figures))
        return
    for name, value in figures.items():
        print(name)
        for key, figure in value.items():
            print(f"  {key:<34} {figure}")


if __name__ == "__main__":
    main()
