"""What is done after the answer is on its way: owned, waited for, and never failing in silence."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextvars import ContextVar
from typing import Any

_log = logging.getLogger(__name__)

Errand = Coroutine[Any, Any, None]


class Errands:
    """Background tasks of the application. `finish` waits for them at shutdown."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()
        self._held: ContextVar[Held | None] = ContextVar("held", default=None)

    def hold(self) -> Held:
        """Hold errands of this request back until its answer is out, so that it comes first."""
        held = Held(self)
        self._held.set(held)
        return held

    def run(self, errand: Errand) -> None:
        """Start an errand, or hold it back with others of its request; nobody waits for it."""
        held = self._held.get()
        if held is not None and not held.released:
            held.errands.append(errand)
        else:
            self.start(errand)

    def start(self, errand: Errand) -> None:
        """Start an errand now."""
        task = asyncio.create_task(errand)
        self._running.add(task)
        task.add_done_callback(self._done)

    async def finish(self, seconds: float = 3.0) -> None:
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


class Held:
    """Errands of one request that wait for its answer to be out."""

    def __init__(self, errands: Errands) -> None:
        self._owner = errands
        self.errands: list[Errand] = []
        self.released = False

    async def release(self) -> None:
        """Start them all."""
        self.released = True
        for errand in self.errands:
            self._owner.start(errand)
        self.errands.clear()
