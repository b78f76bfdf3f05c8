"""SQLite belongs to one process: a second one is refused with a line that says so."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from typing import IO

from bot.settings import ConfigError


def claim(var_dir: Path) -> IO[str]:
    """Hold the lock as long as the returned file is open. Raises ConfigError when it is taken.

    The lock goes with the process, however it ends, so a crash never leaves it behind.
    """
    var_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = var_dir / "one-process.lock"
    file = open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+")  # noqa: SIM115
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        raise ConfigError(
            f"another process serves this database ({path}): stop it first, or use PostgreSQL"
        ) from None
    return file
