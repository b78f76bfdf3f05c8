"""Webhooks as Twilio posts them: signed with its own RequestValidator, over real HTTP."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit
from xml.etree import ElementTree

from twilio.request_validator import RequestValidator

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures" / "twilio"
AUTH_TOKEN = "fake-auth-token"


@dataclass(frozen=True)
class Answer:
    """What the helpline answered to a webhook; `messages` are the texts in its TwiML."""

    status: int
    body: str
    messages: list[str] = field(default_factory=list)


def fixture(name: str) -> dict[str, Any]:
    """One of tests/fixtures/twilio, by situation."""
    loaded: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))
    return loaded


def post_signed(
    app_url: str,
    path: str,
    params: dict[str, str],
    *,
    auth_token: str = AUTH_TOKEN,
    public_url: str | None = None,
    signature: str | None = None,
) -> Answer:
    """Post a webhook as Twilio does: signed over the public address, sent to `app_url`.

    `signature` replaces the right one; an empty string leaves the header out.
    """
    validator = RequestValidator(auth_token)
    right = validator.compute_signature((public_url or app_url).rstrip("/") + path, params)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    used = right if signature is None else signature
    if used:
        headers["X-Twilio-Signature"] = used
    return post(app_url, path, urlencode(params).encode(), headers)


def post(app_url: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
    """A plain POST."""
    parts = urlsplit(app_url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
    finally:
        connection.close()
    messages = []
    if response.status == 200 and text.lstrip().startswith("<"):
        messages = [found.text or "" for found in ElementTree.fromstring(text).iter("Message")]
    return Answer(response.status, text, messages)
