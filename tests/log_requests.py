"""Bad requests to the real app on a loopback port; answers with an error are kept for searching."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from bot.app import create_app
from tests.sms.room import Served


def ask_badly(services: Any, place: Path, in_urls: str, in_bodies: str) -> None:
    """Ask for what is not there, in every shape that text can have; then the metrics."""
    app = Served(create_app(services))
    base = app.start()
    pages = place / "pages"
    with httpx.Client(base_url=base, timeout=20) as http:
        answers = list(_requests(http, in_urls, in_bodies))
        (place / "metrics").write_text(http.get("/metrics").text)
        (place / "health").write_text(http.get("/health/ready").text)
    refused = [answer.text for answer in answers if answer.status_code >= 400]
    refused += [_raw(base, line, in_bodies) for line in _RAW]
    pages.write_text("\n----\n".join(refused))
    (place / "count").write_text(str(len(refused)))
    app.stop()


def _requests(http: httpx.Client, url: str, body: str) -> Any:
    there = quote(url)
    for path in (
        "/",
        "/desk/",
        "/desk/case/",
        "/sms/",
        "/demo/",
        "/health/",
        "/n.css/",
        "/static/",
    ):
        yield http.get(f"{path}{there}")
        yield http.post(f"{path}{there}?q={there}", content=body.encode())
    for path in ("/", "/desk/sign-in", "/desk/code", "/sms/twilio", "/sms/status", "/metrics"):
        yield http.put(path, content=body.encode())
        yield http.post(path, data={"text": body, "token": body, "do": body, "Body": body})
        yield http.post(path, content=b"\xff\xfe" + body.encode(), headers={"X-Text": "zebrakorn"})
        yield http.post(
            path,
            content=b"--x\r\nContent-Disposition: form-data; name=" + body.encode(),
            headers={"Content-Type": "multipart/form-data; boundary=x"},
        )
        yield http.post(path, json={"text": body})
    yield http.get(f"/desk/case/{there}", headers={"Cookie": f"desk={there}"})
    yield http.get("/?text=" + there)
    yield http.post("/", content=body.encode() * 60_000)


_RAW = (
    "GET /{text} HTTP/9.9\r\n\r\n",
    "{text}\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: {text}\r\n\r\n{text}",
    "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n{text}\r\n",
    "POST / HTTP/1.1\r\nHost: {text}\r\nExpect: {text}\r\nContent-Length: 9\r\n\r\n",
    "GET / HTTP/1.1\r\n{text}: {text}\r\n{text}\r\n\r\n",
)


def _raw(base: str, line: str, text: str) -> str:
    """Something that is no HTTP; returns what came back."""
    parts = urlsplit(base)
    with socket.create_connection((parts.hostname, parts.port), timeout=5) as line_in:
        line_in.settimeout(3)
        line_in.sendall(line.replace("{text}", text).encode())
        line_in.shutdown(socket.SHUT_WR)
        got = b""
        try:
            while more := line_in.recv(65536):
                got += more
        except OSError:
            pass
        return got.decode("utf-8", "replace")
