"""Commands, wishes and flows: what a person asks the service to do."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from bot import counted, feedback, missed, reaching, safe_word, taking_back
from bot.channels.flows import FlowInput, FlowStep
from bot.channels.messages import LANGS, Lang, Reply, Wish
from bot.channels.sms import rest
from bot.commands import orders_erasing, read_command, read_payload
from bot.day_service import wishes
from bot.day_service.saying import take_code
from bot.handoff import next_shift, queue
from bot.handoff.draft import HandoffDraft
from bot.handoff.flow import FEW, HandoffFlow
from bot.handoff.followup import FollowUp
from bot.safety_plan.flow import SafetyPlanFlow
from bot.store import conversations, statistics
from bot.store.database import Tx

if TYPE_CHECKING:
    from bot.handoff.queue import Opened
    from bot.services import Services
    from bot.turn import Turn

log = logging.getLogger(__name__)

# Buttons that begin the checklist, and how: the voice, or the list of groups first.
CHECKLIST = {
    "checklist:start": "asked",
    "checklist:pick": "pick",
    "checklist:other": "other",
    "checklist:young": "young",
}


async def command(services: Services, turn: Turn) -> bool:
    """A command word as the whole message, or its button. False when it is neither."""
    found = read_payload(turn.payload)
    if found is None and turn.payload is None:
        found = read_command(turn.message.text)
    if found is None:
        asked = await taking_back.answer(services, turn) or await _wish_button(services, turn)
        return asked or await reaching.answer(services, turn, resumed, start)
    name, value = found
    state = turn.conversation.state
    if name == "human" and state.last_topic == "i_use_violence" and state.last_danger is None:
        # The centre's counsellors are for those exposed; the help for this is another one.
        turn.say(*services.content.answer("i_use_violence", turn.lang, turn.channel, "more"))
    elif name == "human":
        await start(services, turn, "handoff", why(turn))
    elif name == "erase":
        await _erase(services, turn)
    elif name == "language" and value in LANGS:
        _speak(turn, value)
        turn.say(services.content.reply("language_switched", turn.lang, turn.channel))
    elif name == "safe_word":
        safe_word.ask(services, turn)
    elif name == "uncount":
        counted.confirm(services, turn)
        turn.say(*resumed(services, turn))
    elif name == "help":
        turn.say(services.content.reply("help", turn.lang, turn.channel))
    elif name == "delete_thread":
        page = f"delete_thread_{value}" if value else "delete_thread"
        turn.say(services.content.reply(page, turn.lang, turn.channel))
    elif name == "source":
        turn.say(_source(services, turn))
    elif name == "resume" and value in state.paused and not state.asked_suicide:
        await _take_up(services, turn, value)  # named: also while another flow is open
    elif state.flow is not None:
        return False  # "back", "stop" and "fortsett" belong to the flow that is open
    elif name == "resume" and (not state.paused or state.asked_suicide):
        return False  # while the direct question is open, nothing else goes on
    elif name == "resume" and value:
        return False  # another flow than those that wait: understanding begins it
    elif name == "resume":
        await _take_up(services, turn, "")
    elif name == "stop":
        turn.say(services.content.reply("stopped", turn.lang, turn.channel))
    else:
        turn.say(services.content.reply("help", turn.lang, turn.channel))
    return True


def why(turn: Turn) -> str:
    """Why a person is wanted: after a finding the way is shorter, after a grave sign it is soon.

    Who was just not understood and presses "talk to someone" comes because of that.
    """
    state = turn.conversation.state
    if state.flow == "checklist" and state.flow_data.get("step") == "offer":
        return "risk"
    if state.last_danger is None and state.tongue is not None and turn.lang == "en":
        return FEW
    if state.last_danger is None:
        return "unsure" if state.fails else "asked"
    return f"danger:{state.last_danger}:{state.last_level}"


def is_erase(turn: Turn) -> bool:
    """SLETT, or what was answered to "does the call stand?": works whoever holds the person."""
    if turn.payload is not None:
        found = read_payload(turn.payload)
        return turn.payload.startswith("callback:") or (found is not None and found[0] == "erase")
    found = read_command(turn.message.text)
    return found is not None and found[0] == "erase"


def works_held(turn: Turn) -> bool:
    """What is the person's own to decide, whoever holds the conversation."""
    return is_erase(turn) or counted.is_wanted(turn)


async def wish(services: Services, turn: Turn, wanted: Wish) -> None:
    """Do what an action wished for. Rasa never does it itself."""
    if wanted.kind == "erase" and orders_erasing(turn.message.text):
        await _erase(services, turn)
    elif wanted.kind == "language" and wanted.value in LANGS:
        _speak(turn, wanted.value)
        turn.say(services.content.reply("language_switched", turn.lang, turn.channel))
    elif wanted.kind == "safety_plan":
        await _start_plan(services, turn)
    elif wanted.kind == "handoff":
        await start(services, turn, "handoff", wanted.value or wanted.reason or "asked")
    elif wanted.kind == "checklist":
        await _start_checklist(services, turn, wanted.value or wanted.reason or "asked")
    elif turn.topic is not None:
        turn.say(*services.content.answer(turn.topic, turn.lang, turn.channel))


async def start(services: Services, turn: Turn, name: str, reason: str) -> None:
    """Begin a flow; one that was open is put aside and can be taken up again."""
    state = turn.conversation.state
    if state.flow is not None and state.flow != name:
        state.paused[state.flow] = state.flow_data
    chosen = services.flows[name]
    state.flow = name
    state.facts = state.facts.updated({"young": state.young or state.facts.young})
    await _apply(services, turn, chosen.start(state.facts, turn.lang, turn.channel, reason))


def read_on(services: Services, turn: Turn) -> bool:
    """MER by SMS: the rest of a long answer, then the question that is open, if any."""
    part = rest.next_part(turn.conversation.state, turn.message.text)
    if part is None:
        return False
    turn.say(part, *resumed(services, turn))
    return True


async def flow(services: Services, turn: Turn) -> bool:
    """Give the message to the open flow. False when it is no answer to the flow's question."""
    state = turn.conversation.state
    if state.flow is None:
        return False
    inp = FlowInput(turn.message.text, turn.payload, turn.lang, turn.channel)
    step = services.flows[state.flow].handle(state.flow_data, inp, state.facts)
    if step is None:
        return False
    state.fails = 0
    await _apply(services, turn, step)
    return True


def resumed(services: Services, turn: Turn) -> list[Reply]:
    """The open flow's question once more, after something else was answered in between."""
    state = turn.conversation.state
    if state.flow is None:
        return []
    return services.flows[state.flow].resume(state.flow_data, turn.lang, turn.channel)


async def erase(
    services: Services, conversation_id: str, callback_stands: bool = True
) -> list[Reply]:
    """Remove words, tracker and number now. An open callback stands unless the person said no."""
    found, _ = await _remove(services, conversation_id, callback_stands)
    return [] if found is None else [services.content.reply("erased", found.lang, found.channel)]


async def _remove(
    services: Services, conversation_id: str, callback_stands: bool = True
) -> tuple[conversations.Conversation | None, bool]:
    """The conversation as it was, and whether something that had been sent was taken back."""
    found, withdrawn = await services.db.run(_erase_all, conversation_id, callback_stands)
    services.db.checkpoint()
    services.events.publish("desk")
    return found, withdrawn


def _speak(turn: Turn, lang: Lang) -> None:
    """Another language was asked for: writing it is no sign of another person."""
    turn.conversation.lang = lang
    spoken = turn.conversation.state.spoken
    turn.conversation.state.spoken = [*spoken, "en" if lang == "en" else "no"]


def _source(services: Services, turn: Turn) -> Reply:
    """What the last answer rests on: by SMS the word KILDE."""
    state = turn.conversation.state
    topic, flow = state.last_topic, services.flows.get(state.flow or "")
    if isinstance(flow, SafetyPlanFlow) and (named := flow.source(state.flow_data, turn.lang)):
        return Reply(named, kind="system")
    if topic is None:
        return services.content.reply("no_source", turn.lang, turn.channel)
    return Reply(services.content.sources(topic, turn.lang), kind="system")


async def _wish_button(services: Services, turn: Turn) -> bool:
    state, payload = turn.conversation.state, turn.payload or ""
    if payload.startswith("how:") and state.flow != "handoff":
        await start(services, turn, "handoff", payload)
    elif payload in CHECKLIST:
        await _start_checklist(services, turn, CHECKLIST[payload])
    elif payload == "safety_plan:start" and state.flow != "safety_plan":
        await _start_plan(services, turn)
    elif payload in ("checklist:resume", "safety_plan:resume", "resume") and state.paused:
        await _take_up(services, turn, payload.partition(":")[0])
    elif feedback.answer(services, turn):
        pass
    elif payload.startswith("callback:"):
        await _erase_now(services, turn, payload == "callback:stands", tells=True)
    else:
        return False
    return True


async def _start_checklist(services: Services, turn: Turn, reason: str) -> None:
    """Begin it, or go on with the one that was begun: what is answered is not asked again."""
    state = turn.conversation.state
    if state.flow == "checklist":
        state.paused["checklist"] = state.flow_data
        state.flow, state.flow_data = None, {}
    begun = state.paused.get("checklist", {})
    unfinished = begun.get("answers") and begun.get("step") != "share"
    if unfinished and reason in ("asked", begun["voice"]):
        await _take_up(services, turn, "checklist")
        return
    state.paused.pop("checklist", None)
    await start(services, turn, "checklist", reason)


async def _take_up(services: Services, turn: Turn, wanted: str) -> None:
    """Go on with a flow that was put aside: the one named, else the last but handing over."""
    state = turn.conversation.state
    if wanted not in state.paused:
        others = [name for name in reversed(state.paused) if name != "handoff"]
        wanted = (others or list(state.paused))[0]
    if state.flow is not None:
        state.paused[state.flow] = state.flow_data
    state.flow, state.flow_data = wanted, state.paused.pop(wanted)
    chosen = services.flows[wanted]
    inp = FlowInput("", f"{wanted}:resume", turn.lang, turn.channel)
    step = chosen.handle(state.flow_data, inp, state.facts)  # also one that was stopped goes on
    if step is not None:
        await _apply(services, turn, step)
    else:
        turn.say(*chosen.resume(state.flow_data, turn.lang, turn.channel))


async def _start_plan(services: Services, turn: Turn) -> None:
    """The safety plan for the one who reads; one that was begun goes on where it was."""
    state = turn.conversation.state
    if "safety_plan" in state.paused:
        await _take_up(services, turn, "safety_plan")
        return
    reader = _plan_reader(services, turn)
    await start(services, turn, "safety_plan", reader)
    if reader != "uses_violence":
        state.last_topic = "safety_plan"  # what KILDE names


def _plan_reader(services: Services, turn: Turn) -> str:
    """Whom the plan is for, by what was talked about last; "asked" when nothing says so."""
    state = turn.conversation.state
    recent = {state.last_topic, *state.facts.answered[-2:]} - {None, "safety_plan"}
    if "i_use_violence" in recent:
        return "uses_violence"
    groups = {services.content.page(topic, "nb").group for topic in recent if topic}
    if state.facts.about == "other" or (state.facts.about is None and "relatives" in groups):
        return "other"
    return "young" if state.young else "asked"


async def _apply(services: Services, turn: Turn, step: FlowStep) -> None:
    state = turn.conversation.state
    state.flow_data = step.data
    state.facts = state.facts.updated(step.facts)
    state.young = state.young or state.facts.young
    if step.done:
        state.flow, state.flow_data = None, {}
    turn.say(*step.replies)
    if step.draft is not None:
        await _open(services, turn, step.draft)
    if step.wish is not None:
        await wish(services, turn, step.wish)
    elif step.done and state.paused and step.draft is None:
        turn.say(services.content.reply("resume_offer", turn.lang, turn.channel))


async def _open(services: Services, turn: Turn, draft: HandoffDraft) -> None:
    """Stored before it is confirmed. StoreAway passes on: then nothing is said to be sent."""
    opened, on_duty, when = await services.db.run(_open_case, services, turn, draft)
    turn.opened = opened
    turn.conversation.state.handoff_id = opened.handoff_id
    services.alert(
        urgent=draft.urgency != "when_possible",
        about=FollowUp("notify_desk", "waiting", handoff_id=opened.handoff_id),
    )
    handoff = cast(HandoffFlow, services.flows["handoff"])
    turn.say(*handoff.confirmed(opened, draft, turn.lang, turn.channel, on_duty))
    if not on_duty and when is not None and draft.how != "call_self":
        turn.say(services.content.reply("next_shift", turn.lang, turn.channel, when=when))
    turn.say(*take_code(services.content, draft))
    missed.ask(services, turn, draft)


def _open_case(
    tx: Tx, services: Services, turn: Turn, draft: HandoffDraft
) -> tuple[Opened, bool, str | None]:
    """The case, whether somebody is on duty, and else when somebody will be, if that is known."""
    gives_code = services.centre.phone_line.reads_codes and draft.how == "call_self"
    opened = queue.open_handoff(tx, turn.conversation, draft, gives_code)
    if counted.is_left_out(turn.conversation.state):
        statistics.leave_out(tx, turn.conversation.id)
    on_duty = queue.someone_on_duty(tx, timedelta(seconds=services.settings.duty_timeout))
    return opened, on_duty, next_shift.known(tx, turn.lang)


async def _erase(services: Services, turn: Turn) -> None:
    """SLETT. Somebody who is to be called is asked once whether that stands; the words go first."""
    state = turn.conversation.state
    stands = await services.db.run(_what_stands, turn.conversation.id)
    if not state.erase_asked and stands is not None:
        await services.db.run(conversations.erase_words, turn.conversation.id)
        turn.conversation.state = conversations.State(
            safe=state.safe,
            neutral=state.neutral,
            opened=True,
            erase_asked=True,
            doubt=state.doubt,
            unproven=state.unproven,
            heard_at=state.heard_at,
            tally=state.tally,
            counted=state.counted,
        )
        turn.say(services.content.reply(stands, turn.lang, turn.channel))
        turn.unanswered = True  # its row is gone with the words
        return
    await _erase_now(services, turn, tells=True)


async def erase_unasked(services: Services, turn: Turn) -> None:
    """SLETT from who may be somebody else: at once, and nothing is said of a call."""
    await _erase_now(services, turn, turn.payload != "callback:drop")


async def _erase_now(
    services: Services, turn: Turn, callback_stands: bool = True, *, tells: bool = False
) -> None:
    """`tells`: it is the person, who may know that something had been sent."""
    _, withdrawn = await _remove(services, turn.conversation.id, callback_stands)
    turn.erased = True  # before anything else: it is so, even when the words for it fail
    turn.say(services.content.reply("erased", turn.lang, turn.channel))
    if tells and withdrawn:
        turn.say(taking_back.taken_away(services, turn))


def _what_stands(tx: Tx, conversation_id: str) -> str | None:
    """The question whether what was agreed stands; None when nothing was."""
    if not queue.has_open_callback(tx, conversation_id):
        return None
    booked = wishes.has_booking(tx, conversation_id)
    return "ask_booking_stands" if booked else "ask_callback_stands"


def _erase_all(
    tx: Tx, conversation_id: str, callback_stands: bool
) -> tuple[conversations.Conversation | None, bool]:
    found = conversations.get(tx, conversation_id)
    if found is None:
        return None, False
    done = queue.on_erase(tx, conversation_id, callback_stands)
    conversations.erase(tx, conversation_id)
    return found, bool(done.withdrawn)
