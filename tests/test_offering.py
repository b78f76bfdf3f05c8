"""What may be guessed aloud, and who is thought to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.offering import WOUNDS, fits
from bot.oneself import about_self
from bot.reader import uses_violence
from bot.services import Services
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk

USES = (
    "det er jeg som slår. slo kona mi i går",
    "jeg har slått kona mi og angrer",
    "Jeg har dyttet kona mi to ganger, jeg skammer meg",
    "jeg vil slutte å slå",
    "eg slo sambuaren min",
    "jeg er så sliten at jeg kommer til å slå ungen min snart",
    "i hit my wife",
)
DOES_NOT = (
    "hun sier hun skal si at det er jeg som slår henne",
    "jeg slo ham tilbake",
    "jeg slo ham da han kvalte meg, han slår meg ofte",
    "naboen i går slo kona",
    "jeg vil få ham til å slutte å slå",
    "han slo henne",
    "jeg er redd han slår barna",
    "jeg vil slutte med det",
    "i går slo han meg",
)
CARRIED = {
    "i_use_violence": "jeg har skadet henne",
    "mutual_or_my_fault": "er det min skyld",
    "asks_for_diagnosis": "er han narsissist",
    "trafficking": "de tvinger meg til prostitusjon",
    "genital_mutilation": "de vil omskjære søstera mi",
    "are_you_a_bot": "er du en robot",
    "same_sex": "vi er to jenter, jeg er lesbisk",
    "lgbt": "jeg er skeiv",
    "sexual": "han presser meg til sex",
    "undocumented": "jeg har ikke opphold",
    "withdraw_report": "kan jeg trekke anmeldelsen",
    "violence_in_substance_milieu": "vi ruser oss begge",
}
NOT_CARRIED = (
    "jeg kranglet med kjæresten min",
    "han blir så sint når jeg sier jeg vil gå",
    "han har vært så slem mot meg",
    "er det meg det er noe galt med?",
    "jeg er kvinne og vil ikke snakke med mann",
    "jeg er 22",
    "jeg er livredd",
    "eller jo litt",
)


@pytest.mark.parametrize("text", USES)
def test_own_violence_is_heard(text: str) -> None:
    assert uses_violence(text)


@pytest.mark.parametrize("text", DOES_NOT)
def test_what_others_do_or_say_is_no_own_violence(text: str) -> None:
    assert not uses_violence(text)


@pytest.mark.parametrize(("topic", "text"), CARRIED.items())
def test_a_topic_that_may_wound_is_offered_where_the_words_carry_it(topic: str, text: str) -> None:
    assert fits(topic, text)


@pytest.mark.parametrize("text", NOT_CARRIED)
def test_no_topic_that_wounds_is_offered_for_other_words(text: str) -> None:
    wounding = set(WOUNDS) - {"mutual_or_my_fault"} if "kranglet" in text else set(WOUNDS)
    assert not [topic for topic in wounding if fits(topic, text)]


def test_every_wounding_topic_has_a_reason_and_a_test() -> None:
    assert set(WOUNDS) == set(CARRIED) and all(why for _, why in WOUNDS.values())


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("det gjelder meg, ikke en annen", True),
        ("meg selv", True),
        ("jeg vil ta testen på meg selv", True),
        ("it's about me", True),
        ("det gjelder ikke meg", False),
        ("det er meg igjen", False),
        ("hun forteller ikke meg noe", False),
    ],
)
def test_that_it_is_about_oneself_is_heard(text: str, own: bool) -> None:
    assert about_self(text) is own


class Guesses(ScriptedUnderstanding):
    """Answers some messages, and guesses at wounding topics for the others."""

    async def understand(self, conversation_id, text, lang, last_topic=None, near=()):  # type: ignore[no-untyped-def]
        if text in self.topics:
            return Understood(self.topics[text], (self.topics[text],), (), 0.9, None)
        return Understood(None, (), ("i_use_violence", "moving_out_risk", "sexual"), 0.3, None)


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    topics = {
        "jeg vil slutte med det": "stop",
        "stopp samtalen": "stop",
        "finnes det et sted å bo": "visit_stay_practical",
        "kan menn komme": "men",
        "jeg er 19 år": "young_under_18",
        "må vi ringe politiet likevel": "must_i_report",
        "er det vold": "is_this_violence",
    }
    return make_services(tmp_path, clock, understanding=Guesses(topics))


async def test_only_what_does_not_wound_is_offered(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes("jeg har kranglet litt med kjæresten min")
    topics = [b.payload for b in said[-1].buttons if b.payload.startswith("topic:")]
    assert topics == ["topic:moving_out_risk"]


async def test_who_uses_violence_stays_one_and_is_offered_no_place(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("det er jeg som slår. jeg slo kona mi i fjor")
    assert (await talk.state()).violent
    said = await talk.writes("jeg vil slutte med det")
    assert "Alternativ til Vold" in said[0].text
    for asks in ("finnes det et sted å bo", "kan menn komme"):
        said = await talk.writes(asks)
        assert "Familievernkontoret" in said[0].text
        assert "krisesenter" not in said[0].text.lower()


async def test_who_is_exposed_is_offered_a_place(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("hun sier hun skal si at det er jeg som slår henne")
    assert not (await talk.state()).violent
    assert (await talk.writes("kan menn komme"))[0].text == talk.answer("men")


async def test_stopping_something_is_not_stopping_the_talk(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes("jeg vil slutte med det")
    assert said[0].text != talk.answer("stop")
    said = await talk.writes("stopp samtalen")
    assert said[0].text == talk.answer("stop")


async def test_somebody_of_nineteen_is_no_child(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    said = await talk.writes("jeg er 19 år")
    assert not (await talk.state()).young
    assert all("116 111" not in reply.text for reply in said)


async def test_the_role_said_first_is_kept(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("Jeg bor vegg i vegg med et par og hører skriking nesten hver kveld")
    assert (await talk.state()).reader == "relative"
    await talk.writes("er det vold")
    assert (await talk.state()).reader == "relative"
    await talk.writes("det gjelder meg, ikke en annen")
    assert (await talk.state()).reader is None


async def test_a_professional_is_never_told_that_nobody_needs_the_police(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("vi er på legevakta og har en dame inne her")
    assert (await talk.state()).reader == "professional"
    said = await talk.writes("må vi ringe politiet likevel")
    assert not said[0].text.startswith("Nei")
    assert "avverge" in said[0].text or "hindre" in said[0].text
