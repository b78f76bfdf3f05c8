"""When somebody will be on duty, in the words of a person who meets an empty desk."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.channels.messages import Lang
from bot.handoff.followup import PLANNED_WITHIN
from bot.store import Tx, conversations, shift_notes

HERE = ZoneInfo("Europe/Oslo")
_TODAY = {"nb": "i dag kl. {}", "nn": "i dag kl. {}", "en": "today at {}"}
_TOMORROW = {"nb": "i morgen kl. {}", "nn": "i morgon kl. {}", "en": "tomorrow at {}"}
_SOON = {"nb": "nå", "nn": "no", "en": "now"}


def known(tx: Tx, lang: Lang) -> str | None:
    """ "i morgen kl. 07:00"; None when the board knows of no shift within a day."""
    starts_at = shift_notes.next_start(tx, PLANNED_WITHIN)
    return None if starts_at is None else in_words(starts_at, tx.now, lang)


def values_for(tx: Tx, conversation_id: str) -> dict[str, str]:
    """What the sentence needs. The shift may have begun a moment ago: then it is now."""
    found = conversations.get(tx, conversation_id)
    lang = found.lang if found is not None else "nb"
    return {"when": known(tx, lang) or _SOON[lang]}


def in_words(at: datetime, now: datetime, lang: Lang) -> str:
    """The clock of a time that is less than a day away."""
    local = at.astimezone(HERE)
    day = _TODAY if local.date() == now.astimezone(HERE).date() else _TOMORROW
    return day[lang].format(local.strftime("%H:%M"))
