"""What an editor changes in one content file without touching the rest of it.

The fields are the web text and the lines that follow from reading the sources again. All other
lines of the front matter keep their bytes, comments and order.
"""

from __future__ import annotations

import fcntl
import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from bot.content.files import ContentError
from bot.content.fill import number_ids, placeholders
from bot.content.yaml_edit import Key, with_values

LONGEST = 20_000  # characters of one file; the longest has 5 000
_FENCE = re.compile(r"^---[ \t]*$\n?", re.MULTILINE)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class NotWritten(Exception):
    """The file was not written; it is as it was. `why`: changed, gone or read_only."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True)
class Fields:
    """What the form shows of one file. `sms`: each text by SMS by the name of its line."""

    body: str
    title: str
    sources: tuple[str, ...]
    text_date: str
    review: str
    sms: Mapping[str, str]


def parts(text: str) -> tuple[str, str]:
    """(front matter, web text) as they stand. Raises ContentError for a file without both."""
    found = _FENCE.split(text.replace("\r\n", "\n"), maxsplit=2)
    if len(found) != 3 or found[0].strip("\ufeff \n"):
        raise ContentError("front matter not found; begin with '---', then the lines, then '---'")
    return found[1], found[2]


def fields_of(text: str) -> Fields:
    """The fields of a file that can be read. Raises ContentError."""
    front, body = parts(text)
    try:
        raw = yaml.safe_load(front)
    except yaml.YAMLError:
        raise ContentError("front matter cannot be read; look for a missing quote") from None
    if not isinstance(raw, dict):
        raise ContentError("front matter is empty; see a neighbouring file")
    return Fields(
        body=body.strip("\n"),
        title=str(raw.get("title") or ""),
        sources=tuple(str(name) for name in raw.get("sources") or ()),
        text_date=str(raw.get("text_date") or ""),
        review=str(raw.get("review") or ""),
        sms={
            str(key): str(value)
            for key, value in raw.items()
            if key == "sms" or str(key).startswith("sms_")
        },
    )


def with_fields(text: str, wanted: Fields) -> str:
    """`text` with these fields; what is the same keeps its bytes. Raises ContentError.

    `numbers` is made to list those that the texts use, so that nobody has to remember it.
    """
    front, body = parts(text)
    now = fields_of(text)
    changes: dict[Key, object] = {}
    for name in ("title", "text_date", "review"):
        value = getattr(wanted, name).strip()
        if value != getattr(now, name):
            changes[name,] = _day(value)
    if wanted.sources != now.sources:
        changes["sources",] = list(wanted.sources)
    for name, said in wanted.sms.items():
        if said.strip() != now.sms.get(name, "").strip():
            changes[name,] = said.strip()
    new_body = body if wanted.body.strip("\n") == now.body else f"{wanted.body.strip()}\n"
    changes |= _numbers(front, wanted) if new_body != body or changes else {}
    new_front = with_values(front, changes) if changes else front
    head, tail = text.replace("\r\n", "\n").split(front, 1)
    return f"{head}{new_front}{tail[: len(tail) - len(body)]}{new_body}"


def _day(value: str) -> object:
    with suppress(ValueError):
        return date.fromisoformat(value) if _DAY.fullmatch(value) else value
    return value


def _numbers(front: str, wanted: Fields) -> dict[Key, object]:
    used: set[str] = set()
    for said in (wanted.body, *wanted.sms.values()):
        used |= number_ids(placeholders(said))
    listed = yaml.safe_load(front).get("numbers") or []
    if used == set(listed):
        return {}
    kept = [name for name in listed if name in used]
    return {("numbers",): kept + sorted(used - set(kept))}


def write_text(path: Path, text: str, expected: str) -> None:
    """Put `text` in the place of `expected` at once: a reader sees the one or the other, whole.

    Raises NotWritten when the file says something else by now, is gone, or cannot be written.
    """
    found = read_text(path)
    if found == text:
        return  # written already, by an attempt that was cut off afterwards
    if found != expected:
        raise NotWritten("changed")
    try:
        # The dot and the ending keep it out of sight of whoever looks for texts.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError:
        raise NotWritten("read_only") from None
    beside = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.chmod(stat.S_IMODE(path.stat().st_mode))
        beside.replace(path)
    except OSError:
        with suppress(OSError):
            beside.unlink()
        raise NotWritten("read_only") from None


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """One writer at a time, in other processes too. A folder that cannot be opened is not held:
    writing to it will say why."""
    try:
        opened = os.open(folder, os.O_RDONLY)
    except OSError:
        yield
        return
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield
    finally:
        os.close(opened)


def read_text(path: Path) -> str:
    """The file as it stands. Raises NotWritten when it cannot be read."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise NotWritten("gone") from None


def may_write(path: Path) -> bool:
    """Whether a file can be put in this place, as far as one can tell beforehand."""
    return os.access(path.parent, os.W_OK) and os.access(path, os.W_OK)
