"""Words a frightened person must not meet, and words that only look like them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.content.style import style_faults, typed_numbers

FORBIDDEN = [
    ("nb", "Stakkars deg, det høres vondt ut."),
    ("nb", "Å nei, det var leit."),
    ("nb", "Er du sikker på det?"),
    ("nb", "Er du helt sikker?"),
    ("nb", "Du påstår at noen slår."),
    ("nb", "Det er bare å ringe."),
    ("nn", "Det er berre å ringje."),
    ("nb", "Jeg lover at det ordner seg."),
    ("nb", "Du får garantert hjelp."),
    ("nb", "Det kommer til å gå bra."),
    ("nb", "Du har krav på advokat."),
    ("nn", "Du har krav på advokat."),
    ("nb", "Du kan få 500 kroner."),
    ("nb", "Du kan få kr 500."),
    ("nb", "Inntekten må være under 5 G."),
    ("nb", "Voldsutøveren får hjelp."),
    ("nb", "Offeret kan ringe."),
    ("nb", "Familievernet har parterapi."),
    ("nb", "Send sms til {n.police_emergency}."),
    ("nb", "Vi bistår deg vedrørende saken."),
    ("nb", "Dersom du vil, kan du ringe."),
    ("nb", "Hun kan ikke nå deg der."),
    ("nn", "Mannen hennar veit det."),
    ("nb", "40 prosent opplever dette."),
    ("en", "Oh no, poor you."),
    ("en", "Are you sure?"),
    ("en", "I promise you are safe."),
    ("en", "Everything will be fine."),
    ("en", "You are entitled to a lawyer."),
    ("en", "The abuser may see it."),
    ("en", "Try couples counselling."),
    ("en", "If he sees this, leave."),
    ("en", "Text {n.police_emergency} now."),
]


@pytest.mark.parametrize(("lang", "text"), FORBIDDEN)
def test_a_forbidden_way_of_saying_it_is_found(lang, text):
    assert style_faults(text, lang)


ALLOWED = [
    ("nb", "Jeg kan ikke love hva som skjer i din sak."),
    ("nb", "Du trenger ikke være sikker."),
    ("nb", "Jeg er ikke sikker på hva du mener."),
    ("nb", "Det gjelder ikke bare slag."),
    ("nb", "Du kan ha rett til advokat. Vi hjelper deg å finne ut."),
    ("nb", "Ring overgrepsmottaket eller Kontoret for voldsoffererstatning."),
    ("nb", "Du kan si: «Jeg er redd for hva han gjør»."),
    ("nb", "I 2021 hadde 39 av 43 sentre et tilbud."),
    ("nb", "Er det trygt for deg å skrive her nå?"),
    ("nn", "Teieplikta gjeld òg det. Ho gjeld alle."),
    ("nn", "Dersom du vil, kan du ringje."),
    ("en", "I can't promise how it goes in your case."),
    ("en", "The person who hurts you may see it. You are here."),
]


@pytest.mark.parametrize(("lang", "text"), ALLOWED)
def test_what_only_looks_like_it_is_left_alone(lang, text):
    assert style_faults(text, lang) == []


def test_a_sentence_of_the_page_may_say_only():
    assert style_faults("Bare en del ble sendt.", "nb", frame=True) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ring 112.",
        "Ring 113 nå",
        "Ring 116 006.",
        "Ring 116117.",
        "Ring 02800.",
        "Ring 00 00 00 01.",
        "Ring 000 00 001.",
        "Ring 00000001.",
        "Ring +47 00 00 00 01.",
        "Ring 0047 00000001.",
    ],
)
def test_a_typed_phone_number_is_found(text):
    assert typed_numbers(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ring {n.police_emergency} eller {line}.",
        "Lovtekst per 28.07.2026.",
        "Skrevet 2026-11-22.",
        "Se straffeloven §§ 112 og 113.",
        "Se barnevernsloven § 13-2.",
        "I 2021 var det 39 av 43.",
        "Åpent 9–15:30, hverdager.",
        "For deg mellom 16 og 25 år.",
        "Etter 12 timer og 14 dager.",
        "Se 116111.no for mer.",
    ],
)
def test_dates_paragraphs_years_and_hours_are_no_phone_numbers(text):
    assert typed_numbers(text) == []


@given(st.text())
def test_no_text_breaks_the_checks(text):
    style_faults(text, "nb")
    typed_numbers(text)
