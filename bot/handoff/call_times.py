"""Is it now within what a person wrote about when it is safe to call?

Only what can be read in exactly one way is decided here. Everything else is for the counsellor, who
sees the person's own words and the clock: "etter 8" may mean the morning or the evening.
"""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Literal
from zoneinfo import ZoneInfo

from bot.handoff.questions import said

HERE = ZoneInfo("Europe/Oslo")
NOON = 12
MORNING = 6
"""Before it "after eight in the evening" and "before two" say nothing sure."""
SATURDAY = 5

Within = Literal["inside", "outside", "unclear"]

_DAYS = (
    r"(?:på )?(?:hverdag(?:er|ene)?|kvardag(?:ar|er|ane)?|(?:on )?weekdays"
    r"|mandag(?: til |-)fredag|man-fre)"
)
_CLOCK = r"(?:kl\.? ?|klokka |klokken )?(\d{1,2})(?:[.:](\d{2}))?"
_SPAN = rf"(?:mellom |fra |frå |between |from )?{_CLOCK} ?(?:-|til|og|and|to) ?{_CLOCK}"
_OPEN = re.compile(
    r"(?:(?:bare|berre|kun|helst|only) )?"
    r"(?:(etter|after|(?:ikke|ikkje|not) (?:før|before))"
    rf"|(?:før|before|(?:ikke|ikkje|not) (?:etter|after))) {_CLOCK}\.?"
)
_WHOLE = re.compile(rf"(?:({_DAYS}),? )?{_SPAN}(?:,? ({_DAYS}))?\.?")


def within(text: str, now: datetime) -> Within:
    """Where `now` is against the person's words."""
    bare = re.sub(r"[–—]", "-", " ".join(text.casefold().split()))
    if said("any", bare):
        return "inside"
    found = _WHOLE.fullmatch(bare)
    if found is None:
        return _open(bare, now.astimezone(HERE).time())
    first, last = _time(found[2], found[3]), _time(found[4], found[5])
    if first is None or last is None or _two_readings(found[2], first, last):
        return "unclear"
    return _at(now.astimezone(HERE), first, last, weekdays=bool(found[1] or found[6]))


def _at(here: datetime, first: time, last: time, *, weekdays: bool) -> Within:
    over_night = last <= first
    if over_night and weekdays:
        return "unclear"  # whose night is it on Saturday at one o'clock?
    if weekdays and here.weekday() >= SATURDAY:
        return "outside"
    now = here.time()
    inside = (now >= first or now < last) if over_night else first <= now < last
    return "inside" if inside else "outside"


def _open(bare: str, now: time) -> Within:
    """ "Etter klokka 20", "før 14": only where it can be no other half of the day."""
    found = _OPEN.fullmatch(bare)
    limit = _time(found[2], found[3]) if found is not None else None
    if found is None or limit is None or limit.hour <= NOON or now.hour < MORNING:
        return "unclear"
    return "inside" if (now >= limit) == bool(found[1]) else "outside"


def _two_readings(first_digits: str, first: time, last: time) -> bool:
    """ "8 og 10" may be the evening; "08-10", "9-14" and "18-20" cannot be anything else."""
    if len(first_digits) == 2 and first_digits.startswith("0"):
        return last <= first
    if last <= first:
        return first.hour <= NOON
    return last.hour <= NOON


def _time(hour: str, minute: str | None) -> time | None:
    hours, minutes = int(hour), int(minute or 0)
    if (hours, minutes) == (24, 0):
        return time.max
    return time(hours, minutes) if hours < 24 and minutes < 60 else None
