"""`helpline practice`: the desk on a port of its own, with invented people, until it is stopped."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.app import create_app
from bot.desk import speech
from bot.practice import door as doors
from bot.practice.accounts import open_account
from bot.practice.people import load_people
from bot.practice.place import practice_services, practice_settings
from bot.practice.shifts import Shift, load_shift
from bot.practice.stage import Stage
from bot.practice.visit import RealPace, Visit
from bot.services import Services
from bot.settings import ConfigError, Settings

TIMES_FASTER = 6.0
NAME = "øving"


def practise(
    real: Settings, port: int, shift: str, people: Sequence[str], fast: bool, lang: str
) -> None:
    """Serve until told to stop; nothing is left. Raises ConfigError before anything starts."""
    if port == real.port:
        raise ConfigError(f"--port: {port} is the service's own port; choose another")
    known = load_people()
    for name in people:
        if name not in known:
            raise ConfigError(f"--person: nobody is called {name}; there is {', '.join(known)}")
    begins = load_shift(shift, known) if shift else None
    settings = practice_settings(real, port)
    services = practice_services(settings)
    pace = RealPace(TIMES_FASTER if fast else 1.0)
    stage = Stage(services, known, pace, lambda visit: print(ending(visit, lang), flush=True))
    try:
        app, door = practice_app(services, stage, lang, people, begins)
        print(
            "Øving. Ingen ekte personer.\n"
            f"Logg inn (én gang): {settings.base_url}{doors.HERE}/in/{door.token}\n"
            "Stopp med Ctrl+C. Da er alt borte.",
            flush=True,
        )
        app.run(
            host=settings.host,
            port=settings.port,
            single_process=True,
            access_log=False,
            motd=False,
        )
    finally:
        services.db.close()


def practice_app(
    services: Services,
    stage: Stage,
    lang: str,
    people: Sequence[str] = (),
    shift: Shift | None = None,
) -> tuple[Any, doors.Door]:
    """The service's own application, with the door of the practice and its people beside it."""
    app = create_app(services)
    with services.db.begin() as tx:
        account = open_account(tx, NAME, lang)
    door = doors.Door(services, account)
    app.blueprint(doors.blueprint(services, stage, door))

    @app.after_server_start
    async def begin(_app: object) -> None:
        for name in people:
            stage.comes(name)
        if shift is not None:
            stage.begin_shift(shift, account)

    @app.before_server_stop
    async def end(_app: object) -> None:
        await stage.stop()

    return app, door


def ending(visit: Visit, lang: str) -> str:
    """For the terminal: who it was, and what to think about. Nothing that anybody wrote."""
    speech.speak(lang)
    lines = [f"\n{visit.person.title.at(lang)} ({visit.designation})"]
    lines.append(speech.say(doors.ENDINGS.get(visit.ending, "")))
    lines.append(speech.say("Hva la du merke til?"))
    lines += [f"  {number}. {one.at(lang)}" for number, one in enumerate(visit.person.notice, 1)]
    return "\n".join(lines)
