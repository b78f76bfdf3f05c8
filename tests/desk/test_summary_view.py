"""The summary on one screen: the person's words, in the desk's order, nothing rewritten."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.desk.summary_view import FIELDS, ORDER, contact_rules, groups, spoken, unsaid
from bot.handoff.draft import Contact, HandoffDraft, SummaryLine, Wishes
from bot.handoff.summary import CONTACT
from bot.handoff.summary import ORDER as WRITTEN
from tests.desk.conftest import OWN_WORDS, make_draft


def as_text(draft: HandoffDraft) -> dict[str, str]:
    """Group title → what stands there."""
    return {
        group.title: " · ".join(
            f"{item.label}: {item.text}".strip(": ")
            + "".join(f"[{quote.number}]{quote.text}" for quote in item.quotes)
            for item in group.items
        )
        for group in groups(draft)
    }


def test_the_case_of_the_example_reads_as_a_counsellor_expects() -> None:
    assert as_text(make_draft()) == {
        "Situasjon": f"[0]{OWN_WORDS}[1]tar bilnøklene · gjelder: meg selv · psykisk vold",
        "Risiko": "redd i dag: nei · kvelertak: ikke spurt"
        " · våpen eller drapstrusler: ville ikke svare",
        "Barn": "to, 4 og 7 år",
        "Fått svar": "psykisk vold, dagtilbud, meldeplikt",
        "Ønsker": "en første samtale",
        "Neste steg": "vil skrive nå · sted: Lyngdal · tid: helst formiddag",
    }
    assert unsaid(make_draft()) == (["kommune"], [])


def test_every_line_that_the_summary_can_have_has_its_place() -> None:
    assert set(WRITTEN) - set(CONTACT) - {"talk_language"} <= set(FIELDS)


def test_a_line_that_nobody_foresaw_is_shown_and_not_lost() -> None:
    draft = make_draft(summary=(SummaryLine("new_thing", "new_thing", "noe viktig"),))
    assert as_text(draft)["Ellers"] == "new thing: noe viktig"


def test_children_not_asked_about_stand_as_not_asked() -> None:
    draft = make_draft(summary=(SummaryLine("children", "children", "", "not_asked"),))
    assert as_text(draft)["Barn"] == "ikke spurt"


def test_a_long_sentence_is_shortened_at_a_word_and_can_be_opened() -> None:
    words = "han sier at " + "jeg aldri får " * 20
    draft = make_draft(summary=(SummaryLine("own_words", "own_words", words, quotes=(words,)),))
    (shown,) = groups(draft)[0].items[0].quotes
    assert shown.text.endswith("får …") or shown.text.endswith(" …")
    assert len(shown.text) < 95
    assert draft.own_words[shown.number] == words


def test_text_beside_the_quotes_is_kept() -> None:
    line = SummaryLine(
        "own_words", "own_words", f"«{OWN_WORDS}» sa hun til meg", quotes=(OWN_WORDS,)
    )
    assert groups(make_draft(summary=(line,)))[0].items[0].text == line.text


def test_voicemail_is_never_unless_the_person_said_yes() -> None:
    for voicemail, words in ((None, "ALDRI"), (False, "ALDRI"), (True, "kan legge igjen")):
        draft = make_draft(contact=Contact("+4700000001", "09–14", "feil nummer", voicemail))
        assert words in " ".join(text for _kind, text in contact_rules(draft))


def test_what_the_person_did_not_say_about_calling_counts_as_no() -> None:
    rules = dict(contact_rules(make_draft(contact=Contact("+4700000001"))))
    assert rules["other"] == "svarer andre: ikke oppgitt, si ingenting"
    assert rules["never"] in ("Trygg ringetid er IKKE oppgitt", "ALDRI telefonsvarer")


def test_who_writes_and_gave_no_number_has_no_calling_rules() -> None:
    assert contact_rules(make_draft(contact=Contact())) == []
    assert contact_rules(make_draft(contact=Contact(), how="be_called")) != []


def test_the_number_is_never_part_of_the_rules_or_the_rows() -> None:
    draft = make_draft()
    shown = repr(contact_rules(draft)) + repr(groups(draft)) + repr(unsaid(draft))
    assert "00000001" not in shown


def test_another_language_and_an_interpreter_stand_first_in_the_bar_and_not_below() -> None:
    lines = (
        SummaryLine("language", "language", "polsk"),
        SummaryLine("interpreter", "interpreter", "ja"),
    )
    draft = make_draft(summary=lines, wishes=Wishes())
    assert spoken(draft) == "språk: polsk · tolk: ja"
    assert contact_rules(draft)[0] == ("tongue", "språk: polsk · tolk: ja")
    assert [group.title for group in groups(draft)] == ["Neste steg"]
    assert (
        spoken(replace(draft, summary=(), wishes=Wishes(language="tigrinja"))) == "språk: tigrinja"
    )
    assert spoken(make_draft(wishes=Wishes())) is None


@pytest.mark.parametrize(
    ("language", "interpreter", "stands"),
    [
        ("norsk", "nei", False),
        ("Norsk.", None, False),
        (None, None, False),
        ("norsk, men helst somali", None, True),
        ("norsk", "ja", True),
        ("norsk", "nordsamisk tolk", True),
    ],
)
def test_only_plain_norwegian_without_an_interpreter_stays_out_of_the_bar(
    language: str | None, interpreter: str | None, stands: bool
) -> None:
    said = (("language", language), ("interpreter", interpreter))
    lines = tuple(SummaryLine(name, name, text) for name, text in said if text)
    draft = make_draft(summary=lines, wishes=Wishes(), contact=Contact())
    assert bool(contact_rules(draft)) is stands


LINES = st.builds(
    SummaryLine,
    field=st.sampled_from([*FIELDS, "something_else"]),
    label_key=st.just("x"),
    text=st.text(max_size=200),
    status=st.sampled_from(["said", "not_asked", "would_not_say"]),
    quotes=st.lists(st.text(max_size=150), max_size=3).map(tuple),
)


@given(st.lists(LINES, max_size=12).map(tuple))
def test_every_quote_shown_opens_its_own_sentence(lines: tuple[SummaryLine, ...]) -> None:
    draft = make_draft(summary=lines)
    shown = groups(draft)
    assert [group.title for group in shown] == [t for t in ORDER if t in {g.title for g in shown}]
    for group in shown:
        for item in group.items:
            for quote in item.quotes:
                assert draft.own_words[quote.number].startswith(quote.text.removesuffix(" …"))
