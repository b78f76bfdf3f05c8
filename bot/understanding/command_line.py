"""Telemetry off for `.venv/bin/rasa`, too: run once when the environment is installed."""

from __future__ import annotations

import sysconfig
from pathlib import Path

_LINE = "import os; os.environ['RASA_TELEMETRY_ENABLED'] = 'false'\n"


def switch_off_telemetry(folder: Path | None = None) -> Path:
    """Writes a `.pth` file into the environment's site-packages (or `folder`).

    The `rasa` command imports nothing of ours before it thinks of reporting. Python runs the line
    of a `.pth` file at start-up, before anything else.
    """
    target = folder or Path(sysconfig.get_paths()["purelib"])
    file = target / "helpline_no_telemetry.pth"
    file.write_text(_LINE)
    return file


if __name__ == "__main__":
    print(switch_off_telemetry())
