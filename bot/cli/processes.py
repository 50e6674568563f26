"""`web`, `worker`, both in one, and the sandbox."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from bot import web as web_process
from bot.app import build
from bot.cli.opening import bring_up_to_date
from bot.settings import Settings


async def both(arguments: Namespace, settings: Settings) -> int:
    """Run web and worker in one process."""
    return await _web(settings, with_worker=True)


async def web(arguments: Namespace, settings: Settings) -> int:
    """Run one web process."""
    return await _web(settings, with_worker=False)


async def worker(arguments: Namespace, settings: Settings) -> int:
    """Run one worker process."""
    settings.require_token()
    app = build(settings)
    await bring_up_to_date(app)
    await web_process.work(app)
    return 0


async def sandbox(arguments: Namespace, settings: Settings) -> int:
    """Run the bot in a workspace of its own, with a page to act in and a clock to move."""
    from bot.demo.running import run_sandbox  # noqa: PLC0415  # a server needs no workspace of its own

    await run_sandbox(Path(arguments.state), port=arguments.port, reset=arguments.reset)
    return 0


async def _web(settings: Settings, *, with_worker: bool) -> int:
    settings.require_slack()
    app = build(settings)
    await bring_up_to_date(app)
    await web_process.serve(app, with_worker=with_worker)
    return 0
