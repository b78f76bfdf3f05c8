"""The flows are read from their files once: they remember nothing themselves."""

from __future__ import annotations

from typing import Any

import pytest

from bot import app

_read = app._flows
_flows: dict[str, Any] = {}


@pytest.fixture(autouse=True)
def flows_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def flows(*args: Any) -> dict[str, Any]:
        return _flows or _flows.update(_read(*args)) or _flows

    monkeypatch.setattr(app, "_flows", flows)
