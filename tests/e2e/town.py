"""A whole installation seen from outside: a local workspace, the real bot in its own processes."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import aiohttp

from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from bot.sandbox.story import Story
from bot.slack.manifest import manifest
from tests.e2e.page import Page, until
from tests.forked import Forked
from tests.ports import free_port

ROOT = Path(__file__).parents[2]

Process = subprocess.Popen[bytes] | Forked


@dataclass(frozen=True)
class Ran:
    """What a command of `python -m bot` gave."""

    code: int
    out: str
    err: str

    def data(self) -> Any:
        """What it printed as JSON. Raises AssertionError where it failed."""
        assert self.code == 0, self.err
        return json.loads(self.out)


@dataclass
class Town:
    """People, channels and the bot. Everything goes over real sockets.

    `database_url` is an SQLite file in `folder` unless said; `mode` is how Slack reaches the bot.
    `cold` processes load for themselves, as in earnest; others are forked from one that has loaded.
    """

    story: Story
    folder: Path
    database_url: str = ""
    mode: Literal["socket", "http"] = "socket"
    port: int = 0
    cold: bool = False
    sandbox: Sandbox = field(init=False)
    page: Page = field(init=False)
    _processes: list[Process] = field(default_factory=list)

    async def open(self) -> Town:
        """Open the workspace, without the bot."""
        self.port = free_port()
        public = f"http://127.0.0.1:{self.port}" if self.mode == "http" else ""
        config = SandboxConfig(
            manifest=Manifest.from_dict(manifest(public)),
            story=self.story,
            mode=self.mode,
            events_url=f"{public}/slack/events" if public else None,
        )
        self.sandbox = Sandbox(config)
        await self.sandbox.start()
        self.page = Page(self.sandbox)
        self.database_url = self.database_url or f"sqlite:///{self.folder / 'desk.db'}"
        return self

    async def close(self) -> None:
        """End every process that was started here, and the workspace."""
        for process in self._processes:
            await end(process)
        await self.page.close()
        await self.sandbox.stop()

    @property
    def environ(self) -> dict[str, str]:
        """What the bot's processes are told."""
        config = self.sandbox.config
        socket_mode = {"SLACK_APP_TOKEN": config.app_token} if self.mode == "socket" else {}
        return {
            **{k: v for k, v in os.environ.items() if not k.startswith("SLACK_")},
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": self.database_url,
            "PORT": str(self.port),
            "SLACK_API_URL": self.sandbox.api_url,
            "SLACK_BOT_TOKEN": config.bot_token,
            "SLACK_SIGNING_SECRET": config.signing_secret,
            **socket_mode,
        }

    async def bot(self, *words: str, **environ: str) -> Ran:
        """Run one command of the bot to its end."""
        with tempfile.TemporaryDirectory() as folder:
            out, err = Path(folder) / "out", Path(folder) / "err"
            process = self._begin(words, self.environ | environ, out, err)
            code = await asyncio.to_thread(process.wait)
            return Ran(code, out.read_text(), err.read_text())

    async def start(self, *words: str, **environ: str) -> Process:
        """Start a process of the bot (`web`, `worker`, or both in one); it is ready then."""
        given = self.environ | environ
        log = self.folder / f"bot-{len(self._processes)}.log"
        process = self._begin(words, given, log, log)
        self._processes.append(process)
        if "worker" not in words:
            try:
                await until(lambda: self._is_ready(given["PORT"]), "the bot")
            except AssertionError:
                raise AssertionError(f"the bot was never ready{self.logs()}") from None
        return process

    def logs(self) -> str:
        """What the bot's processes wrote down, for the reader of a failure."""
        written = sorted(self.folder.glob("bot-*.log"))
        return "".join(f"\n{log.name}: {log.read_text()[-3000:]}" for log in written)

    async def get(self, path: str, port: str = "") -> tuple[int, str]:
        """Ask a web process of the bot; (0, "") while nobody answers."""
        url = f"http://127.0.0.1:{port or self.port}{path}"
        try:
            async with aiohttp.ClientSession() as http, http.get(url) as response:
                return response.status, await response.text()
        except aiohttp.ClientError:
            return 0, ""

    def _begin(
        self, words: tuple[str, ...], environ: dict[str, str], out: Path, err: Path
    ) -> Process:
        if not self.cold:
            return Forked("bot", words, folder=self.folder, environ=environ, out=out, err=err)
        with out.open("ab") as told, err.open("ab") as complained:
            return subprocess.Popen(
                [sys.executable, "-m", "bot", *words],
                cwd=self.folder,
                env=environ,
                stdout=told,
                stderr=complained,
            )

    async def _is_ready(self, port: str) -> bool:
        return (await self.get("/readyz", port))[0] == 200


async def end(process: Process) -> int:
    """End a process that was started here, kindly first, and give its exit code."""
    if process.poll() is None:
        process.terminate()
        try:
            await asyncio.to_thread(process.wait, 15)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.wait()
