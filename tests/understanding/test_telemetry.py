"""Rasa reports to nobody."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.understanding.command_line import switch_off_telemetry

PROJECT = Path(__file__).resolve().parents[2]

#: Every way out is closed and recorded, then each kind of report is asked for.
_REPORT = """
import os, socket
os.environ.pop("RASA_TELEMETRY_ENABLED", None)
tried = []
def closed(*args, **kwargs):
    tried.append(args)
    raise OSError("closed")
socket.socket.connect = closed
socket.getaddrinfo = closed
socket.create_connection = closed
import bot.understanding
from rasa import telemetry
telemetry.initialize_telemetry()
telemetry.initialize_error_reporting()
telemetry.track_shell_started("rasa")
telemetry.track_validate_files(True)
telemetry.track_project_init("somewhere")
telemetry.track_data_split(0.8, "nlu")
telemetry.track_telemetry_disabled()
assert not telemetry.is_telemetry_enabled()
print("tried", len(tried))
"""


def test_no_connection_is_tried_when_rasa_wants_to_report(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _REPORT],
        cwd=PROJECT,
        env={"HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.stdout.strip().endswith("tried 0"), done.stderr[-2000:]


def test_the_rasa_command_is_silent_too(tmp_path: Path) -> None:
    file = switch_off_telemetry(tmp_path)
    ask = (
        f"import site; site.addsitedir({str(file.parent)!r}); "
        "import os; print(os.environ['RASA_TELEMETRY_ENABLED'])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", ask], capture_output=True, text=True, env={}, check=True
    )
    assert done.stdout.strip() == "false"
