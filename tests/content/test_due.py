"""What falls due: each kind is listed, in its group, once for all languages."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.content.due import content_due, listed, unconfirmed_numbers
from bot.content.files import ContentError
from bot.content.fill import centre_numbers

TODAY = dt.date(2026, 11, 22)
WAITING = {
    "review": "ny barnelov i kraft",
    "missing": "hva senteret gjør med dyr",
    "confirmed_fact": "pets",
    "body": "Spør.\n\n## confirmed\n{fact}",
}


def lines(folder, centre, today: dt.date = TODAY) -> list[str]:
    return list(listed(content_due(folder.root, centre, today)))


def test_events_referral_only_topics_facts_and_numbers_are_listed_in_groups(folder, centre):
    folder.cost_everywhere(**WAITING)
    assert lines(folder, centre) == [
        "To be read again when something happens (1):",
        "  content/centre/cost (nb, nn, en): ny barnelov i kraft",
        "Answered with a counsellor alone: a fact nobody has supplied (line 'missing:') (1):",
        "  content/centre/cost (nb, nn, en): hva senteret gjør med dyr",
        "Local facts not confirmed by name (centre.yml) (1):",
        "  content/centre/cost (nb, nn, en): facts.pets",
        "Phone numbers not confirmed by name (centre.yml, numbers) (1):",
        "  old_line: 00 00 00 02, Gammel linje; read 2016-01-01 in en gammel brosjyre; never shown "
        "(marked C)",
    ]


def test_a_date_is_due_from_sixty_days_before_and_names_its_languages(folder, centre):
    folder.cost("nn", review="2026-12-24")
    assert "  content/centre/cost (nn): 2026-12-24" in lines(folder, centre)
    assert not any("cost" in line for line in lines(folder, centre, dt.date(2026, 10, 1)))


def test_what_is_confirmed_is_not_due(folder, centre_with):
    folder.cost_everywhere(**{**WAITING, "missing": None, "review": "2099-01-01"})
    pets = {"pets": {"value": {"nb": "Ja."}, "confirmed_by": "Kari Nordmann"}}
    number = {"old_line": {"date": TODAY, "confirmed_by": "Kari Nordmann"}}
    assert lines(folder, centre_with(facts=pets, numbers=number)) == []


def test_only_numbers_that_may_be_shown_have_to_be_confirmed(folder, centre_with):
    text = (folder.root / "numbers.yml").read_text(encoding="utf-8")
    folder.write("numbers.yml", text.replace('  confirmed_by: "Kari Nordmann"\n', ""))
    assert unconfirmed_numbers(folder.root, centre_with()) == ["police_emergency"]
    said = {"police_emergency": {"date": TODAY, "confirmed_by": "Kari Nordmann"}}
    assert unconfirmed_numbers(folder.root, centre_with(numbers=said)) == []


def test_a_number_of_another_part_of_the_country_is_replaced_in_the_centres_file(
    folder, centre_with
):
    own = {"number": "00 00 00 05", "source": "Fjellbygd", "date": TODAY, "confirmed_by": None}
    entry = centre_numbers(folder.root, centre_with(numbers={"old_line": own}))["old_line"]
    assert (entry.number, entry.may_be_shown, entry.confirmed_by) == ("00 00 00 05", True, None)
    with pytest.raises(ContentError, match=r"numbers\.typo is unknown"):
        centre_numbers(folder.root, centre_with(numbers={"typo": own}))
