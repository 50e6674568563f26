"""The jobs there are, and how one of them or all are run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from jobs import deadlines, digest, follow_ups, imports, leaderboard, ledger, tidy
from jobs.context import JobContext


@dataclass(frozen=True, slots=True)
class Job:
    """Something done by the clock: `run_some` does a batch of what is due, in one transaction.

    It gives how many it did; 0 when nothing is due any more.
    """

    name: str
    says: str
    run_some: Callable[[JobContext], Awaitable[int]]


JOBS: tuple[Job, ...] = (
    Job(
        "digest",
        "each member's daily digest, at their own hour, with all that can wait",
        digest.run_some,
    ),
    Job("deadlines", "what is overdue, to the rep and their manager", deadlines.run_some),
    Job("followups", "executives who have not heard a customer yet", follow_ups.run_some),
    Job("leaderboard", "the leaderboard, on the workspace's schedule", leaderboard.run_some),
    Job("ledger", "held bounties turn payable, and digests ask for testimonials", ledger.run_some),
    Job("tidy", "what has served its time is thrown away", tidy.run_some),
    Job("imports", "long files that a manager wants taken in", imports.run_some),
)


async def run_job(name: str, context: JobContext) -> int:
    """Run one job until nothing is due and give how much it did; `KeyError` for a wrong name."""
    job = {job.name: job for job in JOBS}[name]
    done = 0
    while some := await job.run_some(context):
        done += some
    return done


async def run_all_due(context: JobContext) -> int:
    """Run every job until nothing is due, as after a clock was moved; give how much was done."""
    return sum([await run_job(job.name, context) for job in JOBS])
