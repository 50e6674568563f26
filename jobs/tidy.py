"""What has served its time is thrown away, a little at each tick."""

from __future__ import annotations

from datetime import timedelta

from jobs.context import JobContext
from storage import tidying

_LETTERS_KEPT = timedelta(days=90)
_ENVELOPES_KEPT = timedelta(days=7)  # platforms repeat an envelope within minutes
_BATCH = 500


async def run_some(context: JobContext) -> int:
    """Throw away a batch of what is old and give how much: messages gone out, envelopes heard."""
    letters_before = context.now - _LETTERS_KEPT
    envelopes_before = context.now - _ENVELOPES_KEPT
    async with context.database.looking() as session:
        if not await tidying.anything_old(session, letters_before, envelopes_before):
            return 0
    async with context.database.session() as session:
        done = await tidying.drop_letters(session, letters_before, _BATCH)
        done += await tidying.drop_envelopes(session, envelopes_before, _BATCH)
        await session.commit()
    return done
