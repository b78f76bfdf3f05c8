"""Is this webhook from Twilio? Checked before a single word of it is read."""

from __future__ import annotations

from urllib.parse import parse_qs

from twilio.request_validator import RequestValidator

MOST_FIELDS = 200


class Form(dict[str, list[str]]):
    """The fields of a webhook; a field may come more than once, as RequestValidator expects."""

    def getlist(self, name: str) -> list[str]:
        """All values of a field (the name that RequestValidator calls)."""
        return self[name]

    def get(self, name: str, default: str = "") -> str:  # type: ignore[override]
        """The first value of a field."""
        return self[name][0] if name in self else default


def read_form(body: bytes) -> Form | None:
    """The posted fields, empty ones too (they are signed); None when it is no form.

    Bytes that are no UTF-8 become the replacement character, so that nothing here can fail later.
    """
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=MOST_FIELDS,
        )
    except ValueError:
        return None
    return Form(fields)


def signed_by(token: str, address: str, form: Form, signature: str | None) -> bool:
    """True when `signature` is Twilio's over the public `address` and all fields."""
    if not signature or not signature.isascii():
        return False
    return bool(RequestValidator(token).validate(address, form, signature))
