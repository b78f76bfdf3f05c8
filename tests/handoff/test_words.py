"""The words of a handoff: checked when loaded, honest when confirmed, easy to read."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.content.files import ContentError
from bot.content.readability import readability
from bot.handoff.flow import HandoffFlow
from bot.handoff.queue import Opened
from tests.handoff.conftest import a_draft
from tests.handoff.walking import CONTENT, LINE, FakeWords

LANGS = ["nb", "nn", "en"]
HOWS = ["write_now", "be_called", "first_talk", "call_self"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CONTENT / "handoff", tmp_path / "content" / "handoff")
    return tmp_path / "content"


def load(folder: Path) -> HandoffFlow:
    return HandoffFlow(folder, FakeWords(), reads_codes=False)


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        ("nn", '  about: "Kven gjeld det?"\n', "", "handoff/nn.yml: texts.about is missing"),
        ("nb", "  about: ", "  abuot: ", "handoff/nb.yml: texts.about is missing"),
        ("en", "  yes: ", "  yess: ", "handoff/en.yml: buttons.yes is missing"),
        ("nb", "buttons:\n", "buttons:\n  fax: Faks\n", "nb.yml: buttons.fax is not used"),
        ("nb", "{n.police_emergency}**", "{n.politi}**", "unknown placeholder {n.politi}"),
        ("nb", "  be_called: Ring meg\n", f"  be_called: {'Ring ' * 9}\n", "buttons.be_called"),
        ("nb", "  panic_now: panikk\n", "", "names.panic_now is not in nb.yml"),
        ("en", "  panic_now: panic\n", "", "en.yml: names.panic_now is missing"),
        ("nb", "texts:\n", "texts: [\n", "nb.yml: cannot be read near line"),
        ("nb", '  about: "Hvem gjelder det?"', f'  about: "{"Hvem? " * 60}"', "too long for two"),
        ("nb", '  about: "Hvem gjelder det?"', '  about: "Svar STOP."', "asks for the word STOP"),
        ("nb", '  about: "Hvem gjelder det?"', '  about: "Hva č?"', "the letter č"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_in_one_line_that_says_how_to_mend_it(
    folder, file, old, new, line
):
    path = folder / "handoff" / f"{file}.yml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load(folder)
    assert line in str(caught.value)
    assert "\n" not in str(caught.value)
    assert ";" in str(caught.value)


def test_a_language_that_is_missing_is_named(folder):
    (folder / "handoff" / "en.yml").unlink()
    with pytest.raises(ContentError, match=r"en\.yml: the file is missing"):
        load(folder)


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("how", HOWS)
def test_the_confirmation_says_whether_someone_is_there_and_always_has_the_number(
    how, lang, channel
):
    flow = load(CONTENT)
    opened = Opened("1", "Blå Måke", "123456" if how == "call_self" else None)
    draft = replace(a_draft(how), lang=lang)
    here = flow.confirmed(opened, draft, lang, channel, on_duty=True)
    away = flow.confirmed(opened, draft, lang, channel, on_duty=False)
    for replies in (here, away):
        text = "\n".join(reply.text for reply in replies)
        assert LINE in text
        assert "Blå Måke" not in text
        if channel == "sms":
            assert [count(t).segments <= 2 for t in sms_texts(replies[0], lang)] == [True]
    if how == "call_self":
        assert "123 456" in here[0].text
    else:
        assert here != away
        nobody = {"nb": "ingen rådgiver", "nn": "ingen rådgjevar", "en": "no counsellor"}[lang]
        assert nobody in away[0].text.lower()
        assert nobody not in here[0].text.lower()


@pytest.mark.parametrize("lang", LANGS)
def test_only_someone_who_waits_on_the_web_hears_of_the_return_code(lang):
    flow = load(CONTENT)
    word = {"nb": "returkode", "nn": "returkode", "en": "return code"}[lang]
    opened = Opened("1", "Blå Måke", None)
    for how in ("write_now", "be_called", "first_talk"):
        for on_duty in (True, False):
            [web] = flow.confirmed(opened, a_draft(how), lang, "web", on_duty)
            [sms] = flow.confirmed(opened, a_draft(how), lang, "sms", on_duty)
            assert (word in web.text) is (how == "write_now")
            assert word not in sms.text


@pytest.mark.parametrize("lang", ["nb", "nn"])
@pytest.mark.parametrize("place", ["handoff", "checklists"])
def test_the_norwegian_texts_are_easy_to_read(place, lang):
    """LIX at most 45 for a text of more than 40 words, and 35 over all (the duty quotes a law)."""
    raw = yaml.safe_load((CONTENT / place / f"{lang}.yml").read_text(encoding="utf-8"))
    texts = [
        text
        for key, words in raw["texts"].items()
        if key != "duty"
        for text in ([words] if isinstance(words, str) else [words["web"]])
    ]
    for text in texts:
        found = readability(text)
        assert found.words <= 40 or found.lix <= 45, text
    assert readability("\n".join(texts)).lix <= 35


def test_no_norwegian_text_of_a_flow_pities_doubts_or_promises():
    words = ("stakkar", "å nei", "er du sikker", "bare ", "lover", "garanterer", "offer ")
    allowed = ("bare kommunen", "bare ditt eget", "vises bare her")
    for path in sorted(CONTENT.glob("handoff/n?.yml")) + sorted(CONTENT.glob("checklists/n?.yml")):
        text = path.read_text(encoding="utf-8").lower()
        for phrase in allowed:
            text = text.replace(phrase, "")
        found = [word for word in words if word in text.replace("offer:", "")]
        assert found == [], path.name
