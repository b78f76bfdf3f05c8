"""What ends a danger and what takes an answer back, each beside the real danger it resembles."""

from __future__ import annotations

import pytest

from bot.safety.second import Guess
from tests.talk import Talk, words


class Alarmed:
    """A second signal that takes every message for danger this minute."""

    ready = True

    def load(self) -> None:
        return None

    def guess(self, text: str) -> Guess | None:
        return Guess("now", "danger_now")


OVER = [
    "ja han kjørte",
    "han sovna",
    "han sover på sofaen",
    "politiet er her nå",
    "de tok ham med seg",
    "jeg føler meg trygg nå. han sitter inne",
    "nei han er død nå",
    "han la seg nå",
    "vi er hos søsteren min",
    "he left an hour ago",
    "han er i varetekt",
    "politiet tok han med",
]
STILL = [
    "han slår på døra",
    "han sover, men han har kniv og jeg er redd",
    "han gikk løs på meg",
    "han har gått til angrep på meg",
    "politiet kommer ikke og han slår meg",
    "han er her",
]
CALLED = [
    "jeg har ringt 112 nå",
    "jeg ringte dem nå, de kommer. takk",
    "jeg har ringt 112, de er på vei",
    "politiet er på vei",
    "eg har ringt politiet",
    "i called the police",
]


@pytest.mark.parametrize("said", OVER)
async def test_that_it_is_over_is_heard_and_the_alarm_stays(talk: Talk, said: str) -> None:
    await talk.writes("han slår meg nå")
    replies = await talk.writes(said)
    assert "112" not in words(replies)
    assert (await talk.state()).last_danger is None


@pytest.mark.parametrize("said", OVER)
async def test_said_first_it_alarms_the_desk_but_asks_nobody_to_call_the_police(
    talk: Talk, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk.services.safety, "second", Alarmed())
    replies = await talk.writes(said)
    assert "112" not in words(replies)
    assert (await talk.state()).last_level == "soon"


@pytest.mark.parametrize("said", STILL)
async def test_danger_beside_such_words_is_still_danger(
    talk: Talk, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk.services.safety, "second", Alarmed())
    replies = await talk.writes(said)
    assert "112" in words(replies)
    replies = await talk.writes(said)
    assert "112" in words(replies)


@pytest.mark.parametrize("said", CALLED)
async def test_who_has_called_is_never_told_to_call_again(talk: Talk, said: str) -> None:
    await talk.writes("han hamrer på døra")
    for message in (said, "er du der", "jeg er redd", "hva skal jeg gjøre", "ok"):
        assert "112" not in words(await talk.writes(message)), message
    assert "112" in words(await talk.writes("han slår meg nå"))


@pytest.mark.parametrize(
    "said",
    [
        "jeg har ringt dem tre ganger de kommer ikke",
        "jeg har ikke ringt politiet",
        "han har ringt politiet på meg",
        "skal jeg ringe politiet",
        "de kommer nå",
    ],
)
async def test_these_are_no_call_for_help(talk: Talk, said: str) -> None:
    await talk.writes("han hamrer på døra")
    await talk.writes(said)
    assert not (await talk.state()).helped


ASKED = [
    "kan jeg komme til dere i morgen mens han er på jobb?",
    "han er på jobb fra 8 til 4, når kan jeg komme?",
    "hva hvis mannen dukker opp på jobben?",
    "kor kan æ sov i natt?",
    "han slo meg i går så jeg fikk hull i hodet",
    "kan jeg ta dem med meg når han sover",
]


@pytest.mark.parametrize("said", ASKED)
async def test_a_question_about_a_time_is_no_end_of_the_danger(talk: Talk, said: str) -> None:
    await talk.writes("han slår meg nå")
    await talk.writes(said)
    assert (await talk.state()).last_danger is not None


async def test_one_reminder_and_then_what_is_asked_is_met_with_topics(talk: Talk) -> None:
    await talk.writes("han slår meg nå")
    said = [words(await talk.writes(f"kan {who} komme uten å være henvist")) for who in "abcd"]
    assert ["112" in heard for heard in said] == [True, False, False, False]


LATE = [
    "jo",
    "eller jo litt",
    "egentlig har jeg tenkt på det",
    "jeg løy",
    "jeg sa ikke helt sant",
    "jeg løy, det gjør jeg",
    "eigentleg har eg tenkt på det",
    "actually i have thought about it",
]


@pytest.mark.parametrize("said", LATE)
async def test_a_no_that_is_taken_back_is_received_and_not_asked_again(
    talk: Talk, said: str
) -> None:
    await talk.writes("jeg orker ikke mer")
    await talk.writes("nei")
    replies = await talk.writes(said)
    assert "113" in words(replies)
    assert "?" not in words(replies)
    state = await talk.state()
    assert (state.last_danger, state.last_level) == ("suicide", "now")


@pytest.mark.parametrize("said", ["jo takk", "egentlig har jeg det fint", "han løy", "eller nei"])
async def test_these_take_nothing_back(talk: Talk, said: str) -> None:
    await talk.writes("jeg orker ikke mer")
    await talk.writes("nei")
    assert "113" not in words(await talk.writes(said))


async def test_a_late_yes_is_only_heard_for_some_messages(talk: Talk) -> None:
    assert "113" not in words(await talk.writes("jeg løy"))


@pytest.mark.parametrize("told", ["jeg har tabletter i skapet", "jeg har en plan"])
async def test_a_no_after_means_or_a_plan_is_asked_about_once(talk: Talk, told: str) -> None:
    for message in ("jeg vil dø", "ja", told):
        await talk.writes(message)
    replies = await talk.writes("nei")
    assert [button.payload for button in replies[-1].buttons] == ["yes", "no", "dont_know"]
    assert (await talk.state()).facts.risks == ["suicide"]
    await talk.writes("nei")
    assert (await talk.state()).last_danger is None
    assert (await talk.state()).facts.risks == ["suicide"]  # that was told


DENIED = [
    "jeg skal ikke ta livet mitt, det er naboen jeg er redd for!",
    "nei det var svar på noe annet, jeg vil ikke dø, jeg får bare ikke sove",
    "nei jeg tenker ikke på å ta livet mitt. jeg er bare så sliten av at han kontrollerer alt",
    "jeg vil ikke dø, jeg mente det ikke sånn",
]


@pytest.mark.parametrize("said", DENIED, ids=range(len(DENIED)))
async def test_a_denial_with_a_reason_ends_it_and_it_is_not_passed_on(
    talk: Talk, said: str
) -> None:
    await talk.writes("jeg vil dø")
    replies = await talk.writes(said)
    assert "da misforsto jeg" in words(replies)
    assert "113" not in words(replies)
    state = await talk.state()
    assert (state.last_danger, state.facts.risks) == (None, [])


@pytest.mark.parametrize(
    "said",
    ["jeg vil ikke dø, men jeg orker ikke leve", "nei men jeg vil ikke leve", "jeg vil bare sove"],
)
async def test_a_denial_that_is_none_is_not_believed(talk: Talk, said: str) -> None:
    await talk.writes("jeg vil dø")
    replies = await talk.writes(said)
    assert "misforsto" not in words(replies)
    assert (await talk.state()).facts.risks == ["suicide"]


TAKEN = [
    "jeg har tatt mange paracet",
    "jeg har tatt alle tablettene hans",
    "jeg tok 20 tabletter for en time siden",
    "eg har teke heile esken med piller",
    "i took all my pills",
    "jeg har tatt en overdose",
]


@pytest.mark.parametrize("said", TAKEN)
async def test_what_has_been_taken_is_113_now_also_when_it_feels_fine(
    talk: Talk, said: str
) -> None:
    for message in (said, "20 stykker", "føler meg helt fin", "nei", "det går bra nå", "takk"):
        assert "113" in words(await talk.writes(message)), message
    assert "113" not in words(await talk.writes("jeg har ringt 113"))


@pytest.mark.parametrize(
    "said",
    [
        "jeg har tatt to paracet mot hodepine",
        "jeg tok mange piller for to år siden",
        "jeg har tatt medisinen min",
        "han har tatt alle pengene mine",
        "jeg tok 20 bilder av tablettene",
    ],
)
async def test_these_are_no_overdose(talk: Talk, said: str) -> None:
    await talk.writes(said)
    assert not (await talk.state()).harmed


async def test_done_already_as_the_answer_to_the_direct_question(talk: Talk) -> None:
    await talk.writes("jeg vil dø")
    replies = await talk.writes("ja, for en time siden")
    assert "113" in words(replies)
    assert "hvis" not in words(replies)


@pytest.mark.parametrize(
    ("danger", "said"),
    [
        ("barnet mitt blir slått nå", "det er ingen barn her"),
        ("jeg ble voldtatt i natt", "nei ingen har voldtatt meg, han kasta meg ut av huset"),
    ],
)
async def test_a_danger_that_was_misread_can_be_corrected(
    talk: Talk, danger: str, said: str
) -> None:
    await talk.writes(danger)
    replies = await talk.writes(said)
    assert "da misforsto jeg" in words(replies)
    risks = (await talk.state()).facts.risks
    assert "child_in_danger" not in risks
    assert "sexual_assault_recent" not in risks


async def test_thanks_and_goodbye_are_answered_as_such(talk: Talk) -> None:
    await talk.writes("han slår meg nå")
    assert "Takk selv" in words(await talk.writes("tusen takk for hjelpen"))
    assert words(await talk.writes("ok takk ha det")).startswith("Ha det")
    assert "112" in words(await talk.writes("hjelp"))


async def test_yes_to_the_counsellor_who_can_write_is_heard(talk: Talk) -> None:
    await talk.writes("han slår meg nå")
    await talk.writes("jeg er redd")
    await talk.writes("ja takk")
    assert (await talk.state()).flow == "handoff"


async def test_strangling_needs_a_doctor_also_when_he_is_away(talk: Talk) -> None:
    await talk.writes("han tok kvelertak på meg i går")
    for message in ("jeg er hes", "trenger jeg lege?", "nå har han dratt", "jeg er svimmel"):
        assert "116 117" in words(await talk.writes(message)), message


async def test_after_a_danger_that_is_not_of_now_what_is_asked_is_not_stayed_with(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk.services.safety, "second", None)
    await talk.writes("han truer med å drepe meg hvis jeg drar")
    assert (await talk.state()).last_level == "soon"
    heard = words(await talk.writes("hvem kan jeg prate med som ikke sier det videre"))
    assert talk.sentence("not_understood") in heard
