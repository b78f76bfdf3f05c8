"""Who writes, as far as they say so outright: somebody's relative, or a professional.

Modest on purpose: the answer for the person exposed is never wrong for another; the other way
round it may be.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import spacy
from spacy.language import Language
from spacy.matcher import Matcher

Reader = Literal["relative", "professional"]

_LONGEST = 2000


def _words(listed: str) -> list[str]:
    return listed.split()


_I = ["jeg", "eg", "æ", "e", "i", "æg", "je"]
_OCCUPATIONS = _words(
    """
    lærer lærar helsesykepleier helsesjukepleiar sykepleier sjukepleiar lege lækjar fastlege
    jordmor psykolog terapeut sosionom vernepleier barnevernspedagog saksbehandler sakshandsamar
    advokat politi politibetjent tannlege ambulansearbeider rådgiver rådgjevar miljøterapeut
    familieterapeut barnevernskontakt teacher nurse doctor gp midwife psychologist lawyer
    dentist therapist
    """
)
_WORKPLACES = _words(
    """
    nav barnevernet skolen skulen helsestasjonen legevakta legevakten politiet
    familievernkontoret dps kommunen barnehagen barnehage sykehuset sjukehuset
    """
)
_CLIENTS = _words(
    """
    pasient pasienten pasienter klient klienten bruker brukeren elev eleven patient patients
    client clients pupil student
    """
)
_KIN = _words(
    """
    søster søstera søsteren syster systera syskenbarn søskenbarn bror broren mor mora moren far
    faren datter dattera datteren dotter dottera sønn sønnen son sonen tante tanta onkel onkelen
    niese niesa nevø nevøen svigerdatter svigerdattera svigersøster svigerinne svigerinna
    bestemor mormor farmor barnebarn barnebarnet venninne venninna venninnen veninne veninna
    kompis kompisen venn vennen ven venen kamerat kameraten kollega kollegaen nabo naboen
    naboene nabodama nabokona naboar mamma sister brother mother mum mom daughter friend
    colleague neighbour neighbor cousin aunt niece bestevenninne bestevenninna
    """
)
_MINE = ["min", "mi", "mitt", "mine", "hennes", "ei", "en", "ein", "my", "a", "til"]
_SUFFERS = _words(
    """
    blir blei ble vart har er lever tør torer vil trenger treng lurer bor bur sier seier kan får
    fær går vet veit sliter trudde tror is has lives gets wants needs cannot can't does dare
    dares wonders says
    """
)


@lru_cache(maxsize=1)
def _matcher() -> tuple[Language, Matcher]:
    nlp = spacy.blank("nb")
    matcher = Matcher(nlp.vocab)
    me = {"LOWER": {"IN": _I}}
    occupation = {"LOWER": {"IN": _OCCUPATIONS}}
    work = {"LOWER": {"IN": ["er", "arbeider", "arbeidar", "jobber", "jobbar", "am", "work", "'m"]}}
    gap = {"OP": "?"}
    matcher.add(
        "professional",
        [
            [me, {"LOWER": {"IN": ["er", "am", "'m"]}}, gap, occupation],
            [me, {"LOWER": {"IN": ["jobber", "jobbar", "arbeider", "arbeidar", "work"]}},
             {"LOWER": {"IN": ["som", "as"]}}, gap, occupation],
            [me, work, {"LOWER": {"IN": ["i", "på", "ved", "in", "at"]}},
             {"LOWER": {"IN": _WORKPLACES}}],
            [{"LOWER": {"IN": ["som", "as"]}}, {"LOWER": "a", "OP": "?"}, occupation],
            [{"LOWER": {"IN": _CLIENTS}}, {"LOWER": {"IN": ["min", "mi", "vår", "mine"]}}],
            [{"LOWER": {"IN": ["en", "ein", "ei", "my", "a", "our"]}}, {"LOWER": {"IN": _CLIENTS}}],
            [{"LOWER": {"IN": ["fagperson", "professional"]}}],
        ],
    )  # fmt: skip
    kin = {"LOWER": {"IN": _KIN}}
    mine = {"LOWER": {"IN": _MINE}}
    matcher.add(
        "relative",
        [
            [kin, mine, {"LOWER": {"IN": _SUFFERS}}],
            [mine, {"OP": "?"}, kin, {"LOWER": {"IN": _SUFFERS}}],
            [{"LOWER": {"IN": ["hjelpe", "hjelpa", "hjelper", "help", "for", "om", "about"]}},
             mine, {"OP": "?"}, kin],
            [{"LOWER": {"IN": ["hjelpe", "hjelpa", "hjelper", "for", "om"]}}, kin, mine],
            [{"LOWER": {"IN": ["noen", "nokon", "en", "ei", "ein", "someone", "somebody"]}},
             {"LOWER": {"IN": ["jeg", "eg", "i", "som"]}},
             {"LOWER": {"IN": ["kjenner", "kjenn", "know", "er"]}}, {"LOWER": "glad", "OP": "?"}],
            [{"LOWER": {"IN": ["på", "on"]}}, {"LOWER": {"IN": ["vegne", "vegner", "behalf"]}}],
            [{"LOWER": {"IN": ["pårørende", "pårørande", "relative"]}}],
        ],
    )  # fmt: skip
    return nlp, matcher


def reader_said(text: str) -> Reader | None:
    """Whether `text` says that a professional or somebody close to the one exposed writes."""
    nlp, matcher = _matcher()
    doc = nlp.make_doc(text[:_LONGEST])
    found = {nlp.vocab.strings[match] for match, _, _ in matcher(doc)}
    if "professional" in found:
        return "professional"
    return "relative" if "relative" in found else None
