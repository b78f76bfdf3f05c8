"""The words of the day service page: ids in, words out, in the language of the desk."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from bot.day_service.when import in_words
from bot.desk import speech

ANSWERS = {
    "none": "ingen av tidene passer",
    "other": "vil ha kontakt på en annen måte",
    "no": "vil ikke lenger",
    "cancel": "har avlyst tiden",
    "move": "ber om en ny tid",
}
OUTCOMES = {
    "met": "Møttes",
    "not_met": "Kom ikke",
    "not_wanted": "Ville ikke lenger",
    "other_way": "Fikk kontakt på en annen måte",
    "no_answer": "Svarte ikke",
    "cancelled_person": "Avlyst av personen",
    "other": "Annet",
    "cancelled_centre": "Avlyst av oss",
    "erased": "Slettet av personen, eller av noen med telefonen",
    "passed": "Tiden er over, ingen har skrevet hva det ble til",
    "with_case": "Saken ble avsluttet uten forslag",
    "replaced": "Erstattet av et nyere ønske",
}
REMINDERS = {
    "asked": "spurt om påminnelse, ikke svart",
    "day": "påminnelse dagen før",
    "hours": "påminnelse to timer før",
    "no": "ingen påminnelse",
    "sent": "påminnelse sendt",
    "dropped": "påminnelsen er stoppet",
}


def day_time(at: datetime) -> str:
    """ "mandag 23. november kl. 10:00"."""
    return in_words(at, speech.spoken())


def answer(answer_id: str) -> str:
    """What the person answered, in words; a number is a time that was chosen."""
    return speech.say(ANSWERS.get(answer_id, "har valgt en tid"))


def _lookup(table: dict[str, str]) -> Callable[[Any], str]:
    return lambda key: speech.say(table.get(str(key), str(key)))


FILTERS: dict[str, Callable[..., str]] = {
    "day_answer": answer,
    "day_outcome": _lookup(OUTCOMES),
    "day_reminder": _lookup(REMINDERS),
    "day_time": day_time,
}
