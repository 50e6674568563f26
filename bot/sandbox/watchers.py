"""The pages that are open on the workspace, and what each is told as it happens."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from bot.sandbox.records import Json

News = asyncio.Queue[tuple[str, Json] | None]
QUEUE_LIMIT = 2000


class Watchers:
    """Hands news to every open page, or to those that act as one person."""

    def __init__(self) -> None:
        self._queues: dict[News, str] = {}

    def tell(self, event: str, body: Json, person: str | None = None) -> None:
        """Tell one person's pages, or all; a page that does not read is told to start afresh."""
        for queue, whose in self._queues.items():
            if person is not None and whose != person:
                continue
            if queue.qsize() >= QUEUE_LIMIT:
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(("reset", {}))
            else:
                queue.put_nowait((event, body))

    @contextmanager
    def watching(self, person: str) -> Iterator[News]:
        """A queue of (event, body) for a page that acts as that person; None ends it."""
        queue: News = asyncio.Queue()
        self._queues[queue] = person
        try:
            yield queue
        finally:
            self._queues.pop(queue, None)

    def close(self) -> None:
        """End every stream."""
        for queue in self._queues:
            queue.put_nowait(None)
