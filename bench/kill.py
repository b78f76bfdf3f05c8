"""The kill table: `python -m bench.kill [--channel sms]`.

A process that runs turns, jobs, outbox and the desk's own actions on a real database file is ended
by SIGKILL at every commit and every send, started again on the same file, and compared with a life
that was not broken. Needs no model: what is understood is scripted. Some minutes.
"""

from __future__ import annotations

import argparse
from typing import cast

from bot.channels.messages import Channel
from tests.kill_scenario import CHANNELS, table


def main() -> None:
    """Print every point; end with 1 when something was lost."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--channel", choices=CHANNELS, help="only this one")
    chosen = parser.parse_args()
    channels = (cast(Channel, chosen.channel),) if chosen.channel else CHANNELS
    raise SystemExit(1 if table(channels) else 0)


if __name__ == "__main__":
    main()
