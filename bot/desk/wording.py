"""The desk's words in Bokmål: ids in, words out. Unknown ids are shown as they are."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Europe/Oslo")

DANGERS = {
    "danger_now": "Fare akkurat nå",
    "strangled": "Kvelertak",
    "weapon_or_kill_threat": "Våpen eller drapstrusler",
    "injured": "Skadet",
    "suicide": "Tanker om å ta livet sitt",
    "child_in_danger": "Barn i fare",
    "found_out": "Noen kan lese med",
    "found_address": "Adressen er funnet",
    "ban_broken": "Brudd på besøksforbud",
    "sexual_assault_recent": "Nylig seksuelt overgrep",
    "sent_abroad_forced_marriage": "Redd for å bli sendt til utlandet eller giftet bort",
    "panic_now": "Panikk akkurat nå",
    "sms_blocked": "SMS er sperret: personen får ikke det vi skriver",
    "sms_lost": "SMS kom ikke fram",
}
FATES = {
    "waiting": "på vei",
    "sending": "på vei",
    "sent": "sendt",
    "delivered": "kom fram",
    "dropped": "ble ikke sendt",
    "failed": "KOM IKKE FRAM",
}
LEVELS = {"now": "nå", "soon": "snart", "gentle": "varsomt"}
URGENCIES = {"now": "HASTER NÅ", "soon": "SNART", "when_possible": "NÅR DET PASSER"}
HOWS = {
    "call_self": "Ringer selv",
    "be_called": "Vil bli ringt",
    "write_now": "Vil skrive nå",
    "first_talk": "Ønsker første samtale",
}
CALL_STATES = {
    "calling": "ringer telefonen din",
    "connecting": "ringer personen",
    "talking": "dere snakker",
}
CALL_OUTCOMES = {
    "talked": "dere snakket",
    "no_answer": "ikke svar",
    "busy": "opptatt",
    "machine": "telefonsvarer tok den, ingenting ble sagt",
    "unclear": "uklart hvem som svarte, ingenting ble sagt",
    "failed": "kunne ikke ringe nummeret",
    "counsellor_away": "du tok ikke telefonen eller trykte ikke 1, personen ble ikke ringt",
    "stopped": "avbrutt",
}
NO_CALL = {
    "not_yours": "Saken er ikke hos deg nå. Ingen ble ringt.",
    "no_number": "Personen har ikke gitt noe nummer. Ingen ble ringt.",
    "danger": "Ikke ring nå: noen andre kan ha telefonen. Ingen ble ringt.",
    "outside": "Det er utenfor tiden personen sa er trygg. Ingen ble ringt.",
    "ask": "Ingen ble ringt. Les reglene øverst, og kryss av hvis det er trygt å ringe nå.",
    "own_number": "Det er personens nummer. Skriv ditt eget. Ingen ble ringt.",
    "foreign": "Skriv et norsk nummer, for eksempel til vakttelefonen. Ingen ble ringt.",
    "under_way": "Det pågår et anrop allerede. Vent til det er over.",
    "away": "Telefonsentralen svarer ikke. Ingen ble ringt. «Vis nummer» virker.",
}
CHANNELS = {"web": "nett", "sms": "SMS"}
LANGS = {"nb": "norsk", "nn": "nynorsk", "en": "engelsk"}
DOUBTS = {
    "pause": "Pause: det kan være en annen som skriver nå",
    "who": "Noen spurte hvem dette er: det kan være en annen",
    "language": "Nytt språk: det kan være en annen som skriver nå",
    "unproven": "Svarte ja etter en pause, uten trygt ord: det kan være en annen",
}
STATUSES = {
    "waiting": "venter",
    "taken": "tatt",
    "closed": "avsluttet",
    "withdrawn": "trukket tilbake",
}
REASONS = {
    "asked": "ba om et menneske",
    "unsure": "boten forsto ikke",
    "relative": "pårørende",
    "child": "barn eller ung",
}
OUTCOMES = {
    "talked": "Skrev eller snakket sammen",
    "called": "Ringte personen",
    "appointment": "Avtalte samtale",
    "passed_on": "Hjalp videre til andre",
    "not_reached": "Fikk ikke kontakt",
    "not_wanted": "Personen ville ikke mer nå",
    "other": "Annet",
    "erased": "Slettet av personen, eller av noen med telefonen",
    "replaced": "Erstattet av en nyere sak",
}
ROLES = {
    "counsellor": "Rådgiver",
    "shift_lead": "Vaktleder",
    "editor": "Redaktør",
    "administrator": "Administrator",
    "auditor": "Revisor",
}
ACTIONS = {
    "sign_in": "logget inn",
    "sign_in_failed": "mislykket innlogging",
    "sign_out": "logget ut",
    "account_created": "opprettet konto",
    "account_opened": "åpnet konto",
    "account_closed": "stengte konto",
    "invitation_made": "laget invitasjon",
    "duty_on": "gikk på vakt",
    "duty_off": "gikk av vakt",
    "case_opened": "åpnet sak",
    "case_taken": "tok sak",
    "case_given_back": "ga tilbake sak",
    "case_closed": "avsluttet sak",
    "case_lapsed": "sak gikk tilbake til køen",
    "case_written": "skrev til personen",
    "case_noted": "skrev notat",
    "safe_word_set": "la inn trygt ord",
    "same_person": "bekreftet at det er samme person",
    "number_shown": "viste telefonnummer",
    "call_begun": "ringte via sentralen",
    "call_connected": "sentralen ringte personens nummer",
    "call_ended": "anrop via sentralen ble avsluttet",
    "quote_opened": "åpnet sitat",
    "code_used": "slo opp kode",
    "code_wrong": "slo opp feil kode",
    "alarm_seen": "så alarm",
    "alarm_closed": "lukket alarm",
    "audit_read": "leste loggen",
    "missed_kept": "skrev ned et spørsmål boten ikke forsto",
    "missed_done": "fjernet et spørsmål boten ikke forsto",
}


def clock(at: datetime | None) -> str:
    """ "21:14" in Norwegian time."""
    return at.astimezone(HERE).strftime("%H:%M") if at else ""


def clock_after(at: datetime, seconds: int) -> str:
    """The clock so many seconds later."""
    return clock(at + timedelta(seconds=seconds))


def day_clock(at: datetime | None) -> str:
    """ "22.11.2026 kl. 21:14"."""
    return at.astimezone(HERE).strftime("%d.%m.%Y kl. %H:%M") if at else ""


def age(seconds: float) -> str:
    """How long, in the words one says: "under 1 min", "4 min", "2 t 5 min", "3 dager"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return "under 1 min"
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} t {rest} min" if rest else f"{hours} t"
    days = hours // 24
    return "1 dag" if days == 1 else f"{days} dager"


def reason(reason_id: str) -> str:
    """Why the case is here: "asked", "danger:strangled" …"""
    kind, _, detail = reason_id.partition(":")
    if kind == "danger":
        return DANGERS.get(detail, detail)
    return REASONS.get(reason_id, reason_id)


def erased_text(at: datetime | None) -> str:
    """What stands instead of the words of an erased alarm."""
    return f"slettet av personen, eller av noen med telefonen, kl. {clock(at)}"


def roles_text(roles: Collection[str]) -> str:
    """ "Rådgiver, vaktleder", always in the same order."""
    words = ", ".join(words for role, words in ROLES.items() if role in roles)
    return words.capitalize()


def _lookup(table: dict[str, str]) -> Callable[[Any], str]:
    return lambda key: table.get(str(key), str(key))


FILTERS: dict[str, Callable[..., str]] = {
    "danger": _lookup(DANGERS),
    "level": _lookup(LEVELS),
    "urgency": _lookup(URGENCIES),
    "how": _lookup(HOWS),
    "channel": _lookup(CHANNELS),
    "lang": _lookup(LANGS),
    "status": _lookup(STATUSES),
    "outcome": _lookup(OUTCOMES),
    "role": _lookup(ROLES),
    "roles": roles_text,
    "action": _lookup(ACTIONS),
    "doubt": _lookup(DOUBTS),
    "fate": _lookup(FATES),
    "call_state": _lookup(CALL_STATES),
    "call_outcome": _lookup(CALL_OUTCOMES),
    "no_call": _lookup(NO_CALL),
    "reason": reason,
    "clock": clock,
    "day_clock": day_clock,
    "age": age,
    "erased": erased_text,
}
