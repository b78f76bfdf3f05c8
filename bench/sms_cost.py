"""What a month by SMS costs: a formula. The segments come from the texts, the prices from you."""

from __future__ import annotations

from collections import Counter
from statistics import fmean

from bot.centre import load_centre
from bot.channels.messages import Lang, Reply
from bot.channels.sms.rest import cut
from bot.channels.sms.segments import count
from bot.content.load import Content, load_content
from bot.settings import load_settings
from bot.store.conversations import State

LANGUAGES: tuple[Lang, ...] = ("nb", "nn", "en")


def answers(content: Content) -> dict[str, list[int]]:
    """Topic and language → segments of each text that the answer takes by SMS, without MER."""
    found = {}
    for topic in content.topics():
        for lang in LANGUAGES:
            if content.has_own(topic, lang) and not content.page(topic, lang).front.web_only:
                (reply,) = content.answer(topic, lang, "sms")
                found[f"{topic}.{lang}"] = _segments(reply, lang)
    return found


def _segments(reply: Reply, lang: Lang) -> list[int]:
    return [count(text).segments for text in cut(reply, lang, State(safe="yes")).texts]


def report() -> str:
    """The figures and the formula."""
    settings = load_settings()
    content = load_content(settings.content_dir, load_centre(settings.centre_file))
    sizes = [sum(parts) for parts in answers(content).values()]
    spread = Counter(sizes)
    lines = [f"answers by SMS: {len(sizes)}, mean {fmean(sizes):.2f} segments"]
    lines += [f"  {n} segments: {spread[n]}" for n in sorted(spread)]
    opening = content.reply("sms_opening", "nb", "sms")
    lines += [
        f"the opening question: {sum(_segments(opening, 'nb'))}",
        "",
        "a month = the sum of",
        "  the number's rent",
        f"  conversations × answers each × {fmean(sizes):.2f} × price of a segment out",
        f"  conversations × {sum(_segments(opening, 'nb'))} × price of a segment out (the opening)",
        "  conversations × messages each × segments of a message × price of a segment in",
        "  minutes of calls in × (price in + price out to the line)",
        "  minutes of calls back × 2 × price out to a mobile",
        "  calls back × price of machine detection",
        "",
        "Answers and messages each: count them in your own month (helpline_sms_total and",
        "helpline_turns_total in /metrics). Prices: the provider's price pages for Norway.",
    ]
    return "\n".join(lines)
