"""Logs hold ids, counts and class names; never a word or a number of anyone.

Three walls: libraries that would log content are silenced, our own lines are plain constants with
ids, and a filter removes every traceback's values (only the class and the place in the code stay).
A test runs whole conversations with faults at every step and searches everything that came out.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
import traceback
import warnings
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    _TextHandler = logging.StreamHandler[TextIO]
else:
    _TextHandler = logging.StreamHandler

_OURS = {"bot", "actions", "helpline"}

# Libraries that put message text, numbers or addresses in their lines at some level.
_QUIET = (
    "rasa",
    "rasa_sdk",
    "twilio",
    "urllib3",
    "httpx",
    "httpcore",
    "sqlalchemy",
    "asyncio",
    "apprise",
    "sanic.access",
    "sanic.root",
    "sanic.server",
    "sanic.error",
    "tensorflow",
    "absl",
    "matplotlib",
    "aiohttp",
    "alembic",
    "apscheduler",
)


class PlainFormatter(logging.Formatter):
    """One line an entry; of an exception only its classes and where in our code it happened."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S")

    def formatException(  # noqa: N802 (the name is logging's)
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None]
        | tuple[None, None, None],
    ) -> str:
        kind, error, trace = ei
        if kind is None or error is None:
            return ""
        places = [
            f"{os.path.basename(frame.filename)}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(trace)[-6:]
        ]
        return f"{kind.__name__} at {' < '.join(reversed(places))}"

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        return ""


class QuietHandler(_TextHandler):
    """A line that cannot be written names its place; logging itself would print its values."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802
        where = f"{os.path.basename(record.pathname)}:{record.lineno}"
        with suppress(OSError, ValueError):
            self.stream.write(f"ERROR bot.logs a line could not be written at {where}\n")


class OursOnly(logging.Filter):
    """Lets our own lines through; of a library's only the fact that it complained."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name.partition(".")[0] in _OURS:
            return True
        if record.levelno < logging.WARNING:
            return False
        record.msg, record.args = f"a library reported {record.levelname.lower()}", ()
        record.stack_info = None
        return True


def configure(level: str = "info") -> None:
    """Set up logging for the whole process, before any library does it for us."""
    handler = QuietHandler(sys.stderr)
    handler.setFormatter(PlainFormatter())
    handler.addFilter(OursOnly())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    for name in _QUIET:
        quiet = logging.getLogger(name)
        quiet.handlers.clear()
        quiet.propagate = True
        quiet.setLevel(logging.WARNING)
    _configure_structlog()
    warnings.simplefilter("ignore")
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_a_thread
    sys.unraisablehook = _unraisable


def _configure_structlog() -> None:
    # Rasa logs through structlog; unconfigured, structlog prints text to standard output.
    import structlog

    structlog.configure(
        processors=[_drop_event],
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL),
        logger_factory=structlog.ReturnLoggerFactory(),
        cache_logger_on_first_use=False,
    )


def _drop_event(_logger: object, _name: str, _event: object) -> str:
    import structlog

    raise structlog.DropEvent


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger("helpline").critical("stopped", exc_info=(kind, error, trace))


def _uncaught_in_a_thread(what: threading.ExceptHookArgs) -> None:
    if what.exc_type is not SystemExit and what.exc_value is not None:
        exc_info = (what.exc_type, what.exc_value, what.exc_traceback)
        logging.getLogger("helpline").error("a thread stopped", exc_info=exc_info)


def _unraisable(what: sys.UnraisableHookArgs) -> None:
    """What fails where nobody can catch it (while something is thrown away)."""
    if what.exc_value is not None:
        exc_info = (what.exc_type, what.exc_value, what.exc_traceback)
        logging.getLogger("helpline").error("something could not be let go", exc_info=exc_info)
