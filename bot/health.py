"""Is it alive, is it ready, what is it doing: ids and counts only, and metrics on loopback only."""

from __future__ import annotations

import ipaddress

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sanic import Blueprint, HTTPResponse, Request, json, text

from bot.services import Services
from bot.store.database import StoreAway, readable


def blueprint(services: Services) -> Blueprint:
    """/health/live, /health/ready and /metrics."""
    room = Blueprint("health")

    @room.get("/health/live")
    async def live(_request: Request) -> HTTPResponse:
        return json({"alive": True})

    @room.get("/health/ready")
    async def ready(_request: Request) -> HTTPResponse:
        missing = await what_is_missing(services)
        degraded = services.troubles | missing
        return json({"ready": not missing, "degraded": degraded}, status=503 if missing else 200)

    @room.get("/metrics")
    async def metrics(request: Request) -> HTTPResponse:
        if not _is_loopback(request):
            return text("not found", status=404)
        services.metrics.ready.set(1 if services.understanding.ready else 0)
        body = generate_latest(services.metrics.registry)
        return HTTPResponse(body, content_type=CONTENT_TYPE_LATEST)

    return room


async def what_is_degraded(services: Services) -> dict[str, str]:
    """Part → how it is: "loading", or the class of what went wrong. Empty when all is well."""
    return services.troubles | await what_is_missing(services)


async def what_is_missing(services: Services) -> dict[str, str]:
    """The parts without which it is not ready.

    Other troubles are only named: taking the service out of use for them would take the danger
    check and the phone number away from people too.
    """
    found: dict[str, str] = {}
    try:
        await services.db.run(readable)
    except StoreAway as error:
        found["store"] = str(error)
    if not services.understanding.ready:
        found["understanding"] = services.understanding.failed_reason or "loading"
    if services.settings.sms == "on" and services.sms is None:
        found["sms"] = "not configured"
    return found


def _is_loopback(request: Request) -> bool:
    """Only from this machine itself: not from a peer, and not through a proxy on this machine."""
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "via"))
    try:
        return not forwarded and ipaddress.ip_address(request.ip).is_loopback
    except ValueError:
        return False
