"""From the plan to a counsellor: one line, only after a yes, which the person can take out."""

from __future__ import annotations

from bot.channels.flows import Facts
from bot.desk.summary_view import groups
from bot.handoff.flow import HandoffFlow
from tests.handoff.walking import CONTENT, FakeWords, Walker, draft_of, line_of

FLOW = HandoffFlow(CONTENT, FakeWords(), reads_codes=False)
PLAN = ["Kjenne en vei ut", "Ha et kodeord med en jeg stoler på: «blåbær»"]


def to_summary(facts: Facts, channel="web") -> Walker:
    person = Walker(FLOW, facts=facts, channel=channel)
    return person.answers("[how:write_now]", "[choose:self]", "[no]")


def test_a_plan_that_was_said_yes_to_is_one_line_of_the_summary_and_of_the_desk():
    for channel in ("web", "sms"):
        person = to_summary(Facts(plan=PLAN), channel)
        assert "Planen din" in person.text
        assert "; ".join(PLAN) in person.text
        draft = draft_of(person.answers("[send]"))
        assert line_of(draft, "plan") == "; ".join(PLAN)
        [wishes] = [group for group in groups(draft) if group.title == "Ønsker"]
        assert ("trygghetsplan", "; ".join(PLAN)) in [(i.label, i.text) for i in wishes.items]


def test_without_a_yes_the_summary_does_not_know_of_a_plan():
    person = to_summary(Facts())
    assert "Planen" not in person.text
    draft = draft_of(person.answers("[send]"))
    assert "plan" not in [line.field for line in draft.summary]


def test_the_person_can_take_the_plan_out_or_write_it_anew():
    person = to_summary(Facts(plan=PLAN)).answers("[edit:pick]", "[edit:plan]", "[remove:plan]")
    assert "blåbær" not in person.text
    assert line_of(draft_of(person.answers("[send]")), "plan") is None
    person = to_summary(Facts(plan=PLAN)).answers("rett på planen din", "gå til naboen")
    assert line_of(draft_of(person.answers("[send]")), "plan") == "gå til naboen"


def test_in_danger_the_short_summary_leaves_the_plan_out():
    person = Walker(FLOW, reason="danger:danger_now:now", facts=Facts(plan=PLAN))
    assert "blåbær" not in person.text
    assert line_of(draft_of(person.answers("[send]")), "plan") is None


def test_the_plan_of_a_fact_is_replaced_and_not_added_to():
    facts = Facts(plan=PLAN).updated({"plan": PLAN[:1], "wants": "ro"})
    assert facts.plan == PLAN[:1]
    assert facts.updated({"violence": ["physical"]}).plan == PLAN[:1]
