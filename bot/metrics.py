"""What a process counts of its own work, for Prometheus."""

from __future__ import annotations

import asyncio
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from storage.letters import Backlog

_ANSWERS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3)  # seconds; Slack waits three
_LATE = (1, 5, 15, 60, 300, 900, 3600, 14_400, 86_400)  # seconds


class Metrics:
    """The figures of one process; keeps to `jobs.ports.Meter`."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        name, registry = "lost_and_found_", self._registry
        self._sent = Counter(f"{name}sent", "Messages that went out", ["kind"], registry=registry)
        self._failed = Counter(
            f"{name}failed", "Tries that came to nothing", ["kind", "how"], registry=registry
        )
        self._late = Histogram(
            f"{name}late_seconds", "From due to sent", buckets=_LATE, registry=registry
        )
        self._answer = Histogram(
            f"{name}ack_seconds", "From request to answer", buckets=_ANSWERS, registry=registry
        )
        self._due = Gauge(f"{name}outbox_due", "Messages that are due", registry=registry)
        self._age = Gauge(
            f"{name}outbox_oldest_seconds", "How long the oldest is due", registry=registry
        )
        self._dead = Gauge(
            f"{name}outbox_dead", "Messages that will not go out by themselves", registry=registry
        )

    def sent(self, kind: str, late: float) -> None:
        """Note that a message went out, so many seconds after it was due."""
        self._sent.labels(kind).inc()
        self._late.observe(late)

    def failed(self, kind: str, how: str) -> None:
        """Note that one did not: `how` is throttled, passing or permanent."""
        self._failed.labels(kind, how).inc()

    def answered(self, seconds: float) -> None:
        """Note how long Slack waited for an answer, over HTTP or a socket."""
        self._answer.observe(seconds)

    def shown(self, backlog: Backlog, now: datetime) -> bytes:
        """Give everything in Prometheus's text format, with the outbox as it is now."""
        self._due.set(backlog.due)
        self._age.set((now - backlog.oldest_at).total_seconds() if backlog.oldest_at else 0)
        self._dead.set(backlog.dead)
        return generate_latest(self._registry)


class Timed:
    """Hands requests on and notes how long those at `path` waited for their answer to begin."""

    def __init__(self, app: ASGIApp, path: str, metrics: Metrics) -> None:
        self._app = app
        self._path = path
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        time = asyncio.get_running_loop().time
        begun = time()

        async def noting(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._metrics.answered(time() - begun)
            await send(message)

        await self._app(scope, receive, noting)
