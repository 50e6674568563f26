"""Doing a batch in one transaction, and what a bad row may not do: hold up the good ones."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import datetime

from sqlmodel.ext.asyncio.session import AsyncSession

from jobs.context import JobContext

_log = logging.getLogger(__name__)

Find = Callable[[AsyncSession, datetime], Awaitable[str | None]]
"""Names a workspace in which something is due."""

Do = Callable[[JobContext, str, int], Awaitable[int]]
"""Does up to so many things in a workspace, in one transaction, and gives how many."""

SetAside = Callable[[JobContext, str], Awaitable[None]]
"""Puts off what is first in turn in a workspace: something about it fails."""


async def do_some(context: JobContext, find: Find, do: Do, set_aside: SetAside, size: int) -> int:
    """Do a batch of what is due in one workspace and give how many; 0 where nothing is.

    Where a batch fails its things are done one by one, and the one that fails alone is set aside.
    """
    async with context.database.looking() as session:
        workspace_id = await find(session, context.now)
    if workspace_id is None:
        return 0
    try:
        return await do(context, workspace_id, size)
    except Exception:  # noqa: BLE001  # one bad row, or the database is away: the next lines tell
        _log.exception("a batch failed; going one by one")
    done = 0
    for _ in range(size):
        try:
            if not await do(context, workspace_id, 1):
                break
        except Exception:  # noqa: BLE001  # the bad one; without a database `set_aside` raises
            _log.exception("one of a batch failed; set aside for an hour")
            await set_aside(context, workspace_id)
        done += 1
    return done
