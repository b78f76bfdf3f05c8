"""Neutral until safe: what the first words by SMS may say, and what waits until they may be said.

A phone lies on a table. Until the person has said that it is safe, all that leaves could be about
anything; only danger this minute, an injury or thoughts of suicide are answered at once. When
somebody else seems to hold the phone ("hvem er dette"), one line that could be about anything goes
out, what waited is forgotten, and nothing old is ever said again without a new "yes".

Pure functions: nothing is stored or sent here. An alarm to the desk never waits for the answer.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from bot.channels.messages import Button, Lang, Reply
from bot.channels.sms.menu import offered
from bot.safety.reading_along import (
    answers_safe,
    asks_about_us,
    asks_who_abroad,
    is_only_an_answer,
    only_greets,
)
from bot.store.presence import QUIET

if TYPE_CHECKING:
    from bot.safety.finding import Finding
    from bot.store.conversations import State

Kind = Literal["go_on", "danger", "neutral_line", "ask", "welcome", "not_now"]
SentenceId = Literal[
    "sms_ask", "sms_still_you", "sms_neutral_line", "sms_not_now", "sms_welcome", "sms_go_on",
    "sms_way_on",
]  # fmt: skip
Sentence = Callable[[SentenceId, Lang], str]

AT_ONCE = frozenset({"danger_now", "injured", "suicide"})
LONGEST_WAITING = 2000
IN_VAIN = 2
"""So often the question is asked; then how to answer it is said once, and then it is let be."""

# Said also when no content can be read, so they stand here; a centre may word them anew in
# content/system (same ids).
_BUILT_IN: dict[SentenceId, dict[Lang, str]] = {
    "sms_ask": {
        "nb": "Passer det å skrive nå?",
        "nn": "Passar det å skrive no?",
        "en": "Is this a good time to text?",
    },
    "sms_still_you": {
        "nb": "Er det fortsatt deg?",
        "nn": "Er det framleis deg?",
        "en": "Is this still you?",
    },
    "sms_go_on": {
        "nb": "Fint. Hva gjelder det? Skriv med egne ord.",
        "nn": "Fint. Kva gjeld det? Skriv med eigne ord.",
        "en": "Good. What is it about? Use your own words.",
    },
    "sms_way_on": {
        "nb": "Svar ja når det passer å skrive. Da svarer jeg på det du skrev.",
        "nn": "Svar ja når det passar å skrive. Då svarar eg på det du skreiv.",
        "en": "When it is a good time to text, choose it here. Then I answer what you wrote.",
    },
    "sms_neutral_line": {
        "nb": "Hei! Dette nummeret svarer på vanlige spørsmål. Hva gjelder det?",
        "nn": "Hei! Dette nummeret svarar på vanlege spørsmål. Kva gjeld det?",
        "en": "Hi! This number answers general questions. What is it about?",
    },
    "sms_not_now": {
        "nb": "Helt greit. Skriv når det passer.",
        "nn": "Heilt greitt. Skriv når det passar.",
        "en": "That's fine. Text when it suits you.",
    },
    "sms_welcome": {
        "nb": "Fint. Jeg er en chatbot, ikke et menneske. Meldingene slettes hos oss etter "
        "{hours} timer, men ligger på din telefon.",
        "nn": "Fint. Eg er ein chatbot, ikkje eit menneske. Meldingane blir sletta hos oss etter "
        "{hours} timar, men ligg på telefonen din.",
        "en": "Good. I am a chatbot, not a person. We delete the messages after {hours} hours, "
        "but they stay on your phone.",
    },
}
_QUESTIONS: tuple[SentenceId, ...] = ("sms_ask", "sms_still_you", "sms_way_on")
_ANSWERS: dict[Lang, tuple[Button, Button]] = {
    "nb": (Button("Ja", "safe:yes"), Button("Nei", "safe:no")),
    "nn": (Button("Ja", "safe:yes"), Button("Nei", "safe:no")),
    "en": (Button("Yes", "safe:yes"), Button("No", "safe:no")),
}

_GREETING = (
    r"(?:(?:hei+|heisann|hallo|hello|hey|hi|hoi|god (?:dag|kveld|morgen)|unnskyld|sorry|øh?|eh|"
    r"ja|men|excuse me)[\s,.!?-]+)*"
)
_WHO = (
    r"(?:hvem|kven|hvilket nummer|hvilken tjeneste)\s+(?:\w+\s+)?(?:er|e)\s+"
    r"(?:dette|det her|det|du|dere|dykk|jeg snakker med|eg snakkar med)"
    r"|(?:hvem|kven)\s+(?:eier|eig|har|har sendt|sendte|skriver|skriv|svarer)\b"
    r"|(?:hvem|kven)\s+(?:snakker|snakkar|skriver|skriv|chatter|tekster)\s+(?:jeg|eg)\s+med"
    r"|(?:hva|kva)\s+(?:slags|for|er)\s+(?:dette|det her|nummer|et nummer|eit nummer)"
    r"|(?:hva|kva)\s+er\s+(?:dette|det)\s+(?:for|her)\b"
    r"|who(?:\s+is|'s|’s|s)?\s+(?:this|that|dis|texting|there)"
    r"|who\s+(?:are|r)\s+(?:you|u)"
    r"|who\s+am\s+i\s+(?:texting|talking|writing|speaking)"
    r"|(?:what|whose)\s+(?:is\s+this\s+number|number\s+is\s+this|is\s+this)"
)
# "hvem er dette for" asks whom the service is for; "hvem er det som …" begins another question.
_ASKS_WHO = re.compile(rf"^{_GREETING}(?:{_WHO})(?!\s+(?:for|som|that|like)\b)\b", re.IGNORECASE)
_ABOUT_THE_SERVICE = re.compile(r"\bfor\s*[?!.]*$|\bfor (?:hvem|alle|meg|me)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Opening:
    """What the turn does first.

    go_on: nothing stands in the way. danger: answer the finding at once and nothing else.
    The other kinds say `say` and end the turn, except welcome, which goes on with `text`: the
    message that had waited (None when none had). `state` is the conversation's new state.
    """

    kind: Kind
    state: State
    say: tuple[Reply, ...] = ()
    text: str | None = None

    @property
    def ends_turn(self) -> bool:
        """True when the person gets `say` and no other reply now."""
        return self.kind in ("neutral_line", "ask", "not_now") or (
            self.kind == "welcome" and self.text is None
        )


def open_sms(
    state: State,
    text: str,
    payload: str | None,
    finding: Finding | None,
    lang: Lang,
    *,
    held: bool = False,
    sentence: Sentence | None = None,
    hours: int = 12,
) -> Opening:
    """What comes first for a message by SMS. `payload` is what the last menu made of the text.

    `held`: a counsellor writes with the person and reads this too, so "hvem er du" is hers to
    answer. `sentence` gives the words (default: the built-in ones); `hours`: how long messages
    are kept.
    """
    say = _sayer(sentence, lang, hours)
    if finding is not None and (answers_at_once(finding) or finding.neutral):
        return Opening("danger", state)
    if not held and stranger_asks(state, text):
        return Opening("neutral_line", _forgotten(state), (say("sms_neutral_line"),))
    goes_on = held or _danger_is_near(state) or (state.safe == "yes" and not state.neutral)
    if not goes_on:
        payload = heard_answer(state, text, payload)
    if payload == "safe:yes":
        waited = waiting(state, text)
        known = replace(
            state, safe="yes", neutral=False, opened=True, waiting_text=None, menu=[], fails=0
        )
        return Opening("welcome", known, _welcome(state, waited, say), waited)
    if payload in ("safe:no", "safe:unknown"):
        waits = replace(state, safe=payload.removeprefix("safe:"), waiting_text=None, fails=0)
        return Opening("not_now", waits, (say("sms_not_now"),))
    if goes_on:
        return Opening("go_on", state)
    # Whoever said before that it is safe knows this; a stranger is asked something else.
    question = say(_question(state))
    asked = replace(
        state, waiting_text=kept(state, text), menu=offered(question.buttons), fails=state.fails + 1
    )
    return Opening("ask", asked, (question,))


def _danger_is_near(state: State) -> bool:
    """Dying was asked about, or 113 was said: no other question stands before the answer."""
    asked = state.last_danger == "suicide" and state.last_level == "now"
    return asked and state.staying > 0 and not state.neutral


def heard_answer(state: State, text: str, payload: str | None) -> str | None:
    """The answer to the question that was asked, pressed or in whatever words.

    Who has been told how to answer, and goes on with her own matter, is not asked for ever: a yes
    is no proof either, and opens no more than that.
    """
    asked = state.fails > 0 or (state.neutral and not only_greets(text))
    if payload is not None or not asked:
        return payload
    answer = answers_safe(text)
    if answer is not None:
        return f"safe:{answer}"
    return "safe:yes" if state.fails > IN_VAIN and not only_greets(text) else None


def waiting(state: State, text: str) -> str | None:
    """What is answered once it is safe: what stands beside the yes, or what had waited."""
    words = text.strip()
    beside = not is_only_an_answer(words) if answers_safe(words) else state.fails > IN_VAIN
    return words[:LONGEST_WAITING] if beside and not words.isdigit() else state.waiting_text


def kept(state: State, text: str) -> str | None:
    """What waits for the answer. In doubt never a mere greeting: its answer tells what this is."""
    if state.neutral and only_greets(text):
        return state.waiting_text
    if state.neutral and asks_about_us(text):
        return None
    return text[:LONGEST_WAITING] or None


def stranger_asks(state: State, text: str) -> bool:
    """Who this is; and where it is or was in doubt who writes, also what this is and what she said.

    A yes opens the thread to whoever holds the phone, so it does not open this.
    """
    doubted = state.neutral or state.unproven
    return asks_who(text) or (doubted and asks_about_us(text))


def answers_at_once(finding: Finding) -> bool:
    """True when waiting for "is it safe?" would be worse than being read by somebody else.

    Danger this minute of any kind, an injury, thoughts of suicide. Never when somebody reads along
    (found_out): those words are neutral anyway.
    """
    return not finding.neutral and (finding.danger in AT_ONCE or finding.level == "now")


def asks_who(text: str) -> bool:
    """True for "hvem er dette", "kven er dette", "who is this": perhaps somebody else's eyes.

    Errs on the side of neutral: the person it misjudges is asked once more whether it is safe.
    """
    words = " ".join(text[:400].split())
    asks = bool(_ASKS_WHO.match(words)) and not _ABOUT_THE_SERVICE.search(words)
    return asks or asks_who_abroad(text[:400])


def question(lang: Lang) -> Reply:
    """The neutral first question with its answers."""
    return _sayer(None, lang, 0)("sms_ask")


def built_in(sentence_id: SentenceId, lang: Lang) -> str:
    """The words of this module; {hours} is not filled in yet."""
    return _BUILT_IN[sentence_id][lang]


def _sayer(sentence: Sentence | None, lang: Lang, hours: int) -> Callable[[SentenceId], Reply]:
    words = sentence or built_in

    def say(sentence_id: SentenceId) -> Reply:
        text = words(sentence_id, lang).replace("{hours}", str(hours))
        buttons = _ANSWERS[lang] if sentence_id in _QUESTIONS else ()
        return Reply(text, buttons, kind="system")

    return say


def _paused(state: State) -> bool:
    return state.safe == "yes" and state.doubt in QUIET


def _question(state: State) -> SentenceId:
    if state.fails >= IN_VAIN:
        return "sms_way_on"
    return "sms_still_you" if _paused(state) else "sms_ask"


def _welcome(
    state: State, waited: str | None, say: Callable[[SentenceId], Reply]
) -> tuple[Reply, ...]:
    """What this is, once; afterwards the answer alone, or room for a question."""
    if not state.opened:
        return (say("sms_welcome"),)
    return () if waited else (say("sms_go_on"),)


def _forgotten(state: State) -> State:
    """Somebody else may be reading: no safe word, nothing waiting, no menu that still works."""
    return replace(state, safe=None, neutral=True, waiting_text=None, menu=[])
