"""From the outbox to the platform."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from jobs.ports import Sender
from storage.database import Database


class Delivery:
    """Sends what is due in the outbox."""

    def __init__(self, database: Database, sender: Sender, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock

    async def drain(self) -> int:
        """Send everything that is due now and give how many messages went out."""
        return 0
