"""Is the chain of the audit log whole? A job asks at times, `helpline audit verify` at once."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.settings import ConfigError, Secrets, Settings
from bot.store import audit_chain
from bot.store.audit_chain import Checked, Fault, Head, Place
from bot.store.database import Database, StoreAway

if TYPE_CHECKING:
    from bot.services import Services

log = logging.getLogger(__name__)

TROUBLE = "audit"
REST = 0.05  # seconds between two pages: people who write come first
WITNESS = re.compile(r"[1-9]\d{0,17}-[0-9a-f]{16}")

WHAT = {
    "no_head": "the head of the chain is gone",
    "head": "the head of the chain was changed",
    "before": "there are lines older than the beginning of the log",
    "gap": "a line is missing",
    "changed": "the line was changed, or put in",
    "end": "lines are missing at the end, or were put in",
    "witness": "the line is not the one that was noted: an older database was put back",
}


@dataclass(frozen=True)
class Report:
    """What `helpline audit verify` prints. `whole`: nothing was found."""

    lines: list[str]
    whole: bool


async def watch(services: Services) -> None:
    """Check to the end. A fault stands in `/health/ready` and on the page of the log."""
    checked = await services.db.run(audit_chain.check_page)
    while not checked.done:
        await asyncio.sleep(REST)
        checked = await services.db.run(audit_chain.check_page, checked.place)
    if checked.fault is None:
        services.troubles.pop(TROUBLE, None)
        return
    services.troubles[TROUBLE] = short(checked.fault)
    log.error("the audit log is broken: %s", short(checked.fault))


def short(fault: Fault) -> str:
    """ "changed at 17"."""
    return f"{fault.why} at {fault.seq}"


def verify(settings: Settings, secrets: Secrets, witness: str = "") -> Report:
    """The whole log, without changing anything. Raises ConfigError.

    `witness` is what an earlier run printed: the line must still be that one.
    """
    if witness and not WITNESS.fullmatch(witness):
        raise ConfigError("--witness is what an earlier run printed, like 1234-0a1b2c3d4e5f6071")
    db = Database(settings.database, secrets.master)
    try:
        checked, head = _whole(db, witness)
    except StoreAway as error:
        raise ConfigError(f"the database cannot be read ({error})") from None
    finally:
        db.close()
    return Report(_lines(checked, head), checked.fault is None)


def _whole(db: Database, witness: str) -> tuple[Checked, Head | None]:
    place: Place | None = None
    while True:
        with db.begin() as tx:
            checked = audit_chain.check_page(tx, place, witness)
            if checked.done:
                return checked, audit_chain.read_head(tx)
        place = checked.place


def _lines(checked: Checked, head: Head | None) -> list[str]:
    if checked.fault is not None:
        return [
            f"BROKEN at line {checked.fault.seq}: {WHAT[checked.fault.why]}.",
            "Change nothing. Keep a copy of the database and of the last backups.",
        ]
    if head is None:
        return ["The audit log is empty."]
    lines = [f"The chain is whole: lines {head.anchor_seq + 1} to {head.seq}."]
    if head.plain_until > head.anchor_seq:
        lines.append(f"Lines up to {head.plain_until} are older than the chain and bound by it.")
    lines.append(f"The chain began {head.begun_at:%Y-%m-%d %H:%M} UTC.")
    if head.seq > head.anchor_seq:
        lines.append(f"Witness, to note outside this machine: {checked.place.witness}")
    return lines
