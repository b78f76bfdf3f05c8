"""Settings: from the environment, checked before anything starts.

Every setting is described in docs/settings.md (a test keeps the two together).
A wrong one stops the start with one line: what, where, how to mend it.
"""

from __future__ import annotations

import json
import os
import secrets as random
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent

MASTER_BYTES = 32  # AES-256

Mark = Literal["", "demo", "practice"]


class ConfigError(Exception):
    """Stops the start. Its text is one line that says what, where and how to mend it."""


class Settings(BaseSettings):
    """What may differ between two installations. Times are in seconds unless the name says else."""

    model_config = SettingsConfigDict(env_prefix="HELPLINE_", env_file=None, extra="ignore")

    env: Literal["demo", "production"] = Field("demo", description="demo or production")
    host: str = Field("127.0.0.1", description="address the service listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the service listens on")
    public_url: str = Field(
        "", description="the address the world sees, as https://chat.example.no; needed by SMS"
    )
    var_dir: Path = Field(ROOT / "var", description="where database and secrets live")
    model_dir: Path = Field(ROOT / "models", description="where the trained model lives")
    centre_file: Path = Field(ROOT / "centre.yml", description="the file that describes the centre")
    content_dir: Path = Field(ROOT / "content", description="the words")
    database_url: str = Field("", description="SQLAlchemy address; empty is SQLite in var_dir")
    exit_url: str = Field("https://www.yr.no/", description="where 'Forlat siden' leads")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="how much is logged; words and numbers never are"
    )
    sms: Literal["on", "off"] = Field("on", description="off: the centre has no SMS number")
    twilio_account_sid: str = Field("", description="Twilio account, AC…")
    twilio_auth_token: str = Field("", description="Twilio token that signs webhooks", repr=False)
    twilio_number: str = Field("", description="the centre's SMS number, E.164")
    twilio_keywords_off: bool = Field(
        False, description="true: the account's own handling of STOP, HELP, YES … is switched off"
    )
    twilio_base_url: str = Field("", description="another address of Twilio's API (tests)")
    notify_urls: str = Field(
        "", description="Apprise addresses that are told of an alarm, parted by spaces", repr=False
    )
    notify_urls_second: str = Field(
        "", description="Apprise addresses told too when nobody takes a case in time", repr=False
    )
    shift_phones: str = Field(
        "",
        pattern=r"^ *(\+[1-9][0-9]{7,14}( +|$))*$",
        description="staff phones texted then, E.164, parted by spaces",
        repr=False,
    )
    second_now: int = Field(180, ge=60, le=1800, description="seconds until then, level now")
    second_soon: int = Field(900, ge=120, le=7200, description="seconds until then, level soon")
    second_later: int = Field(14400, ge=1800, le=172800, description="seconds until then, else")
    keep_hours: int = Field(12, ge=1, le=24, description="hours a conversation is kept")
    keep_case_days: int = Field(7, ge=1, le=30, description="days a closed case is kept")
    keep_audit_months: int = Field(24, ge=6, le=36, description="months the audit log is kept")
    lease: int = Field(120, ge=30, le=900, description="seconds a counsellor holds a person unseen")
    duty_timeout: int = Field(90, ge=30, le=600, description="seconds until a silent desk is away")
    held_answer: int = Field(30, ge=10, le=120, description="seconds until the emergency line")
    check_back: int = Field(
        600, ge=120, le=3600, description="seconds until one look back at the direct question"
    )
    again_now: int = Field(60, ge=15, le=600, description="seconds between alarms, level now")
    again_soon: int = Field(300, ge=60, le=3600, description="seconds between alarms, level soon")
    again_later: int = Field(3600, ge=300, le=86400, description="seconds between other alarms")
    quiet_after: int = Field(
        600, ge=120, le=3600, description="seconds of silence until the desk offers to close kindly"
    )
    pause_sms: int = Field(
        1800, ge=300, le=43200, description="seconds of silence by SMS until «er det deg?»"
    )
    pause_web: int = Field(3600, ge=900, le=43200, description="the same on the web")
    web_per_minute: int = Field(20, ge=3, le=120, description="messages a minute per conversation")
    all_per_minute: int = Field(1200, ge=60, le=60000, description="messages a minute in all")
    proxies: int = Field(
        0, ge=0, le=5, description="proxies in front, each of which adds to X-Forwarded-For"
    )
    desk_idle: int = Field(3600, ge=300, le=43200, description="seconds until the desk signs out")
    desk_longest: int = Field(43200, ge=3600, le=86400, description="longest desk session")

    @property
    def demo(self) -> bool:
        """True where every page says that this is a demonstration."""
        return self.env == "demo"

    @property
    def mark(self) -> Mark:
        """What every page says of itself: nothing, a demonstration, or (elsewhere) a practice."""
        return "demo" if self.demo else ""

    @property
    def database(self) -> str:
        """The SQLAlchemy address in use."""
        return self.database_url or f"sqlite:///{self.var_dir / 'helpline.sqlite3'}"

    @property
    def base_url(self) -> str:
        """The address the world sees, without a slash at the end."""
        return (self.public_url or f"http://{self.host}:{self.port}").rstrip("/")


@dataclass(frozen=True)
class Secrets:
    """What must never be in version control: the master key and the demo's webhook token."""

    master: bytes
    demo_token: str
    made_for: str


def load_settings() -> Settings:
    """Settings from the environment. Raises ConfigError."""
    try:
        return Settings()  # type: ignore[call-arg]
    except ValidationError as error:
        first = error.errors()[0]
        name = "HELPLINE_" + "_".join(str(part) for part in first["loc"]).upper()
        raise ConfigError(
            f"{name}: {first['msg']} (environment): set it as docs/settings.md says"
        ) from None


def secrets_file(settings: Settings) -> Path:
    """Where the secrets of this installation are."""
    return settings.var_dir / "secrets.json"


def create_secrets(settings: Settings) -> Secrets:
    """Write new secrets, for this account only. Raises FileExistsError when there are any."""
    path = secrets_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    values = {
        "master": random.token_hex(MASTER_BYTES),
        "demo_token": random.token_hex(16),
        "made_for": settings.env,
    }
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as out:
        json.dump(values, out)
    return load_secrets(settings)


def load_secrets(settings: Settings) -> Secrets:
    """The secrets of this installation. Raises ConfigError."""
    path = secrets_file(settings)
    if not path.exists():
        raise ConfigError(f"no secrets in {path.name} ({path.parent}): run `helpline secrets`")
    if path.stat().st_mode & 0o077:
        raise ConfigError(f"{path.name} can be read by others ({path}): chmod 600 {path}")
    try:
        values = json.loads(path.read_text())
        master = bytes.fromhex(values["master"])
        if len(master) != MASTER_BYTES:
            raise ValueError("length")
        return Secrets(master, values["demo_token"], values["made_for"])
    except (ValueError, KeyError, TypeError):
        raise ConfigError(f"{path.name} is damaged ({path}): restore it from its backup") from None


def check_production(settings: Settings, secrets: Secrets) -> None:
    """What production needs beyond the demo. Raises ConfigError with the first thing that lacks."""
    if settings.demo:
        return
    if secrets.made_for != "production":
        raise ConfigError(
            f"the secrets were made for the demo ({secrets_file(settings)}): move them away and "
            "run `HELPLINE_ENV=production helpline secrets`"
        )
    if not settings.public_url.startswith("https://"):
        raise ConfigError(
            "HELPLINE_PUBLIC_URL is missing or not https (environment): set the address people use"
        )
    if settings.sms == "on":
        for name in ("twilio_account_sid", "twilio_auth_token", "twilio_number"):
            if not getattr(settings, name):
                raise ConfigError(
                    f"HELPLINE_{name.upper()} is missing (environment): set it, or HELPLINE_SMS=off"
                )
        if not settings.twilio_keywords_off:
            raise ConfigError(
                "HELPLINE_TWILIO_KEYWORDS_OFF is not true (environment): have its handling of STOP "
                "switched off for the account (docs/operations.md), then set it"
            )
    if not settings.notify_urls:
        raise ConfigError(
            "HELPLINE_NOTIFY_URLS is missing (environment): set where alarms go (docs/settings.md)"
        )
