import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

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

Json = dict[str, Any]
StartSandbox = Callable[..., Awaitable[Sandbox]]

SCOPES = (
    "app_mentions:read channels:join channels:manage channels:read chat:write commands dnd:read "
    "files:read files:write im:history im:read im:write reactions:write team:read users:read "
    "users:read.email"
)
EVENTS = (
    "app_home_opened app_mention app_uninstalled file_shared member_joined_channel message.im "
    "tokens_revoked user_change"
)
MANIFEST: Json = {
    "display_information": {"name": "Lost & Found"},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "lostfound"},
        "slash_commands": [
            {
                "command": "/lost",
                "url": "https://example.com/slack/events",
                "description": "Log a loss",
                "usage_hint": "ACCOUNT, REASON",
            },
            {
                "command": "/found",
                "url": "https://example.com/slack/events",
                "description": "Claim a win-back",
                "should_escape": True,
            },
        ],
    },
    "oauth_config": {
        "redirect_urls": ["https://example.com/slack/oauth_redirect"],
        "scopes": {"bot": SCOPES.split()},
    },
    "settings": {
        "event_subscriptions": {"bot_events": EVENTS.split()},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
STORY = Story(
    people=(
        Person(
            "U0ALICE",
            "alice",
            "Alice Moreau",
            "Head of sales",
            tz="Europe/Paris",
            is_admin=True,
            quiet=("22:00", "08:00"),
        ),
        Person("U0BOB", "bob", "Bob Tanaka", "Account manager", tz="Asia/Tokyo"),
        Person("U0CARA", "cara", "Cara Singh", "Account manager", tz="Asia/Kolkata"),
        Person("U0GONE", "gone", "Greg Gone", deleted=True),
        Person("U0OTHERBOT", "otherbot", "Other Bot", is_bot=True),
    ),
    channels=(
        SeedChannel("C0TEAM", "team", "Ours", ("U0ALICE", "U0BOB"), app_member=True),
        SeedChannel("C0OPEN", "open", members=("U0ALICE",)),
        SeedChannel("C0OLD", "old", members=("U0ALICE",), app_member=True, is_archived=True),
        SeedChannel("G0SECRET", "secret", members=("U0ALICE",), is_private=True),
    ),
    steps=(
        Step("log", "Type /lost", seen("command", "/lost")),
        Step("clock", "Move the clock", seen("clock")),
    ),
    suggestions={"/lost": (Suggestion("Acme Corp, price", "Log a loss"),)},
)


def configured(**changes: Any) -> SandboxConfig:
    """A configuration with short waits and no pace, unless a test asks for them."""
    config = SandboxConfig(
        Manifest.from_dict(MANIFEST),
        STORY,
        post_per_second=0,
        retry_delays=(0.0, 0.05, 0.1),
    )
    return replace(config, **changes)


@pytest.fixture
async def start() -> AsyncIterator[StartSandbox]:
    """Starts sandboxes and stops them all at the end."""
    running: list[Sandbox] = []

    async def begin(**changes: Any) -> Sandbox:
        sandbox = Sandbox(configured(**changes))
        await sandbox.start()
        running.append(sandbox)
        return sandbox

    yield begin
    for sandbox in running:
        await sandbox.stop()


@pytest.fixture
async def sandbox(start: StartSandbox) -> Sandbox:
    return await start()


class Page:
    """The page's side of the contract: what a browser would send, for one person."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession, person: str) -> None:
        self._sandbox = sandbox
        self._session = session
        self.person = person

    def as_(self, person: str) -> "Page":
        return Page(self._sandbox, self._session, person)

    @property
    def dm(self) -> str:
        return f"D{self.person[1:]}"

    async def post(self, path: str, /, *, status: int = 200, **body: Any) -> Json:
        url = f"{self._sandbox.address}/sandbox/{path}"
        async with self._session.post(url, json={"person": self.person, **body}) as response:
            answer: Json = await response.json()
            assert response.status == status, answer
            return answer

    async def get(self, path: str, /, **query: Any) -> Json:
        url = f"{self._sandbox.address}/sandbox/{path}"
        params = {"person": self.person, **query}
        async with self._session.get(url, params=params) as response:
            answer: Json = await response.json()
            return answer

    async def messages(self, channel: str) -> list[Json]:
        found = await self.get("messages", channel=channel)
        messages: list[Json] = found["messages"]
        return messages

    async def stack(self) -> list[Json]:
        stack: list[Json] = (await self.get("views"))["stack"]
        return stack

    async def command(self, command: str, text: str = "", channel: str | None = None) -> Json:
        return await self.post("command", channel=channel or self.dm, command=command, text=text)

    async def press(self, container: Json, block_id: str, action_id: str, **chosen: Any) -> Json:
        action = {"block_id": block_id, "action_id": action_id, **chosen}
        return await self.post("action", container=container, action=action)


@pytest.fixture
async def page(sandbox: Sandbox) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(sandbox, session, "U0ALICE")


@pytest.fixture
async def client(sandbox: Sandbox) -> AsyncIterator[AsyncWebClient]:
    async with aiohttp.ClientSession() as session:
        yield web_client(sandbox, session)


def web_client(sandbox: Sandbox, session: aiohttp.ClientSession, **more: Any) -> AsyncWebClient:
    more = {"token": sandbox.config.bot_token, "retry_handlers": [], **more}
    return AsyncWebClient(base_url=sandbox.api_url, session=session, **more)


@pytest.fixture
async def bolt(sandbox: Sandbox) -> AsyncIterator[AsyncApp]:
    """A Bolt app connected to the sandbox by Socket Mode; tests add the listeners."""
    app = AsyncApp(
        token=sandbox.config.bot_token,
        signing_secret=sandbox.config.signing_secret,
        client=AsyncWebClient(token=sandbox.config.bot_token, base_url=sandbox.api_url),
        process_before_response=True,
    )
    handler = AsyncSocketModeHandler(
        app,
        sandbox.config.app_token,
        web_client=AsyncWebClient(token=sandbox.config.app_token, base_url=sandbox.api_url),
        ping_interval=1,
    )
    await handler.connect_async()  # type: ignore[no-untyped-call] # Bolt leaves it untyped
    await until(lambda: sandbox.parts.sockets.connected)
    yield app
    await handler.close_async()  # type: ignore[no-untyped-call] # Bolt leaves it untyped


async def until(condition: Callable[[], Any], seconds: float = 10.0) -> None:
    """Wait until something is so; fails loudly when it does not come to pass."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
