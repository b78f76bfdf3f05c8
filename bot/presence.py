"""Is it still you? After a pause, a stranger's question, another language, or somebody found out.

The first step of a turn. In doubt the thread is put aside (store/presence.py) and the next step
asks one neutral question (opening.py). The safe word brings the thread back.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from bot import danger, handing_over, safe_word
from bot.channels.messages import Lang
from bot.channels.sms.opening import answers_at_once, asks_who, stranger_asks
from bot.opening import take_up
from bot.safety import Finding
from bot.safety.reading_along import asks_about_us, comes
from bot.store import day_wishes, messages, outbox
from bot.store import presence as thread
from bot.store.database import Tx
from bot.store.presence import Doubt
from bot.understanding.language import detect_language
from bot.understanding.types import UnderstandingAway

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

CLEAR_WORDS = 4  # fewer say little about a language
A_TRY = 3  # words at most of what may be meant as a safe word


async def check(services: Services, turn: Turn) -> bool:
    """True when the turn ends here. Whoever holds the person, what the desk must know is noted."""
    state, held = turn.conversation.state, turn.conversation.held_by == "desk"
    word = safe_word.given(turn)
    asked, state.choosing = state.choosing, 0
    coming = _somebody_comes(turn)
    why = _why(services, turn)
    if word is not None and word == state.safe_word and state.safe_word_strong and not asked:
        return _is_the_person(services, turn)
    if why is not None:
        await _begin(services, turn, why)
    if turn.finding is not None and answers_at_once(turn.finding) and state.doubt in thread.QUIET:
        thread.go_on(state)  # no question stands between danger and a person
    if held:
        return False
    if coming:
        await danger.alarm(services, turn)
        turn.say(services.content.reply("somebody_comes", turn.lang, turn.channel))
        return True
    if state.neutral:
        return await _in_doubt(services, turn, word)
    if word is not None:
        _word_now(services, turn, word, asked)
        return True
    if state.unproven:
        _count(turn)
    return False


# --- why -------------------------------------------------------------------------------------


def _why(services: Services, turn: Turn) -> Doubt | None:
    """What speaks for somebody else, the gravest first; the clock and the languages are noted."""
    state, at = turn.conversation.state, turn.message.at.timestamp()
    settings = services.settings
    limit = settings.pause_sms if turn.channel == "sms" else settings.pause_web
    paused = thread.lapsed(state, limit, at)
    state.heard_at = at
    other = _changes_language(turn)
    if turn.finding is not None and turn.finding.neutral:
        return thread.READS_ALONG
    at_once = turn.finding is not None and answers_at_once(turn.finding)
    by_sms = turn.channel == "sms" and turn.payload is None and not at_once
    if by_sms and stranger_asks(state, turn.message.text):
        return "who"
    if paused:
        return "pause"
    return "language" if by_sms and other else None


def _changes_language(turn: Turn) -> bool:
    """Another tongue than any the person has written clearly before, asking what a stranger asks.

    Who goes on with her own matter in another language is the same person: many have two.
    """
    state, spoken = turn.conversation.state, _clear_language(turn)
    if spoken is None or spoken in state.spoken:
        return False
    first = not state.spoken
    state.spoken = [*state.spoken, spoken]
    text = turn.message.text
    return not first and (asks_who(text) or asks_about_us(text))


def _clear_language(turn: Turn) -> str | None:
    text = turn.message.text
    if turn.payload is not None or len(text.split()) < CLEAR_WORDS:
        return None
    priors: tuple[Lang, Lang] = ("nb", "en")
    found = [detect_language(text, prior) for prior in priors]
    spoken = {one.other or ("en" if one.lang == "en" else "no") for one in found}
    return spoken.pop() if len(spoken) == 1 else None  # else nothing in the words decides


def _somebody_comes(turn: Turn) -> bool:
    """ "Han kommer" on a page that stands open: the police's number on it would give her away.

    The desk is told of the danger all the same. By SMS, on a phone that can be put away, and where
    the message tells more, the danger itself is answered.
    """
    found = turn.finding
    if turn.channel != "web" or turn.payload is not None or not comes(turn.message.text):
        return False
    if found is not None and not {*found.all} <= {"danger_now", "child_in_danger", "found_out"}:
        return False
    words = turn.message.text.strip()
    found = found or Finding("found_out", "now", words, ("found_out",), neutral=True)
    turn.safety = replace(turn.safety, finding=replace(found, neutral=True))
    return True


# --- then ------------------------------------------------------------------------------------


async def _begin(services: Services, turn: Turn, why: Doubt) -> None:
    state = turn.conversation.state
    thread.begin_doubt(state, why)
    if why != thread.READS_ALONG and turn.conversation.held_by == "desk":
        return  # the counsellor sees the mark; their talk goes on
    state.hidden_to = await services.db.run(_hide, turn, why == thread.READS_ALONG)
    with suppress(UnderstandingAway):
        await services.understanding.forget(turn.conversation.id)


def _hide(tx: Tx, turn: Turn, reads_along: bool) -> int:
    """Number of the last message that is not drawn again; what is on its way is taken back."""
    if reads_along:
        outbox.drop(tx, turn.conversation.id)
        day_wishes.drop_reminder(tx, turn.conversation.id)
    stored = messages.get(tx, turn.message_id)
    seq = stored.seq if stored is not None else 0
    return seq if reads_along else seq - 1


async def _in_doubt(services: Services, turn: Turn, word: str | None) -> bool:
    """Erasing never waits. Everything else is met by the neutral question of the next step."""
    state = turn.conversation.state
    if handing_over.is_erase(turn):
        await handing_over.erase_unasked(services, turn)
        return True
    if word is not None:
        weak = word == state.safe_word
        turn.payload = "safe:yes" if weak else None
        turn.message = replace(turn.message, text="")
    elif _is_a_choice(turn):
        turn.message = replace(turn.message, text="")  # from an old menu: it waits for nothing
    else:
        _count(turn)
    return False


def _word_now(services: Services, turn: Turn, word: str, asked: int) -> None:
    """A word while nothing is in doubt: it is being chosen, or was written to be sure."""
    state = turn.conversation.state
    if asked:
        safe_word.choose(services, turn, word, asked)
    else:
        turn.say(services.content.reply("thread_back", turn.lang, turn.channel))
    if not state.choosing:
        turn.say(*handing_over.resumed(services, turn))


def _is_a_choice(turn: Turn) -> bool:
    if turn.payload is not None:
        return not turn.payload.startswith("safe:")
    return turn.message.text.strip(" .!").isdigit()


def _is_the_person(services: Services, turn: Turn) -> bool:
    """The strong word: the thread comes back. A counsellor who holds the person goes on herself."""
    state = turn.conversation.state
    away, waited = state.neutral or state.unproven, state.waiting_text
    thread.bring_back(state)
    state.safe, state.waiting_text = "yes", None
    if turn.conversation.held_by == "desk":
        return False
    turn.say(services.content.reply("thread_back", turn.lang, turn.channel))
    if away and waited:
        take_up(services, turn, waited)
        return False
    turn.say(*handing_over.resumed(services, turn))
    return True


def _count(turn: Turn) -> None:
    if turn.payload is None and 0 < len(turn.message.text.split()) <= A_TRY:
        thread.count_try(turn.conversation.state)
