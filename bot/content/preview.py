"""How a person sees a text: on the web and by SMS, with its buttons, source line and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.channels.messages import Channel, Lang, Reply
from bot.channels.sms.menu import sms_texts
from bot.content.files import Page
from bot.content.load import Content
from bot.content.sms_size import SmsSize, sms_size

_INDENT = "    "


@dataclass(frozen=True)
class Look:
    """One section of a text as it is said. A channel without a text of its own there has None.

    `fact`: the local fact that the section waits for, when nobody has confirmed it yet.
    """

    section: str | None
    web: Reply | None
    sms: Reply | None
    lang: Lang
    fact: str | None = None

    @property
    def sms_texts(self) -> list[str]:
        return sms_texts(self.sms, self.lang) if self.sms else []

    @property
    def size(self) -> SmsSize | None:
        return sms_size(self.sms, self.lang) if self.sms else None


def looks(content: Content, as_confirmed: Content, topic: str, lang: Lang) -> list[Look]:
    """Every section of a text. `as_confirmed` knows the local facts that nobody has confirmed yet,
    to show what would be said. Raises ContentError for a topic without a text."""
    page = content.page(topic, lang)
    sections = [None, *dict.fromkeys([*page.sections, *page.sms_sections])]
    return [_look(content, as_confirmed, page, section) for section in sections]


def _look(content: Content, as_confirmed: Content, page: Page, section: str | None) -> Look:
    said_by = as_confirmed if section == "confirmed" else content
    values: dict[str, object] = {name: f"<{name}>" for name in page.front.values}
    fact = page.front.confirmed_fact
    if fact and not said_by.centre.facts.get(fact):
        values["fact"] = f"<facts.{fact}>"

    def reply(channel: Channel) -> Reply | None:
        if channel == "sms" and page.front.web_only:
            return None
        if section and not content.has_section(page.topic, page.lang, channel, section):
            return None
        return said_by.answer(page.topic, page.lang, channel, section, **values)[0]

    waits = section == "confirmed" and not (fact and content.centre.facts.get(fact))
    return Look(section, reply("web"), reply("sms"), page.lang, fact if waits else None)


def preview(
    content: Content,
    as_confirmed: Content,
    topic: str,
    langs: Sequence[Lang],
    channels: Sequence[Channel],
) -> Iterator[str]:
    """The lines to print; the arguments as in `looks`. Raises ContentError."""
    for lang in langs:
        page = content.page(topic, lang)
        yield f"== {page.file} =="
        for look in looks(content, as_confirmed, topic, page.lang):
            yield ""
            yield _heading(content, page, look)
            for channel in channels:
                if channel == "sms" and page.front.web_only:
                    continue
                yield from _in_channel(look, channel)


def _in_channel(look: Look, channel: Channel) -> Iterator[str]:
    reply = look.sms if channel == "sms" else look.web
    if reply is None:
        yield f"  {channel}: no text of its own here; the main text is said"
    elif channel == "sms":
        yield from _by_sms(reply, look.lang)
    else:
        yield from _on_web(reply)


def _heading(content: Content, page: Page, look: Look) -> str:
    fact = page.front.confirmed_fact
    if look.section is None:
        confirmed = bool(fact and content.centre.facts.get(fact))
        return "The answer" + (", with the confirmed fact" if confirmed else "")
    if look.section == "confirmed" and look.fact:
        return f"## confirmed (said to nobody yet: facts.{fact} is not confirmed)"
    return f"## {look.section}"


def _on_web(reply: Reply) -> Iterator[str]:
    yield "  web"
    for line in reply.text.split("\n"):
        yield f"{_INDENT}{line}".rstrip()
    if reply.buttons:
        yield _INDENT + " ".join(f"[{button.title}]" for button in reply.buttons)
    if reply.source:
        yield _INDENT + reply.source


def _by_sms(reply: Reply, lang: Lang) -> Iterator[str]:
    size = sms_size(reply, lang)
    plural = "" if size.segments == 1 else "s"
    yield f"  sms, {size.segments} segment{plural}, {size.units} characters with its menu"
    for text in sms_texts(reply, lang):
        for line in text.split("\n"):
            yield f"{_INDENT}{line}".rstrip()
