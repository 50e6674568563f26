"""What executives were asked to hear in person, and what they heard."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.absence import due_after
from domain.digest import Hearing
from storage.due import AT_REST, Due
from storage.repository import Repository
from storage.sql import table_of
from storage.tables import Account, FollowUp


async def workspace_with_follow_up(session: AsyncSession, now: datetime) -> str | None:
    """Name the workspace with the executive follow-up that has waited longest to be told."""
    tell = col(FollowUp.tell_at)
    rows = await session.exec(
        select(FollowUp.workspace_id).where(tell <= now).order_by(tell).limit(1)
    )
    return rows.one_or_none()


class FollowUps(Repository):
    """Queries over the executive follow-ups of one workspace."""

    async def by_id(self, follow_up_id: int) -> FollowUp | None:
        """Give one."""
        found = await self.session.get(FollowUp, follow_up_id)
        return found if found and found.workspace_id == self.workspace_id else None

    async def on(self, account_id: int) -> list[FollowUp]:
        """Give those on an account, the latest first."""
        rows = await self.session.exec(
            select(FollowUp)
            .where(FollowUp.workspace_id == self.workspace_id, FollowUp.account_id == account_id)
            .order_by(col(FollowUp.id).desc())
        )
        return list(rows)

    async def of(self, member_id: int) -> list[tuple[FollowUp, Account]]:
        """Give those of an executive, each with its account, earliest first."""
        rows = await self.session.exec(
            select(FollowUp, Account)
            .join(Account, col(Account.id) == col(FollowUp.account_id))
            .where(FollowUp.workspace_id == self.workspace_id, FollowUp.member_id == member_id)
            .order_by(col(FollowUp.id))
        )
        return list(rows)

    async def open_for(self, member_ids: Collection[int], until: date) -> dict[int, list[Hearing]]:
        """Give what is due by a day for several members, as their digests show it, by member.

        What falls into days away comes in the week after.
        """
        found = await self.session.exec(
            select(FollowUp, Account.name, Account.tier)
            .join(Account, col(Account.id) == col(FollowUp.account_id))
            .where(
                FollowUp.workspace_id == self.workspace_id,
                col(FollowUp.member_id).in_(member_ids),
                col(FollowUp.closed_at).is_(None),
                FollowUp.due_on <= until,
                col(Account.state).not_in(AT_REST),
            )
            .order_by(col(FollowUp.due_on), col(FollowUp.id))
        )
        rows = list(found)
        if not rows:
            return {}
        away = await Due(self.session, self.workspace_id).away(
            {one.member_id for one, _, _ in rows}, min(one.due_on for one, _, _ in rows)
        )
        hearings: dict[int, list[Hearing]] = {}
        for one, account, tier in rows:
            due_on = due_after(one.due_on, away.get(one.member_id, ()))
            hearing = Hearing(one.id or 0, one.account_id, account, tier, due_on)
            hearings.setdefault(one.member_id, []).append(hearing)
        return hearings

    async def overdue(self, now: datetime, limit: int) -> list[tuple[FollowUp, Account]]:
        """Take those whose instant has come, longest first, each with its account."""
        tell = col(FollowUp.tell_at)
        rows = await self.session.exec(
            select(FollowUp, Account)
            .join(Account, col(Account.id) == col(FollowUp.account_id))
            .where(FollowUp.workspace_id == self.workspace_id, tell <= now)
            .order_by(tell)
            .limit(limit)
            .with_for_update(of=table_of(FollowUp), skip_locked=True)
        )
        return list(rows)
