"""How a person sees a text: on the web and by SMS, with its buttons, source line and size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.channels.messages import Channel, Lang, Reply
from bot.channels.sms.menu import sms_texts
from bot.content.files import Page
from bot.content.load import Content
from bot.content.sms_size import sms_size

_INDENT = "    "


def preview(
    content: Content,
    as_confirmed: Content,
    topic: str,
    langs: Sequence[Lang],
    channels: Sequence[Channel],
) -> Iterator[str]:
    """The lines to print. `as_confirmed` knows the local facts that nobody has confirmed yet, to
    show what would be said. Raises ContentError for a topic without a text."""
    for lang in langs:
        page = content.page(topic, lang)
        yield f"== {page.file} =="
        for section in _sections(page):
            yield from _section(content, as_confirmed, page, section, channels)


def _sections(page: Page) -> list[str | None]:
    return [None, *dict.fromkeys([*page.sections, *page.sms_sections])]


def _section(
    content: Content,
    as_confirmed: Content,
    page: Page,
    section: str | None,
    channels: Sequence[Channel],
) -> Iterator[str]:
    yield ""
    yield _heading(content, page, section)
    said_by = as_confirmed if section == "confirmed" else content
    for channel in channels:
        if channel == "sms" and page.front.web_only:
            continue
        if section and not content.has_section(page.topic, page.lang, channel, section):
            yield f"  {channel}: no text of its own here; the main text is said"
            continue
        values = {name: f"<{name}>" for name in page.front.values}
        fact = page.front.confirmed_fact
        if fact and not said_by.centre.facts.get(fact):
            values["fact"] = f"<facts.{fact}>"
        [reply] = said_by.answer(page.topic, page.lang, channel, section, **values)
        yield from _by_sms(reply, page.lang) if channel == "sms" else _on_web(reply)


def _heading(content: Content, page: Page, section: str | None) -> str:
    fact = page.front.confirmed_fact
    confirmed = bool(fact and content.centre.facts.get(fact))
    if section is None:
        return "The answer" + (", with the confirmed fact" if confirmed else "")
    if section == "confirmed" and not confirmed:
        return f"## confirmed (said to nobody yet: facts.{fact} is not confirmed)"
    return f"## {section}"


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
