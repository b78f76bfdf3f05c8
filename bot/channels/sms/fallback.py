"""What Twilio answers by itself while the whole service is away: two files, one for each webhook.

    python -m bot.channels.sms.fallback [FOLDER]

writes `sms.xml` and `voice.xml` for this centre, with its line and its words. Without a folder
it prints them. They stand in examples/twiml/ for the centre of centre.yml, and a test keeps them in
step; how to lay them in at Twilio stands in docs/operations.md.
"""

from __future__ import annotations

import sys
from pathlib import Path
from xml.dom import minidom

from bot.centre import load_centre
from bot.channels.sms import twiml
from bot.content.load import load_content
from bot.settings import Settings, load_settings


def files(settings: Settings) -> dict[str, str]:
    """File name → what stands in it. Raises ConfigError, ContentError."""
    centre = load_centre(settings.centre_file)
    content = load_content(settings.content_dir, centre)
    own = settings.twilio_number or None
    return {
        "sms.xml": _readable(twiml.sms_fallback(content)),
        "voice.xml": _readable(twiml.to_line(content, centre.phone_line, own)),
    }


def _readable(xml: str) -> str:
    """One element a line: somebody pastes it into a form and should see what it says."""
    return minidom.parseString(xml).toprettyxml(indent="  ", encoding="UTF-8").decode()  # noqa: S318


def main() -> None:
    """Write or print the files."""
    for name, text in files(load_settings()).items():
        if len(sys.argv) > 1:
            (Path(sys.argv[1]) / name).write_text(text, encoding="utf-8")
        else:
            print(f"--- {name}\n{text}")


if __name__ == "__main__":
    main()
