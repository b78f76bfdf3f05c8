"""What is said first when a danger is found, and what follows. All words are content."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.channels.messages import Button, Channel, Lang, Level, Reply
from bot.safety.answers import read_answer, says, words_of
from bot.safety.finding import PRECEDENCE, Answer, Finding, SafetyDataError, SafetyResult
from bot.safety.static import static_reply

_AFTER: dict[Answer, str] = {
    "yes": "suicide_yes",
    "no": "suicide_no",
    "dont_know": "suicide_dont_know",
    "over": "danger_over",
    "misunderstood": "danger_misunderstood",
}
STAY = "stay"  # the page of what is said in any danger
SPECIAL = ("cannot_speak", "about_112")  # its sections that are asked for in so many words
OF_THE_DANGER = ("washed", "may_wash", "company")  # the same, of the danger's own page


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


@dataclass(frozen=True)
class Reader:
    """Who reads: `young` a child, `other` somebody who writes about another, `violent` somebody
    who has told that they use violence themselves."""

    young: bool = False
    other: bool = False
    violent: bool = False


ADULT = Reader()


class SafetyWords:
    """The words per danger, level, reader, language and channel. `line`: the phone line's number.

    found_out shapes the form: when somebody may be reading, one line that is about anything, and
    nothing of what stands here otherwise.
    """

    def __init__(self, content: DangerContent, line: str) -> None:
        self._content = content
        self._line = line
        for topic in (*PRECEDENCE, *_AFTER.values(), STAY):
            for lang in _LANGS:
                if not content.has_own(topic, lang):
                    raise SafetyDataError(
                        f"content/danger/{topic}.{lang}.md is missing; write it, or put it back"
                    )

    def first_words(
        self, finding: Finding, lang: Lang, channel: Channel, young: bool = False
    ) -> list[Reply]:
        """What the person reads first; each paragraph of the text is a bubble on the web."""
        young = young or finding.young
        if finding.answer is not None:
            return self.answered(finding.answer, lang, channel, Reader(young=young))
        topic = "found_out" if finding.neutral else finding.danger
        section = None
        if not finding.neutral:
            section = self._section(topic, lang, channel, finding, young)
        replies = self._bubbles(topic, lang, channel, section)
        if topic == "found_out" and section is not None:
            replies[-1] = _with_buttons(replies[-1], self._human(lang, channel))
        if topic == "suicide" and section in ("other", "other_soon"):
            # Yes and no answer a question that was asked of the person; a relative is told what
            # to do instead.
            replies[-1] = _with_buttons(replies[-1], self._human(lang, channel))
        return replies

    def answer_in(
        self, asked_suicide: bool, safety: SafetyResult, text: str, lang: Lang
    ) -> Answer | None:
        """The answer in a message: to the direct question if it was asked, else that it is over.

        `safety` is the result of checking it; `text` is as written, or the payload of the button.
        """
        answer = safety.answer
        if asked_suicide and answer is None:
            answer = "dont_know" if text == "dont_know" else read_answer(words_of(text), lang)
        if answer is None or (answer in ("over", "misunderstood")) == asked_suicide:
            return None
        return answer

    def answered(
        self,
        answer: Answer,
        lang: Lang,
        channel: Channel,
        reader: Reader = ADULT,
        danger: str | None = None,
        way: str | None = None,
    ) -> list[Reply]:
        """The words that follow an answer. `way`: the section for how it was said, if any."""
        topic = _AFTER[answer]
        wanted = [] if way is None else [f"{way}_young"] * reader.young + [way]
        wanted += ["young"] * reader.young + ["violent"] * reader.violent
        if answer == "misunderstood" and danger == "suicide":
            wanted = ["young"] * reader.young + ["suicide"]
        return self._bubbles(topic, lang, channel, self._first(topic, lang, channel, wanted))

    def once_more(self, lang: Lang, channel: Channel) -> list[Reply]:
        """The direct question again, gently: a "no" after a "yes" is not taken at once."""
        return self._bubbles("suicide", lang, channel, "once_more")

    def here(self, lang: Lang, channel: Channel, section: str = "here") -> list[Reply]:
        """That somebody is here, without a number: a reminder was given just before."""
        return self._bubbles(STAY, lang, channel, section)

    def of_danger(self, danger: str, lang: Lang, channel: Channel, section: str) -> list[Reply]:
        """A section that only some dangers have; nothing for the others."""
        if not danger or not self._content.has_section(danger, lang, channel, section):
            return []
        return self._bubbles(danger, lang, channel, section)

    def silent(self, lang: Lang, channel: Channel, reader: Reader = ADULT) -> list[Reply]:
        """When the direct question is met with no words to speak of."""
        section = "silent_young" if reader.young else "silent"
        return self._bubbles(_AFTER["dont_know"], lang, channel, section)

    def stay(
        self,
        danger: str,
        level: Level,
        lang: Lang,
        channel: Channel,
        reader: Reader = ADULT,
        again: bool = False,
    ) -> list[Reply]:
        """Staying with the person after the first words. `again`: shorter, for every other time."""
        if danger == "found_out":
            return self._bubbles(danger, lang, channel, "soon")
        suffix = "_young" if reader.young else "_other" if reader.other else ""
        if reader.violent and reader.other and danger != "suicide":
            suffix = "_violent"  # they said that somebody is afraid of them, or hurt
        if again:
            wanted = [f"again{suffix}"]
        else:
            wanted = [f"stay{suffix}"] if suffix or level == "now" else ["stay_soon", "stay"]
        section = self._first(danger, lang, channel, wanted)
        if section is not None:
            return self._bubbles(danger, lang, channel, section)
        wanted = [f"again{suffix}"] if again else [suffix.removeprefix("_")]
        return self._bubbles(STAY, lang, channel, self._first(STAY, lang, channel, wanted))

    def special(
        self, text: str, lang: Lang, channel: Channel, danger: str | None = None
    ) -> list[Reply]:
        """What is verified for someone who cannot speak, or asks what 112 does; else what the page
        of this danger has for it."""
        for kind in SPECIAL:
            if says(kind, text):  # type: ignore[arg-type]
                return self._bubbles(STAY, lang, channel, kind)
        for kind in OF_THE_DANGER:
            if says(kind, text):  # type: ignore[arg-type]
                return self.of_danger(danger or "", lang, channel, kind)
        return []

    def static_reply(self, lang: Lang, channel: Channel) -> Reply:
        """112 and the phone line, from code alone."""
        return static_reply(lang, channel, self._line)

    def _section(
        self, topic: str, lang: Lang, channel: Channel, finding: Finding, young: bool
    ) -> str | None:
        now = finding.level == "now"
        wanted = []
        if young:
            wanted += ["young"] if now else ["young_soon", "young"]
        if finding.other:
            wanted += ["other"] if now else ["other_soon"]
        # A text without words for gentle is answered with those for soon: neither opens with 112.
        # Told as a habit or a fear, "he reads my phone" is never answered by the cover line.
        wanted += ["soon"] * (topic == "found_out")
        wanted += {"now": [], "soon": ["soon"], "gentle": ["gentle", "soon"]}[finding.level]
        return self._first(topic, lang, channel, wanted)

    def _first(self, topic: str, lang: Lang, channel: Channel, wanted: list[str]) -> str | None:
        has = self._content.has_section
        return next((name for name in wanted if has(topic, lang, channel, name)), None)

    def _human(self, lang: Lang, channel: Channel) -> tuple[Button, ...]:
        return self._content.reply(STAY, lang, channel).buttons

    def _bubbles(
        self, topic: str, lang: Lang, channel: Channel, section: str | None
    ) -> list[Reply]:
        reply = self._content.reply(topic, lang, channel, section)
        parts = reply.text.split("\n\n")
        replies = [Reply(text, kind="danger") for text in parts]
        if topic == "suicide" and section is not None and section.startswith(("stay", "again")):
            reply = _with_buttons(reply, self._human(lang, channel))
        replies[-1] = Reply(parts[-1], reply.buttons, None, "danger")
        return replies


def _with_buttons(reply: Reply, buttons: tuple[Button, ...]) -> Reply:
    return Reply(reply.text, buttons, reply.source, reply.kind)


_LANGS: tuple[Lang, ...] = ("nb", "nn", "en")
