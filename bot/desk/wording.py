"""The desk's words: ids in, words out, in the language of the request.

Unknown ids are shown as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.desk import day_wording, speech
from bot.figures import tables

HERE = ZoneInfo("Europe/Oslo")

# What raises an alarm: a danger, or an SMS that does not arrive.
ALARMS = tables.DANGERS | {
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
NOTED_CALLS = {
    "talked": "vi snakket",
    "no_answer": "ikke svar",
    "busy": "opptatt",
    "machine": "telefonsvarer",
}
NOT_PLANNED = {
    "not_yours": "Saken er ikke hos deg nå. Ingenting ble planlagt.",
    "past": "Velg et klokkeslett som ikke er over. Ingenting ble planlagt.",
    "far": "Velg et tidspunkt innen en uke. Ingenting ble planlagt.",
    "outside": "Det er utenfor tiden personen sa er trygg. Ingenting ble planlagt.",
    "ask": "Tiden personen ga, er ikke klar. Kryss av hvis du vet at det er trygt da.",
}
MISUSE_KINDS = {
    "posing": "Utgir seg for personen",
    "prank": "Tull",
    "threat": "Trusler mot oss",
}
MISUSE_MEASURES = {"mark": "merket", "slow": "boten svarer saktere", "block": "sperret"}
NO_MISUSE = {
    "not_yours": "Saken er ikke hos deg nå. Ingenting ble merket.",
    "gone": "Samtalen er slettet. Ingenting ble merket.",
    "unknown": "Velg hva det er. Ingenting ble merket.",
    "own": "Du kan ikke se over ditt eget merke. En kollega må gjøre det.",
    "done": "Det er gjort allerede.",
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
    "risk": "alvorlig tegn i sjekklisten",
    "not_safe": "sa at det ikke er trygt nå",
    "afraid_now": "redd for noe farlig i dag",
    "risks": "har fortalt om fare før",
    "waits_here": "venter på svar i samtalen nå",
    "no_danger": "ingen fare er nevnt",
}
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
URGENCY_WHY = {
    "now": "Noen kan være i fare nå",
    "soon": "Bør få svar så snart noen kan",
    "when_possible": "Kan vente til det passer",
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
ROLES_DO = {
    "counsellor": "tar saker og svarer folk",
    "shift_lead": "det samme, og kan gå inn for kolleger",
    "editor": "skriver tekstene, ser ingen saker",
    "administrator": "kontoer og innstillinger, ser ingen saker",
    "auditor": "leser loggen, aldri ordene",
}
OVERRIDES = {
    "off_shift": "Har gått av vakt",
    "ill": "Er blitt syk",
    "connection": "Har mistet forbindelsen",
    "too_many": "Har for mange saker på en gang",
    "acquainted": "Kjenner personen",
    "asked": "Ba selv om det",
    "lead": "Vaktleders vurdering",
}
ACTIONS = {
    "sign_in": "logget inn",
    "sign_in_failed": "mislykket innlogging",
    "sign_in_recovery": "logget inn med gjenopprettingskode",
    "sign_out": "logget ut",
    "signed_out_others": "logget seg ut andre steder",
    "signed_out_by": "logget ut en kollega overalt",
    "code_guessed": "mange feil koder med riktig passord",
    "password_changed": "byttet passord",
    "recovery_made": "laget nye gjenopprettingskoder",
    "factor_reset": "nullstilte kodeappen til en kollega",
    "factor_set": "koblet til ny kodeapp",
    "roles_changed": "endret roller",
    "account_created": "opprettet konto",
    "account_opened": "åpnet konto",
    "account_closed": "stengte konto",
    "invitation_made": "laget invitasjon",
    "duty_on": "gikk på vakt",
    "duty_off": "gikk av vakt",
    "duty_ended_by": "avsluttet vakten til en kollega",
    "pause_on": "tok pause",
    "pause_off": "avsluttet pausen",
    "shift_noted": "skrev til neste vakt",
    "shift_note_removed": "fjernet notat til neste vakt",
    "shift_planned": "satte opp en vakt",
    "shift_unplanned": "fjernet en vakt",
    "case_opened": "åpnet sak",
    "case_taken": "tok sak",
    "case_read": "leste sak",
    "case_taken_over": "tok over sak fra en kollega",
    "case_put_back": "la kollegas sak tilbake i køen",
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
    "alarm_read": "leste alarm",
    "audit_read": "leste loggen",
    "missed_kept": "skrev ned et spørsmål boten ikke forsto",
    "missed_done": "fjernet et spørsmål boten ikke forsto",
    "asked_there": "spurte om personen er der",
    "call_planned": "planla neste forsøk på å ringe",
    "call_noted": "noterte et anrop fra egen telefon",
    "journal_made": "laget utkast til journalnotat",
    "misuse_marked": "merket misbruk",
    "misuse_agreed": "sa ja til lengre sperring",
    "misuse_refused": "sa nei til lengre sperring",
    "misuse_undone": "angret merke for misbruk",
    "misuse_looked": "leste en samtale som er merket",
    "reply_changed": "endret et ferdig svar",
    "day_proposed": "foreslo tid for samtale",
    "day_confirmed": "bekreftet tid for samtale",
    "day_called_off": "avlyste tid for samtale",
    "day_ended": "avsluttet ønske om samtale",
    "day_opened": "åpnet ønske om samtale",
    "text_proposed": "foreslo en endring i en tekst",
    "text_approved": "godkjente en endring i en tekst",
    "text_sent_back": "sendte tilbake et forslag til tekst",
    "text_withdrawn": "trakk et forslag til tekst",
    "text_undone_alone": "angret en tekst alene, med en gang",
}


def clock(at: datetime | None) -> str:
    """ "21:14" in Norwegian time."""
    return at.astimezone(HERE).strftime("%H:%M") if at else ""


def clock_after(at: datetime, seconds: int) -> str:
    """The clock so many seconds later."""
    return clock(at + timedelta(seconds=seconds))


def day_value(at: datetime) -> str:
    """ "2026-11-22", the day in Norway."""
    return at.astimezone(HERE).strftime("%Y-%m-%d")


def weekday(at: datetime) -> str:
    """ "søndag 22.11."."""
    local = at.astimezone(HERE)
    return f"{speech.say(WEEKDAYS[local.weekday()])} {local.strftime('%d.%m.')}"


def day_clock(at: datetime | None) -> str:
    """ "22.11.2026 kl. 21:14"."""
    return at.astimezone(HERE).strftime("%d.%m.%Y kl. %H:%M") if at else ""


def age(seconds: float) -> str:
    """How long, in the words one says: "under 1 min", "4 min", "2 t 5 min", "3 dager"."""
    minutes = int(seconds // 60)
    if minutes < 1:
        return speech.say("under 1 min")
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} t {rest} min" if rest else f"{hours} t"
    days = hours // 24
    return speech.say("1 dag") if days == 1 else speech.say("{days} dager", days=days)


def reason(reason_id: str) -> str:
    """Why the case is here: "asked", "danger:strangled" …"""
    kind, _, detail = reason_id.partition(":")
    if kind == "danger":
        return speech.say(ALARMS.get(detail, detail))
    return speech.say(REASONS.get(reason_id, reason_id))


def why(row: Any) -> list[str]:
    """Why the case has its urgency, in words: every reason, and what follows from how it waits."""
    found = list(row.reasons)
    if row.urgency == "soon" and row.how == "write_now":
        found.append("waits_here")
    if row.urgency == "when_possible":
        found.append("no_danger")
    return [reason(one) for one in found]


def erased_text(at: datetime | None) -> str:
    """What stands instead of the words of an erased alarm."""
    return speech.say(
        "slettet av personen, eller av noen med telefonen, kl. {time}", time=clock(at)
    )


def detail_text(detail: str) -> str:
    """What stands behind an action in the log: roles, or a reason; unknown ids as they are."""
    known = ROLES | OVERRIDES
    return ", ".join(speech.say(known.get(part, part)) for part in detail.split(","))


def roles_text(roles: Collection[str]) -> str:
    """ "Rådgiver, vaktleder", always in the same order."""
    words = ", ".join(speech.say(words) for role, words in ROLES.items() if role in roles)
    return words.capitalize()


def _lookup(table: dict[str, str]) -> Callable[[Any], str]:
    return lambda key: speech.say(table.get(str(key), str(key)))


FILTERS: dict[str, Callable[..., str | list[str]]] = {
    "danger": _lookup(ALARMS),
    "level": _lookup(LEVELS),
    "urgency": _lookup(URGENCIES),
    "how": _lookup(HOWS),
    "channel": _lookup(CHANNELS),
    "lang": _lookup(LANGS),
    "status": _lookup(STATUSES),
    "outcome": _lookup(OUTCOMES),
    "role": _lookup(ROLES),
    "role_does": _lookup(ROLES_DO),
    "roles": roles_text,
    "action": _lookup(ACTIONS),
    "detail": detail_text,
    "doubt": _lookup(DOUBTS),
    "fate": _lookup(FATES),
    "call_state": _lookup(CALL_STATES),
    "call_outcome": _lookup(CALL_OUTCOMES),
    "no_call": _lookup(NO_CALL),
    "noted_outcome": _lookup(NOTED_CALLS),
    "misuse_kind": _lookup(MISUSE_KINDS),
    "misuse_measure": _lookup(MISUSE_MEASURES),
    **day_wording.FILTERS,
    "reason": reason,
    "why": why,
    "urgency_why": _lookup(URGENCY_WHY),
    "clock": clock,
    "day_clock": day_clock,
    "weekday": weekday,
    "day_value": day_value,
    "age": age,
    "erased": erased_text,
}
