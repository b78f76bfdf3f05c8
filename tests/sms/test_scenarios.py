"""Whatever breaks between telephone and helpline: nothing is lost, and doubles can be explained."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bench.sms import fair
from bot.channels.sms import outbound as sender
from bot.store import outbox
from tests.fakes.twilio import FakeTwilio, Fault
from tests.sms.room import PUBLIC
from tests.sms.scenarios import EXPLAINED, SCENARIOS, Line, Scenario, play

# The whole table is `python -m bench.sms`; these take part in every run.
SHORT = (
    "each webhook three times, two of them at once",
    "webhooks again after a restart",
    "the store is away",
    "line breaks after it is taken",
    "taken, no answer, and the list is late",
    "lost in the network (30003)",
    "all of it",
)


@pytest.mark.parametrize("name", SHORT)
def test_nothing_is_lost(name: str) -> None:
    (scenario,) = [one for one in SCENARIOS if one.name == name]
    result = play(scenario, persons=2, each=3)
    assert result.lost == []
    assert fair(result)
    assert result.got + result.told == result.expected
    assert result.injected.total() > 0


def test_the_table_sees_what_is_doubled_without_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that sends again without asking the provider first does not pass."""

    async def send_again(services: Any, provider: Any, due: Any) -> bool:
        await services.db.run(outbox.put_back, due.id)
        return False

    monkeypatch.setattr(sender, "_settle_doubt", send_again)
    result = play(Scenario("careless", out=("cut_after",)), persons=2, each=3)
    assert result.doubled
    assert not fair(result)


def test_the_table_sees_what_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """A sender that believes every text in doubt to be there does not pass."""

    async def believe(services: Any, provider: Any, due: Any) -> bool:
        await services.db.run(outbox.mark_sent, due.id, f"SM{due.id}")
        return True

    monkeypatch.setattr(sender, "_settle_doubt", believe)
    result = play(Scenario("credulous", out=("cut_before",)), persons=2, each=3)
    assert result.lost
    assert not fair(result)


FAULTS = st.lists(
    st.sampled_from(
        [
            *(None, "cut_before", "cut_after", "429", "500_before", "500_after"),
            *("21610", "30003", "twice", "unlisted"),
        ]
    ),
    max_size=14,
)


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Line(tmp_path_factory.mktemp("line"))
    yield made
    made.close()


@given(faults=FAULTS, look_ups=st.lists(st.sampled_from(["429", "500_before"]), max_size=3))
@example(faults=["cut_after", "429", "cut_before", "500_after", "21610", None], look_ups=["429"])
@example(faults=["unlisted", "unlisted", "twice"], look_ups=[])
@example(faults=["unlisted", "21610"], look_ups=[])
@example(faults=["30003", "21610", "30003"], look_ups=[])
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_any_sequence_of_faults_loses_nothing_and_keeps_the_order(
    line: Line, faults: list[Fault], look_ups: list[Fault]
) -> None:
    """What a counsellor writes arrives in order, or she sees that it did not."""
    number = f"+4710{len(line.twilio.sent):06d}"
    line.twilio.faults, line.twilio.list_faults = [*faults], [*look_ups]
    said = [f"rad {n}" for n in range(5)]
    for text in said:
        line.desk_writes(number, text)
    await line.settle()
    used = faults[: len(faults) - len(line.twilio.faults)]
    sent = [one for one in line.twilio.sent if one.to == number]
    for one in sent:
        lost = one.error_code
        line.twilio.reports(
            line.url, one, "undelivered" if lost else "delivered", lost, public_url=PUBLIC
        )
        one.error_code = lost
    arrived = [one.body for one in sent if one.error_code is None]
    missing = [text for text in said if text not in arrived]
    finals = sum(fault in ("21610", "30003") for fault in used)
    # Told of more than is missing: a text that arrived unseen, and was refused when sent again.
    assert len(missing) <= line.failed(number) <= finals
    assert list(dict.fromkeys(arrived)) == [text for text in said if text in arrived]
    doubled = len(arrived) - len(set(arrived))
    assert doubled <= sum(fault in EXPLAINED for fault in used)


def test_the_fake_checks_the_password_and_knows_no_other_account() -> None:
    """What is proved against it must not rest on a fake that takes anything."""
    from bot.channels.sms.provider import SmsLater, TwilioProvider
    from tests.fakes.twilio import ACCOUNT_SID, NUMBER

    with FakeTwilio() as twilio:
        stranger = TwilioProvider(ACCOUNT_SID, "wrong", NUMBER, twilio.start(), timeout=1)
        with pytest.raises(SmsLater, match="20003"):
            stranger.send("+4700000001", "hei", None, 60)
        with pytest.raises(SmsLater, match="20003"):
            stranger.call("+4700000001", "http://x/", "http://x/", 20, only_humans=True)
        assert (twilio.sent, twilio.phones.calls) == ([], [])
