"""What was not understood: asked once, kept only after a yes, and then in a counsellor's words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from typer.testing import CliRunner

from bot.channels.messages import LANGS, Channel, Lang
from bot.channels.sms.menu import sms_texts
from bot.channels.sms.segments import count
from bot.cli import app
from bot.handoff import missed, queue
from bot.jobs import sweep_all
from bot.services import Services
from bot.settings import Settings, create_secrets
from bot.store import audit, conversations, models, statistics
from bot.store import missed as kept
from bot.store.database import Database, Tx
from bot.store.migrate import migrate
from bot.store.presence import begin_doubt
from bot.understanding.types import Understood
from tests.support import MovingClock, ScriptedUnderstanding, loaded, make_services
from tests.talk import COUNSELLOR, Talk, texts, words

RAW = "hva om mannen min har flyttet pengene til bestefaren sin på gården"
AGAIN = "altså de pengene han tok og ga bort, kan jeg få dem"
PARAPHRASE = "Kan man kreve tilbake det partneren har gitt til slekten sin?"
ANSWERED = "hvem kan komme"
CHANNELS: tuple[Channel, ...] = ("web", "sms")
HANDED_OVER = ("how:write_now", "choose:self", "no", "send")


class Guesses(ScriptedUnderstanding):
    """Is never sure of the two sentences, and offers something for each."""

    async def understand(self, *args: Any, **more: Any) -> Understood:
        offered = {RAW: ("economic", "cost"), AGAIN: ("economic", "must_i_report")}.get(args[1])
        if offered is not None:
            return Understood(None, (), offered, 0.2, None)
        return await super().understand(*args, **more)


@pytest.fixture
def services(tmp_path: Path, clock: MovingClock) -> Services:
    return service(tmp_path, clock)


def service(tmp_path: Path, clock: MovingClock, **more: Any) -> Services:
    scripted = Guesses({ANSWERED: "is_it_for_me", "hva koster det": "cost"})
    return make_services(tmp_path, clock, understanding=scripted, **more)


async def not_understood(talk: Talk, *steps: str) -> str:
    """Twice not understood, then handed over; what is said after "send"."""
    await talk.writes(RAW)
    await talk.writes(AGAIN)
    return words(await talk.presses(*(steps or HANDED_OVER)), talk.channel)


async def is_taken(talk: Talk) -> str:
    case = await talk.run(queue.find_open, talk.id)
    assert await talk.run(queue.take, case.id, COUNSELLOR)
    return str(case.id)


async def paraphrased(talk: Talk, handoff_id: str, by: str = PARAPHRASE) -> missed.Refusal | None:
    return (await talk.run(missed.keep, handoff_id, COUNSELLOR, by))[0]


async def questions(talk: Talk) -> list[kept.Missed]:
    return list(await talk.run(kept.listed))


def question_of(talk: Talk, lang: Lang = "nb") -> str:
    return words([talk.services.content.reply("missed_ask", lang, talk.channel)], talk.channel)


# --- the whole story ---------------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_from_not_understood_to_the_editor_and_the_raw_text_is_nowhere(
    channel: Channel, tmp_path: Path, clock: MovingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HELPLINE_VAR_DIR", str(tmp_path / "var"))
    settings = Settings()
    db = Database(settings.database, create_secrets(settings).master, clock)
    migrate(db)
    talk = await Talk(service(tmp_path, clock, db=db), clock, channel).begins()

    assert question_of(talk) in await not_understood(talk)
    assert texts(await talk.presses("missed:yes")) == [talk.sentence("missed_yes")]
    handoff_id = await is_taken(talk)
    assert await paraphrased(talk, handoff_id) is None

    (one,) = await questions(talk)
    assert (one.month, one.lang, one.words) == ("2026-11", "nb", PARAPHRASE)
    assert one.topics == ("economic", "cost", "must_i_report")
    assert talk.id in await talk.run(owners)  # until now the words can be opened …
    await talk.run(queue.close, handoff_id, COUNSELLOR, "talked")
    clock.passes(days=7, seconds=1)
    await talk.run(sweep_all, settings)
    # … and then nothing but what the editor reads, and counts.
    assert await talk.run(owners) == {kept.OWNER, statistics.OWNER}
    plain = await talk.run(everything)
    assert "missed_questions" in plain
    for secret in (RAW, AGAIN, PARAPHRASE, talk.id):
        assert secret not in plain
    db.close()

    listed = CliRunner().invoke(app, ["content", "missed"]).output
    assert PARAPHRASE in listed
    assert "economic, cost, must_i_report" in listed
    wrong = CliRunner().invoke(app, ["content", "missed", "--done", "nothing"])
    assert "no question is called nothing" in str(wrong.exception)
    left = CliRunner().invoke(app, ["content", "missed", "--done", one.id]).output
    assert PARAPHRASE not in left
    assert left.startswith("0 questions")


def owners(tx: Tx) -> set[str]:
    """Whose words can still be opened."""
    return {row.owner_id for row in tx.session.query(models.SealKey)}


def everything(tx: Tx) -> str:
    """All that stands in the database, as it can be read without a key."""
    connection = tx.session.connection()
    rows = []
    for table in inspect(connection).get_table_names():
        rows += [table, *map(str, connection.execute(text(f"select * from {table}")))]
    return "\n".join(rows)


async def test_a_row_leads_to_no_case_no_person_and_no_time(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    await talk.presses("missed:yes")
    handoff_id = await is_taken(talk)
    await paraphrased(talk, handoff_id)

    def look(tx: Tx) -> tuple[list[Any], Any]:
        (row,) = tx.session.query(models.MissedQuestion)
        key = tx.session.get(models.SealKey, kept.OWNER)
        return [row.id, row.month, row.lang, row.topics], key.created_at if key else None

    columns, key_made = await talk.run(look)
    assert set(models.MissedQuestion.__table__.columns.keys()) == {
        *("id", "month", "lang", "topics", "words_sealed")
    }
    case = await talk.run(queue.find_open, talk.id)
    theirs = {talk.id, handoff_id, case.designation, COUNSELLOR}
    assert theirs.isdisjoint(columns)
    assert (key_made.day, key_made.hour, key_made.minute) == (1, 0, 0)
    assert [e.object_id for e in await talk.run(audit.latest) if e.action == "missed_kept"] == []


# --- silence, no, and what is no answer ----------------------------------------------------------


@pytest.mark.parametrize("answer", ["nei", "NEI TAKK", "hva koster det", "kanskje", ""])
async def test_no_and_silence_keep_nothing(
    answer: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    if answer:
        said = texts(await talk.writes(answer))
        assert (talk.sentence("missed_no") in said) == answer.lower().startswith("nei")
    handoff_id = await is_taken(talk)
    assert await paraphrased(talk, handoff_id) == "no_yes"
    assert await questions(talk) == []


@pytest.mark.parametrize("answer", ["ja", "Ja takk", "1"])
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_yes_in_words_counts_when_it_comes_next(
    channel: Channel, answer: str, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await not_understood(talk)
    await talk.writes(answer)
    assert (await talk.state()).missed_said == "yes"


async def test_a_yes_to_something_else_is_no_yes(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    assert await services.outbound.unprompted(talk.id, "no_counsellor_yet")
    await talk.writes("ja")
    assert (await talk.state()).missed_said == "asked"


async def test_what_understanding_takes_for_a_yes_is_none(
    services: Services, clock: MovingClock
) -> None:
    services.understanding.topics["den er grei"] = "yes"  # type: ignore[attr-defined]
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    await talk.writes("den er grei")
    assert (await talk.state()).missed_said == "asked"


async def test_one_may_think_better_of_it(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    await talk.writes("", "missed:yes")
    await talk.writes("", "missed:no")
    assert await paraphrased(talk, await is_taken(talk)) == "no_yes"


async def test_the_payload_alone_is_no_yes_when_nobody_asked(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes("", "missed:yes")
    assert (await talk.state()).missed_said == ""


async def test_while_a_counsellor_holds_the_person_the_button_counts_and_words_are_hers(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    handoff_id = await is_taken(talk)
    assert await talk.writes("ja") == []
    assert await paraphrased(talk, handoff_id) == "no_yes"
    assert await talk.writes("", "missed:yes") == []
    assert await paraphrased(talk, handoff_id) is None


# --- when it is asked ----------------------------------------------------------------------------


async def test_not_understood_once_and_a_person_is_asked_for(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes(RAW)
    await talk.presses("human")
    assert question_of(talk) in words(await talk.presses(*HANDED_OVER))
    assert (await talk.state()).missed == ["economic", "cost"]
    case = await talk.run(queue.find_open, talk.id)
    assert case.draft.reasons == ("unsure",)


async def test_it_is_asked_once(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    assert question_of(talk) in await not_understood(talk)
    said = await not_understood(talk, "how:write_now", "no", "send")
    assert "sendt" in said or "lagret" in said
    assert question_of(talk) not in said


async def test_a_handoff_that_has_another_reason_asks_nothing(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await talk.writes(RAW)
    await talk.writes(ANSWERED)
    await talk.writes("menneske")
    assert question_of(talk) not in words(await talk.presses(*HANDED_OVER))


CALM: dict[str, Any] = {}
NOT_CALM: dict[str, dict[str, Any]] = {
    "a child": {"young": True},
    "after a doubt": {"unproven": True, "handoff_id": "0" * 24},
    "danger just now": {"last_danger": "danger_now", "last_level": "soon"},
    "somebody reads along": {"neutral": True, "doubt": "found_out"},
    "not safe to write": {"safe": "no"},
}


@pytest.mark.parametrize("known", [CALM, *NOT_CALM.values()], ids=["calm", *NOT_CALM])
async def test_it_is_asked_only_where_it_is_calm(
    known: dict[str, Any], services: Services, clock: MovingClock
) -> None:
    from bot import missed as asking
    from bot.turn import Turn

    talk = await Talk(services, clock).begins()
    await not_understood(talk, *HANDED_OVER[:-1])  # all but "send"
    await talk.knows(**known)
    found = await talk.run(conversations.get, talk.id)
    draft = services.flows["handoff"].writer.draft(  # type: ignore[attr-defined]
        found.state.flow_data, "nb", "web"
    )
    assert "unsure" in draft.reasons
    turn = Turn(None, None, found, "id")  # type: ignore[arg-type]
    asking.ask(services, turn, draft)
    assert bool(turn.replies) == (known == CALM)


@pytest.mark.parametrize("channel", CHANNELS)
async def test_danger_on_the_way_to_the_counsellor_and_nothing_is_asked(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await not_understood(talk, "how:write_now", "choose:self")
    await talk.writes("han står utenfor og hamrer på døra")
    await talk.writes("menneske")
    said = words(await talk.presses("send"), channel)
    assert "sendt" in said or "lagret" in said
    assert question_of(talk) not in said
    assert (await talk.state()).missed_said == ""


async def test_who_is_afraid_today_is_asked_nothing(services: Services, clock: MovingClock) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk, "how:write_now", "choose:self", "yes", "skip")
    await talk.presses("yes")  # "are you afraid of something today?"
    for _ in range(8):
        if "send" in talk.buttons:
            break
        await talk.presses("skip")
    assert question_of(talk) not in words(await talk.presses("send"))
    assert (await talk.state()).facts.afraid_now == "yes"


async def test_a_doubt_after_the_yes_does_not_ask_anew(
    services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock).begins()
    await not_understood(talk)
    await talk.presses("missed:yes")

    def doubt(tx: Tx) -> None:
        found = conversations.get(tx, talk.id)
        assert found is not None
        begin_doubt(found.state, "pause")
        conversations.save(tx, found)

    await talk.run(doubt)
    assert (await talk.state()).missed_said == "yes"


# --- erasing, and how it reads -------------------------------------------------------------------


@pytest.mark.parametrize("channel", CHANNELS)
async def test_erased_by_the_person_before_it_and_nothing_is_kept(
    channel: Channel, services: Services, clock: MovingClock
) -> None:
    talk = await Talk(services, clock, channel).begins()
    await not_understood(talk)
    await talk.presses("missed:yes")
    handoff_id = await is_taken(talk)
    await talk.writes("slett")
    assert await paraphrased(talk, handoff_id) in ("not_yours", "no_yes")
    assert await questions(talk) == []


@pytest.mark.parametrize("lang", LANGS)
def test_by_sms_the_question_and_its_choices_are_two_segments(lang: Lang) -> None:
    (one,) = sms_texts(loaded()["content"].reply("missed_ask", lang, "sms"), lang)
    assert count(one).segments <= 2
    assert count(one).encoding == "GSM-7"
    assert "1 " in one
    assert "2 " in one
    assert "0 " not in one  # no way out of a question that may be left alone
