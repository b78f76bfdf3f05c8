"""Kills the service at every commit and every send of a handoff, and shows what became of it.

    python -m tests.kill_scenario --table              every point of both channels
    python -m tests.kill_scenario --table --channel sms

Each point is a process of its own that ends by SIGKILL, followed by a second one that starts on the
same file. The processes are forked from one that has read everything, so that a life takes moments.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

from bot.channels.messages import Channel
from bot.channels.sms import outbound
from tests.fakes.twilio import FakeTwilio
from tests.kill_life import ANSWER, DANGER, HER_WORDS, Life
from tests.support import PHONE, MovingClock, loaded

CHANNELS: tuple[Channel, ...] = ("web", "sms")
KILLED = -9
# Whoever waits longer, because the service was away, hears once more that nobody has come yet.
WAITS = ("no_counsellor_yet", "still_nobody", "nobody_on_duty", "alarm_not_seen")
CONFIRMED = "lagret hos oss"  # from content/handoff: sent_write_now_away


@dataclass
class Outcome:
    """What became of one point. `lost` is empty when everything was kept."""

    number: int
    where: str
    lost: list[str] = field(default_factory=list)
    doubled: Counter[str] = field(default_factory=Counter)


class Forks:
    """Starts lives in processes of their own, forked from one that has read everything."""

    def __init__(self, place: Path, twilio: FakeTwilio) -> None:
        self._place = place
        self._twilio = twilio
        self._server = subprocess.Popen(
            [sys.executable, "-m", "tests.kill_scenario", "--forks"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def live(self, name: str, channel: Channel, kill_at: int | None = None) -> int:
        """One life; returns how it ended: 0, or KILLED."""
        assert self._server.stdin
        assert self._server.stdout
        (self._place / name).mkdir(exist_ok=True)
        job = [str(self._place / name), channel, kill_at, self._twilio.base_url]
        print(json.dumps(job), file=self._server.stdin, flush=True)
        return int(self._server.stdout.readline())

    def report(self, name: str) -> dict[str, Any]:
        """How the last life ended, and the texts that reached the phone."""
        raw = (self._place / name / "report.json").read_text()
        texts = Counter(self._twilio.texts(PHONE))
        return cast(dict[str, Any], json.loads(raw)) | {"texts": texts}

    def stop(self) -> None:
        assert self._server.stdin
        self._server.stdin.close()
        self._server.wait(30)


def _later() -> datetime:
    """The provider's time: after everything that happens here, as its list only goes back."""
    return MovingClock().now + timedelta(days=1)


@contextmanager
def forks() -> Iterator[tuple[Forks, FakeTwilio]]:
    """The fork server and the phone network."""
    # In memory where there is such a place: a killed process, unlike a power cut, loses no file.
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(dir=memory) as place, FakeTwilio(clock=_later) as twilio:
        twilio.start()
        server = Forks(Path(place), twilio)
        try:
            yield server, twilio
        finally:
            server.stop()


Choose = Callable[[list[str]], Iterable[int]]


def all_of_them(passed: list[str]) -> Iterable[int]:
    """Every point."""
    return range(1, len(passed) + 1)


def every_point(channel: Channel, choose: Choose = all_of_them) -> Iterator[Outcome]:
    """Kill at each chosen point, start again, and compare with a life that was not broken."""
    with forks() as (server, twilio):
        server.live("first", channel)  # reads everything, and sends texts while it does
        twilio.sent.clear()
        assert server.live("clean", channel) == 0
        clean = server.report("clean")
        passed = clean["passed"]
        for number in choose(passed):
            twilio.sent.clear()
            name = f"{channel}-{number}"
            ended = server.live(name, channel, number)
            if ended != KILLED:
                raise RuntimeError(f"point {number} was not reached: {ended}")
            if server.live(name, channel) != 0:
                yield Outcome(number, passed[number - 1], ["it does not start again"])
                continue
            yield judged(number, passed[number - 1], clean, server.report(name))


def judged(number: int, where: str, clean: dict[str, Any], got: dict[str, Any]) -> Outcome:
    """Compare what people have at the end, and what the desk had right after the start."""
    outcome = Outcome(number, where)
    content = loaded()["content"]
    waits = {content.sentence(name, "nb", channel) for name in WAITS for channel in CHANNELS}
    for what in ("heard", "said", "texts"):
        missing = Counter(clean[what]) - Counter(got[what])
        more = Counter(got[what]) - Counter(clean[what])
        for text, count in missing.items():
            outcome.lost.append(f"{count} × {text[:50]}")
        longer = sum(count for text, count in more.items() if text in waits)
        outcome.doubled[what] += more.total() - longer
    _desk(outcome, clean, got)
    if "after the kill" in got:
        _right_after(outcome, got["after the kill"])
    return outcome


def _desk(outcome: Outcome, clean: dict[str, Any], got: dict[str, Any]) -> None:
    if got["cases"][:1] != clean["cases"][:1]:
        outcome.lost.append("the case differs")
    outcome.doubled["cases"] += len(got["cases"]) - len(clean["cases"])
    if [danger for danger, _ in got["alarms"]][:1] != ["danger_now"]:
        outcome.lost.append("the alarm")
    outcome.doubled["alarms"] += len(got["alarms"]) - len(clean["alarms"])
    for text in (HER_WORDS, ANSWER, DANGER):
        if text not in got["heard"] + got["said"]:
            outcome.lost.append(text)
    outcome.doubled["staff told"] += max(0, got["told"] - clean["told"])
    if got["told"] == 0:
        outcome.lost.append("nobody was told")
    if got["second"] == 0:
        outcome.lost.append("the second alarm")
    if not got["notes"]:
        outcome.lost.append("the note to the next shift")
    outcome.doubled["notes"] += max(0, len(got["notes"]) - 1)
    if got["two"]:
        outcome.lost.append("taken by two")


def _right_after(outcome: Outcome, then: dict[str, Any]) -> None:
    """As soon as it runs again: what the person was told is so, and the desk sees it."""
    confirmed = [text for text in then["heard"] if CONFIRMED in text]
    if confirmed and not then["cases"]:
        outcome.lost.append("sent was said, but there is no case")
    if then["cases"] and then["told"] == 0:
        outcome.lost.append("a case that nobody was told of")


# --- the fork server -----------------------------------------------------------------------------


def serve_forks() -> None:
    """Read jobs from standard input; answer with how each life ended."""
    warm = False
    for line in sys.stdin:
        place, channel, kill_at, twilio = json.loads(line)
        if not warm:
            _play_once(twilio)
            warm = True
        pid = os.fork()
        if pid == 0:
            _live(Path(place), channel, kill_at, twilio)
        _, status = os.waitpid(pid, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _play_once(twilio: str) -> None:
    """A life in this process, so that everything is read and no later one has to.

    It must leave no thread behind: a forked process has only the one that forked.
    """
    for channel in CHANNELS:
        with tempfile.TemporaryDirectory() as place:
            life = Life.begins(Path(place), channel, None, twilio)
            asyncio.run(life.lives())
            life.services.db.close()
    outbound._threads.shutdown()
    outbound._threads = ThreadPoolExecutor(outbound.AT_ONCE)


def _live(place: Path, channel: Channel, kill_at: int | None, twilio: str) -> None:
    """In the child; never returns."""
    ended = 1
    try:
        asyncio.run(Life.begins(place, channel, kill_at, twilio).lives())
        ended = 0
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(ended)


# --- the table -----------------------------------------------------------------------------------


def table(channels: tuple[Channel, ...]) -> int:
    """Print every point. Returns how many lost something."""
    losses = 0
    for channel in channels:
        print(f"\n{channel}: killed at · kept · doubled")
        points, doubled = 0, Counter[str]()
        for outcome in every_point(channel):
            points += 1
            losses += bool(outcome.lost)
            doubled += +outcome.doubled
            print(row(outcome), flush=True)
        told = ", ".join(f"{count} {what}" for what, count in doubled.items()) or "nothing"
        print(f"{channel}: {points} points; doubled in all: {told}")
    print(f"\nlost at {losses} points")
    return losses


def row(outcome: Outcome) -> str:
    """One line of the table."""
    kept = "kept" if not outcome.lost else f"LOST {'; '.join(outcome.lost)}"
    doubled = ", ".join(f"{count} {what}" for what, count in (+outcome.doubled).items()) or "-"
    return f"{outcome.number:4}  {outcome.where:60} {kept:6} {doubled}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--table", action="store_true", help="kill at every point and print")
    parser.add_argument("--channel", choices=CHANNELS, help="only this one")
    parser.add_argument("--forks", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.forks:
        serve_forks()
    else:
        channels = (cast(Channel, chosen.channel),) if chosen.channel else CHANNELS
        raise SystemExit(1 if table(channels) else 0)


if __name__ == "__main__":
    main()
