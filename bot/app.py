"""The only wiring: makes every part once and hands it to the rooms.

`build` makes the parts (also for the terminal and for measuring); `create_app` serves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sanic import Sanic

from bot import health
from bot.centre import check_production_centre, load_centre
from bot.channels.events import Events
from bot.channels.flows import Flow
from bot.channels.outbound import Outbound
from bot.channels.sms import inbound as sms_inbound
from bot.channels.sms import simulator, voice_in, voice_out
from bot.channels.sms.provider import SmsProvider, provider_for
from bot.channels.sms.shift_phones import ShiftPhones
from bot.channels.webchat import errors as web_errors
from bot.channels.webchat import inbound as web_inbound
from bot.content import Content
from bot.desk import inbound as desk_inbound
from bot.handoff.notify import Notifier, TwoLevels, notifier_for
from bot.jobs import Jobs
from bot.metrics import Metrics
from bot.safety import SafetyCheck, SafetyWords, load_safety
from bot.services import Services
from bot.settings import ROOT, ConfigError, Secrets, Settings, check_production
from bot.store.clock import Clock, system_clock
from bot.store.database import Database
from bot.texts import content_of, flows_of, other_texts_of
from bot.turn import TurnRunner
from bot.understanding import danger_model
from bot.understanding.agent import RasaUnderstanding
from bot.understanding.danger_model import DangerModel
from bot.understanding.trackers import StoredTrackers
from bot.understanding.types import Understanding


@dataclass
class Replacements:
    """Parts that a test or a measurement puts in the place of the real ones."""

    db: Database | None = None
    content: Content | None = None
    safety: tuple[SafetyCheck, SafetyWords] | None = None
    understanding: Understanding | None = None
    sms: SmsProvider | None = None
    notifier: Notifier | None = None
    flows: dict[str, Flow] | None = None
    clock: Clock = system_clock


def build(settings: Settings, secrets: Secrets, replace: Replacements | None = None) -> Services:
    """All parts of the service, connected. Raises ConfigError, ContentError, SafetyDataError."""
    use = replace or Replacements()
    check_production(settings, secrets)
    centre = load_centre(settings.centre_file)
    if not settings.demo:
        check_production_centre(centre, settings.centre_file)
    content = use.content or content_of(settings, centre)
    safety, words = use.safety or load_safety(content)
    if use.safety is None:
        safety.second = DangerModel(ROOT / danger_model.MODEL)
    db = use.db or Database(settings.database, secrets.master, use.clock)
    events = Events()
    sms = use.sms or provider_for(settings, secrets)
    services = Services(
        settings=settings,
        secrets=secrets,
        centre=centre,
        db=db,
        content=content,
        safety=safety,
        words=words,
        other_texts=other_texts_of(settings, centre, content),
        understanding=use.understanding
        or RasaUnderstanding(settings.model_dir, StoredTrackers(db)),
        events=events,
        outbound=Outbound(db, events, content),
        turn=TurnRunner(),
        notifier=use.notifier or _notifier(settings, sms),
        flows=use.flows or flows_of(settings, centre, content),
        metrics=Metrics(),
        sms=sms,
    )
    services.turn.connect(services)
    return services


def create_app(services: Services) -> Sanic[Any, Any]:
    """The web application: chat page, SMS webhook, desk, health; everything on one port."""
    app = Sanic(f"helpline-{uuid4().hex[:8]}", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "text"
    app.config.REQUEST_MAX_SIZE = 256 * 1024
    app.config.ACCESS_LOG = False
    app.ctx.services = services
    jobs = Jobs(services)
    web_errors.install(app, services)
    app.blueprint(web_inbound.blueprint(services))
    app.blueprint(sms_inbound.blueprint(services))
    app.blueprint(voice_in.blueprint(services))
    app.blueprint(voice_out.blueprint(services))
    app.blueprint(desk_inbound.blueprint(services))
    app.blueprint(health.blueprint(services))
    if services.settings.demo:
        app.blueprint(simulator.blueprint(services))

    @app.after_server_start
    async def begin(_app: Sanic[Any, Any]) -> None:
        jobs.start()

    @app.before_server_stop
    async def end(_app: Sanic[Any, Any]) -> None:
        await jobs.stop()

    return app


def _notifier(settings: Settings, sms: SmsProvider | None) -> Notifier:
    second = settings.notify_urls_second
    phones = settings.shift_phones.split()
    try:
        return TwoLevels(
            notifier_for(settings.notify_urls),
            notifier_for(second, setting="HELPLINE_NOTIFY_URLS_SECOND"),
            ShiftPhones(sms, phones) if sms is not None and phones else None,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from None
