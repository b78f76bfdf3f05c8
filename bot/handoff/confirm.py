"""What is said after a handoff is stored. Honest: "sent" only where somebody can see it now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.channels.messages import Channel, Lang, Reply
from bot.handoff.codes import spaced

if TYPE_CHECKING:
    from bot.content.flow_texts import FlowTexts
    from bot.handoff.draft import HandoffDraft
    from bot.handoff.queue import Opened


def confirmed_replies(
    texts: FlowTexts,
    opened: Opened,
    draft: HandoffDraft,
    lang: Lang,
    channel: Channel,
    on_duty: bool,
) -> list[Reply]:
    """The confirmation, with the phone line in it. Call it only after the commit.

    `on_duty`: a counsellor is at the desk now. The code is shown here and never again.
    """
    if draft.how == "call_self":
        if opened.code is None:
            return [Reply(texts.text("call_self", lang, channel))]
        text = texts.text("sent_call_self", lang, channel, code=spaced(opened.code))
        return [Reply(text)]
    key = f"sent_{draft.how}" if on_duty else f"sent_{draft.how}_away"
    also = ["still_danger"] if draft.urgency == "now" and not on_duty else []
    if draft.no_call or (draft.contact.number is None and draft.contact.safe_times):
        also.append("sees_when")
    said = [texts.text(each, lang, channel) for each in (key, *also)]
    return [Reply(text) for text in said]
