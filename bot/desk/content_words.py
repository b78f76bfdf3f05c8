"""The content pages' words: what the check of the texts found, and why something was refused.

`helpline check` speaks English in a terminal; here the same findings stand in the desk's language.
One that is not in the table is shown as it came.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.content.finding import Finding
from bot.desk.speech import say

REFUSED = {
    "own": "Du kan ikke godkjenne ditt eget forslag. En annen må lese det først.",
    "decided": "En annen har avgjort dette forslaget allerede. Ingenting ble gjort.",
    "changed": "Teksten er endret av noen andre etter at forslaget ble skrevet. Ingenting ble "
    "gjort. Åpne teksten på nytt og foreslå endringen en gang til.",
    "problems": "Forslaget kan ikke godkjennes før feilene er rettet. Ingenting ble gjort.",
    "read_only": "Filen kan ikke skrives herfra. Ingenting ble endret. Den som drifter tjenesten, "
    "må gi tjenesten lov til å skrive i mappen, eller endre filen selv.",
    "gone": "Filen finnes ikke lenger. Ingenting ble gjort.",
    "undone_before": "Dette kan ikke angres av én person. Foreslå å sette tilbake teksten.",
    "same": "Ingenting er endret. Ingenting ble lagret.",
    "long": "Teksten er for lang. Ingenting ble lagret.",
    "word": "Skriv et ord om hvorfor. Ingenting ble gjort.",
}

PLACES = {"text": "Teksten", "sms": "SMS-teksten", "button": "En knapp", "sources": "Kildene"}
NAMES = {
    "text_date": "Dato for teksten",
    "number of sources": "Antall kilder",
    "sections": "Delene av teksten",
    "SMS texts": "SMS-tekstene",
    "phone numbers": "Telefonnumrene",
    "next": "Neste steg",
    "group": "Mappen",
}
STYLE = {
    "pity": "medlidenhet. Anerkjenn med én enkel setning",
    "doubt": "tvil. Tro på personen, og ta bort ordet",
    "makes it small": "gjør det lite. Ta bort ordet",
    "promise": "et løfte. Si hva som er vanlig, og at en rådgiver kan si mer",
    "a right in a single case": "lover en rett. Skriv «du kan ha rett til … vi hjelper deg»",
    "an amount of money": "et beløp. Vis heller til Nav",
    "a label": "en merkelapp. Skriv «den som bruker vold» eller «den som er utsatt»",
    "talks together with the one who uses violence": "samtaler sammen med den som bruker vold. "
    "Foreslå det aldri",
    "advice to text an emergency number": "råd om å sende SMS til et nødnummer. Skriv «ring»",
    "office language": "kontorspråk. Bruk det vanlige ordet",
    "a gender nobody has told": "et kjønn som ingen har fortalt. Skriv «den som», «partneren» "
    "eller «personen»",
    "a figure without its year": "et tall uten årstall. Skriv år og kilde, eller ta bort tallet",
}

_P = r"(?P<place>[\w #]+?)"
_TABLE: tuple[tuple[str, str], ...] = (
    (r"changed since", "Teksten er endret av noen andre etter at forslaget ble skrevet."),
    (r"front matter not found", "Øverst i filen skal det stå «---», så linjene, så «---»."),
    (
        r"front matter cannot be read(?P<x>.*)",
        "Linjene øverst kan ikke leses. Se etter et anførselstegn eller en klamme som mangler.",
    ),
    (r"front matter is empty", "Det står ingen linjer øverst i filen."),
    (r"(?P<x>[\w.]+) is missing", "«{x}» mangler."),
    (r"(?P<x>[\w.]+) is wrong .*", "«{x}» er ikke skrevet riktig."),
    (r"(?P<x>[\w.]+) is not a text", "«{x}» er ikke en tekst. Skriv den i anførselstegn."),
    (r"unknown line (?P<x>.+)", "Linjen «{x}» er ukjent. Ta den bort, eller rett navnet."),
    (r"two sections '## (?P<x>\w+)'", "Delen «{x}» står to ganger. Slå dem sammen."),
    (r"unknown heading '(?P<x>.+)'", "Overskriften «{x}» er ukjent. Skriv «## more»."),
    (r"section '## (?P<x>\w+)' is empty", "Delen «{x}» er tom. Skriv den, eller ta den bort."),
    (r"topic says (?P<x>.+)", "Temaet heter noe annet øverst i filen: «{x}»."),
    (r"the web text is missing", "Teksten på nett mangler."),
    (r"sms is empty", "SMS-teksten er tom."),
    (r"confirmed_fact without .*", "Delen «## confirmed» mangler. Den trengs til det lokale."),
    (r"too many buttons", "Det er for mange knapper: høyst to i tillegg til neste steg."),
    (_P + r" has the unknown placeholder (?P<x>.+)", "{place}: {x} kan ikke fylles ut."),
    (r"review was due (?P<x>.+)", "Skulle vært lest på nytt {x}. Les kildene, og sett ny frist."),
    (r"text_date is in the future", "Datoen for teksten er ikke kommet ennå."),
    (r"the button '(?P<x>.+)' has \d+ characters", "Knappen «{x}» er for lang: høyst 24 tegn."),
    (r"it leads to itself", "En knapp fører til den samme teksten."),
    (r"unknown topic (?P<x>\w+)", "Temaet «{x}» finnes ikke."),
    (r"two buttons lead to the same place", "To knapper fører til det samme. Ta bort den ene."),
    (r"title is too long", "Knappeteksten er for lang: høyst 24 tegn."),
    (
        _P + r" has a typed phone number \((?P<x>.+)\)",
        "{place}: telefonnummeret {x} er skrevet rett inn. Skriv for eksempel {{n.legevakt}} "
        "eller {{line}}.",
    ),
    (
        _P + r" shows the number (?P<x>\w+), marked \w",
        "Nummeret «{x}» er ikke sikkert nok til å vises.",
    ),
    (r"the number (?P<x>\w+) is marked \w", "Nummeret «{x}» er ikke sikkert nok til å vises."),
    (r"numbers does not list those used", "Linjen «numbers» må ha de numrene som er brukt."),
    (_P + r" has a fact marked unverified .*", "{place}: noe er merket som ikke sjekket."),
    (_P + r" has « or »", '{place}: bruk " på SMS, ikke « og ».'),
    (
        _P + r" takes (?P<x>\d+) segments \((?P<y>\d+) characters with its menu\)",
        "{place} blir {x} SMS-er ({y} tegn med menyen). Kort den ned til to.",
    ),
    (
        _P + r" asks for a word that carriers keep \((?P<x>.+)\)",
        "{place}: teleselskapene stopper «{x}».",
    ),
    (
        _P + r" has a letter that halves the SMS \((?P<x>.+)\)",
        "{place}: tegnet {x} gjør SMS-en halvparten så lang. Bruk et annet.",
    ),
    (_P + r" is hard to read \(LIX (?P<x>\d+)\)", "{place} er tung å lese (LIX {x}, høyst 45)."),
    (
        r"(?P<x>\d+) sentences before the step",
        "{x} setninger før neste steg. Høyst tre, eller fire korte. Flytt resten til «## more».",
    ),
    (r"unknown section '(?P<x>.+)'", "Ingen spør etter delen «{x}». Ta den bort."),
    (r"'(?P<x>.+)' without '(?P<y>.+)'", "«{x}» står uten «{y}»: ingenting fører dit."),
    (r"'(?P<x>[^']+)'", "«{x}»: den første delen heter «more», uten tall."),
    (r"missing in (?P<x>\w+)", "Teksten mangler på {x}."),
    (
        r"(?P<x>[\w ]+) differs between languages",
        "{x} er ikke likt på alle språk. Foreslå det samme på de andre språkene; forslagene kan "
        "godkjennes sammen.",
    ),
    (r"values names new ones", "Linjen «values» har nye navn. Det krever omstart."),
    (r"(?P<x>[\w.]+) has no confirmed_by", "Skriv hvem som har bekreftet det ({x})."),
    (r"numbers\.(?P<x>\w+) is unknown", "Nummeret «{x}» finnes ikke i registeret."),
)
_FOUND = tuple((re.compile(pattern), words) for pattern, words in _TABLE)
_STYLE = re.compile(rf"{_P}: (?P<what>.+?)(?: \((?P<x>'.+'|\".+\")\))?")


def finding_words(finding: Finding) -> str:
    """What was found, in one sentence of the desk's language."""
    for pattern, words in _FOUND:
        match = pattern.fullmatch(finding.what)
        if match:
            return say(words, **_values(match))
    styled = _STYLE.fullmatch(finding.what)
    if styled and styled["what"] in STYLE:
        word = f" {styled['x']}" if styled["x"] else ""
        return f"{_place(styled['place'])}{word}: {say(STYLE[styled['what']])}."
    return f"{finding.what}; {finding.mend}"


def all_words(findings: Sequence[Finding]) -> list[str]:
    """The sentences with the language they concern in front, each once."""
    found = []
    for finding in findings:
        lang = re.search(r"\.(nb|nn|en)\.md$", finding.file)
        found.append(f"{lang[1]}: {finding_words(finding)}" if lang else finding_words(finding))
    return list(dict.fromkeys(found))


def refused(why: str) -> str:
    """Why nothing was done."""
    return say(REFUSED[why])


def _values(match: re.Match[str]) -> dict[str, str]:
    values = {name: said or "" for name, said in match.groupdict().items()}
    if "place" in values:
        values["place"] = _place(values["place"])
    if values.get("x") in NAMES:
        values["x"] = say(NAMES[values["x"]])
    return values


def _place(place: str) -> str:
    if place in PLACES:
        return say(PLACES[place])
    if place.startswith("sms_"):
        return say("SMS-delen «{name}»", name=place.removeprefix("sms_"))
    return say("Delen «{name}»", name=place)
