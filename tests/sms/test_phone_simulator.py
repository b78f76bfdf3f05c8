"""The phone on a page: the whole way by the signed webhook, in the demo only."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright
from sanic import Sanic

from bot.channels.sms import inbound, simulator
from bot.channels.sms.demo_provider import DemoProvider
from bot.channels.sms.provider import account_for, provider_for
from bot.channels.sms.simulator import NUMBERS
from tests.fakes.twilio import FakeTwilio
from tests.sms.room import DANGER, PERSON, PUBLIC, BreakableDatabase, app_of

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture
def demo(services: Any) -> Any:
    """The services of a demonstration without any Twilio."""
    services.settings = services.settings.model_copy(
        update={"env": "demo", "public_url": "", "twilio_auth_token": "", "twilio_number": ""}
    )
    services.sms = DemoProvider()
    return services


@pytest.fixture
def demo_url(demo: Any, served: Callable[[Sanic], str]) -> str:
    return served(app_of(inbound.blueprint(demo), simulator.blueprint(demo), sending=demo))


def ask(url: str, method: str = "GET", path: str = "/demo/phone", **form: str) -> Any:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    headers |= {"Sec-Fetch-Site": form.pop("site")} if "site" in form else {}
    connection.request(method, path, urlencode(form) if form else None, headers)
    answer = connection.getresponse()
    page = answer.read().decode()
    connection.close()
    return answer.status, page, answer.headers


def page_with(url: str, words: str, **form: str) -> str:
    """The page once it shows `words`."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        _, page, _ = ask(url, "POST", do="look", **form)
        if words in page:
            return str(page)
        time.sleep(0.05)
    raise AssertionError(f"the page never said {words!r}")


def test_what_is_typed_goes_through_the_signed_webhook_and_the_reply_shows_its_size(
    demo: Any, demo_url: str
) -> None:
    ask(demo_url, "POST", number=PERSON, do="send", text="hei, æøå")
    page = page_with(demo_url, "svar: hei, æøå", number=PERSON)
    assert "1 segment · GSM-7 · 14 tegn" in page
    (message,) = demo.turn.handled
    assert (message.text, message.channel) == ("hei, æøå", "sms")


def test_each_invented_number_is_a_phone_of_its_own(demo_url: str) -> None:
    ask(demo_url, "POST", number=NUMBERS[1], do="send", text="fra den andre")
    page_with(demo_url, "svar: fra den andre", number=NUMBERS[1])
    _, page, _ = ask(demo_url, "POST", number=NUMBERS[0], do="look")
    assert "fra den andre" not in page


def test_the_thread_can_be_deleted_on_the_phone(demo_url: str) -> None:
    ask(demo_url, "POST", number=PERSON, do="send", text="hei")
    page_with(demo_url, "svar: hei", number=PERSON)
    _, page, _ = ask(demo_url, "POST", number=PERSON, do="empty")
    assert "Ingen meldinger" in page


def test_what_the_webhook_itself_answers_reaches_the_phone_too(
    demo_url: str, db: BreakableDatabase
) -> None:
    db.away = True
    _, page, _ = ask(demo_url, "POST", number=PERSON, do="send", text="han har kniv")
    assert DANGER.text.replace("**", "") in page


def test_a_refused_message_is_said_plainly(demo: Any, served: Callable[[Sanic], str]) -> None:
    alone = served(app_of(simulator.blueprint(demo)))  # without the webhook
    _, page, _ = ask(alone, "POST", number=PERSON, do="send", text="hei")
    assert "ikke tatt imot (status 404)" in page


def test_outside_the_demo_there_is_no_phone(services: Any, served: Callable[[Sanic], str]) -> None:
    assert services.settings.env == "production"
    services.sms = DemoProvider()
    url = served(app_of(simulator.blueprint(services)))
    answers = [
        ask(url),
        ask(url, "POST", number=PERSON, do="send", text="hei"),
        ask(url, path="/demo/phone/phone.js"),
    ]
    assert [(status, body) for status, body, _ in answers] == [(404, "")] * 3


def test_with_a_real_provider_there_is_no_phone_in_the_demo_either(
    demo: Any, provider: object, served: Callable[[Sanic], str]
) -> None:
    demo.sms = provider
    assert ask(served(app_of(simulator.blueprint(demo))))[0] == 404


def test_the_page_has_no_cookie_and_lets_nothing_foreign_in(demo_url: str) -> None:
    status, page, headers = ask(demo_url)
    assert status == 200
    assert "Set-Cookie" not in headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "<script>" not in page
    assert "style=" not in page
    assert "http://" not in page
    assert "https://" not in page


def test_another_site_cannot_write_as_the_person(demo: Any, demo_url: str) -> None:
    status, _, _ = ask(demo_url, "POST", number=PERSON, do="send", text="x", site="cross-site")
    assert status == 403
    assert demo.turn.handled == []


@pytest.mark.parametrize(
    "form",
    [
        {"number": "+4712345678", "do": "send", "text": "hei"},
        {"do": "send", "text": ""},
        {"do": "dance"},
        {},
    ],
)
def test_odd_forms_draw_the_page(demo_url: str, form: dict[str, str]) -> None:
    status, page, _ = ask(demo_url, "POST", **form)
    assert status == 200
    assert "+4712345678" not in page


def test_markup_in_a_message_stays_text(demo_url: str) -> None:
    _, page, _ = ask(demo_url, "POST", number=PERSON, do="send", text="<b>hei</b>")
    assert "&lt;b&gt;hei" in page
    assert "<b>hei" not in page


def test_which_provider_is_used(demo: Any, services: Any, twilio: FakeTwilio) -> None:
    assert isinstance(provider_for(demo.settings, demo.secrets), DemoProvider)
    account = account_for(demo.settings, demo.secrets)
    assert account is not None
    assert account.token == "demo-token"
    production = demo.settings.model_copy(update={"env": "production"})
    assert provider_for(production, demo.secrets) is None
    assert account_for(production, demo.secrets) is None
    off = demo.settings.model_copy(update={"sms": "off"})
    assert provider_for(off, demo.secrets) is None


@pytest.fixture
async def browser() -> Any:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        await browser.close()


async def _write(page: Page, text: str) -> None:
    await page.get_by_label("Ny melding").fill(text)
    await page.get_by_role("button", name="Send").click()


@pytest.mark.browser
async def test_a_newcomer_writes_and_reads_the_reply_in_a_browser(
    demo_url: str, browser: Browser
) -> None:
    page = await browser.new_page(viewport={"width": 390, "height": 844})
    wrong: list[str] = []
    page.on("console", lambda line: wrong.append(line.text) if line.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    await page.goto(f"{demo_url}/demo/phone")
    await _write(page, "hei hva koster det")
    await page.get_by_text("svar: hei hva koster det").wait_for()
    assert await page.get_by_label("Ny melding").input_value() == ""
    results = await Axe().run(page)
    assert results.violations_count == 0, results.generate_report()
    assert await page.context.cookies() == []
    assert wrong == []


@pytest.mark.browser
async def test_it_works_without_javascript(demo_url: str, browser: Browser) -> None:
    context = await browser.new_context(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(f"{demo_url}/demo/phone")
    await _write(page, "uten skript")
    end = time.monotonic() + 5
    while not await page.get_by_text("svar: uten skript").count():
        assert time.monotonic() < end
        await page.get_by_role("button", name="Vis").click()
    await context.close()


def test_the_demo_is_signed_over_its_public_address_when_it_has_one(
    demo: Any, served: Callable[[Sanic], str]
) -> None:
    demo.settings = demo.settings.model_copy(update={"public_url": PUBLIC})
    url = served(app_of(inbound.blueprint(demo), simulator.blueprint(demo), sending=demo))
    ask(url, "POST", number=PERSON, do="send", text="bak en proxy")
    page_with(url, "svar: bak en proxy", number=PERSON)
