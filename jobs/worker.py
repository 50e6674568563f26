"""The worker: jobs by the clock, and messages as they are written."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from domain.pace import Pace
from jobs.clock import Ticker
from jobs.context import JobContext
from jobs.outbox import Delivery
from jobs.ports import Attention, Meter, NoMeter, Sender
from jobs.table import JOBS, Job
from storage.clock_set_back import forget_what_lies_ahead
from storage.database import Database

T = TypeVar("T")
_log = logging.getLogger(__name__)

_JOBS_EVERY = 5.0  # seconds
_SET_BACK = timedelta(hours=1)  # by which a clock goes back when it was wrong before
_LONGEST_WEEKEND = timedelta(days=4)  # from one digest to the next, with a holiday in it
_LONGEST_REST = 1.0  # seconds in which another process's messages are noticed
_PACE = Pace()
_NO_METER = NoMeter()
_PATIENCE = 8.0  # seconds that `stop` waits for what is in hand


class Worker:
    """Runs what is due and sends what is written, until it is stopped.

    `clock` gives the time that due times are held against. Any number of workers may share a
    database; one that loses its database goes on when it is back.
    """

    def __init__(
        self,
        database: Database,
        sender: Sender,
        clock: Callable[[], datetime],
        *,
        jobs_every: float = _JOBS_EVERY,
        pace: Pace = _PACE,
        attention: Attention | None = None,
        meter: Meter = _NO_METER,
    ) -> None:
        self._database = database
        self._clock = clock
        self.delivery = Delivery(
            database, sender, clock, pace=pace, attention=attention, meter=meter
        )
        self._ticker = Ticker()
        for job in JOBS:
            self._ticker.every(jobs_every, partial(self._tick, job), job.name)
        self._busy: set[asyncio.Task[None]] = set()
        self._latest: datetime | None = None
        self._stopping = False

    async def start(self) -> None:
        """Begin; returns at once."""
        self._ticker.start()
        self._begin(self._deliver())
        self._database.outbox_written.set()

    async def stop(self) -> None:
        """Finish what is in hand and give back the rest, within ten seconds."""
        self._stopping = True
        self._ticker.pause()
        self.delivery.stop()
        self._database.outbox_written.set()
        if self._busy:
            _, late = await asyncio.wait(self._busy, timeout=_PATIENCE)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        self._ticker.stop()

    def _begin(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)
        return task

    async def _deliver(self) -> None:
        """Send what may go, then rest until more is written or somebody's turn comes."""
        while not self._stopping:
            self._database.outbox_written.clear()
            await _survive("delivery", self.delivery.drain())
            rest = await _survive("delivery", self.delivery.next_in())
            with suppress(TimeoutError):
                async with asyncio.timeout(min(rest or _LONGEST_REST, _LONGEST_REST)):
                    await self._database.outbox_written.wait()

    async def _run(self, job: Job) -> None:
        now = self._clock()
        await self._mind_the_clock(now)
        context = JobContext(self._database, now, deliver_at=now)
        while not self._stopping and await job.run_some(context):
            pass

    async def _mind_the_clock(self, now: datetime) -> None:
        """Where the clock had run ahead and was set right, let nobody wait until it is that late.

        At the start too, as it may have been set right in between; nobody saw it then, so digests
        that are due when they may well be stay as they are planned.
        """
        latest, self._latest = self._latest, now
        if latest is not None and now >= latest - _SET_BACK:
            return
        async with self._database.session() as session:
            beyond = now + _LONGEST_WEEKEND if latest is None else now
            await forget_what_lies_ahead(session, now, beyond)
            await session.commit()

    async def _tick(self, job: Job) -> None:
        await self._begin(_survive(job.name, self._run(job)))


async def _survive(what: str, work: Awaitable[T]) -> T | None:
    """Carry out a round of work; one that fails is logged, and the next tick tries again."""
    try:
        return await work
    except Exception:  # noqa: BLE001  # whatever failed, the worker must be there for the next tick
        _log.exception("%s failed; trying again at the next tick", what)
        return None
