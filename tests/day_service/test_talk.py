"""A talk as the person meets it: held by the desk, in doubt, on the web, never told twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.appointments import carry_out_all
from bot.channels.messages import LANGS, Lang, Message
from bot.channels.outbound import may_write
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.day_service import proposing, saying, when, wishes
from bot.day_service.wishes import Proposal, Wish, Words
from bot.handoff import queue
from bot.handoff.draft import Contact, HandoffDraft
from bot.services import Services
from bot.store import conversations, day_wishes, messages
from bot.store.conversations import Conversation, State
from bot.store.database import Tx
from tests.support import PHONE, MovingClock, loaded, make_services

ME = "c0ffee"
TUESDAY = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)  # ten o'clock in Norway


class Person:
    """Somebody who wishes a talk, and the counsellor who has the case."""

    def __init__(self, services: Services, clock: MovingClock, channel: str = "sms") -> None:
        self.services, self.clock = services, clock
        with services.db.begin() as tx:
            if channel == "sms":
                found = conversations.by_number(tx, PHONE, "nb")
            else:
                found, _token = conversations.open_web(tx, "nb")
            found.state.safe, found.state.opened = "yes", True
            conversations.save(tx, found)
            contact = Contact(PHONE, "09–20")
            draft = HandoffDraft("first_talk", "soon", "nb", found.channel, contact=contact)
            self.id = found.id
            self.case = queue.open_handoff(tx, found, draft, give_code=False).handoff_id
            assert queue.take(tx, self.case, ME)

    async def proposed(self, *times: datetime, closed: bool = True) -> None:
        if closed:
            with self.services.db.begin() as tx:
                queue.close(tx, self.case, ME, "talked")
        proposals = [Proposal(at, "biblioteket", True) for at in times or (TUESDAY,)]
        done = await self.act(lambda tx, desk: proposing.propose(tx, desk, proposals, ""))
        assert done.refused is None

    async def act(self, work) -> proposing.Done:  # type: ignore[no-untyped-def]
        services = self.services
        with services.db.begin() as tx:
            version = self.wish(tx).row.version
        desk = proposing.Desk(services.outbound, services.content, ME, self.case, version)
        return await services.db.run(lambda tx: work(tx, desk))

    async def writes(self, text: str, payload: str | None = None) -> list[str]:
        self.clock.passes(seconds=5)
        message = Message(self.id, self.talk().channel, text, self.clock(), payload)
        result = await self.services.turn.handle(message)
        return [reply.text for reply in result.replies]

    def wish(self, tx: Tx | None = None) -> Wish:
        if tx is None:
            with self.services.db.begin() as mine:
                return self.wish(mine)
        found = wishes.of_case(tx, self.case)
        assert found
        return found

    def talk(self) -> Conversation:
        with self.services.db.begin() as tx:
            found = conversations.get(tx, self.id)
            assert found
            return found

    def heard(self) -> str:
        with self.services.db.begin() as tx:
            stored = messages.after(tx, self.id, 0)
            return "\n".join(one.reply.text for one in stored if one.author != "person")


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    clock.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    return make_services(tmp_path, clock)


@pytest.fixture
def person(services: Services, clock: MovingClock) -> Person:
    return Person(services, clock)


async def agreed(person: Person, *, reminder: str = "day:remind_hours") -> None:
    await person.proposed()
    await person.writes("1")
    assert (await person.act(proposing.confirm)).refused is None
    await person.writes("", reminder)


async def test_while_a_counsellor_holds_the_person_the_bot_keeps_silent(person: Person) -> None:
    await person.proposed(TUESDAY, TUESDAY + timedelta(days=1), closed=False)
    assert await person.writes("2") == []
    assert (person.wish().row.status, person.wish().row.answer) == ("answered", "2")


async def test_one_may_think_better_of_it_until_it_is_confirmed(person: Person) -> None:
    await person.proposed(TUESDAY, TUESDAY + timedelta(days=1))
    wish = person.wish()
    await person.writes("", saying.payload_of(wish, 1))
    await person.writes("", saying.payload_of(wish, 2))
    assert person.wish().row.answer == "2"
    await person.act(proposing.confirm)
    said = await person.writes("", saying.payload_of(wish, 1))
    assert "gjelder ikke lenger" in said[0]
    assert person.wish().row.answer == "2"


async def test_a_button_of_an_earlier_proposal_chooses_nothing(person: Person) -> None:
    await person.proposed(TUESDAY)
    old = saying.payload_of(person.wish(), 1)
    await person.proposed(TUESDAY + timedelta(days=2), closed=False)
    said = await person.writes("", old)
    assert "gjelder ikke lenger" in said[0]
    assert "Her er forslag til tid" in said[1]
    assert person.wish().row.status == "proposed"


async def test_a_time_that_is_past_cannot_be_chosen(person: Person, clock: MovingClock) -> None:
    await person.proposed(TUESDAY)
    payload = saying.payload_of(person.wish(), 1)
    clock.now = TUESDAY + timedelta(minutes=1)
    with person.services.db.begin() as tx:  # no pause: the person has been writing
        found = conversations.get(tx, person.id)
        assert found
        found.state.heard_at = clock().timestamp()
        conversations.save(tx, found)
    await person.writes("", payload)
    assert person.wish().row.status == "proposed"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("2", "2"), ("ingen passer", "none"), ("4", "other"), ("5", "no"), ("nei", "none")],
)
async def test_every_answer_by_number_or_words(person: Person, text: str, answer: str) -> None:
    await person.proposed(TUESDAY, TUESDAY + timedelta(days=1))
    assert await person.writes(text)
    assert person.wish().row.answer == answer


@pytest.mark.parametrize(
    "words", ["avlys", "avbestille", "jeg må avlyse timen", "kan vi flytte tiden"]
)
async def test_the_person_calls_it_off(person: Person, words: str) -> None:
    await agreed(person)
    assert "Det gjelder tirsdag 24. november" in (await person.writes(words))[0]
    assert "er avlyst" in (await person.writes("1"))[0]
    row = person.wish().row
    assert (row.status, row.answer, row.remind_at, row.meets_at) == (
        "answered",
        "cancel",
        None,
        None,
    )


async def test_the_reminder_comes_once_and_says_only_when(
    person: Person, clock: MovingClock
) -> None:
    await agreed(person)
    at = person.wish().row.remind_at
    assert at == TUESDAY - timedelta(hours=14, minutes=30), "two hours before is not safe"
    clock.now = at
    before = person.heard()
    assert [await carry_out_all(person.services) for _ in range(3)] == [1, 0, 0]
    reminded = person.heard().removeprefix(before)
    assert reminded.strip() == "En påminnelse: i morgen kl. 10:00."
    for word in ("biblioteket", "samtale", "rådgiver", "krisesenter"):
        assert word not in reminded.casefold()


async def test_somebody_reads_along_and_no_reminder_ever_comes(
    person: Person, clock: MovingClock
) -> None:
    await agreed(person)
    assert person.wish().row.remind_at is not None
    await person.writes("han leser meldingene mine nå")
    assert (person.wish().row.remind_at, person.wish().row.reminder) == (None, "dropped")
    clock.now = TUESDAY - timedelta(hours=1)
    assert await carry_out_all(person.services) == 0


async def test_whoever_asks_who_this_is_hears_nothing_of_the_times(person: Person) -> None:
    await person.proposed(TUESDAY)
    before = person.heard()
    await person.writes("hvem er dette")
    await person.writes("1")
    assert "forslag" not in person.heard().removeprefix(before)
    assert "november" not in person.heard().removeprefix(before)
    assert not may_write(person.talk())


async def test_one_look_back_and_then_it_is_a_task(person: Person, clock: MovingClock) -> None:
    from bot.day_service import due

    late = TUESDAY + timedelta(days=6)
    await person.proposed(late)
    clock.passes(hours=24, minutes=1)
    assert [await carry_out_all(person.services) for _ in range(2)] == [1, 0]
    assert person.heard().count("Passer noen av tidene?") == 1
    clock.passes(hours=24)
    assert await carry_out_all(person.services) == 0
    with person.services.db.begin() as tx:
        assert due.is_silent(tx, person.wish(tx))


async def test_on_the_web_an_open_page_is_no_proof_after_a_pause(
    services: Services, clock: MovingClock
) -> None:
    """Somebody else sits down: the times are said again only to who had them and pressed one."""
    person = Person(services, clock, "web")
    await person.writes("hei")
    await person.proposed(TUESDAY)
    payload = saying.payload_of(person.wish(), 1)
    clock.passes(hours=2)
    before = person.heard()
    await person.writes("hei igjen")
    await person.writes("", "safe:yes")
    assert "november" not in person.heard().removeprefix(before)
    clock.passes(hours=2)
    await person.writes("", payload)
    assert person.wish().row.status == "proposed"
    said = await person.writes("", "safe:yes")
    assert "november" in "".join(said)


@pytest.mark.parametrize("lang", LANGS)
def test_no_text_takes_more_than_two_segments_at_its_longest(lang: Lang) -> None:
    """Three times in September and the longest place."""
    content = loaded()["content"]
    at = datetime(2026, 9, 30, 9, 30, tzinfo=UTC)
    times = tuple(Proposal(at + timedelta(days=7 * n), "x" * 60, True) for n in range(3))
    row = _row(lang)
    wish = Wish(row, Words(proposals=times))
    state = State(safe="yes")
    to = Conversation("c", "sms", lang, "bot", state, at, at)
    said = [
        *saying.proposed(content, wish, to, at),
        saying.question(content, wish, to, "day_look_back"),
        *saying.confirmed(content, wish, to),
    ]
    for reply in said:
        texts = sms_texts(reply, lang)
        assert len(texts) == 1
        assert count(texts[0]).segments <= 2
        assert count(texts[0]).encoding == "GSM-7"


def _row(lang: Lang) -> day_wishes.WishRow:
    values = dict.fromkeys(day_wishes.WishRow.__dataclass_fields__)
    known = {"lang": lang, "channel": "sms", "status": "confirmed", "answer": "3", "rounds": 1}
    return day_wishes.WishRow(**(values | known | {"reminder": "asked"}))  # type: ignore[arg-type]


@settings(deadline=None)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC)),
    st.sampled_from([None, "når som helst", "mellom 9 og 14", "18-20", "22-06", "etter 8"]),
    st.sampled_from(sorted(when.BEFORE)),
    st.integers(1, 60 * 24 * 5),
)
def test_a_reminder_is_before_the_talk_at_a_safe_moment_or_never(
    meets_at: datetime, times: str | None, which: str, minutes: int
) -> None:
    now = meets_at - timedelta(minutes=minutes)
    at = when.reminder_at(meets_at, when.BEFORE[which], times, now)
    if at is not None:
        assert now < at <= meets_at - timedelta(hours=1)
        assert when.is_safe(at, times)
