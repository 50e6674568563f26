"""What the leaderboard counts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Integer,
    and_,
    case,
    cast,
    func,
    literal,
    select,
    union_all,
)

from domain.leaderboard import Tally
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Claim, Member, Visit


class Board(Repository):
    """Counts a period's wins, visits and whys by member, in one statement."""

    async def tallies(
        self, start: datetime, end: datetime, *, first_day: date, currency: str
    ) -> list[Tally]:
        """Count what was approved and written down from `start` up to and without `end`.

        A win counts when it is approved, a visit when it is logged, so that what comes in late is
        on the next board and nothing is counted twice. `late` wins came back before `first_day`.
        Values are summed in `currency` alone. Who left or does not want to be named is not on it.
        """
        claim, visit, member = table_of(Claim), table_of(Visit), table_of(Member)
        nought = literal(0, Integer)
        whole = claim.c.extent == "whole"
        in_currency = case(
            (and_(whole, claim.c.currency == currency), claim.c.value_minor), else_=0
        )
        late = case((and_(whole, claim.c.won_on < first_day), 1), else_=0)
        wins = (
            select(
                claim.c.member_id,
                func.sum(case((whole, 1), else_=0)).label("wins"),
                func.sum(in_currency).label("value_minor"),
                nought.label("visits"),
                nought.label("whys"),
                func.sum(late).label("late"),
                func.sum(case((whole, 0), else_=1)).label("footholds"),
            )
            .where(
                claim.c.workspace_id == self.workspace_id,
                claim.c.state == "approved",
                claim.c.decided_at >= start,
                claim.c.decided_at < end,
            )
            .group_by(claim.c.member_id)
        )
        why = case((visit.c.verified_reason.is_not(None), visit.c.account_id))
        visits = (
            select(
                visit.c.member_id,
                nought,
                nought,
                func.count(),
                func.count(why.distinct()),
                nought,
                nought,
            )
            .where(
                visit.c.workspace_id == self.workspace_id,
                visit.c.logged_at >= start,
                visit.c.logged_at < end,
            )
            .group_by(visit.c.member_id)
        )
        counted = union_all(wins, visits).subquery()
        columns: list[ColumnElement[Any]] = [member.c.id.label("member_id"), member.c.name]
        figures = ("wins", "value_minor", "visits", "whys", "late", "footholds")
        columns += [
            cast(func.sum(counted.c[figure]), BigInteger).label(figure) for figure in figures
        ]
        rows = await run(
            self.session,
            select(*columns)
            .join(
                member,
                and_(
                    member.c.workspace_id == self.workspace_id,
                    member.c.id == counted.c.member_id,
                    member.c.active,
                    member.c.on_board,
                ),
            )
            .group_by(member.c.id, member.c.name),
        )
        return [Tally(**row) for row in rows.mappings()]
