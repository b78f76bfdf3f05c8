"""How a person wants to be reached, said in free words at any step of the form.

"Ikke ring, bare sms etter kl 20" is a way of contact and a time, wherever in the form it is said.
What is not clear is kept in the person's own words; nothing is guessed at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.commands import normal
from bot.handoff.phone import DIGITS, read_number

LONGEST_WISH = 24
"""Words. A longer message tells something; it is not about how to be reached."""
STORY_WISH = 10
"""Where the person was asked to tell, only a short message is about how to be reached."""

_NOT = r"(?:ikke|ikkje|ikkj|ikk|itj|aldri|aldrig|ingen|inga|ingenting)"
_NOT_EN = r"(?:don'?t|do not|never|not|no|nobody|no one)"
# A condition after it makes it a time: "ikke ring før kl 20", "don't call when he is home".
_WHEN = (
    r"(?!\s+(?:(?:til\s+)?(?:meg|mæ|hit|me)\s+)?(?:før|etter|når|mellom|mens|hvis|viss|om|på\s+(?!mobil"
    r"|telefon)|i\s+(?:helg|natt|dag|morgen)|before|after|when|between|while|if|at|on|in)\b)"
)
_NOT_OTHERS = (
    r"(?!\s+(?:til\s+)?(?:politi|112|113|117|lege|selv|sjølv|mamma|pappa|the\s+police|him|her\b"
    r"|barnevern|skole|skule|foreldr|familie|mor|far|ham|han|henne|ho\b|my\b))"
)
_YOU = r"(?:dere|de|du|dykk|dokker|noen|nokon)"
_NO_CALL = re.compile(
    "|".join(
        (
            rf"\b{_NOT}\s+(?:(?:må|skal|kan|vil|lov\s+å|prøv\s+å)\s+)*(?:oppring|ring)\b{_NOT_OTHERS}{_WHEN}",
            rf"\b{_NOT}\s+(?:(?:må|skal|kan|at|dere|de|dykk|du|noen|nokon|vil)\s+)*ring(?:e|er|je|a)\s+"
            rf"(?:til\s+)?(?:meg|mæ|hit|opp|nummeret)\b{_WHEN}",
            rf"\b{_NOT}\s+at\s+{_YOU}\s+(?:(?:skal|vil|må)\s+)?ring(?:e|er|je|jer|a)\b{_NOT_OTHERS}{_WHEN}",
            rf"\b{_YOU}\s+(?:må|kan|skal|får)\s+(?:ikke|ikkje|aldri)\s+ring(?:e|je|a)\b"
            rf"{_NOT_OTHERS}{_WHEN}",
            rf"\bring\s+(?:til\s+)?(?:meg|mæ|me)\s+(?:heller\s+|da\s+)?{_NOT}\b{_WHEN}",
            rf"\b{_NOT}\s+(?:(?:vil|å|at|noen|nokon|bli|få|ha|har)\s+)*"
            rf"(?:ringt|ringd|oppringt|ringes|ringast|oppringning){_WHEN}",
            rf"\b{_NOT}\s+(?:på|over|via|bruk)\s+(?:mobil|telefon)\w*",
            rf"\b{_NOT}\s+(?:snakke|snakka|prate|prata|svare|ta)\s+(?:i|på|over)?\s*telefon\w*",
            r"\b(?:vil|ønsker|ønskjer|ynskjer)\s+(?:ikke|ikkje)\s+(?:ha\s+)?telefon\w*",
            rf"\b{_NOT_EN}\s+(?:(?:ever|please|want|to|be|get|a|any|like)\s+)*"
            rf"(?:call|calls|called|calling|phone|ring|phoned)\b(?!\s+myself){_NOT_OTHERS}{_WHEN}",
            r"\b(?:not|never)\s+by\s+phone\b|\bcan(?:'?t|not)\s+(?:talk|speak)\s+on\s+the\s+phone\b",
        )
    ),
    re.IGNORECASE,
)
_WRITING = (
    r"(?:skriv|skrive|skrivast|sms|melding(?:er|ar)?|chat|chatte|text|texts|texting|messages?"
    r"|write)"
)
_ONLY = r"(?:bare|berre|kun|heller|helst|only|just|rather|prefer|instead)"
_WRITE = re.compile(
    rf"\b{_ONLY}\s+(?:(?:på|via|med|send|sende|en|et|litt|at|du|dere|dykk|vil|å|to|by|you|via)\s+)*"
    rf"{_WRITING}\b"
    rf"|\b(?:{_WRITING}|skriver|skriv)\s+(?:(?:her|til|meg|med|deg|dere|me|here|to|you)\s+)*"
    r"(?:heller|istedet|istedenfor|isteden|istaden|i\s+(?:stedet|staden|stad)|instead|only)\b",
    re.IGNORECASE,
)
# "Kan dere ikke ringe meg?" asks for a call.
_ASKS_FOR_CALL = re.compile(
    rf"^\W*(?:hei\W+)?(?:kan|vil|kunne|can|could|would)\s+(?:{_YOU}|you)\s+(?:ikke|ikkje|not)\s+"
    r"(?:heller\s+)?(?:ringe|ringje|call)\b",
    re.IGNORECASE,
)
_INSTEAD = (
    r"(?:heller(?!\s+(?:ikke|ikkje))|helst|likevel|allikevel|i\s*sted(?:et|en)|i\s*stad(?:en)?"
    r"|istedenfor|instead|rather|after\s+all)"
)
_CALLED = (
    r"(?:ring(?:e|je|a)?\s+(?:til\s+)?(?:meg|mæ|mei)|ringe?\s+meg\s+opp|bli\s+(?:opp)?ring[td]"
    rf"|at\s+{_YOU}\s+ring(?:er|jer)|{_YOU}\s+ring(?:e|je)|(?:call|phone)\s+me|be\s+called)"
)
_CALL = re.compile(rf"\b{_INSTEAD}\b.*\b{_CALLED}\b|\b{_CALLED}\b.*\b{_INSTEAD}\b", re.IGNORECASE)
_REACHES = re.compile(r"\b(?:ring|skriv|sms|melding|call|phone|text|write)", re.IGNORECASE)
# Everything that a message may hold which says how to be reached and nothing else.
_ONLY_OF_CONTACT_WORDS = (
    "ikke ikkje ikkj ikk itj aldri ingen inga ring ringe ringje ringer ringjer ringt "
    "ringd oppringt oppringd meg mæ mei me da då bare berre kun heller helst likevel "
    "allikevel skriv skrive skriver skriva skrivast sms melding meldinger meldingar tekst "
    "chat chatte kan kunne dere du de dykk dokker i stedet istedet isteden istedenfor "
    "istaden steden staden stad på over via med telefon telefonen telefonane mobil "
    "mobilen tlf bruk bruke vær så snill takk men og eller nei ja ok okei hei jo til her "
    "hit vi for å of calling vil vill ønsker ønskjer foretrekker jeg eg æ at noen nokon "
    "skal må får nå no en ein ei et litt gjerne opp bli ha forresten send sende tør torer "
    "det er best greit please don't dont do not never nobody call calls called phone text "
    "message messages write only just instead rather prefer by can could you would like "
    "to want be after all i'd id"
)
_ONLY_OF_CONTACT = frozenset(_ONLY_OF_CONTACT_WORDS.split())
_TALK_ON_PHONE = re.compile(
    r"\b(?:snakke|prate|talk|speak)\s+(?:i|på|on)\s+(?:the\s+)?(?:tele)?(?:fon|phone)\w*", re.I
)
# As the whole message, where a call was being arranged.
_WRITE_ALONE = re.compile(
    r"(?:nei |ja |ok |forresten |men )*(?:(?:kan (?:vi|du|dere)|jeg vil|eg vil|vil|can (?:we|you)"
    r"|i want to|please|gjerne) )*(?:på |via |by |over |med )?"
    r"(?:skrive?|sms|chat|chatte|text|tekst|message|write|melding|send (?:en )?(?:sms|melding)"
    r"|send (?:a )?(?:text|message))(?: (?:her|med meg|til meg|me|here|to me|på sms|med en rådgiver"
    r"|i chatten|her i chatten|med noen))*(?: (?:takk|please))?"
)
# "Noen andre" at the other end: what to do then is no wish about the way of contact.
_INSTRUCTS = re.compile(
    r"^\W*(?:bare |berre |så |da |just |then )*(?:legg?e?\s+(?:bare\s+|berre\s+)?på|hang\s+up)\b",
    re.IGNORECASE,
)

_DAY = (
    r"(?:dagen|dagtid|dagane|formiddag\w*|ettermiddag\w*|kveld\w*|morgen\w*|morgon\w*|natt\w*|nattes\w*"
    r"|hverdag\w*|kvardag\w*|helg\w*|mandag\w*|tirsdag\w*|tysdag\w*|onsdag\w*|torsdag\w*|fredag\w*"
    r"|lørdag\w*|laurdag\w*|søndag\w*|jobb\w*|arbeid|skolen|dag|the\s+\w+|weekdays|weekends|\w+days?)"
)
_HOUR = r"(?:kl\.?\s*|klokk[ae]n?\s*)?\d{1,2}(?:[.:]?\d{2})?(?:\s*(?:am|pm))?"
_WHO = (
    r"(?:han|hun|ho|hn|de|dei|mannen|kona|samboeren|sambuaren|kjæresten|partneren|pappa|mamma|far|mor"
    r"|barna|ungene|ungane|jeg|eg|æ|ingen|he|she|they|i|my|the|nobody|alle|det)"
)
_CLAUSE = r"[^.,;!?]*"
_TIME = re.compile(
    r"\b(?:(?:ikke|ikkje|aldri|bare|berre|kun|helst|not|never|only)\s+)?(?:"
    rf"(?:etter|før|ca|rundt|mellom|fra|frå|til|innen|after|before|around|between|from|until)\s+{_HOUR}{_CLAUSE}"
    rf"|(?:kl\.?|klokk[ae]n?)\s*\d{_CLAUSE}"
    rf"|(?<![\d+]){_HOUR}\s*(?:-|–|til|og|to|and)\s*{_HOUR}(?!\d){_CLAUSE}"
    rf"|\d{{1,2}}\s*(?:am|pm)\b{_CLAUSE}"
    rf"|(?:når|mens|så\s+lenge|når\s+som|when|while)\s+{_WHO}\b{_CLAUSE}"
    rf"|(?:på|om|i|in|on|at)\s+{_DAY}{_CLAUSE}"
    rf"|(?:etter|før|after|before)\s+(?:jobb|skole|middag|leggetid|work|school|lunch)\w*{_CLAUSE}"
    rf"|(?:formiddag|ettermiddag|kveld|dagtid|kveldstid|hverdag|kvardag|helg|morning|evening"
    rf"|afternoon|weekday|weekend)\w*{_CLAUSE}"
    r"|når\s+som\s+helst|any\s?time|hele\s+d(?:agen|øgnet)|heile\s+d(?:agen|øgnet)"
    r")",
    re.IGNORECASE,
)
# Without what may follow on it: "etter kl 20 er jeg borte" is more than a time.
_JUST_A_TIME = re.compile(
    rf"\b(?:etter|før|ca|rundt|mellom|fra|frå|til|innen|after|before|around|between|until)\s+{_HOUR}"
    rf"(?:\s*(?:-|–|til|og|to|and)\s*{_HOUR})?\b|\b(?:på|om|i|in|on|at)\s+{_DAY}\b",
    re.IGNORECASE,
)
_CLAUSES = re.compile(r"[.,;!?]|\b(?:men|but)\b", re.IGNORECASE)
# What is left where a number was taken out: "etter kl 9 på 41234567".
_DANGLES = re.compile(r"\s+(?:på|til|on|at|nummer(?:et)?|number|er|is|\s)+$", re.IGNORECASE)
# Before the time in the same clause: then it tells what somebody does at that time.
_TELLS = re.compile(
    r"\b(?:han|hun|ho|de|dei|mannen|kona|samboeren|sambuaren|kjæresten|partneren|pappa|mamma|he|she"
    r"|they|husband|wife)\b",
    re.IGNORECASE,
)
# Why nobody may call is part of the wish; "pappa hører meg" alone is danger and is read as such.
_WHY = re.compile(
    r"(?:(?:for|fordi|da|because|since|as|så)\s+)?\b(?:mannen(?:\s+min)?|han|hun|ho|kona|samboeren"
    r"|sambuaren|kjæresten|pappa|mamma|faren?(?:\s+min)?|moren?(?:\s+min)?|he|she|my\s+(?:husband|father"
    r"|boyfriend|partner|dad))\s+(?:som\s+)?(?:(?:tar|tek|svarer|svarar|answers|takes|picks\s+up)\s+"
    r"(?:alltid\s+|ofte\s+|på\s+|i\s+|the\s+|my\s+)*(?:mobil|telefon|tlf|phone|calls)\w*(?:\s+(?:min|mi))?"
    r"|(?:hører|høyrer|høyre|hears)(?:\s+(?:det|da|it))?(?=\s*(?:$|[.,!?]))"
    r"|(?:sjekker|sjekkar|checks)\s+(?:the\s+|my\s+)?(?:mobil|telefon|phone)\w*(?:\s+min)?"
    r"(?:\s+(?:på|om)\s+\w+)?)",
    re.IGNORECASE,
)
_CORRECTS = re.compile(
    r"^\W*(?:nei|vent|feil|unnskyld|egentlig|eigentleg|forresten|no|wait|sorry|actually|rett)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ContactWish:
    """What a message says of how to be reached. `call`: "ring meg heller", where writing was spoken
    of. `corrects`: it takes back what was said before."""

    no_call: bool = False
    call: bool = False
    times: str | None = None
    number: str | None = None
    hang_up: bool = False
    corrects: bool = False

    def __bool__(self) -> bool:
        return bool(self.no_call or self.call or self.times or self.number or self.hang_up)


def read_wish(text: str, *, arranging: bool = False) -> ContactWish:
    """The wish in a message. `arranging`: a call is just being arranged, so that a bare "sms"
    says the way of contact."""
    if len(text.split()) > LONGEST_WISH:
        return ContactWish()
    no_call = says_no_call(text) or (arranging and bool(_WRITE_ALONE.fullmatch(normal(text))))
    return ContactWish(
        no_call=no_call,
        call=not no_call and _CALL.search(_bare(text)) is not None,
        times=_times(text),
        number=read_number(text),
        hang_up=bool(_INSTRUCTS.search(text)),
        corrects=bool(_CORRECTS.search(text)),
    )


def says_no_call(text: str) -> bool:
    """Whether nobody is to call: "ikke ring", "bare skriv", "only text me"."""
    bare = _bare(text)
    if _WRITE.search(bare) and not _INSTRUCTS.search(bare):
        return True
    return _NO_CALL.search(bare) is not None and not _ASKS_FOR_CALL.search(bare)


def read_unasked(text: str) -> tuple[ContactWish, bool] | None:
    """The wish in a message that no form asked for, and whether the message says nothing else.

    Outside a form people tell what others say and do, so only a clause counts that holds nothing
    but the wish: "jeg vil snakke med noen, men ikke ring meg".
    """
    bare = _bare(text)
    if len(bare.split()) > LONGEST_WISH:
        return None
    clauses = [each for each in _CLAUSES.split(bare) if normal(each)]
    plain = [each for each in clauses if _holds_only_contact(each)]
    wish = read_wish(", ".join(plain))
    if not (wish.no_call or wish.call):
        return None
    return wish, len(plain) == len(clauses)


def is_only_a_wish(text: str) -> bool:
    """Whether a message that no form asked for says how or when to be reached, and nothing else."""
    found = read_unasked(text)
    return (found is not None and found[1]) or only_says_when(text)


def only_says_when(text: str) -> bool:
    """Whether all it says is when to call or write: "ikke ring meg etter kl 20". Where somebody
    else is named ("når han slår"), it tells more."""
    bare = _bare(text)
    if _TELLS.search(bare) or len(bare.split()) > STORY_WISH or not _REACHES.search(bare):
        return False
    words = re.findall(r"[\w']+", _JUST_A_TIME.sub(" ", bare).lower())
    return _JUST_A_TIME.search(bare) is not None and _ONLY_OF_CONTACT.issuperset(words)


def _holds_only_contact(clause: str) -> bool:
    words = re.findall(r"[\w']+", _TALK_ON_PHONE.sub(" ", _TIME.sub(" ", clause)).lower())
    return _ONLY_OF_CONTACT.issuperset(words)


def _bare(text: str) -> str:
    return " ".join(text.replace("’", "'").split())


def is_only_a_time(text: str) -> bool:
    """Whether the whole message is a time of day or of the week."""
    bare = " ".join(text.split()).strip(" .!")
    bare = re.sub(r"^(?:(?:helst|gjerne|da|ja|nei|vent)[ ,]+)+", "", bare, flags=re.IGNORECASE)
    return _TIME.match(bare) is not None and len(bare.split()) <= STORY_WISH


def has_a_time(text: str) -> bool:
    """Whether a time stands anywhere in it, apart from a telephone number."""
    return _TIME.search(DIGITS.sub(" ", text)) is not None


def without_why(text: str) -> str:
    """A wish without the reason that stands beside it, for the danger check.

    "Ikke ring, mannen tar telefonen" tells whom to be careful of, not that he reads along now.
    Only beside a wish; "han leser dette nå" and "han slår" stand as they are.
    """
    wish = read_wish(text)
    return _WHY.sub(" ", text) if wish.no_call or wish.times else text


def _times(text: str) -> str | None:
    """The time that is named; the whole message where more than one is, in the person's words."""
    bare = " ".join(DIGITS.sub(" ", text).split())
    clauses = re.split(r"[.,;!?]|\b(?:men|but|så|so)\b", bare)
    found = [named for clause in clauses if (named := _time_in(clause)) is not None]
    if not found:
        return None
    return found[0] if len(found) == 1 else bare


def _time_in(clause: str) -> str | None:
    match = _TIME.search(clause)
    before = clause[: match.start()] if match else ""
    if match is None or _TELLS.search(before):
        return None
    if re.search(rf"\b(?:{_NOT}|{_NOT_EN})\b", before, re.IGNORECASE):
        return clause.strip()  # "ikke ring før kl 20": what is denied must stay denied
    return _DANGLES.sub("", clause[match.start() :]).strip()
