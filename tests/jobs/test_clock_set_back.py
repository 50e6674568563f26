"""N3: a clock that ran ahead for a while leaves no gap once it is set right."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import partial

import pytest

from jobs.worker import Worker
from storage.tables import Member
from tests.jobs.files import hand_out, member
from tests.jobs.senders import Post
from tests.people import ADA, NOW, WORKSPACE, Desk

MONDAY = date(2026, 3, 2)
TUESDAY_IN_NEW_YORK = datetime(2026, 3, 3, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours", [0, 12], ids=["by day", "by night"])
async def test_n3_a_clock_that_ran_a_week_ahead_and_is_set_right_leaves_no_gap(
    desk: Desk, hours: int
) -> None:
    """Each of the days that it passed over or reached has its digest when it comes."""
    await hand_out(desk, ADA, "Acme", MONDAY)
    await _board_due(desk, TUESDAY_IN_NEW_YORK + timedelta(days=27))
    post = Post()
    worker = Worker(desk.database, post, lambda: desk.now, jobs_every=0.02)

    async def sees(now: datetime, of: Callable[[Member], bool]) -> None:
        """Let the worker see an instant until that shows, in Ada's row or among her messages."""
        desk.now = now
        async with asyncio.timeout(20):
            while not of(await member(desk, ADA)):
                await asyncio.sleep(0.02)

    desk.now = TUESDAY_IN_NEW_YORK
    await worker.start()
    try:
        await sees(TUESDAY_IN_NEW_YORK, partial(_has_sent, post, 1))
        ahead = TUESDAY_IN_NEW_YORK + timedelta(days=7, hours=hours)
        await sees(ahead, lambda ada: (ada.digest_due_at or NOW) > ahead)
        told = 1 if hours else 2
        await sees(ahead, partial(_has_sent, post, told))
        for day in (4, 5, 6, 9, 10, 11):
            nine = datetime(2026, 3, day, 14 if day < 8 else 13, tzinfo=UTC)
            await sees(nine - timedelta(hours=2), partial(_is_due, nine))
            told += 1
            await sees(nine, partial(_has_sent, post, told))
    finally:
        await worker.stop()
    days = [sent.dedupe_key[-10:] for sent in post.to(ADA)]
    assert days[-6:] == [f"2026-03-{day:02}" for day in (4, 5, 6, 9, 10, 11)]
    async with desk.database.reading(WORKSPACE) as work:
        workspace = await work.workspaces.get()
        assert workspace is not None
        assert workspace.leaderboard_due_at is not None
        assert workspace.leaderboard_due_at < desk.now + timedelta(days=7)


def _is_due(at: datetime, member: Member) -> bool:
    return member.digest_due_at == at


def _has_sent(post: Post, count: int, member: Member) -> bool:
    return len(post.sent) == count


async def _board_due(desk: Desk, at: datetime) -> None:
    async with desk.database.workspace(WORKSPACE) as work:
        await work.due.plan_board(at)
        await work.commit()
