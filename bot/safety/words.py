"""What is said first when a danger is found, and after the answer to it. All words are content."""

from __future__ import annotations

from typing import Protocol

from bot.channels.messages import Channel, Lang, Reply
from bot.safety.answers import read_answer
from bot.safety.finding import PRECEDENCE, Answer, Finding, SafetyDataError, SafetyResult
from bot.safety.static import static_reply

_AFTER: dict[Answer, str] = {
    "yes": "suicide_yes",
    "no": "suicide_no",
    "dont_know": "suicide_dont_know",
    "over": "danger_over",
}


class DangerContent(Protocol):
    """The part of bot.content.Content that this room needs."""

    def has_own(self, topic: str, lang: Lang) -> bool: ...

    def has_section(self, topic: str, lang: Lang, channel: Channel, section: str) -> bool: ...

    def reply(
        self,
        id: str,
        lang: Lang,
        channel: Channel,
        section: str | None = None,
        **values: object,
    ) -> Reply: ...


class SafetyWords:
    """The first words per danger, level, language and channel. `line`: the phone line's number."""

    def __init__(self, content: DangerContent, line: str) -> None:
        self._content = content
        self._line = line
        for topic in (*PRECEDENCE, *_AFTER.values()):
            for lang in _LANGS:
                if not content.has_own(topic, lang):
                    raise SafetyDataError(
                        f"content/danger/{topic}.{lang}.md is missing; write it, or put it back"
                    )

    def first_words(
        self, finding: Finding, lang: Lang, channel: Channel, young: bool = False
    ) -> list[Reply]:
        """What the person reads first; each paragraph of the text is a bubble on the web.

        found_out shapes the form: when somebody may be reading, one line that is about anything.
        """
        if finding.answer is not None:
            return self._after(finding.answer, lang, channel, young or finding.young)
        topic = "found_out" if finding.neutral else finding.danger
        section = self._section(topic, lang, channel, finding, young or finding.young)
        return self._bubbles(topic, lang, channel, section)

    def after(
        self,
        danger: str,
        asked_suicide: bool,
        safety: SafetyResult,
        text: str,
        lang: Lang,
        channel: Channel,
        young: bool = False,
    ) -> list[Reply] | None:
        """What follows the answer to a danger question or reply; None when nothing special does.

        `danger` was answered before; `safety` is the result of checking the answer; `text` is the
        answer as written or the payload of the button.
        """
        answer = safety.answer
        if asked_suicide and answer is None:
            answer = read_answer(text.lower().split())
        if answer is None or (answer == "over") == asked_suicide:
            return None
        return self._after(answer, lang, channel, young)

    def _after(self, answer: Answer, lang: Lang, channel: Channel, young: bool) -> list[Reply]:
        topic = _AFTER[answer]
        known = young and self._content.has_section(topic, lang, channel, "young")
        return self._bubbles(topic, lang, channel, "young" if known else None)

    def static_reply(self, lang: Lang, channel: Channel) -> Reply:
        """112 and the phone line, from code alone."""
        return static_reply(lang, channel, self._line)

    def _section(
        self, topic: str, lang: Lang, channel: Channel, finding: Finding, young: bool
    ) -> str | None:
        wanted = []
        if young:
            wanted += ["young"] if finding.level == "now" else ["young_soon", "young"]
        if finding.other:
            wanted.append("other")
        # A text without words for gentle is answered with those for soon: neither opens with 112.
        wanted += {"now": [], "soon": ["soon"], "gentle": ["gentle", "soon"]}[finding.level]
        has = self._content.has_section
        return next((name for name in wanted if has(topic, lang, channel, name)), None)

    def _bubbles(
        self, topic: str, lang: Lang, channel: Channel, section: str | None
    ) -> list[Reply]:
        reply = self._content.reply(topic, lang, channel, section)
        parts = reply.text.split("\n\n")
        replies = [Reply(text, kind="danger") for text in parts]
        replies[-1] = Reply(parts[-1], reply.buttons, None, "danger")
        return replies


_LANGS: tuple[Lang, ...] = ("nb", "nn", "en")
