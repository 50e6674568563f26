"""The real Slack edge behind a real web server, with the sandbox as its Slack."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import uvicorn
from cryptography.fernet import Fernet
from slack_sdk.signature import Clock
from starlette.applications import Starlette

from bot.sandbox import Manifest, Person, Sandbox, SandboxConfig, SeedChannel, Story
from bot.sandbox.records import Message
from bot.settings import Settings
from bot.slack.edge import SlackEdge
from bot.slack.manifest import manifest
from domain.errors import Refused
from handlers.dispatch import Dispatcher
from handlers.effects import Effect, SendFile, SendReport
from handlers.events import Event, HomeOpened, OptionsAsked
from storage.database import Database
from tests.people import ADA, CHANNEL, MAX, NOW, OTTO, WORKSPACE

Json = dict[str, Any]
BOT = "U0SANDBOT"
SECRET = "sandbox-signing-secret"

STORY = Story(
    people=(
        Person(
            ADA,
            "ada",
            "Ada Fox",
            tz="America/New_York",
            email="ada@example.com",
            quiet=("22:00", "08:00"),
        ),
        Person(MAX, "max", "Max Lind", tz="America/New_York", is_admin=True),
        Person(OTTO, "otto", "Otto Outside"),
        Person("U0GONE", "gone", "Gus Gone", deleted=True),
        Person("U0ROBOT", "robot", "Some Robot", is_bot=True),
    ),
    channels=(
        SeedChannel(CHANNEL, "team", members=(ADA, MAX), app_member=True),
        SeedChannel("C0ELSE", "elsewhere", members=(ADA,)),
        SeedChannel("C0OLD", "old", members=(ADA,), app_member=True, is_archived=True),
    ),
    team_id=WORKSPACE,
    workspace_name="Acme Sales",
)


class Scripted(Dispatcher):
    """Carries nothing out: notes what was asked and answers as told, once for each envelope."""

    def __init__(self, database: Database, edge: SlackEdge) -> None:
        super().__init__(database, edge.directory, lambda: NOW)
        self.heard: list[Event | OptionsAsked] = []
        self.answer: list[Effect] = []
        self.home: list[Effect] = []
        self.offers: list[tuple[str, str]] = []
        self.fault: Exception | None = None

    async def handle(self, event: Event) -> list[Effect]:
        self.heard.append(event)
        if self.fault is not None:
            raise self.fault
        return self.home if isinstance(event, HomeOpened) and self.home else self.answer

    async def report(self, workspace_id: str, promised: SendReport) -> SendFile:
        if promised.filter == "nobody":
            raise Refused("There is nothing to give.")
        return SendFile(f"{promised.report}.{promised.file_format}", workspace_id.encode(), "")

    async def options(self, event: OptionsAsked) -> list[tuple[str, str]]:
        self.heard.append(event)
        if self.fault is not None:
            raise self.fault
        return self.offers


@dataclass
class House:
    """A bot at its own address, and the Slack it serves."""

    sandbox: Sandbox
    edge: SlackEdge
    url: str
    session: aiohttp.ClientSession
    database: Database
    script: Scripted | None = None

    @property
    def scripted(self) -> Scripted:
        assert self.script is not None
        return self.script

    async def post(self, body: bytes, headers: Mapping[str, str]) -> tuple[int, str]:
        async with self.session.post(
            f"{self.url}/slack/events", data=BytesIO(body), headers=headers
        ) as r:
            return r.status, await r.text()

    async def signed(self, body: bytes, content_type: str) -> tuple[int, str]:
        return await self.post(body, signed_headers(body, content_type))

    async def form(self, fields: Mapping[str, str]) -> tuple[int, str]:
        """A signed command."""
        return await self.signed(urlencode(fields).encode(), "application/x-www-form-urlencoded")

    async def interaction(self, payload: Json) -> tuple[int, str]:
        return await self.form({"payload": json.dumps(payload)})

    async def event(self, payload: Json) -> tuple[int, str]:
        return await self.signed(json.dumps(payload).encode(), "application/json")

    async def page(self, path: str, person: str = ADA, **body: Any) -> Json:
        """What somebody does on the sandbox's page."""
        url = f"{self.sandbox.address}/sandbox/{path}"
        async with self.session.post(url, json={"person": person, **body}) as answer:
            found: Json = await answer.json()
            return found

    async def look(self, path: str, person: str = ADA, **query: str) -> Json:
        url = f"{self.sandbox.address}/sandbox/{path}"
        async with self.session.get(url, params={"person": person, **query}) as answer:
            found: Json = await answer.json()
            return found

    def dm(self, person: str = ADA) -> str:
        return self.sandbox.parts.workspace.app_dm(person).id

    def messages(self, channel: str, person: str = ADA) -> list[Message]:
        """What somebody sees in a channel, oldest first."""
        found, _ = self.sandbox.parts.workspace.messages(channel, person)
        return found

    def called(self, method: str) -> list[Json]:
        """What the bot sent to a method of the Web API, oldest first."""
        entries = self.sandbox.parts.traffic.after(0, 1000)
        return [e["request"] for e in entries if e["name"] == method]

    async def until(self, seen: Callable[[], Any]) -> Any:
        """Wait until something is there to be seen, and give it."""
        async with asyncio.timeout(5):
            while not (found := seen()):
                await asyncio.sleep(0.01)
            return found


def signed_headers(body: bytes, content_type: str, *, age: int = 0) -> dict[str, str]:
    timestamp = str(int(Clock().now()) - age)
    return {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": signature(timestamp, body),
    }


def signature(timestamp: str, body: bytes, secret: str = SECRET) -> str:
    base = b"v0:" + timestamp.encode("utf-8", "surrogateescape") + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


@asynccontextmanager
async def opened(
    database: Database, *, socket_mode: bool = False, scripted: bool = True, many: bool = False
) -> AsyncIterator[House]:
    """Open a bot and its Slack, closed at the end; `many` installs workspaces by themselves."""
    listening = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = SandboxConfig(
        Manifest.from_dict(manifest("" if socket_mode else url)),
        STORY,
        mode="socket" if socket_mode else "http",
        events_url=None if socket_mode else f"{url}/slack/events",
        post_per_second=0,
    )
    sandbox = Sandbox(config)
    await sandbox.start()
    told = Settings(
        slack_bot_token=config.bot_token,
        slack_app_token=config.app_token if socket_mode else "",
        slack_signing_secret=SECRET,
        slack_api_url=sandbox.api_url,
    )
    if many:
        told = replace(
            told,
            slack_bot_token="",
            slack_client_id=config.client_id,
            slack_client_secret=config.client_secret,
            token_encryption_key=Fernet.generate_key().decode(),
        )
    edge = SlackEdge(told, database, lambda: NOW)
    script = Scripted(database, edge) if scripted else None
    edge.listen(script or Dispatcher(database, edge.directory, lambda: NOW))
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=edge.routes()), log_config=None))
    await edge.start()
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
            house = House(sandbox, edge, url, session, database, script)
            await house.until(lambda: server.started)
            yield house
    finally:
        server.should_exit = True
        await serving
        await edge.stop()
        await sandbox.stop()


@pytest.fixture
async def house(database: Database) -> AsyncIterator[House]:
    """A bot that Slack calls by HTTP, with a script in place of the handlers."""
    async with opened(database) as house:
        yield house


@pytest.fixture
async def wired(database: Database) -> AsyncIterator[House]:
    """The same on a socket."""
    async with opened(database, socket_mode=True) as house:
        yield house


@pytest.fixture
async def real(database: Database) -> AsyncIterator[House]:
    """A bot that Slack calls by HTTP, with the real handlers."""
    async with opened(database, scripted=False) as house:
        yield house
