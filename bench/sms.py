"""`python -m bench.sms`: what goes wrong between telephone and helpline, and what people still get.

    python -m bench.sms           the table of scenarios (some two minutes)
    python -m bench.sms --cost    segments of the texts by SMS, and the formula of a month

The scenarios stand in tests/sms/scenarios.py. Exit code 1 when a text was lost, or doubled where
that could have been known.
"""

from __future__ import annotations

import logging
import sys

from bench import sms_cost
from tests.sms.scenarios import SCENARIOS, Result, play

KINDS = ("duplicates", "losses", "reorders", "failures")


def row(result: Result) -> str:
    """A line of the table."""
    injected = "".join(f"{result.injected[kind]:>11}" for kind in KINDS)
    outcome = (
        f"{result.expected:>8}{result.got:>6}{result.told:>6}"
        f"{len(result.lost):>6}{len(result.doubled):>8}"
    )
    return f"{result.name:<48}{injected} |{outcome}"


def fair(result: Result) -> bool:
    """Nothing is lost, and no more doubled than nobody could have known."""
    return not result.lost and len(result.doubled) <= result.explained


def main() -> int:
    """Play all scenarios and print the table."""
    if "--cost" in sys.argv:
        print(sms_cost.report())
        return 0
    logging.disable(logging.CRITICAL)
    head = "".join(f"{kind:>11}" for kind in KINDS)
    print(f"{'':<48}{'injected':>44} |{'what people got':>34}")
    print(f"{'scenario':<48}{head} |   texts   got  told  lost doubled")
    results = []
    for scenario in SCENARIOS:
        results.append(play(scenario))
        print(row(results[-1]), flush=True)
    print("\ntold: not delivered, and the counsellor sees that. Doubled, one by one:")
    for result in results:
        for text in result.doubled:
            print(f"  {result.name}: {text}")
    print(f"lost: {sum(len(result.lost) for result in results)}")
    return 0 if all(map(fair, results)) else 1


if __name__ == "__main__":
    sys.exit(main())
