"""What ticks: the only file that knows the scheduler."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC

from apscheduler.schedulers.asyncio import AsyncIOScheduler


class Ticker:
    """Calls functions again and again, never one of them twice at a time.

    It keeps nothing: what is due lies in the database, and a tick only asks. Ticks that were
    missed, as by a laptop asleep, become one.
    """

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1},
        )

    def every(self, seconds: float, call: Callable[[], Awaitable[None]], name: str) -> None:
        """Call a function every so many seconds from the start on."""
        self._scheduler.add_job(call, "interval", seconds=seconds, id=name)

    def start(self) -> None:
        """Begin to tick; needs a running event loop."""
        self._scheduler.start()

    def pause(self) -> None:
        """Tick no more; what a tick began goes on. Where it never began to, nothing happens."""
        if self._scheduler.running:
            self._scheduler.pause()

    def stop(self) -> None:
        """End for good, and cancel what a tick began. Where it never began to, nothing happens."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
