"""What machines ask of a process: is it alive, can it take work, how is it doing."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from storage.database import Database
from storage.migrating import is_current


def routes(database: Database, ready: Callable[[], Awaitable[str]]) -> list[Route]:
    """Make `/healthz`, `/readyz` and `/metrics`; `ready` gives what is amiss, or nothing."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    async def readyz(request: Request) -> Response:
        amiss = await ready()
        if not amiss:
            amiss = await _database_amiss(database)
        return PlainTextResponse(amiss or "ready", status_code=503 if amiss else 200)

    async def metrics(request: Request) -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return [
        Route("/healthz", healthz),
        Route("/readyz", readyz),
        Route("/metrics", metrics),
    ]


async def _database_amiss(database: Database) -> str:
    try:
        current = await is_current(database)
    except (SQLAlchemyError, OSError):
        return "the database does not answer"
    return "" if current else "the database is not up to date"
