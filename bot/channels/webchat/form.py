"""What a request from the page says, read into plain values. Nothing here is ever logged."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from sanic import Request
from sanic.request import RequestParameters

from bot.channels.clean import clean
from bot.channels.messages import LANGS, Lang
from bot.commands import read_command

# 10 000 letters of four bytes, percent-encoded, with room for the other fields.
LARGEST_BODY = 160_000
_PAYLOAD = re.compile(r"^[a-z_]{1,20}(:[a-z0-9_]{1,60})?$")
_TICK = re.compile(r"^[a-z_]{1,40}$")
_MOST_TICKS = 40
_TAKES_TICKS = frozenset(
    {"next", "none", "dont_know", "skip", "wont_say", "show", "pick", "stop"}
)  # buttons of a list of ticks; any other button means what it says
_FIELD = 200
TICKED = "✓"  # what stands in the bubble of somebody who sent ticks and no words


@dataclass(frozen=True)
class Incoming:
    """One posted form.

    `do` is what was pressed ("say" when a message was sent or a choice pressed). `text` is as
    written and may be of any length; `payload` belongs to a pressed choice, whose title is then
    `text`, and what stood unsent in the field is `draft`. `ticks` are the boxes that were ticked;
    they go along in the payload, such as "next:hits,threatens". `key` names this form with this
    content: the same form posted twice has the same key.
    """

    do: str
    token: str
    lang: Lang
    text: str
    payload: str | None
    draft: str
    code: str
    seq: int
    has_file: bool
    ticks: tuple[str, ...]
    nonce: str
    key: str

    @property
    def unsent(self) -> str:
        """What belongs back in the field when nothing was sent."""
        written = self.payload is None or self.payload.startswith("tick:")
        return self.text if written else self.draft


def read(request: Request) -> Incoming:
    """Read a posted form. Never raises on what a browser or somebody else may send."""
    form = request.form or RequestParameters()
    written = clean(_value(form, "text"), longest=LARGEST_BODY)
    press = _value(form, "press")
    payload, _, title = press.partition("|")
    pressed = bool(_PAYLOAD.match(payload)) and bool(title.strip())
    text = clean(title, longest=_FIELD) if pressed else written
    do = "say" if pressed else _value(form, "do")[:_FIELD] or "say"
    ticks = _ticks(form) if do == "say" else ()
    sent = payload if pressed else None
    if ticks:
        sent, text = _with_ticks(sent, text, ticks)
    token = request.headers.get("x-conversation") or _value(form, "token")
    seq = _value(form, "seq")[:9]
    nonce = _value(form, "nonce")[:_FIELD]
    return Incoming(
        do=do,
        token=token[:_FIELD],
        lang=_lang(_value(form, "lang")) or guess_lang(request),
        text=text,
        payload=sent,
        draft=written if pressed else "",
        code=_value(form, "code")[:_FIELD],
        seq=int(seq) if seq.isascii() and seq.isdigit() else 0,
        has_file=any(file.name for files in (request.files or {}).values() for file in files),
        ticks=_ticks(form),
        nonce=nonce,
        key=_key(nonce, text, sent or ""),
    )


def _ticks(form: RequestParameters) -> tuple[str, ...]:
    found = (str(value) for value in form.getlist("tick", [])[:_MOST_TICKS])
    return tuple(dict.fromkeys(value for value in found if _TICK.match(value)))


def _with_ticks(payload: str | None, text: str, ticks: tuple[str, ...]) -> tuple[str | None, str]:
    """Payload and text with the ticks: beside a button, beside written words, or by themselves.

    A command stays a command.
    """
    ids = ",".join(ticks)
    if payload is not None:
        return (f"{payload}:{ids}" if payload in _TAKES_TICKS else payload), text
    if not text:
        return f"next:{ids}", TICKED
    return (None if read_command(text) else f"tick:{ids}"), text


def guess_lang(request: Request) -> Lang:
    """The language the browser asks for, Bokmål when it asks for none that we have."""
    weighed = []
    for place, part in enumerate(request.headers.get("accept-language", "")[:_FIELD].split(",")):
        name, _, quality = part.strip().lower().partition(";q=")
        weighed.append((-_quality(quality), place, name.split("-")[0]))
    for _, _, name in sorted(weighed):
        if name in ("nb", "no", "da", "sv"):
            return "nb"
        if name == "nn":
            return "nn"
        if name == "en":
            return "en"
    return "nb"


def chosen_lang(do: str) -> Lang | None:
    """The language of a pressed language button, else None."""
    return _lang(do.removeprefix("lang:")) if do.startswith("lang:") else None


def from_elsewhere(request: Request) -> bool:
    """True when another site made the browser post this: it could pick the conversation's token."""
    return request.headers.get("sec-fetch-site", "none") in ("cross-site", "same-site")


def _lang(value: str) -> Lang | None:
    return next((lang for lang in LANGS if lang == value), None)


def _quality(text: str) -> float:
    try:
        return float(text) if text else 1.0
    except ValueError:
        return 0.0


def _value(form: RequestParameters, name: str) -> str:
    return str(form.get(name) or "")


def _key(nonce: str, text: str, payload: str) -> str:
    """A digest: the nonce alone would silence a second, different message from the same form."""
    if not nonce:
        return ""
    return hashlib.sha256("\0".join((nonce, payload, text)).encode("utf-8", "replace")).hexdigest()
