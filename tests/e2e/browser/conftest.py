"""A browser, a sandbox and a small bot in it; without a browser these tests are skipped aloud."""

import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Request, async_playwright, expect
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.demo.running import Stage
from bot.sandbox import (
    Manifest,
    Person,
    Sandbox,
    SandboxConfig,
    SeedChannel,
    Step,
    Story,
    Suggestion,
    seen,
)
from tests.bot.sandbox.conftest import MANIFEST, until
from tests.e2e.browser.small_bot import Json, listen

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000  # ms; a busy machine is no mistake of the page
expect.set_options(timeout=PATIENCE)
BEGINNING = datetime(2026, 3, 6, 15, 0, tzinfo=UTC)  # a Friday, ten in the morning in New York
STORY = Story(
    people=(
        Person("U0ADA", "ada", "Ada Quist", "Head of sales", "Europe/London", "London"),
        Person("U0BEN", "ben", "Ben Okoro", "Account manager", "America/New_York", "New York"),
    ),
    channels=(
        SeedChannel("C0TEAM", "team", "All of us", ("U0ADA", "U0BEN"), app_member=True),
        SeedChannel("C0QUIET", "quiet", "No bot here", ("U0ADA", "U0BEN")),
        SeedChannel("C0LONG", "long", "A thousand messages", ("U0ADA", "U0BEN"), app_member=True),
    ),
    steps=(
        Step("log", "Log a loss: `/lost Brightwater Foods, price`", seen("command", "/lost")),
        Step("clock", "Move the clock", seen("clock")),
    ),
    suggestions={
        "/lost": (Suggestion("mine", "My accounts"), Suggestion("show ACCOUNT", "Its card"))
    },
    workspace_name="Tidewater Trading",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say aloud why nothing runs where there is no browser."""
    if CHROMIUM is None:
        for item in items:
            if "e2e/browser" in item.nodeid:
                item.add_marker(pytest.mark.skip(reason="NO BROWSER: chromium is not installed"))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield launched
        await launched.close()


@pytest.fixture(scope="session")
def axe_source() -> str:
    """The accessibility scanner's script, from the package that carries it."""
    if find_spec("axe_playwright_python") is None:
        pytest.skip("NO SCANNER: axe-playwright-python is not installed")
    return (files("axe_playwright_python") / "axe.min.js").read_text()


@dataclass
class Pages:
    """The pages that are open on a running sandbox, and what was wrong with them."""

    sandbox: Sandbox
    browser: Browser
    complaints: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)

    async def open(
        self, person: str = "U0ADA", place: str = "C0TEAM", *, phone: bool = False, **more: Any
    ) -> Page:
        """Open a page in a browser of its own."""
        size = {"width": 390, "height": 844} if phone else {"width": 1440, "height": 900}
        context = await self.browser.new_context(viewport=size, **more)  # type: ignore[arg-type]  # a literal dict
        page = await context.new_page()
        page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text) if said.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", self._note_request)
        page.set_default_timeout(PATIENCE)
        await page.goto(f"{self.sandbox.address}/?as={person}&at={place}")
        await page.get_by_role("main").get_by_role("heading").first.wait_for()
        return page

    async def close(self) -> None:
        """Close them all; nothing may have complained or gone outside."""
        for context in self.browser.contexts:
            await context.close()
        assert self.complaints == []
        assert self.outside == []

    def _note_request(self, request: Request) -> None:
        if urlsplit(request.url).hostname not in ("127.0.0.1", "localhost", None):
            self.outside.append(request.url)


@dataclass
class World(Pages):
    """A sandbox with the small bot in it."""

    heard: list[Json] = field(default_factory=list)
    handler: AsyncSocketModeHandler | None = None
    greeted_on: date | None = None

    async def connect_bot(self) -> None:
        config = self.sandbox.config
        api_url = self.sandbox.api_url
        app = AsyncApp(
            token=config.bot_token,
            signing_secret=config.signing_secret,
            client=AsyncWebClient(token=config.bot_token, base_url=api_url),
            process_before_response=True,
        )
        listen(app, self.heard)
        self.handler = AsyncSocketModeHandler(
            app,
            config.app_token,
            web_client=AsyncWebClient(token=config.app_token, base_url=api_url),
        )
        await self.handler.connect_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        await until(lambda: self.sandbox.parts.sockets.connected)

    async def disconnect_bot(self) -> None:
        if self.handler is not None:
            await self.handler.close_async()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
            self.handler = None

    async def clock_moved(self, now: datetime) -> None:
        """What the bot does when the clock has moved: it greets Ada, once a day."""
        if now.date() == self.greeted_on:
            return
        self.greeted_on = now.date()
        config = self.sandbox.config
        client = AsyncWebClient(token=config.bot_token, base_url=self.sandbox.api_url)
        await client.chat_postMessage(channel="U0ADA", text=f"Good morning, it is {now:%d %B}.")


@pytest_asyncio.fixture(loop_scope="session")
async def world(browser: Browser) -> AsyncIterator[World]:
    """A world with the small bot in it. At the end nothing may have complained or gone outside."""

    async def moved(now: datetime) -> None:
        await opened.clock_moved(now)

    config = SandboxConfig(
        Manifest.from_dict(MANIFEST), STORY, post_per_second=0, on_clock_moved=moved
    )
    opened = World(Sandbox(config), browser)
    await opened.sandbox.start()
    await opened.connect_bot()
    yield opened
    try:
        await opened.close()
    finally:
        await opened.disconnect_bot()
        await opened.sandbox.stop()


@dataclass
class Play(Pages):
    """The whole real bot in its sandbox, with its story."""

    stage: Stage = field(kw_only=True)


@pytest_asyncio.fixture(loop_scope="session")
async def play(browser: Browser, tmp_path: Path) -> AsyncIterator[Play]:
    """The story at its beginning, on a day with no holiday near."""
    stage = Stage(tmp_path)
    stage.sandbox.clock.set_to(BEGINNING)
    await stage.start()
    opened = Play(stage.sandbox, browser, stage=stage)
    yield opened
    try:
        await opened.close()
    finally:
        await stage.stop()
