"""What is done after the answer is on its way: owned, waited for, and never failing in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

_log = logging.getLogger(__name__)


class Errands:
    """Background tasks of the application. `finish` waits for them at shutdown."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, None]) -> None:
        """Start an errand; nobody waits for it until `finish`."""
        task = asyncio.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._done)

    async def finish(self, seconds: float = 5.0) -> None:
        """Wait for everything under way, and end what takes longer than `seconds`."""
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.discard(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("an errand failed", exc_info=task.exception())
