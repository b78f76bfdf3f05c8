"""A wrong setting stops the start with one line; production refuses what only a demo may have."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
import yaml

from bot.app import Replacements, build
from bot.centre import check_production_centre, load_centre, unconfirmed
from bot.settings import (
    ROOT,
    ConfigError,
    Secrets,
    Settings,
    check_production,
    create_secrets,
    load_secrets,
    load_settings,
    secrets_file,
)

EXAMPLES = sorted((ROOT / "examples").glob("centre.*.yml"))
PRODUCTION = {
    "env": "production",
    "public_url": "https://chat.example.no",
    "twilio_account_sid": "AC0",
    "twilio_auth_token": "token",
    "twilio_number": "+4700000099",
    "twilio_keywords_off": True,
    "notify_urls": "json://127.0.0.1",
}
MADE = Secrets(b"m" * 32, "t", "production")


def one_line(error: pytest.ExceptionInfo[ConfigError], *holds: str) -> None:
    text = str(error.value)
    assert "\n" not in text
    assert len(text) < 250
    for part in holds:
        assert part in text
    assert error.value.__cause__ is None, "the values of the original error are not passed on"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path / "var")  # type: ignore[call-arg]


# --- the environment -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HELPLINE_PORT", "zebra"),
        ("HELPLINE_PORT", "0"),
        ("HELPLINE_ENV", "staging"),
        ("HELPLINE_KEEP_HOURS", "48"),
        ("HELPLINE_LOG_LEVEL", "trace"),
        ("HELPLINE_LEASE", "5"),
        ("HELPLINE_SMS", "yes"),
    ],
)
def test_a_wrong_value_names_its_setting_in_one_line(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError) as error:
        load_settings()
    one_line(error, name, "docs/settings.md")


def test_without_any_setting_it_is_a_demo_on_this_machine_only() -> None:
    settings = load_settings()
    assert settings.demo
    assert settings.host == "127.0.0.1"
    assert settings.database.startswith("sqlite:///")


def test_tokens_and_notify_addresses_do_not_show_when_settings_are_printed() -> None:
    shown = repr(Settings(**PRODUCTION))  # type: ignore[arg-type]
    assert "token'" not in shown
    assert "json://" not in shown


# --- secrets -------------------------------------------------------------------------------------


def test_secrets_can_be_read_by_this_account_only(settings: Settings) -> None:
    made = create_secrets(settings)
    assert secrets_file(settings).stat().st_mode & 0o777 == 0o600
    assert secrets_file(settings).parent.stat().st_mode & 0o077 == 0
    assert load_secrets(settings) == made
    assert len(made.master) == 32


def test_secrets_are_never_made_anew_over_old_ones(settings: Settings) -> None:
    first = create_secrets(settings)
    with pytest.raises(FileExistsError):
        create_secrets(settings)
    assert load_secrets(settings) == first


def test_secrets_that_others_can_read_stop_the_start(settings: Settings) -> None:
    create_secrets(settings)
    os.chmod(secrets_file(settings), 0o644)
    with pytest.raises(ConfigError) as error:
        load_secrets(settings)
    one_line(error, "chmod 600")


def test_missing_secrets_say_how_they_are_made(settings: Settings) -> None:
    with pytest.raises(ConfigError) as error:
        load_secrets(settings)
    one_line(error, "helpline secrets")


@pytest.mark.parametrize("damaged", ["", "{}", '{"master": "xyz"}', "[]", "null"])
def test_damaged_secrets_are_not_guessed(settings: Settings, damaged: str) -> None:
    create_secrets(settings)
    secrets_file(settings).write_text(damaged)
    with pytest.raises(ConfigError) as error:
        load_secrets(settings)
    one_line(error, "backup")


def test_a_short_master_key_is_refused(settings: Settings) -> None:
    create_secrets(settings)
    values = json.loads(secrets_file(settings).read_text())
    secrets_file(settings).write_text(json.dumps(values | {"master": "00"}))
    with pytest.raises(ConfigError) as error:
        load_secrets(settings)
    one_line(error, "backup")


# --- production ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lacking", "named"),
    [
        ({"public_url": ""}, "HELPLINE_PUBLIC_URL"),
        ({"public_url": "http://chat.example.no"}, "HELPLINE_PUBLIC_URL"),
        ({"twilio_account_sid": ""}, "HELPLINE_TWILIO_ACCOUNT_SID"),
        ({"twilio_auth_token": ""}, "HELPLINE_TWILIO_AUTH_TOKEN"),
        ({"twilio_number": ""}, "HELPLINE_TWILIO_NUMBER"),
        ({"twilio_keywords_off": False}, "HELPLINE_TWILIO_KEYWORDS_OFF"),
        ({"notify_urls": ""}, "HELPLINE_NOTIFY_URLS"),
    ],
)
def test_production_does_not_start_without(lacking: dict[str, str], named: str) -> None:
    with pytest.raises(ConfigError) as error:
        check_production(Settings(**(PRODUCTION | lacking)), MADE)  # type: ignore[arg-type]
    one_line(error, named)


def test_production_does_not_start_with_the_secrets_of_the_demo() -> None:
    with pytest.raises(ConfigError) as error:
        check_production(Settings(**PRODUCTION), Secrets(b"m" * 32, "t", "demo"))  # type: ignore[arg-type]
    one_line(error, "demo")


def test_production_starts_with_everything_and_a_centre_without_sms_needs_no_twilio() -> None:
    check_production(Settings(**PRODUCTION), MADE)  # type: ignore[arg-type]
    without = {name: value for name, value in PRODUCTION.items() if "twilio" not in name}
    check_production(Settings(**without, sms="off"), MADE)  # type: ignore[arg-type]


def test_the_demo_needs_nothing_of_all_that() -> None:
    check_production(Settings(), Secrets(b"m" * 32, "t", "demo"))  # type: ignore[call-arg]


def test_a_wrong_notify_address_is_refused_without_showing_it(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path, notify_urls="tull://passord@x")  # type: ignore[call-arg]
    with pytest.raises(ConfigError) as error:
        build(settings, Secrets(b"m" * 32, "t", "demo"), Replacements())
    one_line(error, "number 1")
    assert "passord" not in str(error.value)


# --- the centre ----------------------------------------------------------------------------------


def test_the_demonstration_centre_is_refused_in_production() -> None:
    centre = load_centre(ROOT / "centre.yml")
    with pytest.raises(ConfigError) as error:
        check_production_centre(centre, ROOT / "centre.yml")
    one_line(error, "demonstration")


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.name)
def test_an_example_loads_and_waits_for_someone_to_confirm_it(example: Path) -> None:
    centre = load_centre(example)
    assert not centre.demo
    assert "phone_line" in unconfirmed(centre)
    with pytest.raises(ConfigError) as error:
        check_production_centre(centre, example)
    one_line(error, "confirmed_by")


def test_there_is_an_example() -> None:
    assert EXAMPLES


def test_a_centre_that_someone_confirmed_may_go_into_production(tmp_path: Path) -> None:
    raw = yaml.safe_load(EXAMPLES[0].read_text(encoding="utf-8"))
    raw["phone_line"]["confirmed_by"] = "Kari Nordmann"
    for fact in raw["facts"].values():
        fact["confirmed_by"] = "Kari Nordmann"
    file = tmp_path / "centre.yml"
    file.write_text(yaml.safe_dump(raw, allow_unicode=True), encoding="utf-8")
    centre = load_centre(file)
    check_production_centre(centre, file)
    assert centre.confirmed("men", "nb")


def test_an_unconfirmed_fact_is_never_said() -> None:
    centre = load_centre(EXAMPLES[0])
    assert [centre.confirmed(name, "nb") for name in centre.facts] == [None] * len(centre.facts)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("phone_lin: {}\n", "phone_lin"),
        ("\tname: x\n", "not YAML"),
        ("name: [\n", "not YAML"),
    ],
)
def test_a_mistake_in_the_centre_file_is_one_line(tmp_path: Path, change: str, named: str) -> None:
    file = tmp_path / "centre.yml"
    shutil.copy(ROOT / "centre.yml", file)
    file.write_text(file.read_text(encoding="utf-8") + change, encoding="utf-8")
    with pytest.raises(ConfigError) as error:
        load_centre(file)
    one_line(error, named, "centre.yml")


@pytest.mark.parametrize("raw", ["", "[]", "null", "name: x"])
def test_a_file_that_is_no_centre_is_one_line(tmp_path: Path, raw: str) -> None:
    file = tmp_path / "centre.yml"
    file.write_text(raw)
    with pytest.raises(ConfigError) as error:
        load_centre(file)
    one_line(error)


def test_a_missing_centre_file_says_where_one_is(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as error:
        load_centre(tmp_path / "none.yml")
    one_line(error, "examples/")
