"""The summary: what the person sees line by line, and the draft made of exactly those lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from bot.channels.flows import Facts
from bot.channels.messages import Channel, Lang
from bot.content.flow_texts import FlowTexts
from bot.handoff.contact_wish import STORY_WISH, says_no_call
from bot.handoff.draft import (
    NO_CALL,
    THIS_NUMBER,
    Contact,
    HandoffDraft,
    How,
    LineStatus,
    SummaryLine,
    Urgency,
    Wishes,
)
from bot.handoff.phone import shown, without_others
from bot.handoff.questions import REFUSED, Answer, clip
from bot.handoff.young import FIELDS as YOUNG
from bot.handoff.young import is_young, not_safe

Data = dict[str, Any]
TitleOf = Callable[[str, Lang], str | None]

MOST_QUOTES = 4
CONTACT = ("number", "safe_times", "someone_else", "voicemail")
WRITING = (NO_CALL, "write_times")
WISHES = ("time", "place", "talk_language")
ORDER = (
    "own_words", "about", "violence", "risks", "safe_now", "afraid_now", "strangled", "weapon",
    "children", *CONTACT, *WRITING, *WISHES, "wants", "plan", "answered", "language", "interpreter",
    "municipality",
)  # fmt: skip
_ELSEWHERE = frozenset({*CONTACT, "write_times", "talk_language"})
"""Fields that stand in the contact and the wishes of a draft."""
ALWAYS = frozenset({"own_words", "afraid_now", "strangled", "weapon", "children", "wants"})
"""Lines a counsellor looks for: when nothing was said they stand as "ikke spurt"."""
MINIMAL = frozenset({"own_words", "about", "risks", "language", *WRITING})
"""In danger: what was written, about whom and in which language, what was found, and that nobody
is to call, if that was said; everything else can wait."""
TOLD_BY = {
    "strangled": {"strangled"},
    "weapon": {"weapon", "kill_threat", "weapon_or_kill_threat"},
}
"""Lines that a risk answers already: one of these is enough."""
DENIED_BY = {
    "strangled": ({"strangled"},),
    "weapon": ({"weapon", "kill_threat"}, {"weapon_or_kill_threat"}),
}
"""Lines that are a no when every risk of one of these sets was asked about and denied."""


def learn(data: Data, facts: Facts, lang: Lang) -> None:
    """Take over what the person has told already, unless it was answered or removed here."""
    known: dict[str, Answer] = {}
    if facts.about in ("self", "other"):
        known["about"] = {"choice": facts.about}
    if facts.own_words:
        known["own_words"] = {"quotes": [clip(words) for words in facts.own_words[-MOST_QUOTES:]]}
    for field in ("violence", "risks", "answered"):
        ids = getattr(facts, field)
        if ids:
            known[field] = {"ids": list(ids)}
    for field in ("children", "language", "interpreter", "municipality", "wants", "afraid_now"):
        value = getattr(facts, field)
        if value:
            known[field] = _from_fact(str(value))
    if facts.plan:
        known["plan"] = {"text": "; ".join(facts.plan)}
    for field, sets in DENIED_BY.items():
        if any(risks <= set(facts.said_no) for risks in sets):
            known[field] = {"choice": "no"}
    for field in facts.would_not_say:
        known.setdefault(field, dict(REFUSED))
    no_call = any(_asks_not_to_call(words) for words in facts.own_words)
    if facts.contact == NO_CALL or (no_call and facts.contact is None):
        known[NO_CALL] = {"choice": NO_CALL}
    if facts.contact_times and facts.contact == NO_CALL:
        known["write_times"] = {"text": clip(facts.contact_times)}
    for field, answer in known.items():
        if field in ORDER and field not in data["answers"] and field not in data["removed"]:
            data["answers"][field] = answer
    if is_other(data):
        _strip_others(data, lang)


def _asks_not_to_call(words: str) -> bool:
    return len(words.split()) <= STORY_WISH and says_no_call(words)


def is_other(data: Data) -> bool:
    """Whether it is about someone else than the one who writes."""
    return bool(data["answers"].get("about", {}).get("choice") == "other")


def writes(data: Data) -> bool:
    """Whether nobody is to call: it was said so, or the counsellor writes."""
    return NO_CALL in data["answers"] or data["how"] == "write_now"


def facts_of(data: Data, field: str) -> dict[str, Any]:
    """What an answer changes in Facts, so that nothing is asked twice."""
    answer = data["answers"].get(field, {})
    if answer.get("status") == "would_not_say":
        return {"would_not_say": [field]}
    if field == "own_words" and answer.get("quotes"):
        return {"own_words": list(answer["quotes"])}
    value = answer.get("text") or answer.get("choice")
    plain = ("about", "children", "language", "interpreter", "municipality", "wants", "afraid_now")
    if value is None or field not in plain:
        return {}
    return {field: answer.get("choice") or value}


class SummaryWriter:
    """Writes the lines of a summary in the person's language."""

    def __init__(self, texts: FlowTexts, title_of: TitleOf) -> None:
        self._texts = texts
        self._title_of = title_of

    def lines(self, data: Data, lang: Lang) -> list[SummaryLine]:
        """All lines, contact and wishes too, in the fixed order; removed ones are left out."""
        fields = [field for field in ORDER if field not in data["removed"]]
        if is_young(data):
            fields = [field for field in fields if field in YOUNG]
        if writes(data):
            fields = [field for field in fields if field not in CONTACT]
        if data["danger"] and data["step"] == "danger":
            fields = [field for field in fields if field in MINIMAL]
            return [line for line in self._made(data, fields, lang) if line.status == "said"]
        return self._made(data, fields, lang)

    def draft(self, data: Data, lang: Lang, channel: Channel) -> HandoffDraft:
        """The draft: the lines the person saw, contact and wishes in their own places."""
        lines = self.lines(data, lang)
        shown_fields = {line.field for line in lines}
        return HandoffDraft(
            how=cast(How, data["how"] or "write_now"),
            urgency=urgency(data),
            lang=lang,
            channel=channel,
            reasons=reasons(data),
            contact=self._contact(data, shown_fields, lang),
            wishes=self._wishes(data, shown_fields, lang),
            summary=tuple(line for line in lines if line.field not in _ELSEWHERE),
        )

    def as_text(self, data: Data, lang: Lang, channel: Channel) -> str:
        """The lines as the person reads them, what was not said gathered at the end."""
        lines = self.lines(data, lang)
        bold, dash = ("**", "- ") if channel == "web" else ("", "")
        rows = [
            f"{dash}{bold}{self._texts.label(line.label_key, lang)}:{bold} {line.text}"
            for line in lines
            if line.status == "said"
        ]
        if not (data["danger"] and data["step"] == "danger"):
            how = self._texts.name(str(data["how"]), lang)
            rows.append(f"{dash}{bold}{self._texts.label('how', lang)}:{bold} {how}")
        unsaid = [
            self._texts.text(status, lang, channel, list=self._unsaid(lines, status, lang))
            for status in ("not_asked", "would_not_say")
            if any(line.status == status for line in lines)
        ]
        gap = "\n\n" if channel == "web" else "\n"
        return gap.join(["\n".join(rows), *(["\n".join(unsaid)] if unsaid else [])]).strip()

    def value(self, data: Data, field: str, lang: Lang) -> str:
        """One answer in words; empty when nothing was said."""
        answer = data["answers"].get(field, {})
        if "quotes" in answer:
            return " · ".join(f"«{quote}»" for quote in answer["quotes"])
        if "ids" in answer:
            return ", ".join(filter(None, (self._named(id, field, lang) for id in answer["ids"])))
        text = str(answer.get("text") or "")
        if field == "number" and text:
            return self._texts.name(text, lang) or shown(text)
        name = self._texts.name(str(answer.get("choice")), lang) if "choice" in answer else None
        return f"{name}: «{text}»" if name and text else name or text

    def _named(self, id: str, field: str, lang: Lang) -> str | None:
        name = self._texts.name(id, lang)
        title = self._title_of(id, lang)
        if field == "answered":
            return title or name
        return name or title or id.replace("_", " ")

    def _made(self, data: Data, fields: list[str], lang: Lang) -> list[SummaryLine]:
        made = []
        for field in fields:
            answer = data["answers"].get(field)
            text = self.value(data, field, lang)
            if text:
                quotes = tuple(answer.get("quotes", ())) if answer else ()
                made.append(SummaryLine(field, field, text, "said", quotes))
            elif answer is not None and answer.get("status") == "would_not_say":
                made.append(SummaryLine(field, field, "", "would_not_say"))
            elif _stands_unasked(data, field):
                made.append(SummaryLine(field, field, "", "not_asked"))
        return made

    def _unsaid(self, lines: list[SummaryLine], status: str, lang: Lang) -> str:
        names = [
            self._texts.name(f"unsaid_{line.field}", lang) or self._texts.label(line.field, lang)
            for line in lines
            if line.status == status
        ]
        return ", ".join(name[:1].lower() + name[1:] for name in names)

    def _contact(self, data: Data, there: set[str], lang: Lang) -> Contact:
        if writes(data):
            times = self.value(data, "write_times", lang) if "write_times" in there else ""
            return Contact(safe_times=times or None)
        said = {field: self.value(data, field, lang) or None for field in CONTACT if field in there}
        answers = data["answers"]
        voicemail = answers.get("voicemail", {}).get("choice")
        return Contact(
            number=answers["number"]["text"] if said.get("number") else None,
            safe_times=said.get("safe_times"),
            if_someone_else_answers=said.get("someone_else"),
            voicemail=voicemail == "yes" if voicemail and "voicemail" in there else None,
        )

    def _wishes(self, data: Data, there: set[str], lang: Lang) -> Wishes:
        said = {field: self.value(data, field, lang) or None for field in WISHES if field in there}
        return Wishes(said.get("time"), said.get("place"), said.get("talk_language"))


def urgency(data: Data) -> Urgency:
    """Danger now first; fear of today, a risk, or someone who waits in the chat is soon.

    So is somebody who wanted a counsellor because of a sign in the checklist, told or not told.
    """
    if is_young(data) and not_safe(data):
        return "now"
    if data["danger"]:
        return "soon" if data["level"] == "soon" else "now"
    if is_young(data):
        return "soon"
    if _told(data) or "risk" in data["reasons"] or data["how"] == "write_now":
        return "soon"
    return "when_possible"


def reasons(data: Data) -> tuple[str, ...]:
    """Why it came, and what told in the summary makes it urgent; ids, for the desk's words."""
    came = [str(reason) for reason in data["reasons"]]
    if is_young(data):
        return (*came, "not_safe") if not_safe(data) else tuple(came)
    return tuple(came) if data["danger"] else (*came, *_told(data))


def _told(data: Data) -> list[str]:
    """The lines of the summary that raise the urgency, as long as they stand in it."""
    afraid = data["answers"].get("afraid_now", {}).get("choice") == "yes"
    risks = bool(data["answers"].get("risks", {}).get("ids")) and "risks" not in data["removed"]
    return ["afraid_now"] * afraid + ["risks"] * risks


def _from_fact(value: str) -> Answer:
    choices = ("yes", "no", "dont_know", "none", "norwegian", "english")
    return {"choice": value} if value in choices else {"text": clip(value)}


def _stands_unasked(data: Data, field: str) -> bool:
    asked = field in data["answers"] and field not in (*CONTACT, *WRITING)
    return (field in ALWAYS or asked) and not _in_risks(data, field)


def _in_risks(data: Data, field: str) -> bool:
    risks = data["answers"].get("risks", {}).get("ids", ())
    return bool(TOLD_BY.get(field, {field}) & set(risks))


def _strip_others(data: Data, lang: Lang) -> None:
    """Nothing in a relative's handoff points to the person exposed; the contact is their own."""
    for field, answer in data["answers"].items():
        if field in CONTACT:
            continue
        if "quotes" in answer:
            answer["quotes"] = [without_others(quote, lang) for quote in answer["quotes"]]
        if "text" in answer:
            answer["text"] = without_others(answer["text"], lang)


__all__ = ["CONTACT", "ORDER", "THIS_NUMBER", "LineStatus", "SummaryWriter", "reasons", "urgency"]
