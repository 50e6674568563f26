"""What the leaderboard counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import and_, case, func, select

from domain.leaderboard import Counted, Win, Work
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Claim, LedgerLine, Member, Visit


class Board(Repository):
    """Reads a period's wins, visits and whys, and whose they are."""

    async def counted(
        self, start: datetime, end: datetime, *, first_day: date, currency: str
    ) -> Counted:
        """Give what was approved and written down from `start` up to and without `end`.

        A win counts when it is approved, a visit when it is logged, so that what comes in late is
        on the next board and nothing is counted twice. `late` wins came back before `first_day`.
        Values are those in `currency` alone. Who left or does not want to be named has no name.
        """
        wins = await self._wins(start, end, first_day, currency)
        work = await self._work(start, end)
        names = await self._names({*work, *(member for win in wins for member in win.parts)})
        return Counted(names, wins, work)

    async def _wins(
        self, start: datetime, end: datetime, first_day: date, currency: str
    ) -> list[Win]:
        """Give the wins approved, each with its parts as they were approved.

        A win that pays nothing is all its claimant's.
        """
        claim, line = table_of(Claim), table_of(LedgerLine)
        of_claim = and_(
            line.c.workspace_id == self.workspace_id,
            line.c.claim_id == claim.c.id,
            line.c.entry == "approved",
        )
        rows = await run(
            self.session,
            select(
                claim.c.id,
                claim.c.member_id,
                claim.c.extent,
                claim.c.currency,
                claim.c.value_minor,
                claim.c.won_on,
                line.c.member_id.label("sharer"),
                line.c.amount_minor,
            )
            .select_from(claim.outerjoin(line, of_claim))
            .where(
                claim.c.workspace_id == self.workspace_id,
                claim.c.state == "approved",
                claim.c.decided_at >= start,
                claim.c.decided_at < end,
            )
            .order_by(claim.c.id, case((line.c.member_id == claim.c.member_id, 0), else_=1))
            .order_by(line.c.member_id),
        )
        parts: dict[int, dict[int, int]] = defaultdict(dict)
        wins = {}
        for row in rows:
            if row.amount_minor:
                parts[row.id][row.sharer] = row.amount_minor
            whole = row.extent == "whole"
            wins[row.id] = Win(
                parts[row.id] or {row.member_id: 1},
                row.value_minor if whole and row.currency == currency else 0,
                whole,
                late=whole and row.won_on < first_day,
            )
        return list(wins.values())

    async def _work(self, start: datetime, end: datetime) -> dict[int, Work]:
        visit = table_of(Visit)
        why = case((visit.c.verified_reason.is_not(None), visit.c.account_id))
        rows = await run(
            self.session,
            select(
                visit.c.member_id,
                func.count().label("visits"),
                func.count(why.distinct()).label("whys"),
            )
            .where(
                visit.c.workspace_id == self.workspace_id,
                visit.c.logged_at >= start,
                visit.c.logged_at < end,
            )
            .group_by(visit.c.member_id),
        )
        return {row.member_id: Work(row.visits, row.whys) for row in rows}

    async def _names(self, ids: Collection[int]) -> dict[int, str]:
        member = table_of(Member)
        rows = await run(
            self.session,
            select(member.c.id, member.c.name).where(
                member.c.workspace_id == self.workspace_id,
                member.c.id.in_(ids),
                member.c.active,
                member.c.on_board,
            ),
        )
        return {row.id: row.name for row in rows}
