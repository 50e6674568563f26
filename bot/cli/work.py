"""`jobs` and `deliver`: what the worker does, by hand."""

from __future__ import annotations

import json
from argparse import Namespace
from datetime import datetime

from bot.cli.opening import opened
from bot.cli.wrong_usage import WrongUsage
from bot.settings import Settings
from jobs.context import JobContext
from jobs.table import JOBS, run_job


async def jobs_list(arguments: Namespace, settings: Settings) -> int:
    """Print one job a line, its name first."""
    if arguments.json:
        print(json.dumps([{"name": job.name, "says": job.says} for job in JOBS]))
        return 0
    for job in JOBS:
        print(f"{job.name:<14} {job.says}")
    return 0


async def jobs_run(arguments: Namespace, settings: Settings) -> int:
    """Run one pass of a job, as if it were the instant given."""
    if arguments.name not in {job.name for job in JOBS}:
        known = ", ".join(job.name for job in JOBS)
        raise WrongUsage(f"There is no job called {arguments.name}. There are: {known}.")
    async with opened(settings, arguments.workspace) as desk:
        real_now = desk.app.clock()
        at = _instant(arguments.at) if arguments.at else real_now
        done = await run_job(arguments.name, JobContext(desk.app.database, at, real_now))
    print(json.dumps({"job": arguments.name, "done": done}) if arguments.json else _did(done))
    return 0


async def deliver(arguments: Namespace, settings: Settings) -> int:
    """Send what waits in the outbox, once or until nothing is due."""
    async with opened(settings, arguments.workspace) as desk:
        sent = await desk.app.deliver(until_empty=arguments.until_empty)
    print(json.dumps({"sent": sent}) if arguments.json else f"{sent} sent")
    return 0


def _did(done: int) -> str:
    return f"{done} done" if done else "nothing was due"


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise WrongUsage(f"--at takes an instant with its zone, such as 2026-03-02T09:00Z: {text}")
    return at
