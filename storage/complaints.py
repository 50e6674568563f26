"""Complaints about a member's conduct: read by the one who was told, by nobody else."""

from __future__ import annotations

from sqlalchemy import delete
from sqlmodel import col, select

from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Complaint


class Complaints(Repository):
    """Queries over complaints; none gives one to anybody but the one it was told to."""

    async def add(self, complaint: Complaint) -> None:
        """Write one down."""
        self.session.add(complaint)
        await self.session.flush()

    async def told_to(self, member_id: int, account_id: int) -> list[Complaint]:
        """Give what a member was told of an account in confidence, the latest first."""
        rows = await self.session.exec(
            select(Complaint)
            .where(
                Complaint.workspace_id == self.workspace_id,
                Complaint.told_id == member_id,
                Complaint.account_id == account_id,
            )
            .order_by(col(Complaint.id).desc())
        )
        return list(rows)

    async def drop(self, loss_id: int) -> None:
        """Drop what came with a loss that is taken back."""
        complaint = table_of(Complaint)
        await run(
            self.session,
            delete(complaint).where(
                complaint.c.workspace_id == self.workspace_id, complaint.c.loss_id == loss_id
            ),
        )
