"""What every job is given."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from storage.database import Database
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class JobContext:
    """The instant that a job plays, and the instant at which what it writes may go out.

    They differ only where a job is run as if it were another time: its messages then go out at
    once, whatever the instant it plays.
    """

    database: Database
    now: datetime
    deliver_at: datetime

    @property
    def played(self) -> bool:
        """Whether it is run as if it were another time."""
        return self.now != self.deliver_at

    @asynccontextmanager
    async def workspace(self, workspace_id: str) -> AsyncIterator[UnitOfWork]:
        """Open a unit of work in which messages are due as this context says."""
        async with self.database.workspace(workspace_id) as work:
            if self.played:
                work.outbox.all_due_at = self.deliver_at
            yield work
