"""What a check says of a text: where, what, and how to mend it, in one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.content.files import ContentError


@dataclass(frozen=True)
class Finding:
    """Something that falls short: in which file, what, and how to mend it.

    `level` "error" makes `helpline check` fail; "info" is listed.
    """

    file: str
    what: str
    mend: str
    level: Literal["error", "info"] = "error"

    def __str__(self) -> str:
        return f"{self.file}: {self.what}; {self.mend}"


def from_error(error: ContentError) -> Finding:
    """A file that cannot be used, as a finding."""
    file, _, rest = str(error).partition(": ")
    what, _, mend = rest.rpartition("; ")
    return Finding(file, what or rest, mend or "mend that line")
