"""From what came of a request to a whole page, or to the JSON that the script puts in."""

from __future__ import annotations

from collections.abc import Sequence

from sanic import HTTPResponse

from bot.channels.messages import Lang
from bot.channels.webchat.outbound import Bubble, Drawing, with_live_buttons
from bot.channels.webchat.pages import Pages, Sheet
from bot.channels.webchat.visits import Outcome, View


class Drawer:
    """Draws outcomes and views."""

    def __init__(self, pages: Pages, draw: Drawing) -> None:
        self.pages = pages
        self._draw = draw

    def page(
        self,
        outcome: Outcome,
        view: View | None,
        lang: Lang,
        code_open: bool = False,
        ticked: Sequence[str] = (),
    ) -> HTTPResponse:
        """The whole page after a form was posted without script; what was ticked stays so."""
        if _is_gone(outcome, view):
            return self.pages.quiet(lang)
        bubbles = self._bubbles(view, outcome)
        return self.pages.page(
            Sheet(
                lang=view.conversation.lang if view else lang,
                token=outcome.token,
                bubbles=bubbles,
                seq=max((bubble.seq for bubble in bubbles), default=0),
                held_by_desk=view is not None and view.conversation.held_by == "desk",
                waits=view is not None and view.waits,
                notice=outcome.notice,
                code=outcome.code,
                draft=outcome.draft,
                ticked=ticked,
                code_open=code_open,
            )
        )

    def answer(self, outcome: Outcome, view: View | None, lang: Lang) -> dict[str, object]:
        """What the script gets back for a message."""
        if _is_gone(outcome, view):
            return self.gone(lang)
        lang = view.conversation.lang if view else lang
        return {
            "token": outcome.token,
            "items": self._items(self._bubbles(view, outcome), lang),
            "notice": self.pages.notice(outcome.notice, lang),
            "draft": outcome.draft,
            **(self.state(view) if view else {}),
        }

    def new(self, view: View) -> dict[str, object]:
        """What came since the script last looked."""
        bubbles = self._bubbles(view, Outcome())
        return {"items": self._items(bubbles, view.conversation.lang), **self.state(view)}

    def state(self, view: View) -> dict[str, object]:
        """Who answers now, in which language, and whether a return code can be had."""
        held = "held_desk" if view.conversation.held_by == "desk" else "held_bot"
        label = self.pages.words.label(held, view.conversation.lang)
        return {"held": label, "waits": view.waits, "lang": view.conversation.lang}

    def typing(self, view: View, now: bool) -> dict[str, object]:
        """Whether a counsellor is writing: its words while she is, else empty."""
        held = view.conversation.held_by == "desk"
        words = self.pages.words.label("typing", view.conversation.lang)
        return {"typing": words if now and held else ""}

    def gone(self, lang: Lang) -> dict[str, object]:
        """The conversation was erased: the script shows the almost empty page instead."""
        return {"page": (self.pages.quiet(lang).body or b"").decode()}

    def _bubbles(self, view: View | None, outcome: Outcome) -> list[Bubble]:
        stored = [self._draw.bubble(message) for message in view.messages] if view else []
        return with_live_buttons(stored + [self._draw.reply(reply) for reply in outcome.replies])

    def _items(self, bubbles: list[Bubble], lang: Lang) -> list[dict[str, object]]:
        return [
            {
                "seq": bubble.seq,
                "who": bubble.who,
                "html": self.pages.bubble_html([bubble], lang),
            }
            for bubble in bubbles
        ]


def _is_gone(outcome: Outcome, view: View | None) -> bool:
    return outcome.erased or bool(outcome.token and view is None and not outcome.replies)
