"""L1: what was acknowledged is written down, whatever happens to the process a moment later."""

from __future__ import annotations

import asyncio
import itertools
import random
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from sqlmodel import col, select

from storage.tables import Account, Loss
from tests.trials.conftest import LONG
from tests.trials.crew import TEAM, Crew
from tests.trials.signed import command

KILLS, SENDERS = (12, 32) if LONG else (2, 4)


@pytest.fixture
async def crew(tmp_path: Path, database_url: str) -> AsyncIterator[Crew]:
    opened = Crew(tmp_path, database_url, people=2, webs=1)
    try:
        yield await opened.open()
    finally:
        await opened.close()


class Load:
    """Losses that are logged from several sides, each again until it is acknowledged."""

    def __init__(self, crew: Crew, http: aiohttp.ClientSession) -> None:
        self.crew = crew
        self.http = http
        self.acknowledged: list[str] = []
        self.unanswered = 0
        self.over = False
        self._numbers = itertools.count(1)

    async def sender(self) -> None:
        while not self.over:
            number = next(self._numbers)
            name = f"Customer {number:05d}"
            while not await self._send(name, number):
                self.unanswered += 1
                await asyncio.sleep(0.1)
            self.acknowledged.append(name)

    async def _send(self, name: str, number: int) -> bool:
        return await command(
            self.http,
            self.crew.hands[0].port,
            secret=self.crew.sandbox.config.signing_secret,
            user="U0REP0",
            team=TEAM,
            text=f'"{name}", price, went to Globex',
            trigger=f"trial.{number}",
        )


async def losses(crew: Crew) -> Counter[str]:
    """How many losses are in the database, by customer."""
    async with crew.database.reading(TEAM) as work:
        found = await work.session.exec(
            select(Account.name).join(Loss, col(Loss.account_id) == col(Account.id))
        )
        return Counter(found)


async def test_every_acknowledged_loss_survives_a_kill_and_is_there_once(crew: Crew) -> None:
    dice = random.Random(1)  # noqa: S311  # repeatable, and guards nothing
    async with aiohttp.ClientSession() as http, asyncio.timeout(75 * KILLS):
        load = Load(crew, http)
        await crew.all_ready()
        senders = [asyncio.create_task(load.sender()) for _ in range(SENDERS)]
        for _ in range(KILLS):
            mark = len(load.acknowledged) + dice.randint(1, 4) * SENDERS
            while len(load.acknowledged) < mark:
                await asyncio.sleep(0.005)
            crew.kill(crew.hands[0])
            acknowledged = set(load.acknowledged)
            assert acknowledged <= set(await losses(crew))
            await crew.all_ready()
        mark = len(load.acknowledged) + SENDERS
        while len(load.acknowledged) < mark:
            await asyncio.sleep(0.01)
        load.over = True
        await asyncio.gather(*senders)
    print(f"\n{len(load.acknowledged)} acknowledged, {KILLS} kills, {load.unanswered} unanswered")  # noqa: T201  # the figures are what it is run for
    assert load.unanswered > 0
    assert await losses(crew) == Counter(load.acknowledged)
