"""One-time codes (RFC 6238, 30 seconds, six digits): one step early or late, each used once."""

from __future__ import annotations

import base64
import hmac

import pyotp
import segno

from bot.desk.speech import say
from bot.store import counsellors
from bot.store.database import Tx

STEP = 30
ISSUER = "Vakt"


def use_code(tx: Tx, counsellor_id: str, code: str) -> bool:
    """True when the code is right now and was not used; then it is used from now on."""
    secret, last = counsellors.totp(tx, counsellor_id)
    step = _step_of(secret, code, int(tx.now.timestamp()) // STEP)
    if step is None or step <= last:
        return False
    return counsellors.use_totp_step(tx, counsellor_id, step)


def current_code(tx: Tx, username: str) -> str | None:
    """The code that works now (demo only); the next one when this step's is used already."""
    counsellor = counsellors.by_username(tx, username)
    if counsellor is None:
        return None
    secret, last = counsellors.totp(tx, counsellor.id)
    now = int(tx.now.timestamp()) // STEP
    return pyotp.TOTP(secret).generate_otp(min(max(now, last + 1), now + 1))


def secret_of_invitation(tx: Tx, token: str) -> str:
    """The secret an invitation leads to: always the same, stored nowhere until it is confirmed."""
    digest = bytes.fromhex(tx.keys.keyed_hash("desk-totp", token))
    return base64.b32encode(digest[:20]).decode()


def qr_svg(secret: str, username: str) -> str:
    """The secret for an authenticator app, as an inline SVG without style attributes."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    code = segno.make(uri, error="m")
    return str(
        code.svg_inline(
            border=3,
            dark="#000",
            light="#fff",
            omitsize=True,
            title=say("QR-kode for kodeappen"),
            svgclass="qr",
            lineclass=None,
        )
    )


def in_fours(secret: str) -> str:
    """The secret to type by hand."""
    return " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def _step_of(secret: str, code: str, now: int) -> int | None:
    digits = "".join(char for char in code if not char.isspace())
    totp = pyotp.TOTP(secret)
    found = None
    for step in (now - 1, now, now + 1):  # all three, whatever fits: the time says nothing
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode("utf-8", "replace")):
            found = step
    return found
