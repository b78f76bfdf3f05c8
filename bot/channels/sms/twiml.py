"""What Twilio is told to do with a call, as TwiML. The words come from content/."""

from __future__ import annotations

import re
from collections.abc import Sequence

from twilio.twiml.messaging_response import MessagingResponse
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from bot.centre import PhoneLine
from bot.channels.messages import Lang
from bot.content.load import Content

# Amazon Polly voices that Twilio offers. Nynorsk is read by the Norwegian voice.
VOICES: dict[Lang, tuple[str, str]] = {
    "nb": ("Polly.Liv", "nb-NO"),
    "nn": ("Polly.Liv", "nb-NO"),
    "en": ("Polly.Amy", "en-GB"),
}
SPOKEN: tuple[Lang, ...] = ("nb", "en")

LINE_RINGS = 60  # seconds the 24-hour line may ring
KEY_WITHIN = 8  # seconds the counsellor has to press the key
LONGEST_TALK = 3600


def to_line(content: Content, line: PhoneLine, own_number: str | None) -> str:
    """Whoever calls is told to wait, in two languages, and put through to the 24-hour line.

    `own_number` is shown to the line instead of the caller's; None leaves it to the provider.
    Without an answer the line's number is said, so that nobody is left with silence. Nothing is
    recorded and nothing is asked.
    """
    answer = VoiceResponse()
    _say(answer, content, None, SPOKEN)
    shown = {} if own_number is None else {"caller_id": own_number}
    dial = Dial(timeout=LINE_RINGS, record="do-not-record", **shown)
    dial.number(line_to_dial(line))
    answer.append(dial)
    _say(answer, content, "after", SPOKEN)
    return str(answer)


def line_to_dial(line: PhoneLine) -> str:
    """The line's number as a provider dials it: `dial` of centre.yml, else the Norwegian form."""
    return line.dial or "+47" + re.sub(r"\D", "", line.number)


def press_a_key(content: Content, action: str) -> str:
    """The counsellor's phone was picked up: only a person presses a key."""
    answer = VoiceResponse()
    gather = Gather(num_digits=1, action=action, method="POST", timeout=KEY_WITHIN)
    _say(gather, content, "press", ("nb",))
    answer.append(gather)
    answer.hangup()
    return str(answer)


def join(content: Content, call_id: str, wait: bool) -> str:
    """Into the room of this call, which closes when one of the two leaves. Nothing is recorded."""
    answer = VoiceResponse()
    if wait:
        _say(answer, content, "wait", ("nb",))
    dial = Dial(time_limit=LONGEST_TALK, record="do-not-record")
    dial.conference(
        call_id,
        start_conference_on_enter=True,
        end_conference_on_exit=True,
        max_participants=2,
        beep="false",
        wait_url="",  # silence: no music, which anyone beside the phone would hear
        record="do-not-record",
    )
    answer.append(dial)
    return str(answer)


def not_reached(content: Content) -> str:
    """For the counsellor who waits: it came to nothing."""
    answer = VoiceResponse()
    _say(answer, content, "ended", ("nb",))
    answer.hangup()
    return str(answer)


def hang_up() -> str:
    """Nothing is said."""
    answer = VoiceResponse()
    answer.hangup()
    return str(answer)


def sms_fallback(content: Content) -> str:
    """The answer to every SMS while the whole service is away, in two languages, as one text."""
    answer = MessagingResponse()
    said = [content.sentence("sms_fallback", lang, "sms") for lang in SPOKEN]
    answer.message(" / ".join(said))
    return str(answer)


def _say(
    to: VoiceResponse | Gather, content: Content, section: str | None, langs: Sequence[Lang]
) -> None:
    for lang in langs:
        voice, language = VOICES[lang]
        words = content.reply("telephone", lang, "web", section).text
        to.say(words, voice=voice, language=language)
