"""A person who walks through a flow in memory, by button, by words, or by numbers on SMS."""

from __future__ import annotations

import json
from pathlib import Path

from bot.channels.flows import Facts, Flow, FlowInput, FlowStep
from bot.channels.messages import Button, Channel, Lang, Reply
from bot.channels.sms.menu import ZERO, offered, read_choice, sms_texts
from bot.channels.sms.segments import count
from bot.content.fill import CentreView, centre_view
from bot.content.numbers import NumberRegister, load_numbers
from bot.handoff.draft import HandoffDraft

CONTENT = Path(__file__).resolve().parents[2] / "content"
LINE = "116 006"
PHONE = "+4700000001"
LANGS = ["nb", "nn", "en"]
CHANNELS = ["web", "sms"]
WORDS = {
    "nb": "han blir stille i dagevis hvis jeg treffer venninna mi",
    "nn": "han blir stille i dagevis om eg treffer venninna mi",
    "en": "he stops talking for days when I meet my friend",
}
DUTY = {"nb": "melde fra til barnevernet", "nn": "melde frå til barnevernet", "en": "child welfare"}
TITLES = {"psychological": "Psykisk vold", "day_service": "Dagtilbud"}


class FakeWords:
    """As much of the content as the flows use."""

    def __init__(self) -> None:
        self.numbers: NumberRegister = load_numbers(CONTENT / "numbers.yml")
        hours = {"nb": "hele døgnet", "nn": "heile døgnet", "en": "day and night"}
        line = {"number": LINE, "hours": hours, "under_18": "116 111"}
        self.centre: CentreView = centre_view(
            {"name": "Krisesenteret", "short_name": "krisesenteret", "phone_line": line}
        )

    def has(self, topic: str, lang: Lang = "nb") -> bool:
        return topic in TITLES

    def title(self, topic: str, lang: Lang) -> str:
        return TITLES[topic]


class Walker:
    """One person in one flow. Every step is checked for what must always hold."""

    def __init__(
        self,
        flow: Flow,
        lang: Lang = "nb",
        channel: Channel = "web",
        reason: str = "asked",
        facts: Facts | None = None,
    ) -> None:
        self.flow, self.lang, self.channel = flow, lang, channel
        self.facts = facts or Facts()
        self.asked: list[str] = []
        self.replies: list[Reply] = []
        self._after(flow.start(self.facts, lang, channel, reason))

    def presses(self, payload: str) -> Walker:
        """A button that is on the screen; on SMS its number."""
        buttons = self.buttons
        assert payload in [b.payload for b in buttons], (payload, buttons)
        index = [b.payload for b in buttons].index(payload)
        text = str(index + 1) if self.channel == "sms" else buttons[index].title
        if self.channel == "sms":
            text = "0" if payload == ZERO else text
            assert read_choice(text, offered(buttons), self.lang) == payload
        return self._says(text, payload)

    def writes(self, text: str, understood: bool = True) -> Walker:
        """Free text, without help from the menu."""
        return self._says(text, None, understood)

    def answers(self, *said: str) -> Walker:
        """One after the other: "[payload]" is a button, everything else is words."""
        for each in said:
            if each.startswith("["):
                self.presses(each[1:-1])
            else:
                self.writes(each)
        return self

    @property
    def buttons(self) -> tuple[Button, ...]:
        return next((r.buttons for r in reversed(self.replies) if r.buttons), ())

    @property
    def text(self) -> str:
        return "\n".join(reply.text for reply in self.replies)

    @property
    def sms(self) -> list[str]:
        return [text for reply in self.replies for text in sms_texts(reply, self.lang)]

    def _says(self, text: str, payload: str | None, understood: bool = True) -> Walker:
        inp = FlowInput(text, payload, self.lang, self.channel)
        step = self.flow.handle(self.step.data, inp, self.facts)
        if not understood:
            assert step is None
            return self
        assert step is not None, (self.step.data["step"], text, payload)
        self._after(step)
        return self

    def _after(self, step: FlowStep) -> None:
        assert json.loads(json.dumps(step.data)) == step.data
        self.step = step
        self.replies = step.replies
        self.facts = self.facts.updated(step.facts)
        self.asked.append(str(step.data.get("step")))
        for reply in step.replies:
            assert "{" not in reply.text
            assert all(len(b.title) <= 24 for b in reply.buttons if not b.ticked)
        if self.channel == "sms":
            assert all(count(text).segments <= 2 for text in self.sms)


def draft_of(person: Walker) -> HandoffDraft:
    assert person.step.done
    assert person.step.draft is not None
    return person.step.draft


def line_of(draft: HandoffDraft, field: str) -> str | None:
    return next((line.text for line in draft.summary if line.field == field), None)
