"""Whole conversations with a fault at every step, in a process of its own, for test_logs.py.

    python -m tests.log_scenario LEVEL PLACE [--model]

Every message holds invented words that occur nowhere else. Whatever this process writes to standard
output and standard error is searched for them; error pages, metrics and what staff are told are
written to files in PLACE and searched as well.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot import logs

PERSON_SAYS = "zebrakorn"
DANGER_SAYS = "hamrer på døra med fjellmusling"
OWN_WORDS = "lavendelbrus"
COUNSELLOR_SAYS = "tindrefjær"
IN_ERRORS = "kobberskinke"
IN_URLS = "silkekråke"
NUMBER = "+4700000001"
FORBIDDEN = (
    *("zebrakorn", "fjellmusling", "lavendelbrus", "tindrefj", "kobberskinke", "silkekr"),
    *("+4700000001", "4700000001", "00000001", "00 00 00 01", "000 00 001", "%2B47"),
)


class Scenario:
    """The conversations; `level` is the log level of the service."""

    def __init__(self, place: Path, understanding: Any) -> None:
        from tests.support import MovingClock
        from tests.test_faults import BreakableDatabase

        self.place = place
        self.clock = MovingClock()
        self.db = BreakableDatabase(self.clock)
        self.understanding = understanding
        self.told: list[str] = []

    async def plays(self) -> None:
        """Everything, one after the other."""
        for channel in ("web", "sms"):
            await self._conversation(channel, 0)
            for failing in range(1, 9):
                await self._conversation(channel, failing)
        await self._broken_parts()
        await self._what_libraries_do()
        await self._bad_requests()
        (self.place / "told").write_text("\n".join(self.told))

    def _services(self, **replace: Any) -> Any:
        from bot.handoff.notify import AppriseNotifier
        from tests.support import make_services

        def send(text: str) -> bool:
            self.told.append(text)
            raise ConnectionError(f"mail server {IN_ERRORS}")

        parts = {
            "db": self.db,
            "understanding": self.understanding,
            "notifier": AppriseNotifier(send),
            "sms": RefusingProvider(),
            **replace,
        }
        return make_services(self.place, self.clock, **parts)

    async def _conversation(self, channel: Any, failing: int) -> None:
        """One from hello to close; the store fails at call number `failing` of every message."""
        from twilio.base.exceptions import TwilioRestException

        from bot.channels.sms.outbound import deliver_due
        from bot.handoff import queue
        from bot.store.database import StoreAway
        from tests.talk import Talk

        talk = await Talk(self._services(), self.clock, channel).begins(safe=channel == "web")

        async def writes(text: str, payload: str | None = None) -> None:
            self.db.counts_anew(*([failing] if failing else []))
            await talk.writes(text, payload)
            self.db.counts_anew()

        await writes(f"hei {PERSON_SAYS}")
        await writes("1" if channel == "sms" else "", "safe:yes" if channel == "web" else None)
        await writes(f"han slår meg {OWN_WORDS}")
        await writes(f"mannen {DANGER_SAYS}")
        await writes("menneske")
        await writes("", "how:be_called")
        for answer in (NUMBER, f"etter ni {OWN_WORDS}", f"si at det er {PERSON_SAYS}", "nei"):
            await writes(answer)
        await writes("", "send")
        case = await talk.run(queue.find_open, talk.id)
        if case is not None:
            await talk.run(queue.take, case.id, "c0ffee")
            await talk.services.outbound.from_desk(case.id, f"{COUNSELLOR_SAYS} her")
            await writes(f"takk {PERSON_SAYS}")
            await talk.run(queue.note, case.id, "c0ffee", COUNSELLOR_SAYS)
            await talk.run(queue.close, case.id, "c0ffee", "talked")
        for _ in range(3):
            self.clock.passes(minutes=2)
            with contextlib.suppress(StoreAway, TwilioRestException, RuntimeError):
                await deliver_due(talk.services)
        await writes("slett")
        await asyncio.sleep(0)

    async def _broken_parts(self) -> None:
        """Every part raises an exception whose message holds what the person wrote."""
        from bot.handoff import queue
        from tests.talk import Talk

        error = ValueError(f"{IN_ERRORS}: {PERSON_SAYS} {NUMBER}")
        for part in ("understanding", "content", "flow", "alarm", "put", "words"):
            talk = await Talk(self._services(), self.clock).begins()
            services = talk.services
            await talk.writes("menneske")
            raise_alarm = queue.raise_alarm
            if part == "understanding":
                services.understanding = Throwing(error)
            elif part == "content":
                services.content = Throwing(error)  # type: ignore[assignment]
            elif part == "flow":
                services.flows = {"handoff": Throwing(error)}  # type: ignore[dict-item]
            elif part == "alarm":
                queue.raise_alarm = Throwing(error)  # type: ignore[assignment]
            elif part == "put":
                services.outbound.put = Throwing(error)  # type: ignore[method-assign]
            else:
                services.words = Throwing(error)  # type: ignore[assignment]
            try:
                await talk.writes(f"jeg vet ikke {PERSON_SAYS}")
                await talk.writes(f"mannen {DANGER_SAYS}")
                await services.turn.answer_pending()
            except ValueError:
                logging.getLogger("bot.test").exception("even that")
            finally:
                queue.raise_alarm = raise_alarm

    async def _what_libraries_do(self) -> None:
        """Library logs, structlog, warnings, lost tasks and threads, broken log calls."""
        import structlog

        secret = f"{PERSON_SAYS} {NUMBER}"
        error = RuntimeError(secret)
        for name in ("rasa.core.agent", "twilio.http", "sqlalchemy.engine", "sanic.error", "new"):
            library = logging.getLogger(name)
            library.debug(secret)
            library.warning("got %s", secret, stack_info=True)
            library.error(secret, exc_info=error)
            structlog.get_logger(name).error(secret, text=secret, exc_info=error)
        logging.getLogger("bot.test").info("%d", secret)  # a slip of ours: not a number
        warnings.warn(secret, stacklevel=1)
        asyncio.get_running_loop().create_task(_fails(error))
        await asyncio.sleep(0)
        gc.collect()
        asyncio.get_running_loop().call_soon(_raises(error))
        await asyncio.sleep(0)
        thread = threading.Thread(target=_raises(error))
        thread.start()
        thread.join()
        Unraisable(error)
        gc.collect()

    async def _bad_requests(self) -> None:
        from tests.log_requests import ask_badly

        await asyncio.to_thread(ask_badly, self._services(), self.place, IN_URLS, PERSON_SAYS)


class Throwing:
    """Anything asked of it raises."""

    ready = True
    failed_reason = None

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise self._error

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self


class RefusingProvider:
    """A provider whose SDK raises as Twilio's does: with number and words in the exception."""

    def __init__(self) -> None:
        self._calls = 0

    def send(self, number: str, text: str, callback: str | None, valid_for: int) -> str:
        from twilio.base.exceptions import TwilioRestException

        from bot.channels.sms.provider import _translated

        self._calls += 1
        error = TwilioRestException(400, f"/Messages?To={number}", f"{number}: {text}", 21610)
        if self._calls % 3 == 0:
            raise error  # as if we had forgotten to translate it
        with _translated():
            raise error
        raise AssertionError

    def find(self, number: str, text: str, since: object) -> list[Any]:
        raise RuntimeError(f"{number} {text}")

    def erase(self, sid: str) -> None:
        return None


class Unraisable:
    """Fails while it is thrown away."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __del__(self) -> None:
        raise self._error


async def _fails(error: Exception) -> None:
    raise error


def _raises(error: Exception) -> Callable[[], None]:
    def fails() -> None:
        raise error

    return fails


def main() -> None:
    level, place = sys.argv[1], Path(sys.argv[2])
    logs.configure(level)
    understanding: Any
    if "--model" in sys.argv:
        understanding = _real_model()
    else:
        from tests.support import ScriptedUnderstanding

        understanding = ScriptedUnderstanding({f"hei {PERSON_SAYS}": "cost"})
    asyncio.run(Scenario(place, understanding).plays())
    print("played to the end", flush=True)
    raise ValueError(f"the process ends with {PERSON_SAYS} {NUMBER}")


def _real_model() -> Any:
    from bot.settings import ROOT
    from bot.understanding.agent import RasaUnderstanding
    from bot.understanding.trackers import TrackersInMemory

    models = ROOT / "models"  # the newest one is taken
    if not any(models.glob("*.tar.gz")):
        raise SystemExit("no trained model")
    understanding = RasaUnderstanding(models, TrackersInMemory())
    asyncio.run(understanding.load())
    return understanding


if __name__ == "__main__":
    main()
