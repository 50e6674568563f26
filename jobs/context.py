"""What every job is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from storage.database import Database


@dataclass(frozen=True, slots=True)
class JobContext:
    """The instant that a job plays, and the instant at which what it writes may go out.

    They differ only where a job is run as if it were another time: its messages then go out at
    once, whatever the instant it plays.
    """

    database: Database
    now: datetime
    deliver_at: datetime

    def due_at(self, allowed_at: datetime) -> datetime:
        """Give when a message may go out that is allowed from an instant on."""
        if self.now == self.deliver_at:
            return max(allowed_at, self.now)
        return self.deliver_at
