"""How near a danger is: from the kind of phrase and the time it is told in, to a level.

The kinds answer design.md ("Danger: what the words mean"): now is this minute, soon is live danger
but not this minute, gentle needs care and is wrongly met with 112, None is a topic and no danger.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from bot.channels.messages import Level

Time = Literal[
    "bare", "long_text", "asked", "just", "now", "today", "recent", "long", "habit", "future"
]
Table = Mapping[Time, Level | None]

# bare: no word of time near. long_text: none, and the message is a story rather than a cry.
# asked: none, and the message asks what the service can do; it reads as a story unless a kind says.
_ALL: tuple[Time, ...] = (
    "bare",
    "long_text",
    "asked",
    "just",
    "now",
    "today",
    "recent",
    "long",
    "habit",
    "future",
)


def _table(default: Level | None, **other: Level | None) -> Table:
    wrong = other.keys() - set(_ALL)
    if wrong:
        raise ValueError(f"no such time: {sorted(wrong)}")
    told = {time: other.get(time, default) for time in _ALL}
    if "asked" not in other:
        told["asked"] = told["long_text"]
    return told


KINDS: Mapping[str, Table] = {
    # Something that is happening as it is written: at the door, hiding, "help".
    "live": _table("now", recent=None, long=None, habit="soon"),
    # Violence in the present tense: now, also in a story, unless told as habit or in a question.
    "act": _table("now", asked="soon", recent=None, long=None, habit="soon", future="soon"),
    # Violence that has happened: live only when it has just been.
    "done": _table(None, bare="soon", just="now", now="now", today="soon"),
    # A threat, a broken ban, an address found: true until it is met, unless long ago.
    "stands": _table("soon", just="now", now="now", long=None),
    "threat": _table("soon", just="now", now="now", today="now", long=None),
    "stands_soon": _table("soon", long=None),
    # A body that was hurt: grave for days, but not an emergency by itself.
    # A wound that cannot wait, told without a time.
    "hurt_bad": _table("now", recent="soon", long=None, habit="soon"),
    "strangled_now": _table("now", recent="soon", long="gentle", habit="soon"),
    "hurt_done": _table("soon", just="now", now="now", today="now", long=None, habit="gentle"),
    "pregnant_done": _table("now", recent="soon", long=None, habit="soon"),
    # Strangling is never nothing, however long ago.
    "strangled_done": _table("soon", just="now", now="now", today="now", long="gentle"),
    "strangled_once": _table(
        "gentle", just="now", now="now", today="now", recent="soon", habit="soon"
    ),
    # A wish or a mood.
    "wish": _table("soon", long=None),
    "plan": _table("now", long=None, recent="soon"),
    "veiled": _table("gentle", long=None),
    # A state of the body now.
    "state": _table("now", recent=None, long=None, habit=None),
    # Assault that has been: hours and days count for evidence.
    "assault_done": _table("soon", just="now", now="now", today="now", long=None),
    # Sent away or married off: now when the day is today.
    "abroad": _table("soon", just="now", now="now", today="now", long=None),
    # About somebody else: in the present tense it is going on, in a story it has gone on.
    "witness": _table("now", long_text="soon", today="soon", recent=None, long=None, habit="soon"),
    "witness_told": _table(None, just="now", now="now", today="soon"),
    "witness_live": _table("now", asked="soon", recent=None, long=None, habit="soon"),
    # Always this level, whatever the time.
    "always_now": _table("now"),
    "always_soon": _table("soon"),
    "always_gentle": _table("gentle"),
    "soon_now": _table(
        "soon", just="now", now="now", today="now", long=None, habit=None, asked=None
    ),
}
