"""A talk in the day service, as the person meets it: choosing a time, changing it, a reminder.

The question is not a flow: it comes when a counsellor has a proposal, and is answered days later,
perhaps after the words of the conversation have gone. What is open stands in the store alone
(day_service/wishes.py), and is asked anew when the person comes back. Danger, "menneske" and every
other command come first, or are answered in between.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot import handing_over
from bot.channels.messages import Reply
from bot.channels.outbound import may_write
from bot.channels.sms.menu import is_stale_number, offered, read_choice
from bot.commands import normal, read_command
from bot.day_service import answering, due, saying, wishes
from bot.day_service.coming_back import open_question
from bot.day_service.when import in_words, soon_in_words
from bot.day_service.wishes import Wish
from bot.handoff.questions import clip, is_question, said
from bot.store import messages
from bot.store.conversations import Conversation
from bot.store.database import Tx
from bot.store.presence import QUIET

if TYPE_CHECKING:
    from bot.services import Services
    from bot.turn import Turn

TOPIC = "day_cancel"  # what understanding calls it
MOST_WORDS = 12
_CHANGES = re.compile(
    r"\b(?:av(?:lys|bestill)\w*|kansell\w*|cancel\w*|reschedule"
    r"|(?:endre|flytte|bytte|ny|nytt|annen|anna|change|move|another|new)\b.*\b"
    r"(?:time[nr]?|tid\w*|avtale\w*|appointment|time)"
    r"|(?:kan|klarer|rekker|kjem|kommer|passer|passar) (?:ikke|ikkje)\b.*"
    r"\b(?:likevel|time\w*|avtale\w*)"
    r")\b|^(?:endre|change)$"
)
_NONE = re.compile(
    r"(?:nei )?(?:ingen(?: av (?:dem|tidene|disse|dei|desse))?(?: pass[ea]r?)?(?: for meg)?"
    r"|(?:de[ti]?|dei|tidene) pass[ea]r (?:ikke|ikkje)(?: for meg)?"
    r"|none(?: of (?:these|those|them))?(?: (?:fits?|works?|suits? me))?)"
)
_REPLIES = {"none": "day_none", "other": "day_other", "no": "day_no"}
_CHANGED = {"cancel": "day_cancelled", "move": "day_move_heard"}


async def about_talk(services: Services, turn: Turn) -> bool:
    """What a message says to a proposal, or about a time that is agreed. False: nothing."""
    wish = await services.db.run(wishes.of_person, turn.conversation.id)
    payload = turn.payload or ""
    if wish is None:
        return _too_late(services, turn, payload)
    if not payload.startswith(saying.ALL) and turn.payload is None:
        payload = await services.db.run(_written, turn, wish)
    if payload == "day:fits":
        await _fits(services, turn, wish)
    elif payload == "day:change":
        return await change(services, turn)
    elif payload.startswith(saying.ALL):
        await _pressed(services, turn, wish, payload)
    else:
        return False
    turn.conversation.state.fails = 0
    turn.say(*handing_over.resumed(services, turn))
    return True


async def note_press(services: Services, turn: Turn) -> None:
    """The button pressed, or its number, while the desk holds the person: kept in silence."""
    payload = turn.payload or ""
    if not payload.startswith(saying.ALL) or turn.conversation.state.neutral:
        return
    wish = await services.db.run(wishes.of_person, turn.conversation.id)
    if wish is not None:
        await _keep(services, turn, wish, payload)


async def change(services: Services, turn: Turn) -> bool:
    """Change or cancel: asked about the time that is agreed. False when there is none to speak of.

    Nothing is said of it to somebody who has not proved to be the one who agreed on it.
    """
    if turn.conversation.state.thread_away:
        return False
    wish = await services.db.run(wishes.of_person, turn.conversation.id)
    if wish is None or wish.row.status == "open":
        return False
    if wish.row.status == "confirmed" and wish.chosen is not None:
        when = in_words(wish.chosen.at, turn.lang)
        turn.say(services.content.reply("day_change", turn.lang, turn.channel, when=when))
    else:
        turn.say(saying.question(services.content, wish, turn.conversation, "day_look_back"))
    return True


async def after_opening(
    services: Services, turn: Turn, before: tuple[bool, str | None, str | None]
) -> None:
    """Whoever came back has said that it is safe: what is open is asked anew.

    `before`: neutral, doubt and safe as they were. Where somebody else was seen, only the safe word
    brings it back. By SMS the times stand on the phone already; on the web they are said again to
    whoever had them before their eyes and pressed one, and to nobody else.
    """
    neutral, doubt, safe = before
    state = turn.conversation.state
    settled = neutral and not state.neutral and doubt in QUIET
    now_safe = safe != "yes" and state.safe == "yes" and may_write(turn.conversation)
    if not (settled or now_safe) or turn.conversation.held_by == "desk":
        return
    if settled and turn.channel == "web" and not await services.db.run(_pressed_before, turn):
        return
    again = await services.db.run(open_question, services.content, turn.conversation)
    if again and settled:
        turn.replies.clear()  # "what is it about?" is answered by what was asked before
    turn.say(*again)


async def carry_out_all(services: Services) -> int:
    """Look back and remind, where it is due; beside no turn. Returns how many were told."""
    told = 0
    for conversation_id, handoff_id in await services.db.run(due.due):

        def work(tx: Tx, _id: str, handoff_id: str = handoff_id) -> Conversation | None:
            return due.carry_out(tx, services.outbound, services.content, handoff_id)

        conversation = await services.turn.alone(conversation_id, work)
        if conversation is not None:
            services.outbound.sent(conversation)
            told += 1
    return told


# --- what was pressed or written ---------------------------------------------------------------


async def _pressed(services: Services, turn: Turn, wish: Wish, payload: str) -> None:
    lang, channel, content = turn.lang, turn.channel, services.content
    kept = await _keep(services, turn, wish, payload)
    name = payload.removeprefix(saying.ALL)
    chosen = (kept or wish).chosen
    if name.startswith("remind_"):
        turn.say(_reminder(services, turn, kept, name.removeprefix("remind_")))
    elif name == "keep" and chosen is not None:
        when = in_words(chosen.at, lang)
        turn.say(content.reply("day_kept", lang, channel, when=when))
    elif name == "skip":
        turn.say(content.reply("day_none_heard", lang, channel))
    elif kept is None:
        turn.say(content.reply("day_gone", lang, channel))
        turn.say(*await services.db.run(open_question, content, turn.conversation))
    elif name in _REPLIES:
        turn.say(content.reply(_REPLIES[name], lang, channel))
    elif name in _CHANGED and wish.chosen is not None:
        when = in_words(wish.chosen.at, lang)
        turn.say(content.reply(_CHANGED[name], lang, channel, when=when))
    elif chosen is not None:
        when = in_words(chosen.at, lang)
        turn.say(content.reply("day_chosen", lang, channel, when=when))


async def _keep(services: Services, turn: Turn, wish: Wish, payload: str) -> Wish | None:
    """Store what was chosen, and let the desk know. None: it is not possible any more."""
    state = turn.conversation.state
    in_doubt = state.unproven or state.doubt is not None
    kept = await services.db.run(_store, wish, payload, in_doubt)
    if kept is not None:
        # Whoever answers takes part in this case from now on, as when one is opened anew.
        state.handoff_id = wish.row.handoff_id
        services.events.publish("desk")
    return kept


def _store(tx: Tx, wish: Wish, payload: str, in_doubt: bool) -> Wish | None:
    name = payload.removeprefix(saying.ALL)
    number = saying.number_of(wish, payload)
    if number is not None:
        return answering.choose(tx, wish, number, in_doubt=in_doubt)
    if name in answering.REFUSES:
        return answering.refuse(tx, wish, name, in_doubt=in_doubt)
    if name in answering.CHANGES:
        return answering.change(tx, wish, name, in_doubt=in_doubt)
    if name.startswith("remind_"):
        return answering.remind(tx, wish, name.removeprefix("remind_"))
    return None


def _reminder(services: Services, turn: Turn, kept: Wish | None, which: str) -> Reply:
    lang, channel, content = turn.lang, turn.channel, services.content
    if kept is None:
        return content.reply("day_gone", lang, channel)
    if kept.row.remind_at is not None:
        when = soon_in_words(kept.row.remind_at, services.db.clock(), lang)
        return content.reply("day_reminder_kept", lang, channel, when=when)
    return content.reply(f"day_reminder_{'none' if which == 'no' else 'unsafe'}", lang, channel)


async def _fits(services: Services, turn: Turn, wish: Wish) -> None:
    words = clip(turn.message.text)
    await services.db.run(answering.note_what_fits, wish, words)
    services.events.publish("desk")
    turn.say(services.content.reply("day_none_heard", turn.lang, turn.channel))


def _too_late(services: Services, turn: Turn, payload: str) -> bool:
    """The button of a talk that is over, called off or erased."""
    if not payload.startswith(saying.ALL):
        return False
    turn.say(services.content.reply("day_gone", turn.lang, turn.channel))
    return True


def _written(tx: Tx, turn: Turn, wish: Wish) -> str:
    """What a message in words means here: a time, when it fits, or that it is to be changed."""
    text, state = turn.message.text, turn.conversation.state
    asked = _asked_just_before(tx, turn)
    if wish.row.status == "proposed" and (found := _about_times(turn, wish, asked)):
        return found
    if "day:skip" in asked and not is_question(text) and read_command(text) is None:
        plain = said("skip", text, turn.lang) or said("no", text, turn.lang)
        return "day:skip" if plain or said("dont_know", text, turn.lang) else "day:fits"
    words = normal(text)
    if wish.row.status != "open" and len(words.split()) <= MOST_WORDS and not state.thread_away:
        return "day:change" if _CHANGES.search(words) else ""
    return ""


def _about_times(turn: Turn, wish: Wish, asked: set[str]) -> str | None:
    """A time among those proposed: a number where they were asked about last, the words of one
    wherever they are said. A number that is none of what was asked since: the question anew."""
    state, text = turn.conversation.state, turn.message.text
    if asked & _times(wish):
        return _a_time(turn, wish)
    if state.flow is not None or state.asked_suicide or state.staying or state.thread_away:
        return None
    if not text.strip(" .!").isdigit():
        return _in_words(turn, wish)
    if not state.menu:
        return _a_time(turn, wish)
    return "day:change" if is_stale_number(text, state.menu) else None


def _in_words(turn: Turn, wish: Wish) -> str | None:
    """The title of a time, or that none fits, as the whole message."""
    if _NONE.fullmatch(normal(turn.message.text)):
        return "day:none"
    return read_choice(turn.message.text, offered(saying.times_of(wish, turn.lang)), turn.lang)


def _a_time(turn: Turn, wish: Wish) -> str | None:
    text, lang = turn.message.text, turn.lang
    buttons = saying.times_of(wish, lang)
    chosen = read_choice(text, offered(buttons), lang)
    if chosen is not None:
        return chosen
    if len(buttons) == 1 and said("yes", text, lang):
        return buttons[0].payload
    if said("no", text, lang) or _NONE.fullmatch(normal(text)):
        return "day:none"
    return "day:change" if _CHANGES.search(normal(text)) else None


def _times(wish: Wish) -> set[str]:
    return {button.payload for button in saying.times_of(wish, wish.row.lang)}


def _pressed_before(tx: Tx, turn: Turn) -> bool:
    """The message that was asked about was the press of a time."""
    stored = messages.get(tx, turn.message_id)
    if stored is None:
        return False
    before = messages.after(tx, turn.conversation.id, max(stored.seq - 4, 0), 3)
    return any((one.payload or "").startswith(saying.ALL) for one in before)


def _asked_just_before(tx: Tx, turn: Turn) -> set[str]:
    """The buttons of the message just before this one."""
    stored = messages.get(tx, turn.message_id)
    if stored is None:
        return set()
    before = messages.after(tx, turn.conversation.id, stored.seq - 2, 1)
    return {button.payload for one in before for button in one.reply.buttons}
