"""The desk speaks Nynorsk too: every text that is shown has its form, and none is left over."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pyotp
import pytest
from jinja2 import Environment, nodes

from bot.desk import day_wording, speech, summary_view, wording
from bot.desk.invitations import create_invitation
from bot.handoff.draft import Contact, Wishes
from bot.settings import ROOT
from bot.store import counsellors
from bot.store.roles import read_roles
from tests.desk.conftest import PASSWORD, Browser, DeskServer, _line

BOT = ROOT / "bot"
TEMPLATES = sorted(path for room in ("desk", "practice") for path in BOT.glob(f"{room}/**/*.html"))
SCRIPTS = sorted((BOT / "desk" / "static").glob("*.js"))
CODE = sorted(
    path
    for room in ("desk", "practice", "figures")
    for path in BOT.glob(f"{room}/*.py")
    if path.name != "access_table.py"  # it writes docs/roles.md
)

# Names, keys and marks that are the same in both languages.
SAME = frozenset({"Vakt", "Bokmål", "Nynorsk", "SMS", "Alt", "Ctrl", "Enter", "Esc", *"KNSR"})
COMMAND = "helpline desk-code"
SHOWN_ATTRIBUTES = frozenset({"aria-label", "placeholder", "title", "alt", "label"})
BOKMAAL = re.compile(
    r"\b(ikke|jeg|noe|noen|hva|hvor|hvem|hvordan|hvorfor|hvis|mer|selv|bare|ennå|nå|ble|blitt|dere"
    r"|fra|uten|gjør|være|rådgiver\w*|vaktleder\w*|saken|vakten"
    r"|siden|tjenesten|meldingen|telefonlinjen|skriver|ringer|venter|svarer|virker|åpne|tallene"
    r"|tatt|lagret|slettet|endret|uke|måned|numre|navn|en kollega)\b",
    re.IGNORECASE,
)
LETTERS = "A-Za-zÆØÅæøå"
SENTENCE = re.compile(rf"[æøåÆØÅ]|^[A-ZÆØÅ][a-zæøå]+(?: |$)|[{LETTERS}] [{LETTERS}]")
# Letters to choose from, words looked for in what is written, and names of the machine.
NOT_SHOWN = frozenset(
    {"abcdefghijklmnopqrstuvwxyzæøå0123456789", "[a-zæøå0-9._-]{3,40}", "nei takk", "rådgiver"}
    | {"rådgjevar", "Strict", "Vakt", "øving"}
)


def parsed(path: Path) -> nodes.Template:
    return Environment().parse(path.read_text(encoding="utf-8"))


def given_to_the_page(path: Path) -> set[str]:
    """The texts of a template that are given to `_()`."""
    calls = parsed(path).find_all(nodes.Call)
    return {
        one.value
        for call in calls
        if isinstance(call.node, nodes.Name) and call.node.name == "_" and call.args
        for one in [call.args[0], *call.args[0].find_all(nodes.Const)]
        if isinstance(one, nodes.Const) and isinstance(one.value, str)
    }


def constants(path: Path) -> Iterator[str]:
    """The strings of a module, without docstrings and what is put together from pieces."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    left_out: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            left_out.add(node.value)
        elif isinstance(node, ast.JoinedStr | ast.Raise):
            left_out.update(ast.walk(node))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in left_out:
            yield str(node.value)


def said(path: Path) -> set[str]:
    """The literals that a module gives to say()."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args]
    return {
        node.args[0].value
        for node in calls
        if (getattr(node.func, "id", "") or getattr(node.func, "attr", "")) == "say"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def tables() -> dict[str, list[str]]:
    """The word lists of the desk, by name."""
    return {
        f"{module.__name__}.{name}": list(table.values())
        for module in (wording, day_wording)
        for name, table in vars(module).items()
        if name.isupper() and name != "FILTERS" and isinstance(table, dict)
    }


def titles() -> set[str]:
    """What the summary calls its rows and lines; where it was not asked, in small letters."""
    labels = {label for _title, label in summary_view.FIELDS.values() if label}
    asked_elsewhere = {
        title.lower()
        for name, (title, label) in summary_view.FIELDS.items()
        if not label and name not in summary_view.NAMES and title not in summary_view.INLINE
    }
    return set(summary_view.ORDER) | labels | set(summary_view.NAMES.values()) | asked_elsewhere


def is_norwegian(text: str) -> bool:
    """English ones in the code are small-letter errors that nobody at the desk reads."""
    return bool(re.search(r"[æøåÆØÅ]|^[A-ZÆØÅ][a-zæøå]+(?: |$)", text) or BOKMAAL.search(text))


def without(texts: set[str] | list[str]) -> list[str]:
    return sorted(text for text in texts if text not in speech.nynorsk())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_every_text_of_a_page_has_its_nynorsk(path: Path) -> None:
    assert without(given_to_the_page(path)) == []


@pytest.mark.parametrize("path", CODE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_sentence_in_the_code_has_its_nynorsk(path: Path) -> None:
    assert without(said(path)) == []
    if path.parent.name == "desk":
        shown = {text for text in constants(path) if is_norwegian(text)}
        assert without(shown - NOT_SHOWN) == []


@pytest.mark.parametrize("name", tables())
def test_every_word_list_has_its_nynorsk(name: str) -> None:
    assert without(tables()[name]) == []


def test_every_row_of_a_summary_has_its_nynorsk() -> None:
    assert without(titles()) == []


class Shown(HTMLParser):
    """What a reader sees or hears of a page, without what stands there in another language."""

    VOID = frozenset({"meta", "link", "input", "br", "img", "hr"})

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._foreign: list[bool] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        foreign = any(self._foreign) or dict(attrs).get("lang") in ("nb", "en")
        if not foreign:
            self.texts += [
                value
                for name, value in attrs
                if value
                and (name in SHOWN_ATTRIBUTES or (name.startswith("data-") and " " in value))
            ]
        if tag not in self.VOID:
            self._foreign.append(foreign)

    def handle_endtag(self, tag: str) -> None:
        if tag not in self.VOID and self._foreign:
            self._foreign.pop()

    def handle_data(self, data: str) -> None:
        if not any(self._foreign):
            self.texts.append(data)


def shown(page: str) -> str:
    parser = Shown()
    parser.feed(page)
    return "\n".join(text.strip() for text in parser.texts if text.strip())


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_no_template_shows_a_text_of_its_own(path: Path) -> None:
    bare = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", "", path.read_text("utf-8"), flags=re.DOTALL)
    words = set(
        re.findall(
            rf"[{LETTERS}]+", shown(bare).replace("/desk/live/case/", "").replace(COMMAND, "")
        )
    )
    assert words - SAME == set()
    given = given_to_the_page(path)
    others = {
        one.value
        for one in parsed(path).find_all(nodes.Const)
        if isinstance(one.value, str) and one.value not in given and SENTENCE.search(one.value)
    }
    assert others - {"/desk/live/case/"} == set()


def test_the_scripts_have_their_words_from_the_page() -> None:
    page = (BOT / "desk" / "templates" / "part_words.html").read_text(encoding="utf-8")
    given = {
        re.sub("-(.)", lambda found: found.group(1).upper(), name)
        for name in re.findall(r"\bdata-([a-z-]+)=", page)
    }
    source = "\n".join(path.read_text(encoding="utf-8") for path in SCRIPTS)
    code = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", "", source, flags=re.DOTALL)
    literals = set(re.findall(r'"([^"\n]*)"|`([^`]*)`', code))
    own = {a or b for a, b in literals if BOKMAAL.search(a or b)}
    assert own == set()
    asked = set(re.findall(r'\bword\("(\w+)"', code))
    asked |= set(re.findall(r'word\(restarted \? "(\w+)" : "(\w+)"', code)[0])
    asked |= set(re.findall(r'\["(\w+)", fresh|\["(casesLost)"', code)[0]) - {""}
    assert asked - given == set()
    assert {name for name in given if f'"{name}"' not in code} == set()


def test_no_nynorsk_is_left_over() -> None:
    used = {text for path in CODE for text in constants(path)} | titles()
    used |= {text for path in CODE for text in said(path)}
    for path in TEMPLATES:
        used |= given_to_the_page(path)
    assert sorted(set(speech.nynorsk()) - used) == []


def test_no_nynorsk_has_bokmaal_in_it() -> None:
    found = {words: BOKMAAL.findall(words) for words in speech.nynorsk().values()}
    assert {words: marks for words, marks in found.items() if marks} == {}


def test_every_error_is_said_and_not_only_shown() -> None:
    """A bare text given to a page would stand there in Bokmål for everybody."""
    bare = []
    for path in CODE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg in ("error", "notice", "heading"):
                name = getattr(node.value, "id", "")
                constant = isinstance(node.value, ast.Constant) and " " in str(node.value.value)
                if constant or name.isupper() or isinstance(node.value, ast.JoinedStr):
                    bare.append((path.name, node.value.lineno))
    assert bare == []


ROLES = "counsellor,shift_lead,editor,administrator,auditor"
PAGES: tuple[str, ...] = (
    "",
    "shift",
    "code",
    "day-service",
    "misuse",
    "help",
    "account",
    "staff",
    "log",
)
PAGES += (
    "statistics",
    "content",
    "content/facts",
    "content/topic/cost/nn",
    "content/topic/cost/nn/edit",
    "replies",
    "replies/nn",
    "replies/nn/new",
)


@pytest.fixture
def signe(desk: DeskServer) -> Browser:
    """Somebody with every role, who reads Nynorsk."""
    counsellor_id = desk.counsellor("Signe", ROLES)
    with desk.db.begin() as tx:
        counsellors.set_lang(tx, counsellor_id, "nn")
    return desk.signed_in("Signe")


def case(desk: DeskServer, channel: str = "web") -> str:
    """A case where the person's own words are Nynorsk too."""
    summary = (
        _line("own_words", "«eg er redd heime»", ("eg er redd heime",)),
        _line("about", "meg sjølv"),
        _line("strangled"),
        _line("weapon", status="would_not_say"),
        _line("children"),
        _line("wants", status="would_not_say"),
        _line("municipality"),
    )
    return desk.handoff(
        desk.person(channel),
        summary=summary,
        lang="nn",
        wishes=Wishes(),
        contact=Contact("+4700000001", "09–14", "", False),
    )


def assert_nynorsk(answer_text: str) -> None:
    assert '<html lang="nn">' in answer_text
    assert [line for line in shown(answer_text).split("\n") if BOKMAAL.search(line)] == []


@pytest.mark.parametrize("page", PAGES)
def test_a_page_in_nynorsk_has_no_word_of_bokmaal(
    desk: DeskServer, signe: Browser, page: str
) -> None:
    waits = case(desk)
    desk.alarm(desk.person())
    desk.signed_in("Kari").post(f"/desk/case/{case(desk)}/take")
    answer = signe.get(f"/desk/{page}", follow_redirects=True)
    assert (answer.status_code, bool(waits)) == (200, True)
    assert_nynorsk(answer.text)


@pytest.mark.parametrize("channel", ["web", "sms"])
def test_a_case_in_nynorsk_from_the_queue_to_its_end(
    desk: DeskServer, signe: Browser, channel: str
) -> None:
    handoff_id = case(desk, channel=channel)
    page = f"/desk/case/{handoff_id}"
    assert_nynorsk(signe.get(page).text)
    signe.post(f"{page}/take")
    assert_nynorsk(signe.get(page).text)
    assert_nynorsk(signe.get(f"{page}/journal").text)
    assert_nynorsk(signe.get(f"/desk/day-service/{handoff_id}").text)
    unclosed = signe.post(f"{page}/close")
    assert unclosed.status_code == 422
    assert "Vel kva det vart til" in unclosed.text
    assert_nynorsk(unclosed.text)
    signe.post(f"{page}/close", outcome="talked")
    assert_nynorsk(signe.get(page).text)
    assert_nynorsk(signe.post(f"{page}/close", outcome="talked").text)


def test_what_goes_wrong_is_said_in_nynorsk(desk: DeskServer, signe: Browser) -> None:
    assert_nynorsk(signe.get("/desk/case/none").text)
    assert_nynorsk(signe.http.post("/desk/code", data={"csrf": "old"}).text)
    assert_nynorsk(signe.post("/desk/code", code="12").text)


def test_before_signing_in_one_can_choose(desk: DeskServer) -> None:
    browser = desk.browser()
    assert "Brukernavn" in browser.get("/desk/sign-in").text
    page = browser.get("/desk/sign-in?lang=nn").text
    assert_nynorsk(page)
    assert 'action="/desk/sign-in?lang=nn"' in page
    refused = browser.http.post(
        "/desk/sign-in?lang=nn",
        data={"csrf": browser.csrf("/desk/sign-in"), "username": "x", "password": "y", "code": "1"},
    )
    assert "Innlogginga gjekk ikkje" in refused.text
    assert_nynorsk(refused.text)


def test_an_account_made_in_nynorsk_is_in_nynorsk(desk: DeskServer) -> None:
    with desk.db.begin() as tx:
        link = f"/desk/invitation/{create_invitation(tx, read_roles('counsellor'))}"
    browser = desk.browser()
    assert_nynorsk(browser.get(f"{link}?lang=nn").text)
    new = {"username": "nina", "display_name": "Nina", "password": PASSWORD}
    answer = browser.post(f"{link}?lang=nn", link, password_again=PASSWORD, **new)
    page = browser.get(answer.headers["location"]).text
    assert_nynorsk(page)
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret
    code = pyotp.TOTP(secret.group(1).replace(" ", "")).at(desk.clock.now)
    assert browser.post(f"{link}/code?lang=nn", link, code=code).status_code == 303
    assert_nynorsk(browser.get("/desk/").text)


def test_how_long_ago_is_said_in_both() -> None:
    speech.speak("nn")
    assert [wording.age(days * 86400) for days in (1, 3)] == ["1 dag", "3 dagar"]
    speech.speak("nb")
    assert wording.age(3 * 86400) == "3 dager"
