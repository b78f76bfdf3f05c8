"""Texts are changed while the service runs: said when they are right, and else named."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest

from bot import health, jobs
from bot.content.flow_texts import read_yaml
from bot.services import Services
from bot.settings import ROOT
from bot.texts import TROUBLE, LiveTexts
from tests.support import MovingClock, ScriptedUnderstanding, make_services
from tests.talk import Talk, words

QUESTION = "hva koster det"
COST = "centre/cost.nb.md"
PRICE = "Det koster ingenting å komme hit. Alle kan komme, også uten time."


class Room:
    """A service with texts of its own, and an editor who changes them."""

    def __init__(self, services: Services, folder: Path) -> None:
        self.services = services
        self.folder = folder
        self.live = LiveTexts(services)

    def rewrite(self, name: str, before: str, after: str) -> None:
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert before in text
        path.write_text(text.replace(before, after), encoding="utf-8")

    def write_body(self, name: str, body: str) -> None:
        path = self.folder / name
        front = path.read_text(encoding="utf-8").split("---\n")[1]
        path.write_text(f"---\n{front}---\n{body}\n", encoding="utf-8")

    async def looks(self) -> None:
        """Two looks: what changed is first seen, then found settled."""
        await self.live.look()
        await self.live.look()

    @property
    def trouble(self) -> str:
        return self.services.troubles.get(TROUBLE, "")


@pytest.fixture
def room(tmp_path: Path, clock: MovingClock) -> Room:
    folder = tmp_path / "content"
    shutil.copytree(ROOT / "content", folder)
    scripted = ScriptedUnderstanding({QUESTION: "cost"})
    services = make_services(
        tmp_path, clock, understanding=scripted, settings={"content_dir": folder}
    )
    return Room(services, folder)


def body_of(room: Room) -> str:
    return room.services.content.page("cost", "nb").body


async def test_a_changed_text_is_said_without_a_restart(room: Room, clock: MovingClock) -> None:
    talk = await Talk(room.services, clock).begins()
    assert PRICE not in words(await talk.writes(QUESTION))
    sections = room.services.content.page("cost", "nb").sections
    more = "".join(f"\n\n## {name}\n{text}" for name, text in sections.items())
    room.write_body(COST, PRICE + more)
    await room.live.look()
    assert PRICE not in words(await talk.writes(QUESTION))  # perhaps still being written
    await room.live.look()
    assert PRICE in words(await talk.writes(QUESTION))
    assert room.trouble == ""


async def test_a_faulty_file_keeps_every_text_as_it_was_and_is_named(
    room: Room, caplog: pytest.LogCaptureFixture
) -> None:
    before = body_of(room)
    room.rewrite(COST, before[:20], "Stakkars deg. " + before[:20])
    await room.looks()
    assert body_of(room) == before
    assert room.trouble.startswith("content/centre/cost.nb.md: text: pity")
    assert "content/centre/cost.nb.md: text: pity" in caplog.text
    assert TROUBLE in await health.what_is_degraded(room.services)
    assert TROUBLE not in await health.what_is_missing(room.services)  # it answers all the same
    said = caplog.text
    await room.looks()
    assert caplog.text == said  # named once, not at every look
    room.rewrite(COST, "Stakkars deg. ", "")
    await room.looks()
    assert room.trouble == ""


@pytest.mark.parametrize(
    ("name", "before", "after", "says"),
    [
        (COST, "topic: cost", "topic: pris", "content/centre/cost.nb.md: topic says pris"),
        (COST, "## more\n", "## more\n{nobody_knows} ", "unknown placeholder {nobody_knows}"),
        ("handoff/nb.yml", "texts:", "texts: [", "content/handoff/nb.yml: cannot be read"),
        ("numbers.yml", 'number: "112"', "number: 112", "content/numbers.yml: police_emergency"),
        ("system/web_labels.nb.md", "## leave", "## go", "section '## leave' is missing"),
    ],
    ids=["topic", "placeholder", "flow", "number", "page"],
)
async def test_what_cannot_be_used_is_never_taken(
    room: Room, name: str, before: str, after: str, says: str
) -> None:
    room.rewrite(name, before, after)
    said = room.services.content.pages()
    flows = room.services.flows
    await room.looks()
    assert says in room.trouble
    assert room.services.content.pages() == said
    assert room.services.flows is flows


async def test_a_text_that_something_may_ask_for_is_not_taken_away_while_it_runs(
    room: Room,
) -> None:
    (room.folder / "system" / "unsure.nb.md").unlink()
    await room.looks()
    assert room.trouble == "content/system/unsure.nb.md: the text is gone"
    assert room.services.content.has_own("unsure", "nb")


async def test_flows_and_numbers_are_new_too(room: Room, clock: MovingClock) -> None:
    asked = read_yaml(room.folder / "handoff" / "nb.yml", "nb.yml")["texts"]["how"]
    web = str(asked["web"] if isinstance(asked, dict) else asked).strip().split("\n")[0]
    room.rewrite("handoff/nb.yml", web, f"Hei igjen. {web}")
    room.rewrite("numbers.yml", '"116 123"', '"116 124"')
    talk = await Talk(room.services, clock).begins()
    await room.looks()
    assert room.trouble == ""
    assert "Hei igjen." in words(await talk.writes("menneske"))
    assert room.services.content.numbers["mental_health"].number == "116 124"


async def test_a_new_topic_can_be_answered(room: Room) -> None:
    for lang in ("nb", "nn", "en"):
        text = (room.folder / f"centre/cost.{lang}.md").read_text(encoding="utf-8")
        new = room.folder / f"centre/price.{lang}.md"
        new.write_text(text.replace("topic: cost", "topic: price"), encoding="utf-8")
        await room.looks()
        assert room.services.content.has("price") == (lang == "en")  # all three, or none
    assert room.trouble == ""


async def test_nothing_is_read_while_nothing_changes(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(*_: object) -> None:
        raise AssertionError("read again")

    monkeypatch.setattr(room.live, "_read", read)
    await room.looks()
    await room.looks()


async def test_the_service_looks_by_itself(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "TEXTS_EVERY", 0.05)
    running = jobs.Jobs(room.services)
    running.start()
    try:
        before = body_of(room)
        room.rewrite(COST, before[:20], f"Takk for at du spør. {before[:20]}")
        async with asyncio.timeout(60):
            while body_of(room) == before:
                await asyncio.sleep(0.05)
    finally:
        await running.stop()
    assert body_of(room).startswith("Takk for at du spør.")


async def test_a_fact_that_somebody_confirms_is_said_without_a_restart(
    tmp_path: Path, clock: MovingClock
) -> None:
    centre = tmp_path / "centre.yml"
    shutil.copy(ROOT / "tests" / "centres" / "centre.fjellbygd.yml", centre)
    scripted = ScriptedUnderstanding({QUESTION: "transport_distance"})
    services = make_services(
        tmp_path, clock, understanding=scripted, settings={"centre_file": centre}
    )
    live, talk = LiveTexts(services), await Talk(services, clock).begins()
    assert "hente deg" not in words(await talk.writes(QUESTION))
    before, after = centre.read_text(encoding="utf-8").rsplit("confirmed_by: null", 1)
    centre.write_text(f"{before}confirmed_by: Kari Nordmann{after}", encoding="utf-8")
    await live.look()
    await live.look()
    assert "hente deg på stasjonen" in words(await talk.writes(QUESTION))


async def test_of_the_centre_only_facts_and_numbers_are_taken(
    tmp_path: Path, clock: MovingClock, caplog: pytest.LogCaptureFixture
) -> None:
    centre = tmp_path / "centre.yml"
    shutil.copy(ROOT / "tests" / "centres" / "centre.fjellbygd.yml", centre)
    services = make_services(tmp_path, clock, settings={"centre_file": centre})
    caplog.set_level("WARNING")
    live = LiveTexts(services)
    text = centre.read_text(encoding="utf-8")
    text = text.replace('number: "00 00 00 01"', 'number: "00 00 00 03"')
    centre.write_text(text.replace('"00 00 00 05"', '"00 00 00 09"'), encoding="utf-8")
    await live.look()
    await live.look()
    assert services.content.numbers["assault_centre"].number == "00 00 00 09"
    assert services.centre.phone_line.number == services.content.centre.line == "00 00 00 01"
    assert "restart to use it" in caplog.text
    centre.write_text("name: x", encoding="utf-8")
    await live.look()
    await live.look()
    assert services.troubles[TROUBLE] and services.centre.name == "Fjellbygd krisesenter"
