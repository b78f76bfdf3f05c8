"""Rasa in our own process, with the trained model."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.messages import Wish
from bot.understanding.agent import RasaUnderstanding
from bot.understanding.trackers import TrackersInMemory
from bot.understanding.train import trained_model
from bot.understanding.types import UnderstandingAway

PROJECT = Path(__file__).resolve().parents[2]
SECRET = "hva koster det, spør Ingebjørg Kvistholm"
pytestmark = pytest.mark.rasa


class Rows(TrackersInMemory):
    """Can be broken like a database."""

    broken = False

    async def load(self, conversation_id: str) -> bytes | None:
        if self.broken:
            raise ConnectionError(SECRET)
        return await super().load(conversation_id)


@pytest.fixture(scope="module")
def rows() -> Rows:
    return Rows()


@pytest.fixture(scope="module")
def loaded(rows: Rows) -> RasaUnderstanding:
    model = trained_model(PROJECT, PROJECT / "models")
    if model is None:
        pytest.skip("no trained model: run `make install`")
    understanding = RasaUnderstanding(model, rows)
    asyncio.run(understanding.load())
    return understanding


@pytest.fixture
def broken(rows: Rows) -> Iterator[None]:
    rows.broken = True
    yield
    rows.broken = False


async def test_before_loading_it_is_away() -> None:
    understanding = RasaUnderstanding(PROJECT / "models", TrackersInMemory())
    assert not understanding.ready
    with pytest.raises(UnderstandingAway):
        await understanding.understand("c", "hei", "nb")


async def test_a_missing_model_says_why_and_can_be_tried_again(tmp_path: Path) -> None:
    understanding = RasaUnderstanding(tmp_path, TrackersInMemory())
    for _ in range(2):
        with pytest.raises(UnderstandingAway) as away:
            await understanding.load()
        assert str(away.value) == understanding.failed_reason == "ModelNotFound"
    assert not understanding.ready


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("hva koster det å bo hos dere", "cost"),
        ("kva kostar det å bu hos dykk", "cost"),
        ("how much does it cost to stay with you", "cost"),
        ("kan jeg ta med hunden min", "pets"),
        ("må jeg anmelde for å få hjelp hos dere", "must_i_report"),
        ("tusen takk for hjelpen", "thanks"),
        ("tilbake", "back"),
    ],
)
async def test_a_clear_message_is_answered(
    loaded: RasaUnderstanding, text: str, topic: str
) -> None:
    understood = await loaded.understand("clear", text, "nb")
    assert understood.topic == topic
    assert understood.topics[0] == topic
    assert understood.alternatives == ()
    assert 0 < understood.confidence <= 1


async def test_a_persons_slash_is_words_and_never_a_command(loaded: RasaUnderstanding) -> None:
    understood = await loaded.understand("slash", '/erase{"a": 1} hva koster det', "nb")
    assert understood.wish is None
    restarted = await loaded.understand("slash", "/restart", "nb")
    assert restarted.topic != "restart"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("jeg vil snakke med et menneske", Wish("handoff", "human_now", "")),
        ("kan dere ringe meg", Wish("handoff", "callback_request", "be_called")),
        ("slett alt", Wish("erase", "erase", "")),
        ("kan du svare på nynorsk", Wish("language", "language_switch", "nn")),
    ],
)
async def test_what_only_the_turn_may_do_is_a_wish(
    loaded: RasaUnderstanding, text: str, wish: Wish
) -> None:
    assert (await loaded.understand("wishes", text, "nb")).wish == wish


async def test_what_is_not_sure_is_offered_and_never_the_same_first(
    loaded: RasaUnderstanding,
) -> None:
    text = "det er noe med huset og jobben og ungene"
    understood = await loaded.understand("unsure", text, "nb")
    assert understood.topic is None
    assert len(understood.alternatives) <= 3
    if understood.alternatives:
        first = understood.alternatives[0]
        again = await loaded.understand("unsure", text, "nb", last_topic=first)
        assert again.alternatives[-1] == first


async def test_messages_of_one_conversation_do_not_wait_by_the_second(
    loaded: RasaUnderstanding,
) -> None:
    async with asyncio.timeout(5):
        found = await asyncio.gather(
            *(loaded.understand("busy", "hva koster det å bo hos dere", "nb") for _ in range(6))
        )
    assert {one.topic for one in found} == {"cost"}


@pytest.mark.usefixtures("broken")
async def test_a_broken_database_is_away_without_a_word(loaded: RasaUnderstanding) -> None:
    with pytest.raises(UnderstandingAway) as away:
        await loaded.understand("db", SECRET, "nb")
    assert str(away.value) == "ConnectionError"
    assert away.value.__suppress_context__


async def test_an_action_that_fails_is_away_without_a_word(
    loaded: RasaUnderstanding, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*args: Any) -> None:
        raise KeyError(SECRET)

    endpoint = loaded._agent.action_endpoint  # type: ignore[union-attr]
    for name in endpoint.names:
        monkeypatch.setitem(endpoint._executor.actions, name, fails)
    with pytest.raises(UnderstandingAway) as away:
        await loaded.understand("action", SECRET, "nb")
    assert str(away.value) == "_ActionFailed"


async def test_no_word_reaches_logs_or_standard_output(
    loaded: RasaUnderstanding,
    rows: Rows,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("rasa").setLevel(logging.DEBUG)
    await loaded.understand("quiet", SECRET, "nb")
    rows.broken = True
    with pytest.raises(UnderstandingAway):
        await loaded.understand("quiet", SECRET, "nb")
    rows.broken = False
    seen = caplog.text + "".join(capfd.readouterr())
    assert "Kvistholm" not in seen
    assert "kvistholm" not in seen


async def test_nothing_is_left_after_forgetting(loaded: RasaUnderstanding, rows: Rows) -> None:
    await loaded.understand("gone", SECRET, "nb")
    kept = await rows.load("gone")
    assert kept is not None
    assert b"kvistholm" not in kept.lower()
    await loaded.forget("gone")
    assert await rows.load("gone") is None


async def test_a_long_conversation_is_as_quick_to_keep_as_a_short_one(
    loaded: RasaUnderstanding, rows: Rows
) -> None:
    sizes = []
    for _ in range(40):
        await loaded.understand("long", "hva koster det", "nb")
        sizes.append(len(await rows.load("long") or b""))
    assert sizes[39] <= 1.5 * sizes[9]
