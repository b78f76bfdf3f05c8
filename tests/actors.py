"""People who use the running service over HTTP: on the web without script, by SMS, at the desk.

Each sends what a browser or a phone would send, and reads what a person could read. Waiting has an
end: what does not come raises `NotThere`, which says what was waited for.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import unescape
from typing import Any, TypeVar

import httpx
import pyotp

from tests.fakes.twilio import FakeTwilio

PATIENCE = 60.0  # seconds for what should come at once, on a machine that is busy
PASSWORD = "fire-blå-hester-danser"
T = TypeVar("T")


class NotThere(Exception):
    """Something that should have come did not. Its text says what."""


def readable(html: str) -> str:
    """What can be seen of a piece of page: a line for each paragraph and item, [buttons]."""
    text = re.sub(r'<span class="sr">.*?</span>', "", re.sub(r"\s*\n\s*", " ", html))
    text = re.sub(r"<(button)[^>]*>(.*?)</button>", r" [\2] ", text)
    text = re.sub(r'<(a) class="button[^>]*>(.*?)</a>', r" [\2] ", text)
    text = re.sub(r"<li[^>]*>", "\n- ", text)
    text = re.sub(r"</(?:p|div|ul|ol|h[1-6]|dt|dd|label|legend)>|<br>", "\n", text)
    text = unescape(re.sub(r"<[^>]+>", "", re.sub(r"</?q>", '"', text)))
    lines = (" ".join(line.replace("↗", "").split()) for line in text.split("\n"))
    return "\n".join(line for line in lines if line)


def wait_for(what: str, look: Callable[[], T], seconds: float = PATIENCE) -> T:
    """What `look` returns, once that is something. Raises NotThere."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := look():
            return found
        time.sleep(0.1)
    raise NotThere(what)


class WebPerson:
    """Somebody with a browser without script: each form brings a whole new page."""

    def __init__(self, base: str) -> None:
        self._http = httpx.Client(base_url=base, timeout=PATIENCE)
        self._seen = 0
        self.html = self._http.get("/").text

    def close(self) -> None:
        """Close the browser."""
        self._http.close()

    @property
    def text(self) -> str:
        """Everything that can be read on the page."""
        return readable(self.html.split("<body>")[1])

    @property
    def choices(self) -> dict[str, str]:
        """The buttons under the messages: title → what the form sends."""
        values = [unescape(v) for v in re.findall(r'name="press" value="([^"]*)"', self.html)]
        return {value.split("|", 1)[1]: value for value in values}

    def writes(self, text: str) -> list[tuple[str, str]]:
        """Send a message; returns (who, words) of what is new."""
        return self._posts(do="say", text=text)

    def presses(self, title: str) -> list[tuple[str, str]]:
        """Press the choice with this title."""
        if title not in self.choices:
            raise NotThere(f"no button «{title}», only {', '.join(self.choices)}")
        return self._posts(press=self.choices[title])

    def does(self, what: str) -> list[tuple[str, str]]:
        """Press one of the page's own buttons: "new" (Se nye svar), "erase", "lang:nn"."""
        return self._posts(do=what, text="")

    @contextmanager
    def open_line(self) -> Iterator[list[dict[str, Any]]]:
        """The streamed response that a page with script keeps open; yields what it has brought."""
        brought: list[dict[str, Any]] = []
        with self._http.stream(
            "POST",
            "/chat/stream",
            data={"seq": str(self._seen)},
            headers={"x-conversation": self._field("token")},
        ) as answer:

            def listen() -> None:
                try:
                    for row in answer.iter_lines():
                        brought.extend(json.loads(row).get("items", []) if row.strip() else [])
                except (httpx.HTTPError, httpx.StreamError):
                    return  # closed from this side

            threading.Thread(target=listen, daemon=True).start()
            yield brought

    def _posts(self, **fields: str) -> list[tuple[str, str]]:
        kept = {name: self._field(name) for name in ("token", "nonce", "lang")}
        self.html = self._http.post("/", data=kept | fields).text
        bubbles = re.findall(
            r'<div class="m (\w+)[^"]*" data-seq="(\d+)".*?<div class="t"[^>]*>(.*?)</div>'
            r'\s*(?:<p class="src">(.*?)</p>)?\s*(?:<div class="choices">(.*?)</div>)?',
            self.html,
            re.DOTALL,
        )
        new = [bubble for bubble in bubbles if int(bubble[1]) > self._seen and bubble[0] != "you"]
        self._seen = max([self._seen, *(int(bubble[1]) for bubble in bubbles)])
        return [(who, _bubble(body, src, choices)) for who, _, body, src, choices in new]

    def _field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        return unescape(found[1]) if found else ""


def _bubble(body: str, source: str, choices: str) -> str:
    titles = re.findall(r"<button[^>]*>(.*?)</button>", choices)
    buttons = " ".join(f"[{unescape(title)}]" for title in titles)
    return "\n".join(line for line in (readable(body), unescape(source), buttons) if line)


class SmsPerson:
    """Somebody with a telephone: signed webhooks in, texts out through the provider's API."""

    def __init__(self, base: str, twilio: FakeTwilio, number: str) -> None:
        self._base, self._twilio, self.number = base, twilio, number
        self._read = 0

    def writes(self, text: str) -> None:
        """An SMS arrives at the service. Raises NotThere when the webhook is refused."""
        answer = self._twilio.person_sends(self._base, self.number, text)
        if answer.status != 200:
            raise NotThere(f"the webhook was answered with {answer.status}")

    def forged(self, text: str) -> int:
        """The same by somebody who does not know the token: the status of the answer."""
        return self._twilio.person_sends(
            self._base, self.number, text, auth_token="somebody-elses"
        ).status

    def receives(self, pattern: str) -> list[str]:
        """The new texts, once one of them fits; each is then reported as delivered."""

        def new() -> list[str]:
            texts = self._twilio.texts(self.number)[self._read :]
            return texts if any(re.search(pattern, text) for text in texts) else []

        texts = wait_for(f"an SMS with «{pattern}»", new)
        sent = [one for one in self._twilio.sent if one.to == self.number]
        for one in sent[self._read : self._read + len(texts)]:
            self._twilio.reports(self._base, one, "delivered")
        self._read += len(texts)
        return texts


class Counsellor:
    """A rådgiver's browser at the desk: cookie, forms with the page's token, and the live line."""

    def __init__(self, base: str, name: str) -> None:
        self._http = httpx.Client(base_url=base, timeout=PATIENCE)
        self.name = name
        self.case = ""
        self._mark = ""
        self._secret = ""

    def close(self) -> None:
        """Close the browser."""
        self._http.close()

    def makes_account(self, invitation: str) -> None:
        """From the one-time link to an account with password and code app."""
        path = "/desk/" + invitation.split("/desk/")[1]
        again = {"password": PASSWORD, "password_again": PASSWORD}
        self._sends(path, path, username=self.name.lower(), display_name=self.name, **again)
        page = self.reads(path)
        found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
        if not found:
            raise NotThere("no key for the code app in the invitation")
        self._secret = found[1].replace(" ", "")
        self._sends(f"{path}/code", path, code=self._code())

    def signs_out(self) -> None:
        """End the session."""
        self._sends("/desk/sign-out", "/desk/help")

    def signs_in(self) -> None:
        """Password and the code app's next code: each works once. Raises NotThere."""
        answer = self._sends(
            "/desk/sign-in",
            "/desk/sign-in",
            username=self.name.lower(),
            password=PASSWORD,
            code=self._code(later=30),
        )
        if answer.headers.get("location") != "/desk/":
            raise NotThere(f"signing in was answered with {answer.status_code}")

    def goes_on_duty(self) -> None:
        """Press «Jeg er på vakt»."""
        self._sends("/desk/duty", "/desk/", on="yes")

    def reads(self, path: str) -> str:
        """A page as HTML. Raises NotThere when it is refused."""
        answer = self._http.get(path)
        if answer.status_code != 200:
            raise NotThere(f"a page of the desk was answered with {answer.status_code}")
        return answer.text

    def board(self) -> str:
        """Alarms, queue and cases as they can be read now."""
        return readable(_part(self.reads("/desk/")))

    def hears(self, what: str, pattern: str) -> str:
        """Wait on the open line until it brings something that fits; returns that piece."""
        place = f"/case/{self.case}" if self.case else ""

        def look() -> str:
            answer = self._http.get(f"/desk/live{place}", headers={"x-mark": self._mark})
            if answer.status_code != 200:
                raise NotThere(f"the desk's open line was answered with {answer.status_code}")
            news = answer.json()
            self._mark = news["mark"]
            part = readable(news["parts"].get("messages") or news["parts"].get("board") or "")
            return part if re.search(pattern, part) else ""

        return wait_for(f"{what} at the desk", look)

    def takes_first(self) -> tuple[str, str]:
        """Take whoever waits on top; returns the head and the summary of the case, as read."""
        found = re.search(r'id="case-[^"]+" href="/desk/case/([^"]+)">Åpne', self.reads("/desk/"))
        if not found:
            raise NotThere("nobody waits in the queue")
        page = f"/desk/case/{found[1]}"
        self._sends(f"{page}/take", page)
        self.case, self._mark = found[1], ""
        html = self.reads(page)
        head = readable(html.split('<header class="case-head">')[1].split("</header>")[0])
        return head, _summary(html.split("<dl>")[1].split("</dl>")[0])

    def writes(self, text: str) -> None:
        """Write to the person of the case. Raises NotThere with the desk's own objection."""
        page = f"/desk/case/{self.case}"
        answer = self._sends(f"{page}/reply", page, text=text, once=str(time.monotonic_ns()))
        if answer.status_code != 303:
            raise NotThere(f"writing to the person was answered with {answer.status_code}")

    def calls(self, phone: str, **fields: str) -> None:
        """Press «Ring via sentralen» with one's own number. Raises NotThere."""
        page = f"/desk/case/{self.case}"
        self._sends(f"{page}/call", page, phone=phone, **fields)

    def tries(self) -> str:
        """What stands on the case about the calls."""
        html = self.reads(f"/desk/case/{self.case}")
        return readable(html.split('data-part="calls"')[1].split("</div>")[0].split(">", 1)[1])

    def closes(self, outcome: str) -> None:
        """End the case; the bot answers again."""
        page = f"/desk/case/{self.case}"
        self._sends(f"{page}/close", page, outcome=outcome)
        self.case, self._mark = "", ""

    def _sends(self, path: str, seen_on: str, **fields: str) -> httpx.Response:
        """Fill in a form of the page `seen_on`. Raises NotThere when it is turned down."""
        found = re.search(r'name="csrf" value="([^"]+)"', self.reads(seen_on))
        if not found:
            raise NotThere(f"no form on {seen_on.split('/')[2]}")
        answer = self._http.post(path, data={"csrf": found[1], **fields})
        if answer.status_code >= 400:
            what = path.rsplit("/", 1)[1]
            raise NotThere(f"«{what}» at the desk was answered with {answer.status_code}")
        return answer

    def _code(self, later: int = 0) -> str:
        return pyotp.TOTP(self._secret).at(time.time() + later)


def _part(html: str) -> str:
    return html.split('<div data-part="board">')[1].split("</main>")[0]


def _summary(html: str) -> str:
    rows = re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", html, re.DOTALL)
    return "\n".join(f"{readable(title)}: {readable(words)}" for title, words in rows)
