"""A text that will not arrive: who must know, and what is counted."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from bot.handoff import queue
from bot.handoff.followup import FollowUp
from bot.store import statistics
from bot.store.database import Tx
from bot.store.deliveries import Delivery

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

# The account or the carrier took STOP, END … for a wish never to be written to again.
BLOCKED = "21610"
NEVER_LOST_QUIETLY = ("danger", "desk")


def act(tx: Tx, delivery: Delivery | None) -> str | None:
    """Alarm the desk when it was a danger reply, a counsellor's words, or for someone who waits.

    Returns the alarm's id. In the transaction that notes the failure: no crash comes in between.
    """
    if delivery is None or not delivery.news or delivery.state != "failed":
        return None
    statistics.count(tx, "sms", "failed")
    grave = delivery.kind in NEVER_LOST_QUIETLY
    if not grave and not queue.someone_waits(tx, delivery.conversation_id):
        return None
    return queue.raise_unreached(
        tx,
        delivery.conversation_id,
        "sms_blocked" if delivery.error_code == BLOCKED else "sms_lost",
        "now" if delivery.kind == "danger" else "soon",
        f"feilkode {delivery.error_code or 'ukjent'}",
    )


def tell(services: Services, delivery: Delivery | None, alarm_id: str | None) -> None:
    """After the commit: the log, the count, and the desk."""
    if delivery is None:
        return
    if delivery.double:
        log.warning("outbox %s: the provider has sent it twice", delivery.id)
        count(services, "double")
    if not delivery.news:
        return
    if delivery.state == "failed":
        log.warning("outbox %s: not delivered, code %s", delivery.id, delivery.error_code)
    if delivery.state in ("failed", "delivered"):
        count(services, delivery.state)
        services.events.publish("desk")
    if alarm_id is not None:
        services.alert(about=FollowUp("notify_desk", "alarm", alarm_id=alarm_id))


def count(services: Services, outcome: str) -> None:
    """One more text of this outcome, for /metrics: a word of ours, nothing else."""
    services.metrics.sms.labels(outcome).inc()
