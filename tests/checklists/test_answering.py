"""How signs are answered, and what a yes is met with."""

from __future__ import annotations

import pytest

from bot.channels.flows import Facts, FlowInput
from bot.checklists.items import RISKS
from tests.checklists.walking import (
    CHANNELS,
    FIRST,
    FLOW,
    ITEMS,
    LANGS,
    LIST,
    OFFER,
    RISKY,
    begin,
    goes_to,
    sends,
    ticks,
)

# --- answering -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "which"),
    [
        ("1 og 3", [1, 3]),
        ("nr 2", [2]),
        ("1,3", [1, 3]),
        ("nummer 1 og nummer 2", [1, 2]),
        ("to og tre", [2, 3]),
        ("1 and 2", [1, 2]),
        ("2", [2]),
        ("en", [1]),
        ("alle", [1, 2, 3, 4, 5, 6, 7]),
        ("alle sammen", [1, 2, 3, 4, 5, 6, 7]),
        ("nei", []),
        ("ingen", []),
        ("ingen av disse", []),
        ("none of these", []),
        ("nei, aldri", []),
        ("vet ikke", []),
        ("hopp over", []),
        ("vil ikke svare", []),
        ("videre", []),
    ],
)
def test_a_group_can_be_answered_in_words_and_numbers(said, which):
    person = begin()
    assert len(FIRST.items) == 7
    person.writes(said)
    yes = [id for id, answer in person.step.data["answers"].items() if answer == "yes"]
    assert yes == [FIRST.items[number - 1].id for number in which]
    assert set(person.step.data["answers"]) == {item.id for item in FIRST.items}
    assert person.step.data["words"] == {}


@pytest.mark.parametrize(
    "said", ["ja", "jo", "yes", "ja det gjør det", "av og til", "9", "0", "1 og 8"]
)
def test_a_yes_that_does_not_say_to_what_is_asked_which(said):
    person = begin().writes(said)
    assert "Hva av dette kjenner du igjen?" in person.replies[0].text
    assert ticks(person) == [item.id for item in FIRST.items]
    assert person.step.data["answers"] == {}


@pytest.mark.parametrize(
    "said", ["hva heter du egentlig?", "moren min er syk", "", "\x00", "😀", "en av dem kanskje"]
)
def test_what_is_no_answer_is_left_to_understanding(said):
    begin().writes(said, understood=False)


def test_ten_thousand_letters_lose_nothing():
    person = begin()
    assert (
        FLOW.handle(person.step.data, FlowInput("a" * 10_000, None, "nb", "web"), Facts()) is None
    )
    person.writes("ja, " + "kaller meg dum " * 700)
    assert all(len(words) <= 302 for words in person.step.data["words"].values())


@pytest.mark.parametrize(("words", "id"), [
    ("han kaller meg stygge ting hver dag", "silence_and_insults"),
    ("gjør narr av meg hele tiden", "made_small"),
])  # fmt: skip
def test_free_words_that_tell_of_a_sign_are_a_yes_to_it_and_are_quoted(words, id):
    person = begin().writes(words)
    assert [k for k, v in person.step.data["answers"].items() if v == "yes"] == [id]
    assert person.step.data["words"] == {id: words}
    assert words in person.writes("vis det jeg har svart").text


def test_a_denial_is_no_yes():
    person = begin()
    person.writes("han har aldri kalt meg stygge ting", understood=False)


def test_ticks_and_the_button_below_them_are_one_answer():
    first, second, third, *rest = FIRST.items
    person = sends(begin(), f"next:{first.id},{third.id}", "Videre")
    answers = person.step.data["answers"]
    assert [id for id in answers if answers[id] == "yes"] == [first.id, third.id]
    assert {answers[item.id] for item in (second, *rest)} == {"left"}


@pytest.mark.parametrize(
    ("payload", "rest"),
    [("none", "no"), ("dont_know", "dont_know"), ("skip", "skip"), ("wont_say", "wont_say")],
)
def test_ticks_are_kept_whichever_button_sends_them(payload, rest):
    first, *others = FIRST.items
    person = sends(begin(), f"{payload}:{first.id}")
    assert person.step.data["answers"] == {first.id: "yes"} | {i.id: rest for i in others}
    for other in ("stop", "show", "pick"):
        assert sends(begin(), f"{other}:{first.id}").step.data["answers"] == {first.id: "yes"}


def test_boxes_and_words_beside_them_both_count():
    first, second, *_ = FIRST.items
    person = sends(begin(), f"tick:{second.id}", "han kaller meg stygge ting")
    yes = [id for id, answer in person.step.data["answers"].items() if answer == "yes"]
    assert sorted(yes) == sorted([first.id, second.id])
    assert person.step.data["words"] == dict.fromkeys(yes, "han kaller meg stygge ting")
    asked = FlowInput("hva betyr det?", f"tick:{second.id}", "nb", "web")
    assert FLOW.handle(begin().step.data, asked, Facts()) is None


def test_one_box_at_a_time_is_for_who_has_only_text_and_the_rest_stays():
    first, *others = FIRST.items
    person = begin()
    person._says(first.self["nb"], f"tick:{first.id}")
    assert first.reply["nb"] in person.text
    assert ticks(person) == [item.id for item in others]
    assert person.step.data["words"] == {}
    person.writes("1").writes("fortsett")
    assert person.step.data["answers"][others[0].id] == "yes"


def test_a_box_of_another_page_or_of_none_changes_nothing():
    person = begin()
    for payload in ("tick:hits_nobody", f"tick:{ITEMS[-1].id}", "tick:", "group:physical", "tick"):
        said = FlowInput("", payload, "nb", "web")
        assert FLOW.handle(person.step.data, said, Facts()) is None, payload


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("ja han tok skoa mine", "yes"),
        ("av og til", "yes"),
        ("ja, men bare når han drikker", "yes"),
        ("nei, men han roper", None),
        ("nei, aldri", "no"),
        ("sometimes", "yes"),
        ("hva heter du egentlig?", None),
        ("moren min er syk", None),
        ("ingen", "no"),
    ],
)
def test_by_sms_people_write_more_than_yes_and_no(said, meant):
    person = begin(channel="sms")
    [asked] = person.step.data["pages"][0][1]
    person.writes(said, understood=meant is not None)
    assert person.step.data["answers"] == ({asked: meant} if meant else {})
    if meant == "yes" and said.startswith("ja"):
        assert person.step.data["words"] == {asked: said}


def test_nynorsk_no_is_now_and_denies_nothing():
    begin("nn").writes("no kjem han snart", understood=False)
    begin("nn", "sms").writes("no kjem han snart", understood=False)


# --- what a yes is met with ----------------------------------------------------------------------


@pytest.mark.parametrize("lang", LANGS)
def test_one_yes_has_its_own_sentence_and_several_are_joined(lang):
    one, two, *_ = [item for item in FIRST.items if not item.risk]
    assert sends(begin(lang), f"next:{one.id}").replies[0].text == one.reply[lang]
    both = sends(begin(lang), f"next:{one.id},{two.id}")
    assert one.reply[lang] not in both.text and two.reply[lang] not in both.text
    assert {"nb": "Ingenting av dette er greit", "nn": "Ingenting av dette er greitt"}.get(
        lang, "None of this is all right"
    ) in both.replies[0].text
    other = sends(begin(lang, voice="other"), f"next:{one.id}")
    assert one.reply[lang] not in other.text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("item", RISKY, ids=lambda item: item.id)
def test_what_cannot_wait_has_its_own_words_and_a_person_at_once(item, lang, channel):
    person = begin(lang, channel)
    if channel == "web":
        sends(goes_to(person, item), f"next:{item.id}")
    else:
        person.step.data["pages"] = [[LIST.group_of[item.id].id, [item.id]]]
        person.presses("yes")
    said = item.reply[lang].split("{")[0].replace("**", "").strip()
    assert said in person.text.replace("**", "")
    assert OFFER[lang] in person.replies[-1].text
    assert [button.payload for button in person.buttons] == ["yes", "no", "stop"]
    person.presses("yes")
    assert person.step.wish is not None
    assert (person.step.wish.kind, person.step.wish.reason) == ("handoff", "risk")
    assert person.facts.risks == person.facts.violence == []


def test_of_several_the_gravest_comes_first_and_no_wall_of_words():
    body = next(group for group in LIST.groups if group.id == "physical")
    risky = [item for item in body.items if item.risk]
    assert len(risky) >= 3
    person = goes_to(begin(), risky[0])
    sends(person, "next:" + ",".join(item.id for item in body.items))
    said = person.replies[0].text.replace("**", "")
    ordered = sorted(risky, key=lambda item: RISKS.index(item.risk))
    place = [
        said.find(item.reply["nb"].split("{")[0].replace("**", "").strip()) for item in ordered
    ]
    assert 0 < place[0] < place[1]
    assert set(place[2:]) == {-1}
    assert ordered[0].risk == "strangled"


@pytest.mark.parametrize("said", ["nei", "fortsett", "hopp over", "[no]"])
def test_after_the_offer_it_goes_on_where_it_was(said):
    item = next(item for item in RISKY if LIST.group_of[item.id] is FIRST)
    person = sends(begin(), f"tick:{item.id}")
    person.answers(said)
    assert ticks(person) == [i.id for i in FIRST.items if i is not item]
    assert person.step.wish is None
