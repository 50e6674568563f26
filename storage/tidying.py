"""Throwing away rows that have served their time, over all workspaces."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, or_, select, tuple_
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.sql import run, table_of
from storage.tables import Outbox, SeenEnvelope

_OUTBOX = table_of(Outbox)
_SEEN = table_of(SeenEnvelope)
_GONE = or_(_OUTBOX.c.sent_at.is_not(None), _OUTBOX.c.dead_at.is_not(None))


async def anything_old(
    session: AsyncSession, letters_before: datetime, envelopes_before: datetime
) -> bool:
    """Say whether there is anything to throw away."""
    letters = exists().where(_GONE, _OUTBOX.c.created_at < letters_before)
    envelopes = exists().where(_SEEN.c.seen_at < envelopes_before)
    return bool((await run(session, select(or_(letters, envelopes)))).scalar())


async def drop_letters(session: AsyncSession, before: datetime, limit: int) -> int:
    """Throw away messages written before an instant that went out or died; give how many."""
    old = select(_OUTBOX.c.id).where(_GONE, _OUTBOX.c.created_at < before).limit(limit)
    return (await run(session, delete(_OUTBOX).where(_OUTBOX.c.id.in_(old)))).rowcount


async def drop_envelopes(session: AsyncSession, before: datetime, limit: int) -> int:
    """Throw away the ids of acts heard before an instant; give how many."""
    old = await run(
        session,
        select(_SEEN.c.workspace_id, _SEEN.c.envelope_id)
        .where(_SEEN.c.seen_at < before)
        .limit(limit),
    )
    keys = [(row.workspace_id, row.envelope_id) for row in old]
    if not keys:
        return 0
    both = tuple_(_SEEN.c.workspace_id, _SEEN.c.envelope_id)
    return (await run(session, delete(_SEEN).where(both.in_(keys)))).rowcount
