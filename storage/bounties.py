"""Claims and the bounty ledger."""

from __future__ import annotations

from sqlmodel import select

from storage.repository import Repository
from storage.tables import Claim


class Bounties(Repository):
    """Queries over claims and ledger lines."""

    async def claim(self, claim_id: int) -> Claim | None:
        """Give one claim."""
        rows = await self.session.exec(
            select(Claim).where(Claim.workspace_id == self.workspace_id, Claim.id == claim_id)
        )
        return rows.one_or_none()
