"""The weight of the chat page: everything that a phone fetches to write its first message."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import Any

import requests

from bench.startup import free_port
from tests.live import serving


def measure() -> dict[str, Any]:
    """Bytes of the page and of all that it names, as sent."""
    with tempfile.TemporaryDirectory() as folder, serving(Path(folder), free_port()) as base:
        page = requests.get(f"{base}/", timeout=30)
        parts = {"page": len(page.content)}
        for path in dict.fromkeys(re.findall(r'(?:src|href)="(/[^"#]+)"', page.text)):
            parts[path.split("/")[-1]] = len(requests.get(f"{base}{path}", timeout=30).content)
    total = sum(parts.values())
    return {"bytes": parts, "kb": round(total / 1024, 1), "reach": "≤ 60 KB"}
