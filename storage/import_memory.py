"""Files that wait to be taken in, and how others like them were read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import PendingImport, RememberedColumns, RememberedReason

KEPT_FOR = timedelta(days=3)
"""How long a file waits for a word, and its rejects to be fetched."""


class ImportMemory(Repository):
    """Queries over pending files and what is remembered of columns and reasons."""

    async def keep(self, member_id: int, name: str, content: bytes, now: datetime) -> PendingImport:
        """Keep a file in place of the member's last one that waits; the outdated go."""
        pending = table_of(PendingImport)
        own_and_waiting = (
            (pending.c.member_id == member_id)
            & pending.c.wanted_at.is_(None)
            & pending.c.done_at.is_(None)
        )
        await run(
            self.session,
            delete(pending).where(
                pending.c.workspace_id == self.workspace_id,
                own_and_waiting | (pending.c.expires_at < now),
            ),
        )
        kept = PendingImport(
            workspace_id=self.workspace_id,
            member_id=member_id,
            name=name,
            content=content,
            given_at=now,
            expires_at=now + KEPT_FOR,
        )
        self.session.add(kept)
        await self.session.flush()
        return kept

    async def pending(self, pending_id: int, now: datetime) -> PendingImport | None:
        """Give a file that was not dropped and has not expired."""
        rows = await self.session.exec(
            select(PendingImport).where(
                PendingImport.workspace_id == self.workspace_id,
                PendingImport.id == pending_id,
                PendingImport.expires_at >= now,
            )
        )
        return rows.one_or_none()

    async def waiting_for(self, member_id: int, now: datetime) -> PendingImport | None:
        """Give the file that waits for a member's word."""
        rows = await self.session.exec(
            select(PendingImport)
            .where(
                PendingImport.workspace_id == self.workspace_id,
                PendingImport.member_id == member_id,
                PendingImport.expires_at >= now,
                col(PendingImport.wanted_at).is_(None),
                col(PendingImport.done_at).is_(None),
            )
            .order_by(col(PendingImport.id).desc())
            .limit(1)
        )
        return rows.one_or_none()

    async def drop(self, pending: PendingImport) -> None:
        """Forget a file."""
        await self.session.delete(pending)

    async def columns(self, signature: str) -> str | None:
        """Give how columns with these headings were read, as it was written down."""
        found = await self.session.get(RememberedColumns, (self.workspace_id, signature))
        return found.wishes_json if found else None

    async def remember_columns(self, signature: str, wishes_json: str) -> None:
        """Write down how columns with these headings are read."""
        await self.session.merge(
            RememberedColumns(
                workspace_id=self.workspace_id, signature=signature, wishes_json=wishes_json
            )
        )

    async def reasons(self) -> dict[str, str]:
        """Give the reason that each wording means here, as far as anybody said."""
        rows = await self.session.exec(
            select(RememberedReason).where(RememberedReason.workspace_id == self.workspace_id)
        )
        return {row.words: row.reason for row in rows}

    async def remember_reasons(self, meanings: Mapping[str, str]) -> None:
        """Write down what wordings mean; they are in lower case."""
        for words, reason in meanings.items():
            await self.session.merge(
                RememberedReason(workspace_id=self.workspace_id, words=words, reason=reason)
            )


async def workspace_with_wanted_file(session: AsyncSession, now: datetime) -> str | None:
    """Name a workspace in which a file waits to be taken in, the longest waiting first."""
    rows = await session.exec(
        select(PendingImport.workspace_id)
        .where(col(PendingImport.wanted_at) <= now)
        .order_by(col(PendingImport.wanted_at))
        .limit(1)
    )
    return rows.first()


async def wanted_file(
    session: AsyncSession, workspace_id: str, now: datetime
) -> PendingImport | None:
    """Take the file that waits longest in a workspace; nobody else can have it meanwhile."""
    rows = await session.exec(
        select(PendingImport)
        .where(PendingImport.workspace_id == workspace_id, col(PendingImport.wanted_at) <= now)
        .order_by(col(PendingImport.wanted_at))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    return rows.first()
