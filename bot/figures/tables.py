"""The fixed tables: what is counted, in which order it is shown, and how it is said in Bokmål.

Nobody can put together a table of their own: two of them laid across each other would find people.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Group = Literal["contacts", "cases"]


@dataclass(frozen=True)
class Table:
    """One table. `id` is the kind that is counted; `names` its rows, ids to words.

    `group`: whose total its rows add up to (`adds_up`), and in which quiet months it is left out.
    `names` None: rows are topics, named by their titles, and only those that were counted are
    shown.
    """

    id: str
    title: str
    how: str
    names: dict[str, str] | None
    group: Group | None = None
    adds_up: bool = False


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
}
FORMS = {
    "physical": "Fysisk vold",
    "psychological": "Psykisk vold",
    "control_isolation": "Kontroll og isolasjon",
    "sexual": "Seksuell vold",
    "economic_material": "Økonomisk og materiell vold",
    "latent": "Latent vold",
    "digital": "Digital vold",
    "social_control_honour": "Negativ sosial kontroll",
    "after_break_up": "Vold etter brudd",
    "children": "Barn som opplever vold",
}

TABLES: tuple[Table, ...] = (
    Table(
        "channel",
        "Kanal",
        "Hvor personen skrev.",
        {"web": "Nett", "sms": "SMS"},
        "contacts",
        adds_up=True,
    ),
    Table(
        "hour",
        "Tid på døgnet",
        "Når samtalen begynte, norsk tid, i bolker på fire timer.",
        {
            "00-04": "00–04",
            "04-08": "04–08",
            "08-12": "08–12",
            "12-16": "12–16",
            "16-20": "16–20",
            "20-24": "20–24",
        },
        "contacts",
        adds_up=True,
    ),
    Table(
        "weekday",
        "Ukedag",
        "Dagen samtalen begynte.",
        {
            "mon": "Mandag",
            "tue": "Tirsdag",
            "wed": "Onsdag",
            "thu": "Torsdag",
            "fri": "Fredag",
            "sat": "Lørdag",
            "sun": "Søndag",
        },
        "contacts",
        adds_up=True,
    ),
    Table(
        "lang",
        "Språk",
        "Språket boten svarte på. «Et annet språk»: personen skrev et språk boten bare har "
        "faste tekster på.",
        {"nb": "Bokmål", "nn": "Nynorsk", "en": "Engelsk", "other": "Et annet språk"},
        "contacts",
        adds_up=True,
    ),
    Table(
        "role",
        "Hvem som skrev",
        "Det personen selv fortalte, og bare det. Ingen blir spurt for tallenes skyld.",
        {
            "exposed": "Utsatt for vold",
            "relative": "Pårørende eller venn",
            "young": "Under 18 år",
            "professional": "Fagperson",
            "uses_violence": "Bruker vold",
            "unknown": "Ikke sagt",
        },
        "contacts",
        adds_up=True,
    ),
    Table(
        "topic",
        "Tema som fikk svar",
        "Hvert tema telles én gang per samtale. En samtale kan ha flere tema, så tallene kan "
        "ikke legges sammen.",
        None,
        "contacts",
    ),
    Table(
        "form",
        "Voldsformer",
        "Det personen krysset av i sjekklisten eller fortalte. En samtale kan ha flere.",
        FORMS,
        "contacts",
    ),
    Table(
        "danger",
        "Fare det ble fortalt om",
        "Tegn på fare som boten fant, eller som ble krysset av. Ikke en vurdering av risiko.",
        DANGERS,
        "contacts",
    ),
    Table(
        "feedback",
        "Fikk du hjelp med det du kom for?",
        "Ett frivillig spørsmål til slutt. Det stilles ikke til dem som har fortalt om fare.",
        {"yes": "Ja", "bit": "Litt", "no": "Nei", "asked": "Svarte ikke"},
        "contacts",
    ),
    Table(
        "urgency",
        "Hvor mye saken hastet",
        "Da saken var over.",
        {"now": "Nå", "soon": "Snart", "when_possible": "Når det passer"},
        "cases",
        adds_up=True,
    ),
    Table(
        "how",
        "Hva personen ønsket",
        "Måten personen ville ha kontakt på.",
        {
            "write_now": "Skrive nå",
            "be_called": "Bli ringt",
            "call_self": "Ringe selv",
            "first_talk": "En første samtale",
        },
        "cases",
        adds_up=True,
    ),
    Table(
        "wait",
        "Ventetid til første rådgiver",
        "Fra personen ba om en rådgiver til noen tok saken.",
        {
            "5_min": "Under 5 minutter",
            "15_min": "5–15 minutter",
            "1_hour": "15–60 minutter",
            "4_hours": "1–4 timer",
            "longer": "Over 4 timer",
            "nobody": "Ingen tok den",
            "rang": "Skulle ringe selv",
        },
        "cases",
        adds_up=True,
    ),
    Table(
        "outcome",
        "Hva det ble til",
        "Det rådgiveren valgte da saken ble avsluttet.",
        {
            "talked": "Skrev eller snakket sammen",
            "called": "Ringte personen",
            "appointment": "Avtalte samtale",
            "passed_on": "Hjalp videre til andre",
            "not_reached": "Fikk ikke kontakt",
            "not_wanted": "Personen ville ikke mer",
            "other": "Annet",
            "erased": "Slettet av personen",
        },
        "cases",
        adds_up=True,
    ),
    Table(
        "call",
        "Anrop gjennom sentralen",
        "Hvert forsøk på å ringe noen telles, også flere i samme sak.",
        {
            "talked": "Samtale",
            "no_answer": "Ikke svar",
            "busy": "Opptatt",
            "machine": "Telefonsvarer",
            "unclear": "Uklart hvem som svarte",
            "failed": "Kom ikke gjennom",
            "counsellor_away": "Rådgiveren tok ikke telefonen",
            "stopped": "Avbrutt",
        },
        "cases",
    ),
    Table(
        "day_service",
        "Ønsker om samtale på dagtid",
        "Hvordan det gikk med hvert ønske.",
        {
            "met": "Samtalen ble holdt",
            "not_met": "Møtte ikke",
            "cancelled_person": "Personen avlyste",
            "not_wanted": "Personen ville ikke likevel",
            "other_way": "Fikk hjelp på en annen måte",
            "no_answer": "Ikke svar",
            "passed": "Tiden gikk, ingen sa hvordan",
            "with_case": "Avsluttet sammen med saken",
            "erased": "Slettet av personen",
            "other": "Annet",
        },
        "cases",
    ),
    Table(
        "opted_out",
        "Samtaler som ikke er talt",
        "Så mange sa nei til å bli talt. De er ikke med i noe annet tall.",
        {"contact": "Sa nei til å bli talt"},
    ),
    Table(
        "sms",
        "Tekstmeldinger med feil",
        "Meldinger fra tjenesten, ikke personer.",
        {
            "failed": "Kom ikke fram",
            "sent_again": "Sendt på nytt i tvil",
            "double": "Kom to ganger",
        },
    ),
)

TOTALS = {"contacts": "Samtaler", "cases": "Saker til rådgiver"}
EXPLAINED = (
    "Alt telles én gang, når samtalen er slutt, og hører til måneden den sluttet i. Det som blir "
    "talt, er noen få faste ting. Det står ingen navn, numre, ord eller klokkeslett bak tallene.",
    "Tall fra 1 til 4 vises som «<5». Null vises som 0. «Skjult» betyr at tallet er holdt tilbake, "
    "for at ingen skal kunne regne ut et lite tall. «Minst 20» betyr at resten er holdt tilbake.",
    "Måneder med under fem samtaler har ingen tabeller. Måneden og året vises når de er over.",
    "Den som ikke vil bli talt, sier «ikke tell» eller trykker på en knapp. Det er en rett etter "
    "krisesenterlova § 5 a, og hjelpen er den samme.",
    "Tallene sier hvor mange samtaler det var, ikke hvor mange mennesker. Ingen blir kjent igjen "
    "fra gang til gang.",
)
