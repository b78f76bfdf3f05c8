"""A text is proposed by one and approved by another: the whole way to the file, and back."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from bot.centre import load_centre
from bot.content.check import check_topics
from bot.store import missed
from bot.store.database import StoreAway
from tests.desk.conftest import Browser, Clock
from tests.desk.words_room import GIST, NEW, Words, change_id, fields_of, room


@pytest.fixture
def words(tmp_path: Path, clock: Clock) -> Iterator[Words]:
    yield from room(tmp_path, clock)


@pytest.fixture
def eli(words: Words) -> Browser:
    return words.desk.signed_in("Eli", "editor")


@pytest.fixture
def ada(words: Words) -> Browser:
    return words.desk.signed_in("Ada", "editor")


def clearer(words: Words, browser: Browser) -> str:
    """The form's text with another first sentence; its sections stay."""
    return words.form(browser)["body"].replace(GIST, "Det koster ingenting")


def said(answer: object) -> str:
    return " ".join(unescape(answer.text).split())  # type: ignore[attr-defined]


def test_one_proposes_and_another_approves(words: Words, eli: Browser, ada: Browser) -> None:
    before = words.text()
    address = words.proposed(eli, body=clearer(words, eli))
    assert words.text() == before  # nothing is said by one person alone
    assert "klarere ord" in said(ada.get("/desk/content"))
    page = said(ada.get(address))
    assert "<del>er</del>" in page or "<del>Det er gratis" in page or "<del>er gratis" in page
    assert "Før" in page and "Nå" in page and "Gjennomstreket er tatt bort" in page
    assert "av 2 deler" in page  # by SMS as well
    assert words.approves(ada, address).status_code == 303
    after = words.text()
    assert after == before.replace(f"\n{GIST}", "\nDet koster ingenting")
    assert check_topics(words.folder, load_centre(words.centre), ["cost"]) == []
    page = said(ada.get(address))
    assert "Godkjent av" in page and "ikke læres opp på nytt" in page
    [change] = words.changes()
    assert (change.before, change.after, change.state) == (before, after, "live")
    log = [entry for entry in words.desk.audit() if entry[0].startswith("text_")]
    assert log == [("text_proposed", change.id), ("text_approved", change.id)]
    assert "klarere ord" in said(eli.get("/desk/content/topic/cost/nb"))  # its history


@pytest.mark.parametrize("role", ["editor", "editor,administrator"])
def test_nobody_approves_her_own(words: Words, role: str) -> None:
    sole = words.desk.signed_in("Sol", role)
    before = words.text()
    address = words.proposed(sole, body=clearer(words, sole))
    assert "Godkjenn" not in said(sole.get(address)).replace("Godkjent", "")
    answer = words.approves(sole, address)
    assert answer.status_code == 422 and "ditt eget forslag" in said(answer)
    assert words.text() == before and words.changes()[0].state == "waiting"


def test_an_administrator_is_a_second_person_but_writes_nothing(words: Words, eli: Browser) -> None:
    ada = words.desk.signed_in("Ada", "administrator")
    assert ada.get("/desk/content/topic/cost/nb/edit").status_code == 404
    address = words.proposed(eli, body=clearer(words, eli))
    assert words.approves(ada, address).status_code == 303


def test_what_the_check_finds_stops_the_proposal_and_not_the_draft(
    words: Words, eli: Browser, ada: Browser
) -> None:
    wrong = clearer(words, eli) + "\n\nRing 116 117."
    answer = words.proposes(eli, body=wrong)
    assert answer.status_code == 422
    assert "telefonnummeret 116 117 er skrevet rett inn" in said(answer)
    assert "Ring 116 117." in answer.text  # nothing she wrote is lost
    assert words.changes() == []
    address = words.proposes(eli, body=wrong, do="draft").headers["location"]
    assert "Dette må rettes" in said(eli.get(address))
    assert ada.get(address).status_code == 404  # a draft is one's own
    assert words.approves(ada, address).status_code == 404
    again = fields_of(eli.get(f"/desk/content/topic/cost/nb/edit?change={change_id(address)}").text)
    assert again["body"] == wrong
    mended = words.proposes(eli, change=change_id(address), body=clearer(words, eli))
    assert mended.headers["location"] == address  # the draft became the proposal
    assert words.approves(ada, address).status_code == 303


def test_looking_first_changes_nothing_and_shows_it_by_sms(words: Words, eli: Browser) -> None:
    page = said(words.proposes(eli, do="check", sms="Det er gratis. " * 30))
    assert "Kort den ned til to" in page
    assert words.changes() == []


def test_two_who_approve_at_once(words: Words, eli: Browser, ada: Browser) -> None:
    address = words.proposed(eli, body=clearer(words, eli))
    others = [ada, words.desk.signed_in("Ina", "administrator")]
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda one=one: answers.append(words.approves(one, address).status_code)
        )
        for one in others
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(answers) == [303, 422]
    approved = [entry for entry in words.desk.audit() if entry[0] == "text_approved"]
    assert len(approved) == 1


def test_a_file_that_was_changed_meanwhile_is_left_alone(
    words: Words, eli: Browser, ada: Browser
) -> None:
    address = words.proposed(eli, body=clearer(words, eli))
    path = words.folder / "centre" / "cost.nb.md"
    path.write_text(words.text().replace("en stund", "en tid"), encoding="utf-8")
    theirs = words.text()
    answer = words.approves(ada, address)
    assert answer.status_code == 422 and "endret av noen andre" in said(answer)
    assert words.text() == theirs and words.changes()[0].state == "waiting"


def test_a_form_that_was_open_while_the_file_changed(words: Words, eli: Browser) -> None:
    filled = words.form(eli) | {"body": clearer(words, eli), "note": "x", "do": "propose"}
    path = words.folder / "centre" / "cost.nb.md"
    path.write_text(words.text().replace("en stund", "en tid"), encoding="utf-8")
    answer = eli.http.post("/desk/content/topic/cost/nb/edit", data=filled)
    assert answer.status_code == 409 and "<del>tid." in answer.text
    assert words.changes() == []


def test_a_folder_that_cannot_be_written(
    words: Words, eli: Browser, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = words.proposed(eli, body=clearer(words, eli))
    before = words.text()

    def refuse(**_options: object) -> tuple[int, str]:
        raise PermissionError("read-only")

    monkeypatch.setattr("bot.content.edit.tempfile.mkstemp", refuse)
    answer = words.approves(ada, address)
    assert answer.status_code == 422 and "kan ikke skrives herfra" in said(answer)
    assert words.text() == before and words.changes()[0].state == "waiting"
    assert "text_approved" not in dict(words.desk.audit())


def test_the_file_goes_back_when_the_store_fails(
    words: Words, eli: Browser, ada: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = words.proposed(eli, body=clearer(words, eli))
    before = words.text()
    run = words.desk.db.run

    async def fails(fn, *args, **kwargs):  # type: ignore[no-untyped-def]
        found = await run(fn, *args, **kwargs)
        if getattr(fn, "__name__", "") == "whole":
            assert words.text() != before  # written, and then the commit is lost
            raise StoreAway("OperationalError")
        return found

    monkeypatch.setattr(words.desk.db, "run", fails)
    assert words.approves(ada, address).status_code == 503
    assert words.text() == before


def test_sent_back_with_a_word_and_written_on(words: Words, eli: Browser, ada: Browser) -> None:
    address = words.proposed(eli, body=clearer(words, eli))
    assert ada.post(f"{address}/send-back", answer="").status_code == 422
    assert ada.post(f"{address}/send-back", answer="Si «gratis».").status_code == 303
    assert "Si «gratis»." in said(eli.get("/desk/content"))
    assert words.approves(ada, address).status_code == 422
    assert eli.post(f"{address}/withdraw").status_code == 303
    assert words.changes()[0].state == "withdrawn"
    assert ("text_sent_back", change_id(address)) in words.desk.audit()


def test_what_must_agree_goes_together(words: Words, eli: Browser, ada: Browser) -> None:
    """A new date in one language alone would fail the check; with the others it is right."""
    address = words.proposed(eli, text_date="2026-11-20", review="2027-11-20", everywhere="yes")
    assert len(words.changes()) == 3
    page = said(ada.get(address))
    assert "blir godkjent sammen" in page and "cost · engelsk: hva er endret" in page
    assert words.approves(ada, address).status_code == 303
    for lang in ("nb", "nn", "en"):
        assert "review: 2027-11-20" in words.text(f"centre/cost.{lang}.md")
    assert check_topics(words.folder, load_centre(words.centre), ["cost"]) == []
    undone = ada.post(f"{address}/undo-now", note="feil dato")
    assert undone.status_code == 303
    for lang in ("nb", "nn", "en"):
        assert "2027-11-20" not in words.text(f"centre/cost.{lang}.md")


def test_what_came_to_wait_after_she_looked_is_not_approved(
    words: Words, eli: Browser, ada: Browser
) -> None:
    address = words.proposed(eli, text_date="2026-11-20")
    assert words.approves(ada, address).status_code == 422  # alone it differs from the others
    for lang in ("nn", "en"):
        words.proposes(eli, f"cost/{lang}", text_date="2026-11-20")
    fields = {"csrf": ada.csrf(), "seen": change_id(address)}
    assert ada.http.post(f"{address}/approve", data=fields).status_code == 422
    assert words.approves(ada, address).status_code == 303


def test_put_back_by_two(words: Words, eli: Browser, ada: Browser) -> None:
    before = words.text()
    address = words.proposed(eli, body=clearer(words, eli))
    words.approves(ada, address)
    assert ada.post(f"{address}/undo", note="").status_code == 422
    turned = ada.post(f"{address}/undo", note="den gamle var bedre").headers["location"]
    assert words.text() != before
    assert words.approves(ada, turned).status_code == 422
    assert words.approves(eli, turned).status_code == 303
    assert words.text() == before
    assert "Angret" in said(eli.get(address))


def test_a_text_that_does_harm_is_put_back_by_one(words: Words, eli: Browser, ada: Browser) -> None:
    before = words.text()
    address = words.proposed(eli, body=clearer(words, eli))
    words.approves(ada, address)
    lead = words.desk.signed_in("Liv", "shift_lead")
    assert words.desk.signed_in("Kari").post(f"{address}/undo-now", note="x").status_code == 404
    assert lead.post(f"{address}/undo-now", note="").status_code == 422
    assert lead.post(f"{address}/undo-now", note="noen ble redde").status_code == 303
    assert words.text() == before
    newest = next(change for change in words.changes() if change.alone)
    assert newest.undoes == change_id(address)
    assert ("text_undone_alone", newest.id) in words.desk.audit()
    assert "satt tilbake av én person" in said(eli.get("/desk/content/topic/cost/nb"))
    # What one person put back is not turned again by one person.
    again = lead.post(f"/desk/content/change/{newest.id}/undo-now", note="nei")
    assert again.status_code == 422 and words.text() == before


def test_the_other_languages_are_marked_until_they_follow(
    words: Words, eli: Browser, ada: Browser
) -> None:
    words.approves(ada, words.proposed(eli, body=clearer(words, eli)))
    page = said(eli.get("/desk/content/topic/cost/nn"))
    assert "Se om denne må følge etter" in page
    assert "nynorsk er eldre enn bokmål" in said(eli.get("/desk/content"))
    assert "Se om denne" not in said(eli.get("/desk/content/topic/cost/nb"))
    body = words.form(eli, "cost/nn")["body"].replace("gratis", "heilt gratis", 1)
    assert "others" not in words.form(eli, "cost/nn")  # it follows; it does not lead
    words.desk.clock.passes(minutes=1)
    address = words.proposes(eli, "cost/nn", body=body).headers["location"]
    assert words.approves(ada, address).status_code == 303
    assert "Se om denne" not in said(eli.get("/desk/content/topic/cost/nn"))
    assert "Se om denne" not in said(eli.get("/desk/content/topic/cost/nb"))
    assert "Se om denne" in said(eli.get("/desk/content/topic/cost/en"))


def test_the_list_has_the_overdue_first_and_can_be_searched(words: Words, eli: Browser) -> None:
    path = words.folder / "centre" / "men.nb.md"
    text = path.read_text(encoding="utf-8")
    review = next(line for line in text.splitlines() if line.startswith("review:"))
    path.write_text(text.replace(review, "review: 2026-11-01"), encoding="utf-8")
    page = said(eli.get("/desk/content"))
    assert page.index("Forfalt: skulle vært lest på nytt 01.11.2026") < page.index("Senteret (")
    found = said(eli.post("/desk/content/search", words="koster det", group="centre"))
    assert "1 temaer" in found and "/desk/content/topic/cost/nb" in found
    overdue = said(eli.get("/desk/content?due=overdue"))
    assert "1 temaer" in overdue and "/desk/content/topic/men/nb" in overdue
    assert dt.date(2026, 11, 1) < words.desk.clock.now.date()


def test_what_was_not_understood_is_for_the_editor(words: Words, eli: Browser) -> None:
    with words.desk.db.begin() as tx:
        question = missed.add(tx, "nb", ["cost"], "Kan naboen få bo her?")
    assert "Kan naboen få bo her?" in said(eli.get("/desk/content"))
    assert "Kan naboen få bo her?" in said(eli.get("/desk/content/topic/cost/nb"))
    lead = words.desk.signed_in("Liv", "shift_lead,administrator")
    assert "Kan naboen" not in said(lead.get("/desk/content"))
    assert lead.post(f"/desk/content/missed/{question}/done").status_code == 404
    assert eli.post(f"/desk/content/missed/{question}/done").status_code == 303
    assert "Kan naboen" not in said(eli.get("/desk/content"))
    assert ("missed_done", question) in words.desk.audit()


def test_a_broken_file_is_named_and_nothing_else_breaks(words: Words, eli: Browser) -> None:
    (words.folder / "centre" / "cost.nb.md").write_text("uten linjer", encoding="utf-8")
    page = eli.get("/desk/content")
    assert page.status_code == 200 and "centre/cost.nb.md" in page.text


def test_the_whole_file_can_be_edited(words: Words, eli: Browser, ada: Browser) -> None:
    form = eli.get("/desk/content/topic/cost/nb/edit?raw=1").text
    filled = fields_of(form)
    assert filled["text"] == words.text()
    filled |= {"text": words.text().replace(GIST, NEW[:30]), "note": "ny", "do": "propose"}
    answer = eli.http.post("/desk/content/topic/cost/nb/edit", data=filled)
    assert answer.status_code == 303, said(answer)
    words.approves(ada, answer.headers["location"])
    assert NEW[:30] in words.text()
