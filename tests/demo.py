"""`make demo`: four whole conversations with the real service, printed as they happen.

The service runs in a process of its own, as `make serve` runs it, with a store of its own that is
thrown away. Everything goes over HTTP: the page without script and its open line, SMS webhooks with
Twilio's signature and replies through Twilio's client, the desk with password and one-time code.
Only the telephone network and the two phones are played (tests/fakes/).

    python -m tests.demo        exit code 1 when something did not happen as it should
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import requests

from bot.settings import ROOT, load_settings
from bot.understanding.train import trained_model
from tests.actors import Counsellor, NotThere, SmsPerson, WebPerson, wait_for
from tests.fakes.telephone import Phones
from tests.fakes.twilio import ACCOUNT_SID, AUTH_TOKEN, NUMBER, FakeTwilio
from tests.live import LOG, free_port, serving, until_ready

READY_WITHIN = 300.0  # seconds; some 15 on an idle machine
WEB, SMS, CALL, NYNORSK = (
    "By web: he is at the door",
    "By SMS: signed, and neutral first",
    "By SMS: called back, and erased",
    "By web in Nynorsk: is this violence?",
)
WHO = {"bot": "helpline", "desk": "counsellor"}
INGUNNS_PHONE = "+4700000077"
NUMBERS = ("00000001", "00000002", "00000077")
A_PHRASE = 8  # characters; "ja" and "1" stand in any log


@dataclass
class Played:
    """One conversation: what was written in it, and whether it went as it should."""

    title: str
    written: list[str] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)
    wrong: str = ""
    seconds: float = 0.0


class Stage:
    """Prints what happens, line by line, and holds it against what should."""

    def __init__(self, show: Callable[[str], None]) -> None:
        self._show = show
        self.played: list[Played] = []

    @contextmanager
    def scene(self, title: str) -> Iterator[None]:
        """One conversation. What goes wrong in it is noted, and the next one is played."""
        now = Played(title)
        self.played.append(now)
        self._show(f"\n{len(self.played)}. {title}\n{'=' * (len(title) + 3)}")
        begun = time.monotonic()
        try:
            yield
        except (NotThere, httpx.HTTPError, OSError, TimeoutError) as error:
            now.wrong = str(error) or type(error).__name__
            self._show(f"NOT AS IT SHOULD: {now.wrong}")
        now.seconds = time.monotonic() - begun

    def writes(self, who: str, text: str) -> str:
        """Somebody writes `text`; returns it."""
        self.played[-1].written.append(text)
        self.tell(who, text)
        return text

    def tell(self, who: str, text: str) -> None:
        """Print what somebody says or does."""
        self._show(f"{who + ':':<12} " + text.replace("\n", "\n" + " " * 13))

    def hears(self, said: list[tuple[str, str]], *patterns: str) -> None:
        """Print what the person reads; each pattern must be in it. Raises NotThere."""
        self.played[-1].heard += [text for _, text in said]
        for who, text in said:
            if text in self.played[-1].written:
                self.tell("person", "(reads what the counsellor wrote)")
            else:
                self.tell(WHO[who], text)
        self.holds("\n".join(text for _, text in said), *patterns)

    def holds(self, text: str, *patterns: str) -> None:
        """Each pattern must be in the text. Raises NotThere."""
        for pattern in patterns:
            if not re.search(pattern, text, re.IGNORECASE):
                raise NotThere(f"«{pattern}» is missing in what came")


def play(place: Path, show: Callable[[str], None] = print) -> list[Played]:
    """Play all four in a service whose files and log are in `place`."""
    stage = Stage(show)
    with FakeTwilio() as twilio:
        port = free_port()
        settings = with_twilio(twilio, port)
        twilio.app_url = settings["HELPLINE_PUBLIC_URL"]
        show("Starting the service …")
        with serving(place, port, **settings) as base:
            show(f"All parts are ready after {until_ready(base, READY_WITHIN):.0f} s.")
            ingunn = Counsellor(base, "Ingunn")
            with stage.scene(WEB):
                by_web(stage, base, ingunn, invitation_of(place))
            with stage.scene(SMS):
                by_sms(stage, SmsPerson(base, twilio, "+4700000001"), ingunn)
            with stage.scene(CALL):
                called_back(stage, SmsPerson(base, twilio, "+4700000002"), ingunn, twilio.phones)
            with stage.scene(NYNORSK):
                in_nynorsk(stage, base, ingunn)
            ingunn.close()
    return stage.played


def with_twilio(twilio: FakeTwilio, port: int) -> dict[str, str]:
    """Settings of a service whose texts go to the played telephone network."""
    return {
        "HELPLINE_ENV": "demo",
        "HELPLINE_DATABASE_URL": "",
        "HELPLINE_SMS": "on",
        "HELPLINE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "HELPLINE_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "HELPLINE_TWILIO_AUTH_TOKEN": AUTH_TOKEN,
        "HELPLINE_TWILIO_NUMBER": NUMBER,
        "HELPLINE_TWILIO_BASE_URL": twilio.start(),
    }


def invitation_of(place: Path) -> str:
    """The link that the service printed for the first counsellor."""

    def look() -> str:
        printed = (place / LOG).read_text(encoding="utf-8")
        found = re.search(r"\S+/desk/invitation/\S+", printed)
        return found[0] if found else ""

    return wait_for("the link for the first counsellor", look)


def by_web(stage: Stage, base: str, ingunn: Counsellor, invitation: str) -> None:
    """Danger, an alarm, a summary with a yes; a counsellor comes, they write; the bot again."""
    person = WebPerson(base)
    stage.tell("helpline", _first_screen(person))
    stage.holds(person.text, "chatbot", "trygt for deg", "112")
    stage.hears(person.writes(stage.writes("person", "han står utenfor og hamrer på døra")), "112")
    stage.holds(stage.played[-1].heard[0], r"^Ring politiet nå: 112")
    stage.hears(person.writes(stage.writes("person", "snakk med noen")), "Dette sier jeg videre")
    stage.holds(stage.played[-1].heard[-1], "barnevern", "hamrer på døra")
    _presses(stage, person, "Ja, send", "112|lagret|sendt")

    ingunn.makes_account(invitation)
    ingunn.signs_out()
    ingunn.signs_in()
    ingunn.goes_on_duty()
    stage.tell("counsellor", "(signs in with password and one-time code, goes on duty)")
    board = ingunn.board()
    stage.tell("desk", board)
    stage.holds(board, "Fare akkurat nå", "hamrer på døra", "HASTER NÅ")
    with person.open_line() as line:
        head, summary = ingunn.takes_first()
        stage.tell("counsellor", "(takes the case and reads)")
        stage.tell("desk", f"{head}\n{summary}")
        stage.holds(summary, "hamrer på døra")
        words = stage.writes("counsellor", "Hei, jeg heter Ingunn og er rådgiver. Er du alene nå?")
        ingunn.writes(words)
        wait_for(
            "the counsellor's words on the open line",
            lambda: [item for item in line if item["who"] == "desk" and "Ingunn" in item["html"]],
        )
    stage.hears(person.does("new"), "rådgiver", re.escape(words))
    stage.hears(person.writes(stage.writes("person", "ja, politiet er på vei")))
    if any(who == "bot" for who, _ in person.does("new")):
        raise NotThere("the bot was not silent while the counsellor held the case")
    _reaches_desk(stage, ingunn, "politiet er på vei")
    ingunn.writes(stage.writes("counsellor", "Så bra. Jeg blir her til de kommer."))
    stage.hears(person.does("new"), "til de kommer")
    ingunn.closes("talked")
    stage.tell("counsellor", "(closes the case)")
    stage.holds(ingunn.board(), "Ingen alarmer", "Ingen venter")
    stage.hears(person.does("new"), "chatbot")
    stage.hears(person.writes(stage.writes("person", "hva koster det å bo hos dere")), "gratis")
    person.close()


def by_sms(stage: Stage, person: SmsPerson, ingunn: Counsellor) -> None:
    """Neutral until it is safe, an answer, a counsellor on the same thread, and back."""
    status = person.forged("hei hva koster det å bo hos dere")
    stage.tell("desk", f"(an SMS with a wrong signature was refused: {status})")
    stage.holds(str(status), "403")

    def texts(write: str, *patterns: str) -> list[str]:
        person.writes(stage.writes("person", write))
        return _reads(stage, person, *patterns)

    first = texts("hei hva koster det å bo hos dere", "Passer det")
    if re.search("vold|krise|bo hos|chatbot", " ".join(first), re.IGNORECASE):
        raise NotThere("the first SMS was not neutral")
    texts("1", "chatbot", "gratis")
    ways = texts("jeg vil snakke med noen", "Hvordan vil du ha kontakt")
    about = texts(_number(ways, "skriv med"), "Hvem gjelder det")
    more = texts(_number(about, "meg selv"), r"\d ")
    texts(_number(more, "nei, gå videre"), "ja, send")
    texts("1", "sendt")

    ingunn.hears("the case", r"Venter 1")
    head, summary = ingunn.takes_first()
    stage.tell("desk", f"{head}\n{summary}")
    stage.holds(head, "SMS")
    _reads(stage, person, "rådgiver")
    ingunn.writes(stage.writes("counsellor", "Hei, dette er rådgiveren. Hva kan jeg hjelpe med?"))
    _reads(stage, person, "Hva kan jeg hjelpe med")
    person.writes(stage.writes("person", "jeg vil ha en samtale på dagtid"))
    _reaches_desk(stage, ingunn, "samtale på dagtid")
    ingunn.writes(stage.writes("counsellor", "Det kan du få. Passer torsdag klokka 10?"))
    _reads(stage, person, "torsdag")
    ingunn.closes("appointment")
    stage.tell("counsellor", "(closes the case)")
    _reads(stage, person, "chatbot")


def called_back(stage: Stage, person: SmsPerson, ingunn: Counsellor, phones: Phones) -> None:
    """Wants to be called; a missed call, a text instead, a call with a human; all erased."""

    def texts(write: str, *patterns: str) -> list[str]:
        person.writes(stage.writes("person", write))
        return _reads(stage, person, *patterns)

    texts("kan noen ringe meg", "Passer det")
    ways = texts("1", "chatbot", "ja, ring meg")
    ways = texts(_number(ways, "ja, ring meg"), "Hvem gjelder det")
    texts(_number(ways, "meg selv"), "nummer")
    texts("ja", "trygt å ringe")
    texts("når som helst", "noen andre tar telefonen")
    voicemail = texts("legg på", "legge igjen en beskjed")
    more = texts(_number(voicemail, "ja"), r"gå videre")
    texts(_number(more, "nei, gå videre"), "ja, send")
    texts("1", "sendt")

    ingunn.hears("the case", r"Venter 1")
    head, summary = ingunn.takes_first()
    stage.tell("desk", f"{head}\n{summary}")
    stage.holds(summary, "vil bli ringt")
    _rings(stage, ingunn, phones, person.number)
    phones.puts_down(phones.rung(person.number), "no-answer")
    stage.tell("person", "(does not answer the phone)")
    stage.tell("desk", ingunn.tries())
    stage.holds(ingunn.tries(), "ikke svar, SMS sendt i stedet")
    missed = _reads(stage, person, "Vi prøvde å ringe")
    if re.search("vold|krise|rådgiver", " ".join(missed), re.IGNORECASE):
        raise NotThere("the text after a missed call was not neutral")

    _rings(stage, ingunn, phones, person.number)
    picked_up = phones.rung(person.number)
    phones.picks_up(picked_up, by="human")
    if not phones.together() or picked_up.heard:
        raise NotThere("the two could not talk, or a machine spoke to the person")
    stage.tell("person", "(answers the phone; the two talk, and neither sees the other's number)")
    phones.puts_down(picked_up)
    stage.tell("desk", ingunn.tries())
    stage.holds(ingunn.tries(), "dere snakket")
    page = ingunn.reads(f"/desk/case/{ingunn.case}")
    if INGUNNS_PHONE[3:] in page or person.number[3:] in page:
        raise NotThere("a number stands on the page of the case")
    ingunn.closes("called")
    stage.tell("counsellor", "(closes the case)")
    texts("SLETT", "[Ss]lettet")
    after = ingunn.board()
    stage.tell("desk", after)
    stage.holds(after, "Ingen venter")


def _rings(stage: Stage, ingunn: Counsellor, phones: Phones, number: str) -> None:
    """«Ring via sentralen»: her own phone rings, she presses 1, the person's phone rings."""
    ingunn.calls(INGUNNS_PHONE[3:])
    hers = phones.rung(INGUNNS_PHONE)
    phones.picks_up(hers)
    phones.presses(hers, "1")
    stage.tell("counsellor", "(Ring via sentralen: answers her own phone, presses 1)")
    if {hers.shown, phones.rung(number).shown} != {NUMBER}:
        raise NotThere("a phone shows another number than the helpline's")


def in_nynorsk(stage: Stage, base: str, ingunn: Counsellor) -> None:
    """Through some signs, one of them dangerous; stopped and erased; what the desk still has."""
    person = WebPerson(base)
    person.does("lang:nn")
    stage.tell("helpline", _first_screen(person))
    _presses(stage, person, "Ja, det er trygt")
    said = person.writes(stage.writes("person", "er dette vald? han bestemmer kven eg får treffe"))
    stage.hears(said)
    _presses(stage, person, next(t for t in person.choices if re.match("Ja|Sjå|Er dette", t)))
    if "Meg sjølv" in person.choices:
        _presses(stage, person, "Meg sjølv", r"1 av \d+")
    stage.hears(person.writes(stage.writes("person", "1 og 2")))
    _presses(stage, person, "Veit ikkje", r"3 av \d+")
    stage.hears(person.writes(stage.writes("person", "i går tok han kveletak på meg")))
    alarm = ingunn.hears("the alarm", "Kvelertak")
    stage.tell("desk", alarm)
    stage.hears(person.writes(stage.writes("person", "stopp")))
    person.writes(stage.writes("person", "SLETT"))
    stage.tell("helpline", person.text)
    stage.holds(person.text, "sletta")
    after = ingunn.board()
    stage.tell("desk", after)
    stage.holds(after, "slettet av personen, eller av noen med telefonen")
    if "kveletak på meg" in after or "treffe" in after:
        raise NotThere("the desk still shows words that were erased")
    person.close()


def found_in_log(place: Path, played: list[Played]) -> list[str]:
    """What people wrote that stands in the service's log. It must be nothing."""
    log = (place / LOG).read_text(encoding="utf-8").casefold()
    phrases = {text for one in played for text in one.written if len(text) >= A_PHRASE}
    return sorted(text for text in phrases | {*NUMBERS} if text.casefold() in log)


def train_first() -> None:
    """Train with its progress in sight; inside the service it would look like a long silence."""
    if trained_model(ROOT, load_settings().model_dir) is None:
        subprocess.run([sys.executable, "-m", "bot.cli", "train"], check=False)


def _first_screen(person: WebPerson) -> str:
    """What stands between the buttons on top and the field."""
    return person.text.split("tjeneste.\n")[-1].split("teneste.\n")[-1].split("\nDu skriv")[0]


def _reaches_desk(stage: Stage, counsellor: Counsellor, words: str) -> None:
    counsellor.hears("the person's answer", words)
    stage.tell("desk", "(the counsellor reads this)")


def _presses(stage: Stage, person: WebPerson, title: str, *patterns: str) -> None:
    stage.tell("person", f"[{title}]")
    stage.hears(person.presses(title), *patterns)


def _reads(stage: Stage, person: SmsPerson, *patterns: str) -> list[str]:
    """The person reads texts until the last pattern has come."""
    got = person.receives(patterns[-1])
    stage.hears([("bot", text) for text in got], *patterns)
    return got


def _number(texts: list[str], title: str) -> str:
    """The number of a choice in a menu by SMS. Raises NotThere."""
    found = re.search(rf"(\d) {title}", " ".join(texts), re.IGNORECASE)
    if not found:
        raise NotThere(f"no «{title}» in the menu")
    return found[1]


def main() -> int:
    """Play, print the times, and say whether all went as it should."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        train_first()
        try:
            played = play(place)
        except (RuntimeError, TimeoutError, requests.RequestException) as error:
            print(f"The service did not start: {error}", file=sys.stderr)
            return 1
        leaked = found_in_log(place, played)
    print()
    for number, one in enumerate(played, 1):
        print(f"{number}. {one.title:<40} {one.seconds:5.1f} s  {one.wrong or 'complete'}")
    print(f"Words of people in the service's log: {len(leaked)}")
    return 1 if leaked or any(one.wrong for one in played) else 0


if __name__ == "__main__":
    sys.exit(main())
