"""The words of the page itself: buttons, notices, first screen. All from content/system/web_*."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.messages import LANGS, Lang
from bot.content import Content, ContentError

LANGUAGE_NAMES: dict[Lang, str] = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
TITLE = "Notater"
"""The name of the tab: the same in every language and state, and about nothing in particular."""

LABELS = (
    "leave", "erase", "call", "write", "send", "fetch", "you", "bot", "desk", "held_bot",
    "held_desk", "danger", "language", "have_code", "code", "open", "get_code", "shift", "demo",
    "practice", "start", "typing",
)  # fmt: skip
FIRST = ("heading", "kept", "ask", "yes", "no", "unknown")
NOTICES = (
    "wrong", "not_found", "too_large", "erased", "not_erased", "too_long", "shortened", "busy",
    "all_busy", "code_shown", "code_none", "code_unknown", "code_wait", "offline", "unsent",
    "no_answer", "shift_two", "shift_one",
)  # fmt: skip
SECTIONS = {"web_labels": LABELS, "web_first": FIRST, "web_notices": NOTICES}
SHARED = {"picture": "attachment_refused", "empty": "empty", "erased_more": "erased"}
"""Notices that are said on other channels too, by their content id."""


@dataclass(frozen=True)
class PageWords:
    """Gives out the page's words by name."""

    content: Content
    line: str
    keep_hours: int

    def label(self, name: str, lang: Lang) -> str:
        """A button or a field."""
        return self._text("web_labels", name, lang, number=self.line)

    def first(self, name: str | None, lang: Lang) -> str:
        """A part of the first screen; None is who is speaking here."""
        return self._text("web_first", name, lang, hours=self.keep_hours)

    def notice(self, name: str, lang: Lang, code: str = "") -> str:
        """What the page says about a message or a form."""
        if name in SHARED:
            return self.content.sentence(SHARED[name], lang)
        return self._text("web_notices", name, lang, code=code)

    def check(self) -> None:
        """Raises ContentError when a word is missing in a language: at the start, not at night."""
        for lang in LANGS:
            for page, names in SECTIONS.items():
                for name in names:
                    if not self.content.has_section(page, lang, "web", name):
                        raise ContentError(
                            f"content/system/{page}.{lang}.md: section '## {name}' is missing; "
                            "add it, as in the other languages"
                        )
            for name in SHARED.values():
                if not self.content.has_own(name, lang):
                    raise ContentError(f"content/system/{name}.{lang}.md is missing; write it")

    def _text(self, page: str, name: str | None, lang: Lang, **values: object) -> str:
        return self.content.reply(page, lang, "web", name, **values).text
