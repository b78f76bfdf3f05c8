"""The real service in a process of its own, as `make serve` runs it, on a loopback port."""

from __future__ import annotations

import os
import random
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import requests

LOG = "serve.log"  # in the place: everything that the service printed and logged


@contextmanager
def serving(place: Path, port: int, **settings: str) -> Iterator[str]:
    """Serve with a fresh var folder; yields the base address once the page answers."""
    environment = os.environ | {
        "HELPLINE_VAR_DIR": str(place / "var"),
        "HELPLINE_PORT": str(port),
        "HELPLINE_LOG_LEVEL": "info",
        **settings,
    }
    log = (place / LOG).open("w")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", "serve"], env=environment, stdout=log, stderr=log
    )
    base = f"http://127.0.0.1:{port}"
    try:
        _until_answers(base, process, place / LOG)
        yield base
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)
        log.close()


def until_ready(base: str, seconds: float) -> float:
    """Wait until all parts are ready, understanding too. Returns the seconds it took.

    Raises TimeoutError with what is still missing.
    """
    begun, missing = time.monotonic(), "no answer"
    while time.monotonic() - begun < seconds:
        with suppress(requests.RequestException):
            answer = requests.get(f"{base}/health/ready", timeout=10)
            if answer.ok:
                return time.monotonic() - begun
            missing = str(answer.json().get("degraded"))
        time.sleep(0.2)
    raise TimeoutError(f"not ready after {seconds:.0f} s: {missing}")


def free_port() -> int:
    """A port of this machine that nobody uses now.

    Below those that the system gives to clients: a page that tries again and again while the
    service is away would else be given this very port, and the service could not come back to it.
    """
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _until_answers(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 300  # a model may have to be trained first
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the service stopped: {log.read_text()[-2000:]}")
        with suppress(requests.RequestException):
            if requests.get(f"{base}/health/live", timeout=5).ok:
                return
        time.sleep(0.1)
    raise TimeoutError("the service did not answer")
