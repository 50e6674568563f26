"""Bounties whose hold is over: payable from then on, once."""

from __future__ import annotations

from datetime import datetime

from domain.ledger import Entry, Pot, moved
from storage.unit_of_work import UnitOfWork

_BATCH = 200


async def release_held(work: UnitOfWork, now: datetime) -> int:
    """Make payable what was held until now, up to a batch, and give how many claims that were."""
    claim_ids = await work.ledger.take_due_release(now, _BATCH)
    lines = await work.ledger.lines(claim_ids)
    released = [
        (claim_id, line)
        for claim_id in claim_ids
        for line in moved(lines[claim_id], Entry.RELEASED, Pot.HELD, Pot.PAYABLE)
    ]
    await work.ledger.write_all(released, now=now, by=None)
    return len(claim_ids)
