"""Processes of the bot that die without warning and are there again at once."""

from __future__ import annotations

import asyncio
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.app import real_clock
from bot.sandbox.config import SandboxConfig
from bot.sandbox.manifest import Manifest
from bot.sandbox.server import Sandbox
from bot.sandbox.story import Person, Story
from bot.slack.manifest import manifest
from domain.names import name_key
from domain.roles import Role
from handlers.context import id_of
from storage.database import Database
from storage.installing import ensure_workspace
from storage.migrating import upgrade
from storage.tables import Member
from tests.forked import Forked
from tests.ports import free_port
from tests.trials.hurried import BUILT, RATE, SINCE

TEAM = "T0SANDBOX"
_ROOT = Path(__file__).parents[2]
_PATIENCE = 90.0  # seconds for everybody to begin, on a busy machine
_SIGNS_OF_LIFE = (BUILT, "Started server process")


@dataclass
class Hand:
    """One place in the crew, whoever holds it just now: a worker, or the web on a port."""

    words: tuple[str, ...]
    port: int = 0
    process: Forked | None = None
    log: Path = Path()

    @property
    def ready(self) -> bool:
        """Whether it has got as far as doing its work."""
        alive = self.process is not None and self.process.poll() is None
        return alive and any(sign in self.log.read_text() for sign in _SIGNS_OF_LIFE)


@dataclass
class Crew:
    """Web and worker processes on one database and one workspace of `people` reps."""

    folder: Path
    database_url: str
    people: int
    workers: int = 0
    webs: int = 0
    rate: float = 1.0
    since: datetime = field(default_factory=real_clock)
    hands: list[Hand] = field(default_factory=list)
    members: list[int] = field(default_factory=list)
    kills: list[datetime] = field(default_factory=list)
    sandbox: Sandbox = field(init=False)
    database: Database = field(init=False)
    _begun: int = 0

    async def open(self) -> Crew:
        """Open the workspace and the database, enrol everybody, begin every process."""
        reps = [Person(f"U0REP{n}", f"rep{n}", f"Rep {n}") for n in range(self.people)]
        self.hands = [Hand(("bot", "web"), free_port()) for _ in range(self.webs)]
        self.hands += [Hand(("tests.trials.hurried", "worker")) for _ in range(self.workers)]
        self.sandbox = Sandbox(
            SandboxConfig(
                manifest=Manifest.from_dict(manifest("")),
                story=Story(tuple(reps), team_id=TEAM),
                mode="http",
                events_url=f"http://127.0.0.1:{self.hands[0].port}/slack/events",
                post_per_second=0,
            )
        )
        await self.sandbox.start()
        self.database = Database(self.database_url)
        await upgrade(self.database)
        await self._enrol(reps)
        for hand in self.hands:
            self._begin(hand)
        return self

    async def close(self) -> None:
        """End every process that was begun here, and the workspace."""
        for hand in self.hands:
            if hand.process is not None:
                hand.process.kill()
                hand.process.wait()
        await self.database.close()
        await self.sandbox.stop()

    def kill(self, hand: Hand) -> None:
        """Take one process away in the middle of whatever it does, and begin it anew."""
        assert hand.process is not None
        hand.process.kill()
        hand.process.wait()
        self.kills.append(real_clock())
        self._begin(hand)

    async def all_ready(self) -> None:
        """Wait until everybody does their work. Raises AssertionError with the logs."""
        try:
            async with asyncio.timeout(_PATIENCE):
                while not all(hand.ready for hand in self.hands):
                    ended = [h for h in self.hands if h.process and h.process.poll() is not None]
                    assert not ended, f"could not begin{self.logs()}"
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"the crew never was ready{self.logs()}") from None

    def logs(self) -> str:
        """The end of what every process wrote down, for the reader of a failure."""
        return "".join(f"\n{h.log.name}: {h.log.read_text()[-2000:]}" for h in self.hands)

    def _begin(self, hand: Hand) -> None:
        config = self.sandbox.config
        environ = {
            **{k: v for k, v in os.environ.items() if not k.startswith("SLACK_")},
            "PYTHONPATH": str(_ROOT),
            "DATABASE_URL": self.database_url,
            "PORT": str(hand.port),
            "SLACK_API_URL": self.sandbox.api_url,
            "SLACK_BOT_TOKEN": config.bot_token,
            "SLACK_SIGNING_SECRET": config.signing_secret,
            SINCE: self.since.isoformat(),
            RATE: str(self.rate),
        }
        self._begun += 1
        hand.log = self.folder / f"process-{self._begun}.log"
        hand.log.touch()
        module, *words = hand.words
        hand.process = Forked(
            module, words, folder=self.folder, environ=environ, out=hand.log, err=hand.log
        )

    async def _enrol(self, reps: list[Person]) -> None:
        now = self.since
        async with self.database.session() as session:
            await ensure_workspace(session, TEAM, now=now)
            await session.commit()
        async with self.database.workspace(TEAM) as work:
            members = [
                Member(
                    workspace_id=TEAM,
                    platform_user_id=rep.id,
                    name=rep.real_name,
                    name_key=name_key(rep.real_name),
                    role=Role.REP,
                    time_zone="UTC",
                    joined_at=now,
                )
                for rep in reps
            ]
            work.session.add_all(members)
            await work.commit()
            self.members = [id_of(member) for member in members]
