"""The HTTP side of the local Twilio: password, address, then what the scenario says."""

from __future__ import annotations

import base64
import json
import time
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from tests.fakes.webhooks import fixture

if TYPE_CHECKING:
    from tests.fakes.twilio import FakeTwilio, Fault

LATE = 3.0  # seconds


class Handler(BaseHTTPRequestHandler):
    twilio: FakeTwilio
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        params = self._form()
        if "/Calls" in self.path:
            self._calls(params)
            return
        if not self._enter(f"{self._account}/Messages.json"):
            return
        fault = self.twilio.faults.pop(0) if self.twilio.faults else None
        if fault in ("hang_before", "cut_before"):
            self._break(fault)
        elif fault == "429":
            self._error("error_20429")
        elif fault == "500_before":
            self._error("error_20500")
        elif fault == "21610":
            self._error("error_21610")
        else:
            self._take(params, fault)

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        if not self._enter(f"{self._account}/Messages"):
            return
        fault = self.twilio.list_faults.pop(0) if self.twilio.list_faults else None
        if fault in ("hang_before", "cut_before"):
            self._break(fault)
            return
        if fault is not None:
            self._error("error_20429" if fault == "429" else "error_20500")
            return
        wanted = {name: values[0] for name, values in parse_qs(parts.query).items()}
        listed = [
            self.twilio.as_json(sent)
            for sent in reversed(self.twilio.sent)
            if self.twilio.shows_list
            and sent.listed
            and sent.sid not in self.twilio.deleted
            and wanted.get("To", sent.to) == sent.to
        ]
        self._json(200, {"messages": listed, "page": 0, "page_size": 50, "next_page_uri": None})

    def do_DELETE(self) -> None:
        room = "Calls" if "/Calls/" in self.path else "Messages"
        if not self._enter(f"{self._account}/{room}/"):
            return
        sid = urlsplit(self.path).path.rsplit("/", 1)[-1].removesuffix(".json")
        fault = self.twilio.delete_faults.pop(0) if self.twilio.delete_faults else None
        if fault is not None:
            self._error(f"error_{fault}" if fault == "20009" else "error_20500")
            return
        known = [sent.sid for sent in self.twilio.sent] + self.twilio.received
        known += [call.sid for call in self.twilio.phones.calls]
        if sid in self.twilio.deleted or sid not in known:
            self._error("error_20404")
            return
        self.twilio.deleted.append(sid)
        self.send_response(204)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged: addresses hold numbers."""

    @property
    def _account(self) -> str:
        return f"/2010-04-01/Accounts/{self.twilio.account_sid}"

    def _calls(self, params: dict[str, str]) -> None:
        """A call to place, or new TwiML for one."""
        if not self._enter(f"{self._account}/Calls"):
            return
        phones = self.twilio.phones
        if not self.path.endswith("/Calls.json"):
            sid = self.path.rsplit("/", 1)[-1].removesuffix(".json")
            if phones.update(sid, params):
                self._json(200, {"sid": sid, "status": "in-progress"})
            else:
                self._error("error_21220")
            return
        fault = phones.faults.pop(0) if phones.faults else None
        if fault == "cut_before":
            self._break("cut_before")
        elif fault == "cut_after":
            phones.take(params)
            self._break("cut_after")
        elif fault is not None:
            self._error({"429": "error_20429", "500": "error_20500"}.get(fault, f"error_{fault}"))
        else:
            self._json(201, phones.as_json(phones.take(params)))

    def _take(self, params: dict[str, str], fault: Fault | None) -> None:
        if fault in ("slow", "late"):
            time.sleep(LATE if fault == "late" else 1)
        sent = self.twilio.take(params)
        if fault == "unlisted":
            sent.listed = False
        if fault == "twice":
            self.twilio.take(params)
        if fault in ("hang_after", "cut_after", "unlisted"):
            self._break(fault)
        elif fault == "500_after":
            self._error("error_20500")
        else:
            if fault == "30003":
                sent.status, sent.error_code = "undelivered", 30003
            self._json(201, self.twilio.as_json(sent) | {"status": "queued"})

    def _enter(self, path: str) -> bool:
        """Password and address, as Twilio checks them."""
        self.twilio.requests += 1
        right = f"{self.twilio.account_sid}:{self.twilio.auth_token}".encode()
        if self.headers.get("Authorization") != f"Basic {base64.b64encode(right).decode()}":
            self._error("error_20003")
            return False
        if not urlsplit(self.path).path.startswith(path):
            self._error("error_20404")
            return False
        return True

    def _form(self) -> dict[str, str]:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        return {name: values[0] for name, values in parse_qs(body, True).items()}

    def _break(self, fault: Fault) -> None:
        if fault.startswith("hang"):
            self.twilio.hang()
        self.close_connection = True
        self.connection.close()

    def _error(self, name: str) -> None:
        body = fixture(name)
        self._json(body["status"], body)

    def _json(self, status: int, body: dict[str, Any]) -> None:
        raw = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
