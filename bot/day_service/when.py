"""Times of a talk: in words, from a form, and when a reminder may come."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from bot.channels.messages import Lang
from bot.handoff.call_times import within

HERE = ZoneInfo("Europe/Oslo")
STEP = timedelta(minutes=30)
LONGEST_BACK = timedelta(hours=24)
BEFORE = {"day": timedelta(hours=24), "hours": timedelta(hours=2)}
MORNING, EVENING = 9, 20
"""Where the person's own times are not said, or can be read in two ways, only by day."""

_DAYS = {
    "nb": ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag"),
    "nn": ("måndag", "tysdag", "onsdag", "torsdag", "fredag", "laurdag", "søndag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "nb": "januar februar mars april mai juni juli august september oktober november desember",
    "en": "January February March April May June July August September October November December",
}
_TODAY = {"nb": "i dag kl. {}", "nn": "i dag kl. {}", "en": "today at {}"}
_TOMORROW = {"nb": "i morgen kl. {}", "nn": "i morgon kl. {}", "en": "tomorrow at {}"}


def in_words(at: datetime, lang: Lang) -> str:
    """ "mandag 23. november kl. 10:00"."""
    here = at.astimezone(HERE)
    day, clock = _DAYS[lang][here.weekday()], here.strftime("%H:%M")
    month = _MONTHS["en" if lang == "en" else "nb"].split()[here.month - 1]
    if lang == "en":
        return f"{day} {here.day} {month} at {clock}"
    return f"{day} {here.day}. {month} kl. {clock}"


def soon_in_words(at: datetime, now: datetime, lang: Lang) -> str:
    """The same, but "i dag" and "i morgen" where it is."""
    here = at.astimezone(HERE)
    days = (here.date() - now.astimezone(HERE).date()).days
    if days not in (0, 1):
        return in_words(at, lang)
    return (_TOMORROW if days else _TODAY)[lang].format(here.strftime("%H:%M"))


def from_form(day: str, clock: str) -> datetime | None:
    """An aware time from a date and a clock as a browser sends them; None when they are none."""
    try:
        return datetime.fromisoformat(f"{day.strip()}T{clock.strip()}").replace(tzinfo=HERE)
    except ValueError:
        return None


def is_safe(at: datetime, times: str | None) -> bool:
    """Whether something may come to this person's phone at that moment."""
    where = within(times, at) if times else "unclear"
    if where == "unclear":
        return MORNING <= at.astimezone(HERE).hour < EVENING
    return where == "inside"


def reminder_at(
    meets_at: datetime, before: timedelta, times: str | None, now: datetime
) -> datetime | None:
    """When to remind: so long before, else the last safe moment before that; None: there is none.

    A clock of the day before is the same clock, also over a night when the clocks are changed.
    """
    here = meets_at.astimezone(HERE)
    at = (here - before) if before >= timedelta(days=1) else meets_at - before
    first = at - LONGEST_BACK
    while at > max(now, first):
        if is_safe(at, times):
            return at
        at -= STEP
    return None
