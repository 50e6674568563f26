"""The sandbox at work: the real bot and a local workspace in one process, on one movable clock."""

from __future__ import annotations

import asyncio
import shutil
import signal
from datetime import datetime
from pathlib import Path

from sqlmodel import SQLModel, delete

from bot.app import Application, build
from bot.demo.seeding import seed
from bot.demo.story import STORY
from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from bot.slack.manifest import manifest
from jobs.context import JobContext
from jobs.table import run_all_due
from storage.migrating import upgrade

_DATABASE = "desk.db"
_WORKSPACE = "workspace"


class Stage:
    """A sandbox with the bot in it. `state` is the folder that keeps both."""

    def __init__(self, state: Path, *, port: int = 0) -> None:
        self._state = state
        self._app: Application | None = None
        self.sandbox = Sandbox(
            SandboxConfig(
                manifest=Manifest.from_dict(manifest("")),
                story=STORY,
                state_folder=state / _WORKSPACE,
                port=port,
                on_clock_moved=self._catch_up,
                on_reset=self._begin_afresh,
            )
        )

    @property
    def app(self) -> Application:
        """The bot. Raises `RuntimeError` before `start`."""
        if self._app is None:
            raise RuntimeError("the bot is not running yet")
        return self._app

    async def start(self) -> str:
        """Open the workspace, connect the bot and give the page's address."""
        await asyncio.to_thread(self._state.mkdir, parents=True, exist_ok=True)
        address = await self.sandbox.start()
        await self.connect()
        return address

    async def connect(self) -> None:
        """Connect the bot; it takes up what was kept for it."""
        config = self.sandbox.config
        settings = Settings(
            database_url=f"sqlite:///{self._state / _DATABASE}",
            slack_bot_token=config.bot_token,
            slack_app_token=config.app_token,
            slack_signing_secret=config.signing_secret,
            slack_api_url=self.sandbox.api_url,
        )
        self._app = build(settings, self.sandbox.clock.now)
        await upgrade(self._app.database)
        await self._app.start_listening()
        await seed(self._app)
        await self._app.worker.start()

    async def disconnect(self) -> None:
        """Take the bot away; the workspace goes on without it."""
        app, self._app = self._app, None
        if app is not None:
            await app.worker.stop()
            await app.close()

    async def stop(self) -> None:
        """Close both; what they keep is kept."""
        await self.disconnect()
        await self.sandbox.stop()

    async def _catch_up(self, now: datetime) -> None:
        """Do what fell due when the clock was moved, and send it."""
        if self._app is not None:
            await run_all_due(JobContext(self._app.database, now, now))
            await self._app.deliver()

    async def _begin_afresh(self) -> None:
        """Empty the bot's tables and tell its story from the beginning."""
        async with self.app.database.session() as session:
            for table in reversed(SQLModel.metadata.sorted_tables):
                await (await session.connection()).execute(delete(table))
            await session.commit()
        await self.app.slack.identify()
        await seed(self.app)


def _forget(state: Path) -> None:
    """Remove what a sandbox has kept in its folder, and nothing else there."""
    shutil.rmtree(state / _WORKSPACE, ignore_errors=True)
    for file in state.glob(f"{_DATABASE}*"):
        file.unlink()


async def run_sandbox(state: Path, *, port: int, reset: bool) -> None:
    """Run a sandbox until a SIGTERM or SIGINT, having told where its page is."""
    if reset:
        await asyncio.to_thread(_forget, state)
    stage = Stage(state, port=port)
    address = await stage.start()
    if port and not address.endswith(f":{port}"):
        print(f"Port {port} is taken, so the next free one serves.")
    print(f"Lost & Found is in your browser at {address}\nEnd it with Ctrl+C.", flush=True)
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopped.set)
    await stopped.wait()
    await stage.stop()
