"""The SMS door: signed, answered early, never twice, and never silent when something is away."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sanic import Sanic

from bot.channels.sms import inbound
from bot.channels.sms.outbound import deliver_due
from bot.channels.sms.signature import read_form, signed_by
from bot.store import conversations, messages, models, outbox
from bot.store.database import StoreAway
from tests.fakes.twilio import AUTH_TOKEN, Answer, FakeTwilio, fixture, post, post_signed
from tests.sms.room import DANGER, PERSON, PUBLIC, STATIC, BreakableDatabase, app_of

EMPTY = '<?xml version="1.0" encoding="UTF-8"?><Response />'
PHONES = count(10_000)
DANGER_SMS = DANGER.text.replace("**", "")


def sends(
    twilio: FakeTwilio, app_url: str, text: str, sid: str | None = None, **more: str
) -> Answer:
    """A person's SMS through a proxy that knows us as PUBLIC."""
    return twilio.person_sends(app_url, PERSON, text, sid, public_url=PUBLIC, **more)


def heard(twilio: FakeTwilio, answer: Answer) -> list[str]:
    """What the person reads: in the webhook's answer or, when the turn took longer, sent alone."""
    until(lambda: answer.messages or twilio.sent)
    return answer.messages + twilio.texts(PERSON)


def until(condition: Callable[[], object], seconds: float = 5) -> None:
    """Wait until it holds; fails loudly."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


# --- who may come in --------------------------------------------------------------------------


def test_a_message_signed_over_the_public_address_is_taken_behind_a_proxy(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    answer = sends(twilio, app_url, "hei")
    assert (answer.status, answer.body) == (200, EMPTY)
    (message,) = services.turn.handled
    assert (message.text, message.channel) == ("hei", "sms")


@pytest.mark.parametrize(
    "signature", ["", "wrong", "bm90IHJpZ2h0IGJ1dCBhIGxvbmcgb25lIQ==", "é", "=" * 5000]
)
def test_without_the_right_signature_nothing_is_read_and_no_reason_given(
    services: Any, app_url: str, signature: str
) -> None:
    params = fixture("inbound_sms")
    answer = (
        post_signed(
            app_url, "/sms/twilio", params, public_url=PUBLIC, signature=signature.encode().decode()
        )
        if signature.isascii()
        else post(
            app_url,
            "/sms/twilio",
            urlencode(params).encode(),
            {"X-Twilio-Signature": signature.encode().decode("latin-1")},
        )
    )
    assert (answer.status, answer.body) == (403, "")
    assert services.turn.handled == []


def test_a_signature_for_other_words_another_key_or_another_address_is_refused(
    services: Any, app_url: str
) -> None:
    params = fixture("inbound_sms")
    wrong = [
        post_signed(app_url, "/sms/twilio", params, auth_token="other", public_url=PUBLIC),
        post_signed(app_url, "/sms/twilio", params, public_url="https://evil.example.no"),
        post_signed(app_url, "/sms/twilio?x=1", params, public_url=PUBLIC + "/y"),
        post_signed(app_url, "/sms/status", params, auth_token="other", public_url=PUBLIC),
    ]
    assert [answer.status for answer in wrong] == [403] * 4
    assert services.turn.handled == []


def test_the_query_string_is_part_of_what_is_signed(app_url: str) -> None:
    params = fixture("inbound_sms")
    assert post_signed(app_url, "/sms/twilio?a=b", params, public_url=PUBLIC).status == 200


def test_a_field_that_is_added_after_signing_breaks_the_signature() -> None:
    form = read_form(b"From=%2B4700000001&Body=hei")
    assert form is not None
    from twilio.request_validator import RequestValidator

    right = RequestValidator(AUTH_TOKEN).compute_signature(PUBLIC, form)
    assert signed_by(AUTH_TOKEN, PUBLIC, form, right)
    longer = read_form(b"From=%2B4700000001&Body=hei&Body=ha")
    assert longer is not None
    assert not signed_by(AUTH_TOKEN, PUBLIC, longer, right)


def test_where_sms_is_not_set_up_the_webhook_says_so_in_one_log_line(
    services: Any, served: Callable[[Sanic], str], caplog: pytest.LogCaptureFixture
) -> None:
    services.settings = services.settings.model_copy(update={"twilio_auth_token": ""})
    url = served(app_of(inbound.blueprint(services)))
    answer = post_signed(url, "/sms/twilio", fixture("inbound_sms"), public_url=PUBLIC)
    assert (answer.status, answer.body) == (503, "")
    lines = [one for one in caplog.messages if "SMS is not set up" in one]
    assert len(lines) == 1
    assert "\n" not in lines[0]


# --- who can be answered ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["inbound_alphanumeric_sender", "inbound_short_code", "inbound_hidden_sender"]
)
def test_a_sender_that_cannot_be_answered_gets_none(
    services: Any, db: BreakableDatabase, app_url: str, name: str
) -> None:
    answer = post_signed(app_url, "/sms/twilio", fixture(name), public_url=PUBLIC)
    assert (answer.status, answer.body) == (200, EMPTY)
    assert services.turn.handled == []
    with db.begin() as tx:
        assert tx.session.query(models.Conversation).count() == 0


def test_our_own_number_never_talks_to_itself(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    sends(twilio, app_url, "hei", From=twilio.number)
    assert services.turn.handled == []


# --- once -------------------------------------------------------------------------------------


def test_a_repeated_message_has_one_turn(services: Any, twilio: FakeTwilio, app_url: str) -> None:
    for _ in range(3):
        assert sends(twilio, app_url, "hei", "SM1").body == EMPTY
    assert len(services.turn.handled) == 1


def test_a_repeat_while_the_first_is_still_running_has_no_turn_of_its_own(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    services.turn.hold_before_record = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(sends, twilio, app_url, "hei", "SM1")
        until(lambda: services.turn.begun)
        assert sends(twilio, app_url, "hei", "SM1").body == EMPTY
        services.turn.hold_before_record.set()
        assert first.result().body == EMPTY
    assert services.turn.begun == 1
    assert len(services.turn.handled) == 1


def test_a_repeat_after_a_restart_is_known_from_the_store(
    services: Any, twilio: FakeTwilio, app_url: str, served: Callable[[Sanic], str]
) -> None:
    sends(twilio, app_url, "hei", "SM1")
    again = served(app_of(inbound.blueprint(services)))
    assert sends(twilio, again, "hei", "SM1").body == EMPTY
    assert len(services.turn.handled) == 1


# --- in order ---------------------------------------------------------------------------------


def test_what_one_person_writes_is_handled_in_the_order_it_came(
    services: Any, twilio: FakeTwilio, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first is slow to begin; the second, about something else, must not pass it."""
    go_on, listen = threading.Event(), services.turn.handle

    async def slowly(message: Any) -> Any:
        if message.text == "en":
            await asyncio.to_thread(go_on.wait, 10)
        return await listen(message)

    monkeypatch.setattr(services.turn, "handle", slowly)
    with ThreadPoolExecutor(3) as pool:
        first = pool.submit(sends, twilio, app_url, "en")
        time.sleep(0.3)
        second = pool.submit(sends, twilio, app_url, "to")
        other = pool.submit(
            twilio.person_sends, app_url, "+4700000002", "tre", public_url=PUBLIC
        ).result()
        assert other.status == 200, "somebody else does not wait"
        assert [message.text for message in services.turn.handled] == ["tre"]
        go_on.set()
        assert first.result().status == second.result().status == 200
    assert [message.text for message in services.turn.handled] == ["tre", "en", "to"]


# --- early ------------------------------------------------------------------------------------


def test_the_webhook_is_answered_as_soon_as_the_message_is_stored(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    services.turn.hold_after_record = threading.Event()
    begun = time.monotonic()
    assert sends(twilio, app_url, "hei").body == EMPTY
    assert time.monotonic() - begun < 2
    with db.begin() as tx:
        assert len(messages.unanswered(tx)) == 1, "the turn is still at work"
    services.turn.hold_after_record.set()
    until(lambda: _outbox(db) == {"waiting": 1})


async def test_the_reply_leaves_by_the_outbox(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    sends(twilio, app_url, "hei")
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["svar: hei"]


# --- when something is away -------------------------------------------------------------------


@pytest.mark.parametrize(("text", "said"), [("han har kniv", DANGER_SMS), ("hei", STATIC.text)])
def test_with_the_store_away_the_answer_to_the_webhook_speaks(
    twilio: FakeTwilio, db: BreakableDatabase, app_url: str, text: str, said: str
) -> None:
    db.away = True
    assert sends(twilio, app_url, text, "SM1").messages == [said]
    # Twilio posts again only when that answer did not reach it.
    assert sends(twilio, app_url, text, "SM1").messages == [said]


def test_when_the_store_comes_back_the_next_message_goes_the_usual_way(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    db.away = True
    sends(twilio, app_url, "hei")
    db.away = False
    assert sends(twilio, app_url, "hei igjen").body == EMPTY
    assert len(services.turn.handled) == 1


def test_when_the_replies_could_not_be_queued_the_webhook_carries_them(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    services.turn.store_fails_at_the_end = True
    assert heard(twilio, sends(twilio, app_url, "han har kniv")) == [DANGER_SMS]


def test_a_turn_that_breaks_still_says_what_keeps_a_person_safe(
    services: Any, twilio: FakeTwilio, app_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    services.turn.breaks = RuntimeError("et hemmelig ord")
    assert sends(twilio, app_url, "han har kniv").messages == [DANGER_SMS]
    assert sends(twilio, app_url, "hemmelig").messages == [STATIC.text]
    assert "RuntimeError" in caplog.text
    assert "hemmelig" not in caplog.text
    assert PERSON[1:] not in caplog.text


def test_a_turn_that_breaks_after_the_webhook_was_answered_still_speaks(
    services: Any, twilio: FakeTwilio, app_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inbound, "ANSWER_WITHIN", 0.2)
    services.turn.hold_before_record = threading.Event()
    services.turn.breaks = StoreAway("OperationalError")
    assert sends(twilio, app_url, "han har kniv").body == EMPTY
    services.turn.hold_before_record.set()
    assert [sent.body for sent in twilio.wait_for(1)] == [DANGER_SMS]


def test_an_erased_conversation_is_answered_once_by_the_webhook_itself(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    services.turn.erases = True
    assert heard(twilio, sends(twilio, app_url, "slett")) == ["Slettet."]
    assert _outbox(db) == {}


# --- pictures ---------------------------------------------------------------------------------


async def test_a_picture_is_never_fetched_and_kindly_refused(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    _is_safe(db)
    params = fixture("inbound_picture") | {"MediaUrl0": f"{twilio.base_url}/picture"}
    for _ in range(2):
        assert post_signed(app_url, "/sms/twilio", params, public_url=PUBLIC).body == EMPTY
    assert twilio.requests == 0
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["attachment_refused nb sms"]
    assert services.turn.handled == []


async def test_a_picture_as_the_first_message_is_met_neutrally(
    services: Any, twilio: FakeTwilio, db: BreakableDatabase, app_url: str
) -> None:
    post_signed(app_url, "/sms/twilio", fixture("inbound_picture"), public_url=PUBLIC)
    await deliver_due(services)
    assert twilio.texts(PERSON) == ["Passer det å skrive nå? 1 ja 2 nei"]
    with db.begin() as tx:
        menu = conversations.by_number(tx, PERSON, "nb").state.menu
        assert [entry[0] for entry in menu] == ["safe:yes", "safe:no"]


def test_the_words_beside_a_picture_are_answered(services: Any, app_url: str) -> None:
    post_signed(app_url, "/sms/twilio", fixture("inbound_picture_with_caption"), public_url=PUBLIC)
    (message,) = services.turn.handled
    assert message.text == "se hva han gjorde, hva gjør jeg"


# --- too much ---------------------------------------------------------------------------------


def test_a_flood_is_left_out_but_danger_never_is(
    services: Any, twilio: FakeTwilio, served: Callable[[Sanic], str]
) -> None:
    services.settings = services.settings.model_copy(update={"web_per_minute": 3})
    url = served(app_of(inbound.blueprint(services)))
    for number in range(6):
        sends(twilio, url, f"hei {number}")
    assert len(services.turn.handled) == 3
    sends(twilio, url, "han har kniv")
    assert services.turn.handled[-1].text == "han har kniv"
    twilio.person_sends(url, "+4700000002", "hei", public_url=PUBLIC)
    assert services.turn.handled[-1].text == "hei"


# --- any words --------------------------------------------------------------------------------


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=400))
def test_any_words_arrive_as_they_were_written(
    services: Any, twilio: FakeTwilio, app_url: str, text: str
) -> None:
    services.turn.handled.clear()
    answer = sends(twilio, app_url, text, From=f"+47000{next(PHONES):05d}")
    assert answer.status == 200
    assert [message.text for message in services.turn.handled] == [text]


@pytest.mark.parametrize("text", ["\0", "a\0b", "x" * 10_000, "😀" * 2500, "\r\n", "﷽" * 100])
def test_odd_and_very_long_words_arrive_too(
    services: Any, twilio: FakeTwilio, app_url: str, text: str
) -> None:
    assert sends(twilio, app_url, text).status == 200
    assert [message.text for message in services.turn.handled] == [text]


@pytest.mark.parametrize(
    "body", [b"", b"\xff\xfe=\xff", b"Body=%FF%FE&From=%2B4700000001", b"&" * 500, b"a=b;c=d"]
)
def test_bytes_that_are_no_form_are_refused_like_any_stranger(app_url: str, body: bytes) -> None:
    assert post(app_url, "/sms/twilio", body, {"X-Twilio-Signature": "x"}).status == 403


def test_a_signed_message_without_an_id_is_left_alone(
    services: Any, twilio: FakeTwilio, app_url: str
) -> None:
    assert sends(twilio, app_url, "hei", MessageSid="").body == EMPTY
    assert services.turn.handled == []


def _outbox(db: BreakableDatabase) -> dict[str, int]:
    with db.begin() as tx:
        return outbox.counts(tx)


def _is_safe(db: BreakableDatabase) -> None:
    with db.begin() as tx:
        conversation = conversations.by_number(tx, PERSON, "nb")
        conversation.state.safe = "yes"
        conversations.save(tx, conversation)
