"""Every check can fail: one right folder gives nothing, and each spoilt line gives its finding."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from bot.centre import load_centre
from bot.channels.webchat import words
from bot.content.check import LIX_ALL, check_content, check_topics, mean_lix
from bot.content.files import ContentError
from bot.content.sections import SYSTEM
from tests.content.conftest import NUMBERS, ContentFolder, topic_file

ROOT = Path(__file__).parents[2]
TODAY = dt.date(2026, 11, 22)


def found(folder: ContentFolder, centre: object, today: dt.date = TODAY) -> list[str]:
    return [str(f) for f in check_content(folder.root, centre, today) if f.level == "error"]


def test_a_right_folder_has_no_findings(folder, centre):
    assert check_content(folder.root, centre, TODAY) == []


def test_our_texts_have_no_findings():
    for centre in (ROOT / "centre.yml", ROOT / "examples" / "centre.sorlandet.yml"):
        findings = check_content(ROOT / "content", load_centre(centre))
        assert [str(finding) for finding in findings if finding.level == "error"] == []


def test_our_texts_are_easy_to_read():
    assert 0 < mean_lix(ROOT / "content") <= LIX_ALL


LONG = "Kommunen tilrettelegger tjenestetilbudet gjennom koordinering."
HARD = (
    "Kommunale myndigheter tilrettelegger individuelle krisesentertilbud gjennom tverrfaglige "
    "samarbeidsavtaler mellom forvaltningsnivåene slik at kvalifiserte medarbeidere koordinerer "
    "tjenestetilbudet overfor målgruppen og oppfølgingen etterpå gjennomgående dokumenteres "
    "systematisk i fagsystemene etter gjeldende retningslinjer for virksomheten samtidig med at "
    "erfaringsutveksling kontinuerlig prioriteres mellom samarbeidende institusjoner over hele "
    "landet hvor tilsvarende utfordringer forekommer."
)

SPOILT: dict[str, tuple[dict[str, str], str]] = {
    "a review that has passed": ({"review": "2026-01-01"}, "review was due 2026-01-01"),
    "a text date to come": ({"text_date": "2027-01-01"}, "text_date is in the future"),
    "a long button": (
        {"next": '{title: "Snakk med en rådgiver om det", to: human}'},
        "has 28 characters",
    ),
    "a long title": ({"title": '"Hva koster det egentlig å bo"'}, "title is too long"),
    "a step to an unknown topic": ({"next": '{title: "Dyr", to: "topic:pets"}'}, "unknown topic"),
    "a related topic that is unknown": ({"related": "[pets]"}, "unknown topic pets"),
    "a topic that leads to itself": ({"related": "[cost]"}, "it leads to itself"),
    "two buttons to one place": ({"buttons": "[{title: Noen, to: human}]"}, "two buttons"),
    "a typed emergency number": ({"body": "Ring 112 nå."}, "typed phone number (112)"),
    "a typed number in the sms": ({"sms": '"Ring 00 00 00 09."'}, "sms has a typed phone number"),
    "a number marked C": (
        {"body": "Ring {n.old_line}.", "numbers": "[old_line]"},
        "the number old_line is marked C",
    ),
    "a number that is not listed": (
        {"body": "Ring {n.police_emergency}."},
        "list police_emergency",
    ),
    "a listed number that is not used": ({"numbers": "[police_emergency]"}, "list nothing"),
    "pity": ({"body": "Stakkars deg."}, "pity"),
    "guillemets by SMS": ({"sms": '"Si «nei»."'}, "« or »"),
    "an SMS of three segments": ({"sms": f'"{"Det er gratis. " * 21}"'}, "segments"),
    "a letter that halves the SMS": ({"sms": '"Bures, mun lean Áilu."'}, "halves the SMS (Á)"),
    "a reserved word by SMS": ({"sms": '"Svar STOP for å slutte."'}, "carriers keep (STOP)"),
    "a text that is hard to read": ({"body": HARD}, "hard to read"),
    "five sentences before the step": ({"body": "Det er bra. " * 5}, "5 sentences before the step"),
    "four sentences, one of them long": (
        {"body": "Det er bra. " * 3 + "Det er bra at du spør " + "om det " * 8 + "nå."},
        "4 sentences before the step",
    ),
    "an SMS text only in one language": ({"sms_young": '"Ring en voksen."'}, "SMS texts differs"),
    "a section only in one language": ({"body": "Gratis.\n\n## more\nMer."}, "sections differs"),
    "another step in one language": ({"next": "{title: Mer, to: more}"}, "next differs"),
    "another text date in one language": ({"text_date": "2026-07-01"}, "text_date differs"),
    "a long SMS of a later part": (
        {"sms_more": '"Mer."', "sms_more_2": f'"{"Det er gratis. " * 21}"'},
        "sms_more_2 takes",
    ),
    "a long SMS for the young": ({"sms_young": f'"{"Det er gratis. " * 21}"'}, "sms_young takes"),
    "a long SMS for a relative": (
        {"sms_relative": f'"{"Det er gratis. " * 21}"'},
        "sms_relative takes",
    ),
    "a section nobody asks for": ({"body": "Gratis.\n\n## details\nMer."}, "section '## details'"),
    "an SMS section nobody asks for": ({"sms_details": '"Mer."'}, "section 'sms_details'"),
    "a section of danger in an answer": ({"body": "Gratis.\n\n## stay\nJeg er her."}, "'## stay'"),
    "a third part without a second": (
        {"body": "Gratis.\n\n## more\nMer.\n\n## more_3\nMest."},
        "'## more_3' without '## more_2'",
    ),
    "a second part by SMS without a first": (
        {"sms_more_2": '"Mer."'},
        "'sms_more_2' without 'sms_more'",
    ),
    "a fact marked unverified": ({"body": "Det er gratis [U]."}, "marked unverified ([U])"),
    "an unverified fact by SMS": ({"sms": '"Det er gratis (ubekreftet)."'}, "marked unverified"),
    "an unverified source": ({"sources": '["nav.no [U 2019]"]'}, "sources has a fact marked"),
    "no SMS form": ({"sms": None}, "sms is missing"),
    "no source": ({"sources": None}, "sources is missing"),
    "a promise by SMS": ({"sms": '"Det blir bra."'}, "sms: promise"),
    "a right in a single case": ({"body": "Du har krav på det."}, "a right in a single case"),
    "an amount of money": ({"body": "Det koster 500 kroner."}, "an amount of money"),
    "a file that cannot be read": ({"sources": "[]"}, "sources"),
}


@pytest.mark.parametrize(("lines", "says"), SPOILT.values(), ids=SPOILT.keys())
def test_a_spoilt_file_is_found_with_its_place_and_how_to_mend_it(folder, centre, lines, says):
    folder.cost(**lines)
    findings = found(folder, centre)
    assert any(says in finding for finding in findings), findings
    assert all(finding.startswith("content") and "; " in finding for finding in findings)


def test_four_short_sentences_are_allowed(folder, centre):
    folder.cost(body="Det er bra. Du kan spørre. Det er gratis. Du må ikke si navn.\n\nVil du mer?")
    assert found(folder, centre) == []


@pytest.mark.parametrize("lang", ["nb", "nn", "en"])
def test_a_missing_language_is_a_fault(folder, centre, lang):
    folder.remove(f"centre/cost.{lang}.md")
    assert any(f"missing in {lang}" in finding for finding in found(folder, centre))


def test_a_hard_language_over_all_is_a_fault(folder, centre):
    folder.cost(sms=f'"{LONG}"', body=LONG)
    folder.cost("nn", sms=f'"{LONG}"', body=LONG)
    assert any("mean LIX" in finding for finding in found(folder, centre))


def test_a_long_name_of_the_centre_counts_in_the_size_of_an_sms(folder, centre_with):
    folder.cost(sms='"Hilsen {centre}."')
    assert found(folder, centre_with(name="Fjell")) == []
    assert any("segments" in f for f in found(folder, centre_with(name="Fjellbygd " * 40)))


def test_a_web_only_sentence_is_not_measured_as_sms(folder, centre):
    for lang in ("nb", "nn", "en"):
        lines = {"next": None, "title": None, "sms": None, "body": "Det er fint her. " * 30}
        folder.write(f"system/page.{lang}.md", topic_file(lang, "page", web_only="true", **lines))
    assert found(folder, centre) == []
    folder.write("system/page.nb.md", topic_file("nb", "page", **lines))
    assert any("segments" in finding for finding in found(folder, centre))


SHEETS = {
    "pity": ("Stakkars deg.", "texts.how: pity"),
    "a typed number": ("Ring 112.", "texts.how has a typed phone number (112)"),
    "a number marked C": ("Ring {n.old_line}.", "texts.how shows the number old_line, marked C"),
    "a text that is hard to read": (HARD, "texts.how is hard to read"),
}


@pytest.mark.parametrize(("text", "says"), SHEETS.values(), ids=SHEETS.keys())
def test_the_texts_of_a_flow_are_read_too(folder, centre, text, says):
    folder.write("handoff/nb.yml", f'texts:\n  how: "{text}"\n')
    findings = found(folder, centre)
    assert any(f.startswith(f"content/handoff/nb.yml: {says}") for f in findings), findings


def test_a_language_may_stand_above_each_text_of_a_flow(folder, centre):
    folder.write("checklists/items.yml", 'items:\n- {id: "112", nb: "Uff.", en: "Oh no."}\n')
    findings = found(folder, centre)
    assert [finding.split(": ")[1] for finding in findings] == ["items.1.en", "items.1.nb"]


def test_a_flow_that_is_not_yaml_is_found(folder, centre):
    folder.write("handoff/nb.yml", 'texts: "uten slutt')
    assert any("cannot be read as YAML" in finding for finding in found(folder, centre))


def test_a_register_that_cannot_be_read_is_one_finding(folder, centre):
    folder.write("numbers.yml", NUMBERS.replace('"112"', "112", 1))
    [finding] = found(folder, centre)
    assert finding.startswith("content/numbers.yml: police_emergency: number")


def test_a_centre_without_a_line_is_one_finding(folder, centre_with):
    [finding] = found(folder, centre_with(phone_line={}))
    assert finding.startswith("centre.yml")


def test_a_text_stated_with_a_fact_is_measured_before_the_fact_is_confirmed(folder, centre_with):
    lines = {"confirmed_fact": "pets", "sms_confirmed": '"{fact}"'}
    folder.cost_everywhere(body="Spør.\n\n## confirmed\n{fact}", **lines)
    short, long = ({"pets": {"value": {"nb": text}}} for text in ("Ja.", "Vi har plass. " * 30))
    assert found(folder, centre_with(facts=short)) == []
    findings = found(folder, centre_with(facts=long))
    assert any("sms_confirmed takes" in finding for finding in findings), findings


def test_parts_that_follow_each_other_and_readers_are_allowed(folder, centre):
    sections = ("more", "more_2", "more_3", "young", "relative", "professional", "uses_violence")
    body = "Gratis." + "".join(f"\n\n## {name}\nMer." for name in (*sections, "yes", "no"))
    by_sms = {f"sms_{name}": '"Mer."' for name in sections}
    folder.cost_everywhere(body=body, **by_sms)
    assert found(folder, centre) == []


def test_a_sentence_of_the_program_has_sections_of_its_own_but_the_page_only_those_it_asks_for(
    folder, centre
):
    for topic in ("story", "web_labels"):
        for lang in ("nb", "nn", "en"):
            lines = {"title": None, "next": None, "web_only": "true", "sms": None}
            body = "Ringer.\n\n## ended\nTakk."
            folder.write(f"system/{topic}.{lang}.md", topic_file(lang, topic, body=body, **lines))
    assert {f.split(": ")[0][:25] for f in found(folder, centre)} == {"content/system/web_labels"}


def test_the_sections_of_the_page_are_those_that_the_page_asks_for():
    of_the_page = {page: names for page, names in SYSTEM.items() if page.startswith("web_")}
    assert {page: frozenset(names) for page, names in words.SECTIONS.items()} == of_the_page


# --- a few topics alone ---------------------------------------------------------------------------


def test_lint_finds_what_the_whole_check_finds_in_these_files_and_nothing_else(folder, centre):
    for lang in ("nb", "nn", "en"):
        folder.write(f"centre/pets.{lang}.md", topic_file(lang, "pets"))
    folder.cost(body="Stakkars deg.")
    folder.write("centre/pets.nb.md", topic_file("nb", "pets", sources="[]"))
    whole = check_content(folder.root, centre, TODAY)
    assert {finding.file for finding in whole} == {
        "content/centre/cost.nb.md",
        "content/centre/pets",
        "content/centre/pets.nb.md",
    }
    for topic in ("cost", "pets"):
        own = [finding for finding in whole if f"/{topic}" in finding.file]
        assert check_topics(folder.root, centre, [topic], TODAY) == own


def test_lint_of_a_topic_without_a_file_says_so(folder, centre):
    with pytest.raises(ContentError, match="no text for pris"):
        check_topics(folder.root, centre, ["pris"], TODAY)
