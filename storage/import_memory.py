"""Files that wait to be taken in, and how others like them were read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy import select as columns
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import PendingImport, RememberedColumns, RememberedReason

KEPT_FOR = timedelta(days=3)
"""How long a file waits for a word, and its rejects to be fetched."""

LEASE = timedelta(minutes=15)
"""How long a worker may take over a file before another has it."""


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

    async def pending(self, pending_id: int) -> PendingImport | None:
        """Give a file that is still here; nobody else can have it until the transaction ends."""
        rows = await self.session.exec(
            select(PendingImport)
            .where(PendingImport.workspace_id == self.workspace_id, PendingImport.id == pending_id)
            .with_for_update()
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


async def next_wanted_file(session: AsyncSession, now: datetime) -> tuple[str, int] | None:
    """Lease the file that waits longest to be taken in; give its workspace and id."""
    pending = table_of(PendingImport)
    found = await run(
        session,
        columns(pending.c.workspace_id, pending.c.id, pending.c.wanted_at)
        .where(pending.c.wanted_at <= now)
        .order_by(pending.c.wanted_at, pending.c.id)
        .limit(1),
    )
    row = found.one_or_none()
    if row is None:
        return None
    leased = await run(
        session,
        update(pending)
        .where(pending.c.id == row.id, pending.c.wanted_at == row.wanted_at)
        .values(wanted_at=now + LEASE),
    )
    return (row.workspace_id, row.id) if leased.rowcount == 1 else None
