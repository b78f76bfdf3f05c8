"""Words that no text may hold, and why. From the rules for every answer (docs/glossary.md).

Each rule is a pattern, the languages it is read in, what is wrong and how to mend it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.channels.messages import Lang

NORWEGIAN: frozenset[Lang] = frozenset({"nb", "nn"})
ENGLISH: frozenset[Lang] = frozenset({"en"})
EVERY: frozenset[Lang] = NORWEGIAN | ENGLISH


@dataclass(frozen=True)
class StyleRule:
    """One forbidden way of saying something."""

    what: str
    mend: str
    pattern: re.Pattern[str]
    langs: frozenset[Lang]
    quotes_too: bool = True
    frame_too: bool = True


def _rule(
    what: str,
    mend: str,
    pattern: str,
    langs: frozenset[Lang],
    *,
    quotes_too: bool = True,
    frame_too: bool = True,
) -> StyleRule:
    found = re.compile(pattern, re.IGNORECASE)
    return StyleRule(what, mend, found, langs, quotes_too, frame_too)


_PITY = "acknowledge in one plain sentence, without pity"
_DOUBT = "believe the person; remove the word"
_PROMISE = "say what is usual and that a counsellor can tell more"
_RIGHT = "write 'du kan ha rett til … vi hjelper deg å finne ut'"
_LABEL = "write 'den som bruker vold' or 'den som er utsatt'"
_PLAIN = "use the everyday word"
_NEUTRAL = "write 'den som …', 'partneren' or 'personen'"

RULES: tuple[StyleRule, ...] = (
    _rule("pity", _PITY, r"\bstakkars\b|\b(å|åh|oh) nei\b|\buff\b|\bsynes? synd på\b", NORWEGIAN),
    _rule("pity", _PITY, r"\bpoor (you|thing)\b|\boh no\b|\bso sorry for you\b", ENGLISH),
    _rule("doubt", _DOUBT, r"\ber du (helt |heilt )?(sikker|viss)\b|\bangivelig\b", NORWEGIAN),
    _rule("doubt", _DOUBT, r"\bdu (påstår|hevder|hevdar)\b", NORWEGIAN),
    _rule("doubt", _DOUBT, r"\bare you sure\b|\ballegedly\b|\byou claim\b", ENGLISH),
    _rule(
        "makes it small",
        _DOUBT,
        r"(?<!ikke )(?<!ikkje )\b(bare|berre)\b",
        NORWEGIAN,
        quotes_too=False,
        frame_too=False,  # "Bare du ser dette" says something of a page, not of what was told
    ),
    _rule("promise", _PROMISE, r"\b(jeg|vi|eg) (lover|lovar|garanterer|garanterar)\b", NORWEGIAN),
    _rule("promise", _PROMISE, r"\bgarantert?\b|\b(jeg|vi|eg) kan love\b", NORWEGIAN),
    _rule("promise", _PROMISE, r"\b(alt|det) (blir|går|vil gå|kommer til å gå) bra\b", NORWEGIAN),
    _rule("promise", _PROMISE, r"\b(I|we) (can )?(promise|guarantee)\b|\bguaranteed\b", ENGLISH),
    _rule("promise", _PROMISE, r"\b(it|everything) will be (fine|ok|okay|all right)\b", ENGLISH),
    _rule("a right in a single case", _RIGHT, r"\b(har|hev)( du)? krav på\b", NORWEGIAN),
    _rule("a right in a single case", _RIGHT, r"\b(you are|you're) entitled to\b", ENGLISH),
    _rule("an amount of money", "refer to Nav", r"\d ?(kr\b|kroner\b|NOK\b|,-)|\bkr ?\d", EVERY),
    _rule("an amount of money", "refer to Nav", r"\b\d+([.,]\d+)? ?G\b", EVERY),
    _rule("a label", _LABEL, r"\bvolds(utøver|offer|mann)\w*(?<!erstatning)\b", NORWEGIAN),
    _rule("a label", _LABEL, r"\b(overgriper|gjerningsmann)\w*\b|\bofferet\b", NORWEGIAN),
    _rule("a label", _LABEL, r"\b(perpetrator|abuser|victim|batterer)s?\b", ENGLISH),
    _rule(
        "talks together with the one who uses violence",
        "never propose it",
        r"\bpar(terapi|samtale|rådgivning)\w*|\bcouples? (therapy|counsel)",
        EVERY,
    ),
    _rule(
        "advice to text an emergency number", "write 'ring'", r"\b(sms|melding) til \{?n\.", EVERY
    ),
    _rule("advice to text an emergency number", "write 'call'", r"\btext \{n\.", ENGLISH),
    _rule(
        "office language",
        _PLAIN,
        r"\b(vedrørende|vedrørande|herunder|herunder|iht|ihht|jf|ovennevnte|bistå|bistår|iverksett\w*"
        r"|anmod\w*|såfremt|såframt|imidlertid|i henhold til|benytt\w*|innvilg\w*|foreligg\w*|samt"
        r"|i forbindelse med|med hensyn til|hvorvidt|fremsett\w*|forefinn\w*)\b",
        NORWEGIAN,
    ),
    _rule("office language", "write 'hvis'", r"\bdersom\b", frozenset({"nb"})),
    _rule(
        "a gender nobody has told",
        _NEUTRAL,
        # In Nynorsk han and ho also stand for things: there only the owning forms are read.
        r"\b(han|hun|hans|hennes)\b",
        frozenset({"nb"}),
        quotes_too=False,
    ),
    _rule(
        "a gender nobody has told",
        _NEUTRAL,
        r"\b(hans|hennar)\b",
        frozenset({"nn"}),
        quotes_too=False,
    ),
    _rule(
        "a gender nobody has told",
        "write 'they' or 'the person who …'",
        r"\b(he|she|his|him|hers|husband|wife)\b",
        ENGLISH,
        quotes_too=False,
    ),
)

_STATISTIC = re.compile(r"\b\d+ ?(%|prosent\b|percent\b|per cent\b|av (ti|10)\b)", re.IGNORECASE)
_YEAR = re.compile(r"\b20\d\d\b")
_QUOTED = re.compile(r"«[^»]*»|\"[^\"]*\"|“[^”]*”|'[^'\n]{2,}'")


def style_faults(text: str, lang: Lang, *, frame: bool = False) -> list[tuple[str, str]]:
    """(what is wrong with the words found, how to mend it) for each rule the text breaks.

    `frame`: a sentence of the page or the conversation itself, not an answer to what was told.
    """
    plain = _QUOTED.sub(" ", text)
    faults = []
    for rule in RULES:
        found = rule.pattern.search(text if rule.quotes_too else plain)
        if lang in rule.langs and found and (rule.frame_too or not frame):
            faults.append((f"{rule.what} ({found[0]!r})", rule.mend))
    if _STATISTIC.search(text) and not _YEAR.search(text):
        faults.append(("a figure without its year", "add year and source, or remove the figure"))
    return faults


_NOT_PHONE = re.compile(
    r"\{[^}]*\}"  # placeholders
    r"|\b\d{1,2}\.\d{1,2}\.\d{4}\b|\b\d{4}-\d\d-\d\d\b"  # dates
    r"|§+ ?\d[\d-]*(?: ?[a-z]\b)?(?:(?:, | og | to | and )\d[\d-]*(?: ?[a-z]\b)?)*"  # law
    r"|\b[\w-]+\.(?:no|com|org)\b"  # web addresses
    r"|\b\d{1,2}[:.]\d\d\b"  # times
)
_PHONE = re.compile(
    r"(?<![\d-])(?:"
    r"(?:\+|00)\d[\d ]{6,}\d"  # with a country code
    r"|\d{2,3}(?:[ .]?\d{2,3}){2,3}"  # eight digits, grouped or not
    r"|11[0-9] ?\d{3}"  # 116 006
    r"|11[0-9]|14 ?12"  # 112, text telephone
    r"|0\d{4}"  # 02800
    r")(?![\d-])"
)
_EIGHT = 8
_SHORT = frozenset({3, 4, 5, 6})


def typed_numbers(text: str) -> list[str]:
    """What looks like a phone number and is not written as a placeholder."""
    found = []
    for match in _PHONE.finditer(_NOT_PHONE.sub(" ¤ ", text)):
        digits = re.sub(r"\D", "", match[0])
        if len(digits) == _EIGHT or match[0].startswith(("+", "00")) or len(digits) in _SHORT:
            found.append(match[0])
    return found
