"""Delivery at the platform's pace: how much of it four workers use, and whether they overstep it.

Hundreds of channels of one workspace take a message a second each; the sandbox holds every one of
them to that, with Slack's short bursts. The workers are processes of their own on PostgreSQL.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from unittest.mock import patch

from bot.app import real_clock
from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.records import Json
from bot.sandbox.server import Sandbox
from bot.sandbox.story import SeedChannel, Story
from bot.slack.manifest import manifest
from handlers.views.elements import say
from storage.database import Database
from storage.installing import ensure_workspace
from storage.outbox import NewLetter
from tests.bench.grounds import address, ground
from tests.bench.table import Row
from tests.e2e.town import ROOT, end

_TEAM = "T0SANDBOX"
_WORKERS = 4
_CHANNELS = 300
_EACH = 20  # messages a channel
_PATIENCE = 90  # seconds


@dataclass
class Seen:
    """What the platform saw: when each channel was posted to, and until when it had to wait."""

    posts: dict[str, list[float]] = field(default_factory=dict)
    asked_to_wait: dict[str, float] = field(default_factory=dict)
    refused: int = 0
    early: int = 0

    def record(
        self, direction: str, kind: str, name: str, *, ok: bool, **told: Json | float | None
    ) -> None:
        """Take one exchange in, in the place of the sandbox's own record of them."""
        request, response = told.get("request"), told.get("response")
        if name != "chat.postMessage" or not isinstance(request, dict):
            return
        now, channel = time.monotonic(), str(request.get("channel"))
        self.early += now < self.asked_to_wait.get(channel, 0)
        if ok:
            self.posts.setdefault(channel, []).append(now)
        elif isinstance(response, dict) and response.get("error") == "ratelimited":
            self.refused += 1
            self.asked_to_wait[channel] = now + float(response.get("retry_after", 1))

    @property
    def taken(self) -> int:
        return sum(map(len, self.posts.values()))

    @property
    def between(self) -> float:
        """Give the mean of the seconds between one message of a channel and its next."""
        gaps = [b - a for times in self.posts.values() for a, b in pairwise(times)]
        return sum(gaps) / len(gaps)


async def measure(channels: int = _CHANNELS, each: int = _EACH) -> list[Row]:
    """Let the workers send `each` messages to every channel."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:
            url = stack.enter_context(address("postgresql", folder))
            database = await stack.enter_async_context(ground(url, "delivery"))
            sandbox = await stack.enter_async_context(_sandbox(channels))
            seen = Seen()
            stack.enter_context(patch.object(sandbox.parts.traffic, "record", seen.record))
            await _write(database, channels, each)
            await stack.enter_async_context(_workers(folder, database, sandbox))
            async with asyncio.timeout(_PATIENCE):
                while seen.taken < channels * each:
                    await asyncio.sleep(0.1)
    calls = seen.taken + seen.refused
    what = f"{channels} channels, {_WORKERS} workers"
    return [
        Row(f"{what}: pace of a channel", 1 / seen.between, 1, "messages/s", 0.95, at_most=False),
        Row(f"{what}: refused of all calls", seen.refused, calls, "calls", 0.005),
        Row(f"{what}: calls while asked to wait", seen.early, calls, "calls", 0),
    ]


@asynccontextmanager
async def _sandbox(channels: int) -> AsyncIterator[Sandbox]:
    seeded = tuple(
        SeedChannel(f"C0BENCH{n}", f"bench-{n}", app_member=True) for n in range(channels)
    )
    sandbox = Sandbox(
        SandboxConfig(Manifest.from_dict(manifest("")), Story((), seeded, team_id=_TEAM))
    )
    await sandbox.start()
    try:
        yield sandbox
    finally:
        await sandbox.stop()


@asynccontextmanager
async def _workers(folder: Path, database: Database, sandbox: Sandbox) -> AsyncIterator[None]:
    environ = {
        **{name: value for name, value in os.environ.items() if not name.startswith("SLACK_")},
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": database.url,
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.config.bot_token,
        "LOG_LEVEL": "error",
    }
    words = [sys.executable, "-m", "tests.bench.paced", "worker"]
    begun = [subprocess.Popen(words, cwd=folder, env=environ) for _ in range(_WORKERS)]
    try:
        yield
    finally:
        for process in begun:
            await end(process)


async def _write(database: Database, channels: int, each: int) -> None:
    now = real_clock()
    async with database.session() as session:
        await ensure_workspace(session, _TEAM, now=now)
        await session.commit()
    async with database.workspace(_TEAM) as work:
        letters = [
            NewLetter(
                "bench",
                f"bench:{channel}:{number}",
                say(f"Message {number}").to_json(),
                now,
                channel_id=f"C0BENCH{channel}",
            )
            for number in range(each)
            for channel in range(channels)
        ]
        await work.outbox.put_all(letters, now)
        await work.commit()
