"""Emptying the outbox, against APScheduler with one job a nudge in the same database.

Neither is held to a pace, and both render every message as Slack takes it; only the socket is
stood in for. APScheduler's store needs a driver that blocks. None for PostgreSQL is among our
packages, so it is measured on SQLite alone, in our own mode: WAL, and a commit waits for the disk.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from sqlalchemy import create_engine, event

from bot.app import real_clock
from bot.slack.messages import message_of
from domain.deadlines import Step
from domain.digest import DueItem, digest_of
from domain.pace import UNPACED
from handlers.views.digest import digest_message
from handlers.views.elements import View, say
from jobs.outbox import Delivery
from storage.database import Database
from storage.outbox import NewLetter
from tests.bench.due import NOW, TEAM, fill
from tests.bench.grounds import address, ground
from tests.bench.table import Row

_ROUNDS = 3
_PEOPLE = 200
_NUDGES = 1_000
_JOBS = 200
_LINES = 4


class Wire:
    """A sender that writes every message as it would go over the wire, and counts them.

    Keeps to `jobs.ports.Sender`.
    """

    def __init__(self) -> None:
        self.sent = 0

    async def send(
        self,
        workspace_id: str,
        *,
        user_id: str | None,
        channel_id: str | None,
        view: View,
        dedupe_key: str,
        update_of: str | None,
    ) -> str:
        """Take a message."""
        json.dumps(message_of(view, "message"))
        self.sent += 1
        return f"{user_id}:{self.sent}"


_wire = Wire()


async def measure() -> list[Row]:
    """Measure both in turns; nudges a second, medians of the rounds."""
    ours: dict[str, list[float]] = {}
    floor: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder, address("sqlite", Path(folder)) as url:
        async with ground(url, "drained") as database:
            await fill(database, _PEOPLE)
            for number, (name, view) in enumerate([*_views().items()] * _ROUNDS):
                ours.setdefault(name, []).append(await _drain(database, view, number))
                file = Path(folder) / f"jobs-{number}.db"
                floor.setdefault(name, []).append(await _schedule(file, view))
    middle = statistics.median
    return [
        Row(
            f"outbox drained of {name}, sqlite: APScheduler, one job a nudge",
            middle(ours[name]),
            middle(floor[name]),
            "nudges/s",
            10,
            at_most=False,
        )
        for name in ours
    ]


async def _drain(database: Database, view: str, number: int) -> float:
    async with database.workspace(TEAM) as work:
        letters = [
            NewLetter("digest", f"{number}:{n}", view, NOW, n % _PEOPLE + 1) for n in range(_NUDGES)
        ]
        await work.outbox.put_all(letters, NOW)
        await work.commit()
    delivery = Delivery(database, _wire, real_clock, pace=UNPACED)
    begun = time.perf_counter()
    assert await delivery.drain() == _NUDGES
    return _NUDGES / (time.perf_counter() - begun)


async def _schedule(file: Path, view: str) -> float:
    engine = create_engine(f"sqlite:///{file}")
    event.listen(engine, "connect", _durable)
    scheduler: Any = AsyncIOScheduler(jobstores={"default": SQLAlchemyJobStore(engine=engine)})
    scheduler.start(paused=True)
    now = real_clock()
    for number in range(_JOBS):
        scheduler.add_job(
            send_one, "date", run_date=now, args=[str(number), view], misfire_grace_time=None
        )
    already = _wire.sent
    begun = time.perf_counter()
    scheduler.resume()
    while _wire.sent < already + _JOBS:  # each job is out of the store before it is sent
        await asyncio.sleep(0)
    took = time.perf_counter() - begun
    scheduler.shutdown()
    engine.dispose()
    return _JOBS / took


async def send_one(number: str, view_json: str) -> None:
    """Send one nudge; APScheduler finds it by its name."""
    await _wire.send(
        TEAM,
        user_id=number,
        channel_id=None,
        view=View.from_json(view_json),
        dedupe_key=number,
        update_of=None,
    )


def _durable(connection: Any, _record: object) -> None:
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


def _views() -> dict[str, str]:
    """Give a nudge of one sentence, and the digest of somebody with a few things to do."""
    today = date(2026, 3, 2)
    items = [
        DueItem(n, 1, n, f"Customer {n} & Sons", "biggest", Step.MEETING, today)
        for n in range(_LINES)
    ]
    return {
        "sentences": say("Acme is overdue: nobody has been there yet.").to_json(),
        "digests": digest_message(digest_of(items, today)).to_json(),
    }
