"""What machines ask of a process: is it alive, can it take work, how is it doing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.metrics import Metrics
from storage.database import Database
from storage.letters import Backlog, backlog
from storage.migrating import is_current

_STUCK = timedelta(minutes=10)  # due for so long: far more than any turn at Slack's pace
_SILENT = "the database does not answer"


def routes(
    database: Database,
    ready: Callable[[], Awaitable[str]],
    metrics: Metrics,
    clock: Callable[[], datetime],
) -> list[Route]:
    """Make `/healthz`, `/readyz` and `/metrics`; `ready` gives what is amiss, or nothing."""

    async def outbox() -> Backlog:
        async with database.looking() as session:
            return await backlog(session, clock())

    async def database_amiss() -> str:
        try:
            if not await is_current(database):
                return "the database is not up to date"
            oldest_at = (await outbox()).oldest_at
        except (SQLAlchemyError, OSError):
            return _SILENT
        stuck = oldest_at is not None and clock() - oldest_at > _STUCK
        return "the outbox is stuck: is a worker running?" if stuck else ""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(request: Request) -> Response:
        amiss = await ready() or await database_amiss()
        return PlainTextResponse(amiss or "ready", status_code=503 if amiss else 200)

    async def shown(request: Request) -> Response:
        try:
            figures = metrics.shown(await outbox(), clock())
        except (SQLAlchemyError, OSError):
            return PlainTextResponse(_SILENT, status_code=503)
        return Response(figures, media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", shown),
    ]
