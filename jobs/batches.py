"""Doing a batch in one transaction, and what a bad row may not do: hold up the good ones."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

_log = logging.getLogger(__name__)


async def in_batches(
    do: Callable[[int], Awaitable[int]], put_off: Callable[[], Awaitable[None]], size: int
) -> int:
    """Do up to `size` things in one transaction and give how many.

    Where that fails they are done one by one; `put_off` sets aside the one that fails alone.
    """
    try:
        return await do(size)
    except Exception:  # noqa: BLE001  # one bad row, or the database is away: the next lines tell
        _log.exception("a batch failed; going one by one")
    done = 0
    for _ in range(size):
        try:
            if not await do(1):
                break
        except Exception:  # noqa: BLE001  # this is the bad one; without a database `put_off` raises
            _log.exception("one of a batch failed; set aside for an hour")
            await put_off()
        done += 1
    return done
