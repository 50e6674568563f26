"""Deals, assignments and turns."""

from __future__ import annotations

from sqlmodel import col, select

from storage.repository import Repository
from storage.tables import Assignment


class Dealing(Repository):
    """Queries over who holds what and whose turn it is."""

    async def open_assignment(self, account_id: int) -> Assignment | None:
        """Give the assignment that holds an account now."""
        rows = await self.session.exec(
            select(Assignment).where(
                Assignment.workspace_id == self.workspace_id,
                Assignment.account_id == account_id,
                col(Assignment.ended_at).is_(None),
            )
        )
        return rows.one_or_none()
