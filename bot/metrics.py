"""What is counted for operations: no content, no identifiers."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Metrics:
    """Counts of one app. Labels come from fixed lists, never from what a person wrote."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.turns = Counter(
            "helpline_turns", "messages answered", ["channel"], registry=self.registry
        )
        self.findings = Counter(
            "helpline_findings", "dangers found", ["danger", "level"], registry=self.registry
        )
        self.seconds = Histogram(
            "helpline_turn_seconds",
            "time of a turn",
            buckets=(0.005, 0.01, 0.025, 0.06, 0.1, 0.25, 1, 5),
            registry=self.registry,
        )
        self.ready = Gauge("helpline_understanding_ready", "1 when ready", registry=self.registry)
        self.sms = Counter(
            "helpline_sms", "texts by what became of them", ["outcome"], registry=self.registry
        )
        self.provider_copies = Gauge(
            "helpline_provider_copies", "still to be deleted there", registry=self.registry
        )
