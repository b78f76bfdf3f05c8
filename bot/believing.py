"""What ends a danger, and what takes an answer back: a "no" is believed, and so is a late "yes".

Help that was called is heard as such. What was only guessed and is denied is taken out of what is
passed on; the alarm at the desk stays.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot.channels.messages import Reply
from bot.safety import SafetyContext
from bot.safety.answers import asks, denies_dying, how_over, overdose, read_answer, says, words_of
from bot.safety.finding import Answer, Finding, SafetyResult
from bot.safety.words import Reader

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

TAKEN_BACK = 8  # so many messages after a "no" it can be taken back
JUST_ASKED = 6  # a bare "jo" only in the first of them: later it answers something else
A_WORD_MORE = 7  # words; a longer denial tells what it is about instead
JUST_COMPANY = 8  # words; what stands beside it may be a danger
_SOMEBODY = frozenset({"han", "hun", "ho", "hain", "he", "she", "de", "dei", "they", "mannen"})
ASSAULT = "sexual_assault_recent"
HURT = frozenset({"strangled", "injured"})  # a doctor should see it also when nobody is there


def notice(turn: Turn, text: str) -> None:
    """Read what the lists of danger cannot know: what was asked and answered before."""
    state, finding = turn.conversation.state, turn.finding
    late, state.denied = state.denied, max(0, state.denied - 1)
    if turn.payload is not None or (finding is not None and finding.neutral):
        return
    dying = finding is None or finding.danger == "suicide"
    hurt = dying or (finding is not None and finding.danger == "injured")
    if (hurt and overdose(text)) or (dying and state.asked_suicide and _done_already(text)):
        _is_told(turn, text)
        state.harmed = True
    elif dying and (finding is None or not finding.other) and _is_plain(turn, text, late):
        _is_told(turn, text)
        state.yes_said = "denied" if late else state.yes_said
    elif finding is not None and (_corrected(turn, text) or _asks_for_company(turn, text)):
        turn.safety = SafetyResult(None, False)


def way_of_yes(turn: Turn, text: str) -> str | None:
    """The section for a "yes": something is done already, taken back, or the means are there."""
    state = turn.conversation.state
    if state.harmed:
        return "done"
    if state.yes_said == "denied":
        return "after_no"
    return "means" if state.yes_said and says("at_hand", text) else None


def is_calm(services: Services, turn: Turn, finding: Finding) -> bool:
    """Whether a finding stands on words that say that it is over, or that help was called.

    The lists decide: what they take for live beside it is answered as a danger. Where help was
    called, nobody is told to call it again whatever else is said.
    """
    if finding.neutral or finding.answer is not None or finding.danger == "suicide":
        return False
    text = turn.message.text
    how = how_over(text)
    if how == "called":
        return True
    if how is None:
        return False
    context = SafetyContext(lang=turn.lang, last_danger=finding.danger, last_level="now")
    return services.safety.check(text, context).answer == "over"


def lowered(services: Services, turn: Turn, finding: Finding) -> Finding:
    """Over for now: the desk is alarmed all the same, but not as for this minute."""
    calm = how_over(turn.message.text) != "called" and is_calm(services, turn, finding)
    return replace(finding, level="soon") if calm and finding.level == "now" else finding


def follow(services: Services, turn: Turn) -> list[Reply] | None:
    """Help that was called, and a danger that was misread. None: neither."""
    state, text, words = turn.conversation.state, turn.message.text, services.words
    if turn.payload is not None:
        return None
    near = state.last_danger is not None
    if state.harmed and says("overdose_not", text):
        return check(services, turn)
    if not state.asked_suicide and needs_a_check(turn) and says("bare_no", text):
        return check(services, turn)
    if near and how_over(text) == "called":
        state.helped, state.harmed, state.asked_suicide, state.staying = True, False, False, 1
        return words.answered("over", turn.lang, turn.channel, way="called")
    danger = _corrected(turn, text)
    if danger is None:
        return None
    if danger == "suicide" and needs_a_check(turn) and not says("corrects", text):
        return check(services, turn)
    _forget_risk(turn, danger)
    if state.last_danger == danger or danger == "suicide":
        end(turn, "misunderstood")
    return words.answered("misunderstood", turn.lang, turn.channel, way="misread")


def goes_on(turn: Turn) -> bool:
    """Whether the same message also asks or tells something, which is then answered."""
    text = turn.message.text
    more = asks(text) or len(text.split()) > A_WORD_MORE
    return bool(turn.not_now and turn.replies and more)


def needs_a_check(turn: Turn) -> bool:
    """A "no" after a "yes" to the direct question is asked about once, gently."""
    state = turn.conversation.state
    if state.harmed and not says("overdose_not", turn.message.text):
        return False
    return state.last_danger == "suicide" and (state.yes_said == "yes" or state.harmed)


def check(services: Services, turn: Turn) -> list[Reply]:
    """Ask once more: yes and no mean what they meant the first time."""
    state = turn.conversation.state
    state.asked_suicide, state.yes_said, state.harmed, state.staying = True, "checked", False, 1
    turn.check_back = True
    return services.words.once_more(turn.lang, turn.channel)


def still_hurt(turn: Turn) -> bool:
    """It is over, but a doctor should see it: that is not forgotten with the danger."""
    state = turn.conversation.state
    return state.last_danger in HURT and how_over(turn.message.text) in (None, "away")


def stays_hurt(services: Services, turn: Turn) -> list[Reply]:
    """The words for that. The doctor stays near, the emergency number does not."""
    state = turn.conversation.state
    state.last_level, state.staying = "soon", 0
    turn.not_now = True
    reader = Reader(young=state.young, other=state.other)
    return services.words.answered("over", turn.lang, turn.channel, reader, way="hurt")


def end(turn: Turn, answer: Answer) -> None:
    """What was near is not near any more."""
    state = turn.conversation.state
    if answer in ("over", "misunderstood"):
        turn.not_now = True
    if answer in ("no", "misunderstood") and state.last_danger == "suicide":
        state.denied = TAKEN_BACK
    if answer in ("no", "misunderstood") and state.last_danger and not state.yes_said:
        _forget_risk(turn, state.last_danger)
    state.last_danger, state.last_level, state.asked_suicide = None, None, False
    state.staying, state.other, state.helped, state.harmed = 0, False, False, False
    state.yes_said = ""


def politeness(services: Services, turn: Turn) -> list[Reply]:
    """Thanks and goodbye are answered as such, also after a danger. Not while a question is open:
    there "no thanks" is an answer."""
    state, text = turn.conversation.state, turn.message.text
    if state.asked_suicide or state.harmed or state.flow is not None or asks(text):
        return []
    topic = "goodbye" if says("bye", text) else "thanks" if says("thanks", text) else None
    if topic is None:
        return []
    turn.topic = topic
    return services.content.answer(topic, turn.lang, turn.channel)


def _is_told(turn: Turn, text: str) -> None:
    """A yes in so many words: danger now, and the question is not asked again."""
    young = turn.finding is not None and turn.finding.young
    finding = Finding("suicide", "now", text[:160], ("suicide",), False, young=young, answer="yes")
    if turn.finding is not None:
        finding = replace(finding, words=turn.finding.words, all=turn.finding.all)
    turn.safety = SafetyResult(finding, False, "yes")


def _done_already(text: str) -> bool:
    return says("done_it", text) and read_answer(words_of(text)) != "no"


def _asks_for_company(turn: Turn, text: str) -> bool:
    """ "Kan noen følge meg dit?" after an assault: the way there, not somebody who follows."""
    said = words_of(text)
    alone = len(said) <= JUST_COMPANY and _SOMEBODY.isdisjoint(said)
    return alone and turn.conversation.state.last_danger == ASSAULT and says("company", text)


def _is_plain(turn: Turn, text: str, late: int) -> bool:
    """A wish told outright, the "no" taken back, or the means that lie there."""
    state = turn.conversation.state
    if denies_dying(text) or state.asked_suicide:
        return False
    if says("plain", text):
        return True
    if late and says("admits", text):
        return len(text.split()) > 1 or late >= JUST_ASKED
    return bool(state.yes_said and state.last_danger == "suicide" and says("at_hand", text))


def _corrected(turn: Turn, text: str) -> str | None:
    """The danger that is denied in so many words; None when none is, or another one is told."""
    state, finding = turn.conversation.state, turn.finding
    told = {state.last_danger, *state.facts.risks}
    live = finding.danger if finding is not None else None
    if denies_dying(text) and "suicide" in told and live in (None, "suicide"):
        corrected = says("corrects", text) or not state.asked_suicide
        return "suicide" if corrected and not (live and not says("corrects", text)) else None
    for danger, kind in (
        ("child_in_danger", "denies_child"),
        ("sexual_assault_recent", "denies_assault"),
    ):
        if danger in told and live in (None, danger) and says(kind, text):  # type: ignore[arg-type]
            return danger
    return None


def _forget_risk(turn: Turn, danger: str) -> None:
    """What was guessed and denied is not passed on as told."""
    state = turn.conversation.state
    kept = [risk for risk in state.facts.risks if risk != danger]
    state.facts = replace(state.facts, risks=kept)
