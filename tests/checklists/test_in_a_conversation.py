"""The checklist inside a conversation: how it begins, what comes between, what reaches the desk."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.flows import Facts
from bot.channels.messages import Reply
from bot.handoff.summary import learn
from tests.checklists.walking import FIRST, LIST
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

DANGER = "nå hamrer han på døra"
KNOWN = {
    "er det vold det søstera mi opplever?": "relative_in_third_person_checklist",
    "er dette vold?": "is_this_violence",
    "hva koster det?": "cost",
}


@pytest.fixture
def talk(tmp_path: Path, clock: MovingClock) -> Talk:
    services = make_services(tmp_path, clock, understanding=ScriptedUnderstanding(KNOWN))
    return Talk(services, clock)


async def begun(talk: Talk) -> Talk:
    await talk.begins()
    await talk.writes("", "checklist:start")
    await talk.presses("choose:self")
    return talk


def signs(replies: list[Reply]) -> list[str]:
    return [b.ticked for reply in replies for b in reply.buttons if b.ticked]


async def test_whoever_asks_for_somebody_else_gets_the_signs_about_them(talk: Talk):
    await talk.begins()
    [said] = await talk.writes("er det vold det søstera mi opplever?")
    assert "Skal vi begynne?" in said.text
    replies = await talk.presses("yes")
    assert FIRST.items[0].other["nb"] in [button.title for button in replies[-1].buttons]
    assert (await talk.state()).facts.about == "other"


@pytest.mark.parametrize(
    "says", ["det gjelder meg, ikke en annen", "meg selv", "jeg vil ta testen på meg selv"]
)
@pytest.mark.parametrize("stops", [True, False])
@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_a_list_about_another_is_turned_to_the_one_who_writes(talk, says, stops, channel):
    talk.channel = channel
    await talk.begins()
    await talk.writes("", "checklist:other")
    await talk.presses("yes")
    if stops:
        await talk.writes("stopp")
    replies = await talk.writes(says)
    asked = words(replies, channel)
    assert FIRST.items[0].asked("self", "nb") in asked or FIRST.name["nb"] in asked
    assert "den du er bekymret for" not in asked
    assert (await talk.state()).facts.about == "self"


async def test_it_is_not_turned_by_who_says_that_it_is_not_about_them(talk: Talk):
    await talk.begins()
    await talk.writes("", "checklist:other")
    await talk.presses("yes")
    await talk.writes("det gjelder ikke meg")
    assert (await talk.state()).facts.about == "other"


async def test_asking_whom_it_is_about_chooses_nothing(talk: Talk):
    await talk.begins()
    await talk.writes("", "checklist:start")
    replies = await talk.writes("hva mener du med en annen?")
    assert "Velg Meg selv hvis" in replies[0].text
    assert (await talk.state()).facts.about is None


@pytest.mark.parametrize("channel", ["web", "sms"])
@pytest.mark.parametrize(
    ("asks", "told"),
    [("hva mener du med det?", "Her spør jeg om"), ("hvor mange igjen?", " igjen.")],
)
async def test_a_question_about_the_list_is_answered_and_it_goes_on(talk, asks, told, channel):
    talk.channel = channel
    await talk.begins()
    await talk.writes("", "checklist:start")
    asked = await talk.presses("choose:self")
    replies = await talk.writes(asks)
    assert told in replies[0].text
    assert replies[-1].text == asked[-1].text


async def test_somebody_known_to_be_young_gets_the_young_voice_and_says_so_to_all(talk: Talk):
    await talk.begins()
    await talk.knows(young=True)
    replies = await talk.writes("", "checklist:start")
    assert "116 111" in replies[0].text and "barnevernet" in replies[0].text
    other = Talk(talk.services, talk.clock)
    await other.begins()
    await other.writes("", "checklist:start")
    await other.presses("choose:young")
    state = await other.state()
    assert state.young and state.facts.young


async def test_a_pressed_sign_is_our_question_and_raises_no_alarm(talk: Talk):
    await begun(talk)
    threat = next(item for item in FIRST.items if item.risk == "kill_threat")
    replies = await talk.writes(threat.self["nb"], f"tick:{threat.id}")
    assert threat.reply["nb"][:30] in replies[0].text
    assert await talk.alarms() == []
    await talk.writes("han har truet med å drepe meg nå", f"tick:{threat.id}")
    assert len(await talk.alarms()) == 1


@pytest.mark.parametrize(
    ("channel", "back"),
    [
        ("web", "fortsett"),
        ("sms", "fortsett"),
        ("web", "[resume]"),
        ("sms", "[checklist:start]"),
    ],
)
async def test_danger_comes_first_and_leads_back_to_where_it_was(tmp_path, clock, channel, back):
    talk = Talk(make_services(tmp_path, clock), clock, channel)
    await begun(talk)
    asked = await talk.writes("hopp over")
    first = await talk.writes(DANGER)
    assert "112" in first[0].text
    assert asked[-1].text not in words(first)
    again = await (talk.writes("", back[1:-1]) if back.startswith("[") else talk.writes(back))
    assert again == asked


@pytest.mark.parametrize("channel", ["web", "sms"])
async def test_a_question_in_between_is_answered_and_the_sign_asked_again(tmp_path, clock, channel):
    known = ScriptedUnderstanding(KNOWN)
    talk = Talk(make_services(tmp_path, clock, understanding=known), clock, channel)
    await begun(talk)
    asked = await talk.writes("hopp over")
    replies = await talk.writes("hva koster det?")
    assert "gratis" in replies[0].text
    assert replies[-1] == asked[-1]


async def test_while_the_direct_question_is_open_no_sign_is_asked(talk: Talk):
    await begun(talk)
    await talk.writes("jeg vil ikke leve lenger")
    assert (await talk.state()).asked_suicide
    replies = await talk.writes("fortsett")
    assert signs(replies) == []
    assert (await talk.state()).flow is None
    await talk.writes("nei")
    assert signs(await talk.writes("fortsett")) == [item.id for item in FIRST.items]


async def test_beginning_again_goes_on_with_what_is_answered_until_it_is_seen(talk: Talk):
    await begun(talk)
    asked = await talk.writes("1")
    assert await talk.writes("", "checklist:start") == asked[-1:]
    await talk.writes("stopp")
    assert await talk.writes("", "checklist:start") == asked[-1:]
    await talk.writes("vis det jeg har svart")
    replies = await talk.writes("", "checklist:start")
    assert signs(replies) == [] and (await talk.state()).flow_data["answers"] == {}


@pytest.mark.parametrize(
    ("share", "passed_on"), [("share:yes", True), ("share:no", False), (None, False)]
)
async def test_only_a_yes_brings_the_answers_into_the_summary(talk: Talk, share, passed_on):
    await begun(talk)
    threat = next(item for item in FIRST.items if item.risk)
    await talk.writes("", f"next:{FIRST.items[0].id},{threat.id}")
    await talk.presses("no")
    await talk.writes("vis det jeg har svart")
    if share:
        await talk.presses(share)
    await talk.writes("menneske")
    replies = await talk.presses("how:write_now", "no")
    assert ("psykisk vold" in words(replies)) is passed_on
    await talk.presses("send")
    opened = talk.last.opened
    assert opened is not None
    facts = (await talk.state()).facts
    assert (facts.violence, facts.risks) == (([FIRST.id], [threat.risk]) if passed_on else ([], []))


@pytest.mark.parametrize("asks", ["[yes]", "ja", "menneske"])
async def test_who_wants_a_counsellor_because_of_a_grave_sign_comes_soon_without_its_name(
    talk, asks
):
    await begun(talk)
    threat = next(item for item in FIRST.items if item.risk)
    await talk.writes("", f"tick:{threat.id}")
    await (talk.writes("", asks[1:-1]) if asks.startswith("[") else talk.writes(asks))
    state = await talk.state()
    assert state.flow == "handoff"
    assert state.flow_data["reasons"] == ["risk"]
    assert "risks" not in state.flow_data["answers"]
    assert state.facts.risks == []
    assert state.paused["checklist"]["answers"] == {threat.id: "yes"}


async def test_the_words_of_a_sign_written_by_hand_are_not_taken_for_the_checklist_s(talk: Talk):
    """Only a button that was offered is ours: anything else is heard as the person's own."""
    await talk.begins()
    await talk.writes("han slår meg nå", "tick:hits")
    assert len(await talk.alarms()) == 1


async def test_every_group_of_the_list_can_be_chosen_and_then_another(talk: Talk):
    await begun(talk)
    await talk.writes("velg selv")
    for group in LIST.groups:
        replies = await talk.writes("", f"group:{group.id}")
        assert signs(replies) == [item.id for item in group.items]
        assert "ikke igjen noe her" in words(await talk.presses("none"))
        await talk.presses("checklist:pick")


@pytest.mark.parametrize(
    ("denied", "weapon"),
    [(["weapon"], None), (["kill_threat"], None), (["weapon", "kill_threat"], "no")],
)
def test_the_summary_says_no_weapon_or_threat_only_when_both_were_denied(denied, weapon):
    data = {"answers": {}, "removed": []}
    learn(data, Facts(said_no=denied), "nb")
    assert data["answers"].get("weapon", {}).get("choice") == weapon
