"""The worker: jobs by the clock, and messages as they are written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jobs.ports import Sender
from storage.database import Database


class Worker:
    """Runs what is due and sends what is written, until it is stopped.

    `clock` gives the time that due times are held against. Any number of workers may share a
    database.
    """

    def __init__(self, database: Database, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    async def start(self) -> None:
        """Begin; returns at once."""

    async def stop(self) -> None:
        """Finish what is in hand and give back the rest, within ten seconds."""
