"""The desk's two written languages. Bokmål stands in the code; Nynorsk in nynorsk/*.yml.

`say("Ta saken")` gives the words in the language of the counsellor whose request this is. A text
without a Nynorsk form is shown in Bokmål; a test lists those, so there are none.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

SpokenAt = Literal["nb", "nn"]
LANGUAGES: tuple[SpokenAt, ...] = get_args(SpokenAt)
FOLDER = Path(__file__).parent / "nynorsk"

_spoken: ContextVar[SpokenAt] = ContextVar("desk_language", default="nb")


def speak(lang: str) -> None:
    """From here on in this request, speak `lang`; what is not a language of the desk is Bokmål."""
    _spoken.set("nn" if lang == "nn" else "nb")


def spoken() -> SpokenAt:
    """The language of this request."""
    return _spoken.get()


def say(text: str, **values: Any) -> str:
    """`text` in the language of this request, `{name}` filled in from `values`."""
    words = nynorsk().get(text, text) if spoken() == "nn" else text
    return words.format(**values) if values else words


@cache
def nynorsk() -> dict[str, str]:
    """Bokmål to Nynorsk, from all files. Raises ValueError when two files differ about a text."""
    found: dict[str, str] = {}
    for path in sorted(FOLDER.glob("*.yml")):
        for text, words in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).items():
            if found.setdefault(text, words) != words:
                raise ValueError(f"{path.name}: another file has other words for «{text[:40]}»")
    return found
