"""To be filled with the work of its name."""

from __future__ import annotations

from jobs.context import JobContext


async def run_some(context: JobContext) -> int:
    """Do a batch of what is due and give how many."""
    return 0
