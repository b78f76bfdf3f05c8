"""Which language a message is in. Works without Rasa, in well under 2 ms."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from lingua import ConfidenceValue, Language, LanguageDetector, LanguageDetectorBuilder

from bot.channels.messages import Lang


@dataclass(frozen=True)
class DetectedLanguage:
    """`lang` is the language to answer in; `other` (ISO 639-1) the one written, when not ours.

    Kurdish, Dari and Persian share Arabic's script; `other` says "ar" for all that is not told
    apart by its letters. A person asks (interpreter), so a guess does no harm.
    """

    lang: Lang
    other: str | None = None


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


# Words that decide, whatever a statistic over letters says. Bokmål and Danish, Nynorsk and
# Icelandic look alike to it; function words do not lie. A word stands in one list only.
_WORDS: dict[Lang, frozenset[str]] = {
    "nb": _words(
        """
        jeg ikke hva hvordan hvor hvem hvorfor dere noen noe hun hjemme hjem være vært fra vold
        hvilken hvilket trenger vet selv også bare sammen tør en et uten siden nå mye
        """
    ),
    "nn": _words(
        """
        eg ikkje kva korleis kvar kven kvifor dykk nokon noko nokre heime heim vere vore frå vald ho
        treng veit sjølv òg berre saman torer ein eit utan sidan dei ikkj mykje meir kjem vart
        framleis medan gong gonger då opphald tilvising teieplikt teieplikta samtalar samtalane
        meldingane lagrar lagra sletta snakkar seie seier gjer gjere fekk tek trur syster
        dotter sonen rådgjevar opphaldsløyve pengane ungane skjønar alvorleg vanskeleg
        attende orsak skule skulen valdeleg høyrer kjærasten sambuaren bur budd bu tilsett ynskjer
        ønskjer søkje byrje fortelje fortel korkje difor uroleg morgon veke
        """
    ),
    "en": _words(
        """
        the is are am my you he she we they what how who where why when does did can't don't i'm
        it's this that not with of to and have has will would please help need want me can be tell
        someone anyone any there from your if hello goodbye good morning thanks thank many yeah sure
        back call talk write people about more again never was were her his him should could
        bye yep dont cant im know
        """
    ),
}
_NORWEGIAN = _words(
    """
og er det han kan meg du på til med hjelp må om at hei takk ja nei så
"""
)
#: Words of other languages as they are typed without accents, that no language of ours has: two of
#: them, or one that fills the message, are beyond doubt, however short it is.
_ELSEWHERE: dict[str, frozenset[str]] = {
    "pl": _words(
        """
        się sie jestem mnie mąż maz meza męża mojego moj mój chcę chce proszę prosze dziękuję
        dziekuje boję boje nie czy jest człowiekiem czlowiekiem rozmawiać rozmawiac pomocy dzieci
        bije gdzie mogę moge tłumacz tlumacz dzień dzien dobry kto
        """
    ),
    "so": _words(
        """
        waan waxaan baqayaa carruurta caruurta mahadsanid caawi caawimaad ninkayga ninkeyga fadlan
        waxaad qof hadal doonayaa rabaa turjumaan
        """
    ),
}
#: A lone word says little; these say which language is wanted.
_GREETINGS: dict[str, Lang] = {
    "hello": "en", "hi": "en", "bye": "en", "goodbye": "en", "yeah": "en", "sure": "en",
    "more": "en", "repeat": "en", "maybe": "en", "thanks": "en", "yes": "en", "help": "en",
    "please": "en", "heisann": "nb", "hallo": "nb", "takk": "nb",
}  # fmt: skip

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("ARABIC", "ar"),
    ("ETHIOPIC", "ti"),
    ("CYRILLIC", "uk"),
    ("THAI", "th"),
    ("CJK", "zh"),
    ("HEBREW", "he"),
    ("DEVANAGARI", "hi"),
    ("TAMIL", "ta"),
    ("GREEK", "el"),
    ("GEORGIAN", "ka"),
    ("ARMENIAN", "hy"),
    ("BENGALI", "bn"),
)
_PERSIAN = frozenset("پچژگکی")
_URDU = frozenset("ٹڈڑںےہ")
_RUSSIAN = frozenset("ыэёъ")
_UKRAINIAN = frozenset("іїєґ")
#: Northern Sámi: letters no other of these languages has, and words that need none of them.
_SAMI_LETTERS = frozenset("đŋŧčžš")
_SAMI_WORDS = _words(
    """
mun don lea leat mii veahki gos mo maid buorre beaivi giitu ii in
"""
)

_OURS: dict[Language, Lang] = {
    Language.BOKMAL: "nb",
    Language.NYNORSK: "nn",
    Language.ENGLISH: "en",
}
#: Read as Norwegian: who writes Swedish or Danish understands the answer, and bad spelling of
#: Norwegian often looks like one of them.
_NEIGHBOURS = (Language.SWEDISH, Language.DANISH)
_OTHERS = (
    Language.POLISH,
    Language.LITHUANIAN,
    Language.SOMALI,
    Language.SPANISH,
    Language.TURKISH,
    Language.FRENCH,
    Language.GERMAN,
    Language.PORTUGUESE,
    Language.ROMANIAN,
    Language.ALBANIAN,
    Language.TAGALOG,
    Language.VIETNAMESE,
    Language.SWAHILI,
)
#: Below so many letters a statistic is a guess.
_ENOUGH_LETTERS = 12
_ENOUGH_WORDS = 3
#: How much likelier another language must be than the likeliest of ours.
_CLEARLY = 0.6
_OUR_LETTERS = frozenset("åæø")
_SHORT = 8
_WARM_UP = (
    "czy mogę dostać pomoc", "waan baqayaa caawi fadlan", "ayúdame por favor mi marido",
    "kocam beni dövüyor yardım", "aidez moi s'il vous plaît mon mari",
)  # fmt: skip
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


def load() -> None:
    """Loads the language models, so that the first message need not wait.

    About 0.6 s and 30 MB. Lingua reads part of a model when a text first needs it: one sentence
    that is none of our languages makes it read the rest.
    """
    for sentence in _WARM_UP:
        _by_letters(sentence, "nb", "nb")


def detect_language(text: str, prior: Lang) -> DetectedLanguage:
    """The language of `text`, `prior` (that of the conversation) when it cannot be told."""
    composed = unicodedata.normalize("NFC", text[:500]).lower().replace("’", "'")
    script = _other_script(composed)
    if script is not None:
        return DetectedLanguage(prior, script)
    words = _WORD.findall(composed)
    if not words:
        return DetectedLanguage(prior)
    if _looks_sami(composed, words):
        return DetectedLanguage(prior, "se")
    if (elsewhere := _elsewhere(words)) is not None:
        return DetectedLanguage(prior, elsewhere)
    lang, sure = _by_words(words, prior)
    if sure or sum(map(len, words)) < _ENOUGH_LETTERS or len(words) < _ENOUGH_WORDS:
        return DetectedLanguage(lang)
    return _by_letters(composed, lang, prior)


def _other_script(text: str) -> str | None:
    letters = [c for c in text if c.isalpha()]
    foreign = [c for c in letters if not unicodedata.name(c, "").startswith("LATIN")]
    if not letters or len(foreign) * 2 < len(letters):
        return None
    name = unicodedata.name(foreign[0], "")
    code = next((code for start, code in _SCRIPTS if name.startswith(start)), "und")
    found = set(foreign)
    if code == "ar" and found & _URDU:
        return "ur"
    if code == "ar" and found & _PERSIAN:
        return "fa"
    if code == "uk" and found & _RUSSIAN and not found & _UKRAINIAN:
        return "ru"
    return code


def _looks_sami(text: str, words: list[str]) -> bool:
    known = len(_SAMI_WORDS.intersection(words))
    special = any(c in _SAMI_LETTERS for c in text)
    ours = _WORDS["nb"] | _WORDS["en"] | _NORWEGIAN  # "in" is also English
    return ours.isdisjoint(words) and (known >= 2 or (special and known >= 1 and len(words) <= 12))


def _elsewhere(words: list[str]) -> str | None:
    """Another language that cannot be mistaken for one of ours, in however few words."""
    ours = _WORDS["nb"] | _WORDS["nn"] | _WORDS["en"] | _NORWEGIAN
    own = sum(word in ours for word in words)
    for code, known in _ELSEWHERE.items():
        found = sum(word in known for word in words)
        if found > own and (found >= 2 or len(words) == 1):  # "to" is Polish and English
            return code
    return None


def _by_words(words: list[str], prior: Lang) -> tuple[Lang, bool]:
    """The language that the function words speak for, and whether that is beyond doubt."""
    if len(words) == 1:
        return _GREETINGS.get(words[0], prior), True
    score = {lang: sum(word in known for word in words) for lang, known in _WORDS.items()}
    norwegian = score["nb"] + score["nn"] + sum(word in _NORWEGIAN for word in words)
    if score["en"] > norwegian:
        return "en", score["en"] >= 2 or score["en"] * 3 >= len(words)
    if norwegian == 0:
        return prior, False
    likely: Lang = prior if prior in ("nb", "nn") else "nb"
    if score["nb"] != score["nn"]:
        likely = "nb" if score["nb"] > score["nn"] else "nn"
    # Two Norwegian function words, or one in a short message, are Norwegian and not Danish.
    return likely, norwegian >= 2 or norwegian * 4 >= len(words)


def _by_letters(text: str, likely: Lang, prior: Lang) -> DetectedLanguage:
    ranked: list[ConfidenceValue] = _detector().compute_language_confidence_values(text)
    ours = max((c for c in ranked if c.language in _OURS), key=lambda c: c.value)
    best = ranked[0]
    foreign = best.language in _OTHERS and not _has_our_letters(text)
    if foreign and best.value - ours.value >= _CLEARLY:
        return DetectedLanguage(prior, best.language.iso_code_639_1.name.lower())
    if ours.language is Language.ENGLISH and ours.value >= _CLEARLY:
        return DetectedLanguage("en")
    if ours.value >= _CLEARLY and likely == "en":
        return DetectedLanguage(_OURS[ours.language])
    return DetectedLanguage(likely)


def _has_our_letters(text: str) -> bool:
    """Dialect is strange to the statistic, but no language of _OTHERS writes å, æ or ø."""
    words = _WORD.findall(text)
    ours = sum(not _OUR_LETTERS.isdisjoint(word) for word in words)
    return ours >= 2 or (ours == 1 and len(words) <= _SHORT)  # one may be the name of a place


@lru_cache(maxsize=1)
def _detector() -> LanguageDetector:
    # The low-accuracy mode looks at trigrams only: a tenth of the memory, and below 0.5 ms. The
    # function words have decided the hard cases before.
    return (
        LanguageDetectorBuilder.from_languages(*_OURS, *_NEIGHBOURS, *_OTHERS)
        .with_low_accuracy_mode()
        .with_preloaded_language_models()
        .build()
    )
