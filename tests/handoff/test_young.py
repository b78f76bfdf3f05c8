"""A child's own short handoff: what is passed on is told first, three questions, yes or no."""

from __future__ import annotations

import pytest

from bot.channels.flows import Facts
from bot.channels.messages import Channel, Lang
from tests.handoff.walking import CHANNELS, LANGS, PHONE, Walker, draft_of

CHILD = Facts(young=True)
DUTY = {"nb": "må si fra til barnevernet", "nn": "må seie frå til barnevernet", "en": "must tell"}
TOLD = {
    "nb": "pappa kaster ting på mamma",
    "nn": "pappa kastar ting på mamma",
    "en": "my dad throws things at my mum",
}
HARD = ("gradert", "omsorgssvikt", "taushetsplikt", "teieplikt", "confidentiality", "neglect")


@pytest.fixture(params=CHANNELS)
def channel(request: pytest.FixtureRequest) -> Channel:
    return request.param


@pytest.mark.parametrize("lang", LANGS)
def test_the_whole_way_in_plain_words_with_what_is_passed_on_first(
    flow, lang: Lang, channel: Channel
) -> None:
    child = Walker(flow, lang, channel, "asked", CHILD)
    assert DUTY[lang] in child.text
    said = [child.text]
    child.answers(TOLD[lang], "[no]")
    assert "112" in child.text
    said.append(child.text)
    child.answers("[skip]")
    assert DUTY[lang] in child.text
    said.append(child.text)
    assert not any(hard in text for hard in HARD for text in said)
    draft = draft_of(child.answers("[send]"))
    assert (draft.how, draft.urgency, draft.reasons) == (
        "write_now",
        "now",
        ("child", "not_safe"),
    )
    assert [line.field for line in draft.summary] == ["own_words", "safe_now"]
    assert draft.contact.number is None


@pytest.mark.parametrize("lang", LANGS)
def test_a_number_means_a_call_when_it_is_safe(flow, lang: Lang, channel: Channel) -> None:
    child = Walker(flow, lang, channel, "asked", CHILD)
    child.answers(
        TOLD[lang],
        "[yes]",
        PHONE,
        {"nb": "etter skolen", "nn": "etter skulen"}.get(lang, "after school"),
    )
    draft = draft_of(child.answers("[send]"))
    assert (draft.how, draft.urgency) == ("be_called", "soon")
    assert draft.contact.number == PHONE
    assert draft.contact.safe_times


def test_in_danger_what_was_told_already_is_not_asked_again(flow, channel: Channel) -> None:
    known = Facts(young=True, own_words=[TOLD["nb"]])
    child = Walker(flow, "nb", channel, "danger:child_in_danger:now", known)
    assert "trygg akkurat nå" in child.text
    assert DUTY["nb"] in child.text
    draft = draft_of(child.answers("[dont_know]", "[skip]", "[send]"))
    assert draft.urgency == "now"
    assert draft.reasons == ("danger:child_in_danger", "child")


def test_a_child_may_say_nothing_and_still_be_helped(flow, channel: Channel) -> None:
    child = Walker(flow, "nb", channel, "asked", CHILD)
    child.answers("[skip]", "[wont_say]", "[skip]")
    draft = draft_of(child.answers("[send]"))
    assert all(line.status != "said" for line in draft.summary)


def test_a_child_may_say_no(flow, channel: Channel) -> None:
    child = Walker(flow, "nb", channel, "asked", CHILD)
    child.answers(TOLD["nb"], "[yes]", "[skip]", "[dont_send]")
    assert child.step.done
    assert child.step.draft is None


def test_a_child_who_wants_to_call_gets_the_line_for_children(flow, flow_with_codes) -> None:
    for each in (flow, flow_with_codes):
        child = Walker(each, "nb", "web", "how:call_self", CHILD)
        assert "116 111" in child.text
        assert "116 006" not in child.text
