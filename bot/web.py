"""The web process: Slack's requests, health, and whatever runs beside them until it is stopped."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from bot import health
from bot.app import Application
from bot.metrics import Timed

_SIGNS = (signal.SIGTERM, signal.SIGINT)
_GRACE = 6  # seconds that requests under way may take once the process is told to stop


def asgi(app: Application) -> Starlette:
    """Make the web application."""
    return Starlette(
        routes=[*app.slack.routes(), *_asked_by_machines(app)],
        middleware=[Middleware(Timed, path="/slack/events", metrics=app.metrics)],
    )


def _asked_by_machines(app: Application) -> list[Route]:
    async def amiss() -> str:
        return "" if app.slack.ready else "Slack is not connected yet"

    return health.routes(app.database, amiss, app.metrics, app.clock)


async def serve(app: Application, *, with_worker: bool) -> None:
    """Serve on the settings' port until a SIGTERM or SIGINT, then finish what is in hand.

    With the worker in it for small teams. Raises `OSError` where the port is taken, `Refused` where
    Slack refuses a token.
    """
    with _bound(app.settings.port) as listening:
        try:
            await app.start_listening()
            if with_worker:
                await app.worker.start()
            await _answer(asgi(app), listening)
        finally:
            await _close(app)


async def work(app: Application) -> None:
    """Run the worker alone until a SIGTERM or SIGINT.

    Machines may ask how it is on the settings' port for that, if there is one. Raises `OSError`
    where it is taken.
    """
    port = app.settings.worker_port
    with nullcontext() if port is None else _bound(port) as listening:
        try:
            await app.slack.start(listening=False)
            await app.worker.start()
            if listening is None:
                await _told_to_stop()
            else:
                await _answer(Starlette(routes=_asked_by_machines(app)), listening)
        finally:
            await _close(app)


async def _close(app: Application) -> None:
    await app.worker.stop()
    await app.close()


async def _answer(application: Starlette, listening: socket.socket) -> None:
    """Serve until a SIGTERM or SIGINT."""
    config = uvicorn.Config(
        application, log_config=None, timeout_graceful_shutdown=_GRACE, lifespan="off"
    )
    await _Server(config).serve(sockets=[listening])


async def _told_to_stop() -> None:
    """Wait for a SIGTERM or SIGINT."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in _SIGNS:
        loop.add_signal_handler(sign, stopped.set)
    await stopped.wait()


class _Server(uvicorn.Server):
    """A server that ends by itself when it is told to; uvicorn's own then dies of the signal."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for sign in _SIGNS:
            loop.add_signal_handler(sign, self.handle_exit, sign, None)
        yield


def _bound(port: int) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind(("0.0.0.0", port))  # noqa: S104  # Slack and load balancers are outside
    except OSError as error:
        bound.close()
        raise OSError(f"port {port} cannot be listened on: {error.strerror}") from error
    return bound
