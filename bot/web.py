"""The web process: Slack's requests, health, and whatever runs beside them until it is stopped."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware

from bot import health
from bot.app import Application
from bot.metrics import Timed

_GRACE = 6  # seconds that requests under way may take once the process is told to stop


def asgi(app: Application, *, with_worker: bool) -> Starlette:
    """Make the web application; with the worker in it for small teams."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await app.start_listening()
        if with_worker:
            await app.worker.start()
        yield
        if with_worker:
            await app.worker.stop()
        await app.close()

    async def amiss() -> str:
        return "" if app.slack.ready else "Slack is not connected yet"

    asked = health.routes(app.database, amiss, app.metrics, app.clock)
    return Starlette(
        routes=[*app.slack.routes(), *asked],
        middleware=[Middleware(Timed, path="/slack/events", metrics=app.metrics)],
        lifespan=lifespan,
    )


async def serve(app: Application, *, with_worker: bool) -> None:
    """Serve on the settings' port until a SIGTERM or SIGINT, then finish what is in hand."""
    config = uvicorn.Config(
        asgi(app, with_worker=with_worker),
        host="0.0.0.0",  # noqa: S104  # Slack and load balancers reach it from outside
        port=app.settings.port,
        log_config=None,
        timeout_graceful_shutdown=_GRACE,
        lifespan="on",
    )
    server = uvicorn.Server(config)
    await server.serve()
    if not server.started:
        raise OSError(f"could not listen on port {app.settings.port}")


async def work(app: Application) -> None:
    """Run the worker alone until a SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stopped.set)
    await app.slack.start(listening=False)
    await app.worker.start()
    await stopped.wait()
    await app.worker.stop()
    await app.close()
