"""What a clock that ran ahead has planned, over all workspaces, and undoing it."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import String, case, cast, delete, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.outbox import DIGEST
from storage.sql import run, table_of
from storage.tables import Member, Outbox, Workspace

_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_MEMBER, _OUTBOX = table_of(Member), table_of(Outbox)


async def forget_what_lies_ahead(session: AsyncSession, now: datetime, beyond: datetime) -> None:
    """Let nobody wait until it is as late as a clock that ran ahead said it was.

    Digests due past `beyond` are planned anew, days that are yet to come have digests of their own
    again, and the leaderboard is due within a week. What was written less than a day too early
    counts as that day's.
    """
    told_ahead = _MEMBER.c.digest_on > now.date() + _DAY
    await run(
        session,
        update(_MEMBER)
        .where(or_(told_ahead, _MEMBER.c.digest_due_at > beyond))
        .values(
            digest_due_at=None,
            digest_on=case((told_ahead, None), else_=_MEMBER.c.digest_on),
        ),
    )
    early = (_OUTBOX.c.kind == DIGEST, _OUTBOX.c.created_at > now + _DAY)
    await run(session, delete(_OUTBOX).where(*early, _OUTBOX.c.sent_at.is_(None)))
    freed = _OUTBOX.c.dedupe_key.concat("@").concat(cast(_OUTBOX.c.id, String))
    await run(session, update(_OUTBOX).where(*early).values(dedupe_key=freed))
    due = col(Workspace.leaderboard_due_at)
    for workspace in await session.exec(select(Workspace).where(due > now + _WEEK + _DAY)):
        if workspace.leaderboard_due_at is not None:
            workspace.leaderboard_due_at -= (workspace.leaderboard_due_at - now) // _WEEK * _WEEK
