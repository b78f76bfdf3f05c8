"""From start to the safe path, to the desk, to all ready; and memory when all is loaded."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

import requests

LONGEST = 120.0


def measure(place: Path) -> dict[str, Any]:
    """Seconds after the process was started, and resident memory in MB."""
    port = free_port()
    environment = os.environ | {
        "HELPLINE_VAR_DIR": str(place),
        "HELPLINE_PORT": str(port),
        "HELPLINE_LOG_LEVEL": "error",
    }
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        base = f"http://127.0.0.1:{port}"
        page = _until(f"{base}/", lambda r: r.status_code == 200) - begun
        desk = _until(f"{base}/desk", lambda r: r.status_code == 200) - begun
        ready = _until(f"{base}/health/ready", lambda r: r.json()["ready"]) - begun
        return {
            "chat_page_s": round(page, 1),
            "desk_s": round(desk, 1),
            "all_ready_s": round(ready, 1),
            "memory_mb": _memory(process.pid),
            "reach": "safe path and desk ≤ 4 s, all ≤ 25 s, memory ≤ 950 MB",
        }
    finally:
        process.terminate()
        process.wait(30)


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _until(url: str, good: Any) -> float:
    end = time.monotonic() + LONGEST
    while time.monotonic() < end:
        with suppress(requests.RequestException, ValueError, KeyError):
            if good(requests.get(url, timeout=30)):
                return time.monotonic()
        time.sleep(0.05)
    raise TimeoutError(url)


def _memory(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    return 0
