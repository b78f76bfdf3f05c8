"""After the first words of a danger: staying with the person, believing a "no", a child's age.

What is short or unclear is stayed with: one reminder of the number, then nearness without it. What
is asked is answered. What ends a danger, or takes an answer back, stands in bot/believing.py.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from bot import ages, believing, handing_over, holding_open
from bot.channels.messages import Level, Reply
from bot.channels.sms.menu import read_choice
from bot.commands import read_command
from bot.safety.answers import asks, how_over, says, words_of
from bot.safety.finding import Finding, SafetyResult
from bot.safety.words import Reader

if TYPE_CHECKING:
    from bot.services import Services
    from bot.store.conversations import State
    from bot.turn import Turn

ADULT = 18
A_CRY = 3  # words; no more is no question to be answered with topics
SHORT_STAYS = 3  # so often an "ok" is stayed with; after that it is understood as any message
LONGEST_STAY = 80  # letters; a longer message tells something and is understood as any other
NEAR = ("now", "soon")
# Of the conversation itself: while a danger is near they are no answer to give.
UNCLEAR = frozenset(
    {"yes", "no", "dont_know", "dont_want_to_say", "greet", "nonsense"}
    | {"insult", "angry_at_bot", "prank", "test_message", "very_long_message", "repeat", "more"}
)

_IN_DEFENCE = re.compile(
    r"\b(?:tilbake|attende|igjen|back|selvforsvar|forsvar\w*|defen[cs]e)\b", re.I
)

# What a threat to oneself is easily taken for.
_LIKE_A_THREAT = frozenset({"weapon_or_kill_threat", "danger_now"})


def reader(turn: Turn) -> Reader:
    """Who reads what is said now."""
    state = turn.conversation.state
    return Reader(young=state.young, other=state.other, violent=state.violent)


def notice(turn: Turn) -> None:
    """What a message says of the one who writes: a child, or somebody who uses violence."""
    state, text = turn.conversation.state, turn.message.text[:300]
    turn.age_open = state.age == "asked"
    state.age = "passed" if turn.age_open else state.age
    age = ages.own(text)
    if age is not None:
        _is_of_age(state, age)
        state.age = "known"
    if turn.finding is not None and turn.finding.young:
        state.young = True
    if _threatens_self(turn, text):
        level: Level = turn.finding.level if turn.finding is not None else "soon"
        turn.safety = SafetyResult(
            Finding("suicide", level, text[:160], ("suicide",), neutral=False), False
        )
    believing.notice(turn, text)
    if own_violence(turn) and (turn.finding is None or turn.finding.danger == "suicide"):
        state.violent = True


def in_its_place(turn: Turn, finding: Finding) -> Finding:
    """The finding under the id that it belongs to.

    "Hjelp" or "jeg gjemmer meg" tells nothing new of a danger that is near already, so it keeps
    its number; and a child that writes itself is a child in danger, also in the next message.
    """
    state, text = turn.conversation.state, turn.message.text
    if finding.danger != "danger_now" or finding.neutral:
        return finding
    near = state.staying > 0 and state.last_level == "now" and state.last_danger is not None
    if near and (_is_stay(text) or says("cannot_speak", text)):
        danger = str(state.last_danger)
    elif state.young and not finding.other:
        danger = "child_in_danger"
    else:
        return finding
    rest = tuple(id for id in finding.all if id not in (danger, "danger_now"))
    return replace(finding, danger=danger, all=(danger, *rest))


def says_it_is_safe(turn: Turn) -> bool:
    """Whether a "ja" answers "is it a good time?", which stood nearer than the direct question.

    Then the direct question is still open, and nothing was said about it.
    """
    state = turn.conversation.state
    if turn.finding is None or turn.finding.answer != "yes" or turn.channel != "sms":
        return False
    if read_choice(turn.message.text, state.menu, turn.lang) != "safe:yes":
        return False
    turn.safety = SafetyResult(None, False)
    state.safe, state.opened, state.waiting_text = "yes", True, None
    return True


def answer_finding(services: Services, turn: Turn, finding: Finding) -> list[Reply]:
    """The first words, or what follows them when the same danger is told of again."""
    state, words, text = turn.conversation.state, services.words, turn.message.text
    if finding.neutral:
        return words.first_words(finding, turn.lang, turn.channel)
    if finding.answer is not None:
        way = believing.way_of_yes(turn, text) if finding.answer == "yes" else None
        return words.answered(finding.answer, turn.lang, turn.channel, reader(turn), way=way)
    if believing.is_calm(services, turn, finding):
        state.helped = how_over(text) == "called"
        return words.answered(
            "over", turn.lang, turn.channel, reader(turn), finding.danger, how_over(text)
        )
    again = state.staying > 0 and state.last_danger == finding.danger
    again = again and (finding.level != "now" or state.last_level == "now")
    special = _special(services, turn, finding.danger)
    if again and special:
        return special
    if again and state.asked_suicide:
        return _silent_words(services, turn)
    if again and (finding.danger == "suicide" or _is_stay(text)):
        return _stay_words(services, turn)
    first = words.first_words(finding, turn.lang, turn.channel, state.young)
    beside = finding.level == "now" or finding.danger == believing.ASSAULT
    return first + special if beside else first


def remember(turn: Turn, finding: Finding) -> None:
    """How the conversation stands after the first words (before last_danger is changed)."""
    state = turn.conversation.state
    again = state.staying > 0 and state.last_danger == finding.danger and finding.answer is None
    state.staying = state.staying + 1 if again else int(finding.level in NEAR)
    state.other = finding.other
    if not again and not (finding.answer is None and how_over(turn.message.text) == "called"):
        state.helped = False
    if finding.answer == "yes" and finding.danger == "suicide":
        state.yes_said, state.denied = "yes", 0
    if finding.other and state.facts.about is None:
        state.facts = state.facts.updated({"about": "other"})


def follow(services: Services, turn: Turn) -> bool:
    """What a message without a finding says to the danger before it. False: nothing special."""
    state = turn.conversation.state
    said = believing.follow(services, turn)
    if said is not None:
        turn.say(*said)
        return not believing.goes_on(turn)
    if _answered(services, turn) or _age_told(services, turn):
        return not (turn.not_now and not turn.replies)
    text = turn.message.text
    if read_command(text) is not None:
        return False
    if state.harmed and turn.payload is None and not asks(text):
        stay(services, turn)
        return True
    # By number and by word a menu may take "ok" for a yes; to this question it is none.
    typed = turn.payload in (None, "yes", "no", "dont_know")
    if state.asked_suicide and typed and (says("short", text) or _is_stay(text)):
        silence(services, turn)
        return True
    if turn.payload is not None:
        return False
    if state.last_level not in NEAR:
        return False
    if state.staying > 1 and state.flow is None and says("accepts", text):
        turn.payload = "human"  # "a counsellor can write with you" was said just before
        return False
    polite = believing.politeness(services, turn)
    if polite:
        turn.say(*polite)
        return True
    special = _special(services, turn, state.last_danger or "")
    if special:
        turn.say(*special, *handing_over.resumed(services, turn))
        return True
    if state.flow is not None:
        return False
    near = state.staying > 0 and (state.staying <= SHORT_STAYS or not words_of(text))
    if _is_stay(turn.message.text) or (near and says("short", turn.message.text)):
        stay(services, turn)
        return True
    return False


def unclear(services: Services, turn: Turn, topic: str | None) -> bool:
    """True when a message that was not understood (or is a mere "hello") was stayed with."""
    state = turn.conversation.state
    if turn.payload is not None or (topic is not None and topic not in UNCLEAR):
        state.staying = 0  # something else is talked about: "ok" belongs to that now
        return False
    if state.harmed:
        stay(services, turn)
        return True
    told = len(words_of(turn.message.text)) > A_CRY
    asks_else = state.asked_suicide and topic is None and holding_open.asks_else(turn)
    calmer = state.last_level == "soon" and not state.asked_suicide
    if believing.goes_on(turn) or asks_else or (told and (calmer or state.staying > 1)):
        return False  # reminded, or it is no danger of now: topics are offered, and a person
    if state.asked_suicide and topic is None:
        silence(services, turn)
        return True
    if state.last_level not in NEAR or not state.staying:
        return False
    stay(services, turn)
    return True


def stay(services: Services, turn: Turn) -> None:
    """Say that somebody is here, the number, and the way to a counsellor."""
    turn.say(*_stay_words(services, turn))
    turn.conversation.state.staying += 1
    turn.say(*handing_over.resumed(services, turn))


def silence(services: Services, turn: Turn) -> None:
    """No words to the direct question: the same warmth, and one look back later."""
    state = turn.conversation.state
    turn.say(*_silent_words(services, turn))
    state.staying = max(state.staying, 1) + 1
    turn.check_back = True


def someone_is_hurt(services: Services, turn: Turn) -> None:
    """Whoever uses violence says that somebody is afraid or hurt now: stay, and a counsellor."""
    state = turn.conversation.state
    state.last_danger, state.last_level = "danger_now", "now"
    state.other, state.staying = True, 1
    buttons = services.content.reply("stay", turn.lang, turn.channel).buttons
    last = turn.replies[-1]
    turn.replies[-1] = Reply(last.text, buttons, last.source, last.kind)


def ask_age(services: Services, turn: Turn) -> None:
    """A child is asked gently once, and told first what grown-ups must pass on.

    Never in danger this minute, never beside the direct question, never while a flow asks.
    """
    state = turn.conversation.state
    live = state.last_level == "now" or state.last_danger == "suicide"
    if not state.young or state.duty_told or live or state.neutral or state.flow is not None:
        return
    state.duty_told = True
    known = state.age == "known"
    state.age = state.age or "asked"
    page = "child_duty" if known else "ask_age"
    turn.say(services.content.reply(page, turn.lang, turn.channel))


def own_violence(turn: Turn) -> bool:
    """Whether the message tells of violence that the one who writes uses, or fears to."""
    text = turn.message.text
    told = turn.payload is None and says("own_violence", text)
    return told and _IN_DEFENCE.search(text) is None


def _threatens_self(turn: Turn, text: str) -> bool:
    """ "I take my life if she goes" is a wish to die, whatever else it is meant to do."""
    finding = turn.finding
    other = finding is not None and (finding.danger not in _LIKE_A_THREAT or finding.neutral)
    return not other and turn.payload is None and says("own_threat", text)


def _silent_words(services: Services, turn: Turn) -> list[Reply]:
    """The words for silence; every other time that somebody is here."""
    if turn.conversation.state.staying and turn.conversation.state.staying % 2 == 0:
        return services.words.here(turn.lang, turn.channel)
    return services.words.silent(turn.lang, turn.channel, reader(turn))


def _special(services: Services, turn: Turn, danger: str) -> list[Reply]:
    """What was asked for in so many words: about 112, about speaking, about a doctor."""
    words, text = services.words, turn.message.text
    # Who wants to die and cannot speak is not told how the police answer.
    dying = danger == "suicide" and says("cannot_speak", text)
    special = [] if dying else words.special(text, turn.lang, turn.channel, danger)
    if special:
        return special
    state = turn.conversation.state
    if state.helped and says("address", text):
        return words.here(turn.lang, turn.channel, "address")
    if state.last_level == "now":
        return []  # then it is 113, whatever is felt
    for section in (*["doctor"] * says("doctor", text), *["symptom"] * says("symptom", text)):
        special = special or words.of_danger(danger, turn.lang, turn.channel, section)
    return special


def _stay_words(services: Services, turn: Turn) -> list[Reply]:
    """A reminder of the number every other time; between them only that somebody is here."""
    state = turn.conversation.state
    even = state.staying > 0 and state.staying % 2 == 0
    if state.harmed:
        way = "done" if even else "done_again"
        return services.words.answered("yes", turn.lang, turn.channel, reader(turn), way=way)
    asked = asks(turn.message.text)  # "what shall I do" is answered, not only stayed with
    if state.helped or (even and not asked and state.last_danger != "found_out"):
        section = "waiting" if state.helped and not even else "here"
        return services.words.here(turn.lang, turn.channel, section)
    return services.words.stay(
        state.last_danger or "danger_now",
        cast(Level, state.last_level),
        turn.lang,
        turn.channel,
        reader(turn),
        again=state.staying > 1 and not even,
    )


def _answered(services: Services, turn: Turn) -> bool:
    """Yes and no to the direct question; "that was yesterday", "you misunderstood"."""
    state = turn.conversation.state
    if state.last_danger is None:
        return False
    text = turn.message.text or turn.payload or ""
    answer = services.words.answer_in(state.asked_suicide, turn.safety, text, turn.lang)
    if answer is None and _only_no(turn):
        answer = "misunderstood"
    if answer is None:
        return False
    if state.harmed:
        return False  # what was taken is not over because it feels fine
    if answer in ("no", "misunderstood") and believing.needs_a_check(turn):
        turn.say(*believing.check(services, turn))
        return True
    if answer == "over" and believing.still_hurt(turn):
        turn.say(*believing.stays_hurt(services, turn))
        return True
    danger, way = state.last_danger, how_over(text) if answer == "over" else None
    believing.end(turn, answer)
    if turn.not_now and asks(text) and state.flow is None:
        return True  # what was asked with it is answered instead
    said = services.words.answered(answer, turn.lang, turn.channel, reader(turn), danger, way)
    turn.say(*(_with_way_back(services, turn, said) if turn.not_now else said))
    return True


def offer_way_back(services: Services, turn: Turn) -> None:
    """Beside the words for a danger that is not this minute. A direct question stands alone."""
    state = turn.conversation.state
    if state.last_level == "now" or state.last_danger == "suicide" or state.neutral:
        return
    asked = [at for at, reply in enumerate(turn.replies) if reply.buttons]
    last = asked[-1] + 1 if asked else len(turn.replies)
    turn.replies[:last] = _with_way_back(services, turn, turn.replies[:last])


def _with_way_back(services: Services, turn: Turn, said: list[Reply]) -> list[Reply]:
    """Who was in the middle of something when the danger came can go on where it was."""
    if not said or not turn.conversation.state.paused:
        return said
    way = services.content.reply("resume_offer", turn.lang, turn.channel).buttons
    last = said[-1]
    return [*said[:-1], Reply(last.text, last.buttons + way, last.source, last.kind)]


def _only_no(turn: Turn) -> bool:
    """ "Nei" and nothing else directly after the alarm. In Nynorsk "no" is "now"."""
    state, text = turn.conversation.state, turn.message.text
    if (
        state.staying != 1
        or state.asked_suicide
        or state.helped
        or state.harmed
        or state.last_level not in NEAR
    ):
        return False
    if state.flow is not None or turn.payload is not None:
        return False
    return says("bare_no", text) and not (turn.lang == "nn" and text.strip(" .!").lower() == "no")


def _age_told(services: Services, turn: Turn) -> bool:
    """The answer to "how old are you?"; anything else is understood as any message."""
    state = turn.conversation.state
    if not turn.age_open:
        return False
    age = ages.bare(turn.message.text)
    if age is not None:
        _is_of_age(state, age)
    elif state.age != "known" and turn.payload != "skip" and not says("passes", turn.message.text):
        return False
    heard = "age_heard" if state.young else "age_adult"
    turn.say(services.content.reply(heard, turn.lang, turn.channel))
    return True


def _is_of_age(state: State, age: int) -> None:
    state.young = age < ADULT
    state.facts = state.facts.updated({"young": state.young})


def _is_stay(text: str) -> bool:
    return len(text) <= LONGEST_STAY and says("stay", text)
