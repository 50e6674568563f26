"""What has fallen due: found over all workspaces, taken in one of them so that nobody else does.

Finding goes by indexes on due times, so it costs what is due and not what is stored. Taking holds
the rows until the transaction ends (PostgreSQL; SQLite has one writer at a time): whoever comes
second passes them over, and after it their due time has moved.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Integer, Select, TextClause, bindparam, update
from sqlalchemy import select as columns
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.absence import Range
from domain.account_life import DEALABLE, State
from domain.deadlines import Step
from domain.digest import DueItem
from domain.money import Money
from storage.repository import Repository
from storage.sql import run, table_of
from storage.tables import Absence, Account, Assignment, Deadline, Member, Workspace
from storage.tables.workspaces import UNPLANNED

_DAY = timedelta(days=1)

AT_REST = (State.LEGAL_HOLD, State.LET_GO, State.WON_BACK)
"""States of accounts for which nobody is nudged, whatever is still open on them."""


_MEMBER = table_of(Member)
_IS_DUE = _MEMBER.c.digest_due_at <= bindparam("now", type_=_MEMBER.c.digest_due_at.type)


class DigestPlan(NamedTuple):
    """When a member's next digest is due, the day of the last, and since when that made up."""

    member_id: int
    due_at: datetime | None
    last: date | None
    missed_since: date | None = None


class Reader(NamedTuple):
    """What is asked of a member before they are told anything, by the names of `Member`."""

    id: int
    role: str
    active: bool
    muted: str
    digest_on: date | None
    digest_missed_since: date | None
    paused_until: date | None
    time_zone: str | None
    digest_time: str | None
    working_days: str | None
    country: str | None


def _taking_readers(which: ColumnElement[bool] | TextClause, *more: str) -> Select[Any]:
    return (
        columns(*(_MEMBER.c[name] for name in (*Reader._fields, *more)))
        .where(_MEMBER.c.workspace_id == bindparam("workspace_id"), which)
        .order_by(_MEMBER.c.digest_due_at, _MEMBER.c.id)
        .limit(bindparam("most", type_=Integer))
        .with_for_update(key_share=True, skip_locked=True)
    )


_WITH_DIGEST = (
    columns(_MEMBER.c.workspace_id).where(_IS_DUE).order_by(_MEMBER.c.digest_due_at).limit(1)
)
_TAKE_DUE, _TAKE_UNPLANNED = _taking_readers(_IS_DUE), _taking_readers(UNPLANNED, "joined_at")
_PLAN = (
    update(_MEMBER)
    .where(_MEMBER.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        digest_due_at=bindparam("due"),
        digest_on=bindparam("last"),
        digest_missed_since=bindparam("missed"),
    )
)
"""Put together once, and read past the object layer: a thousand fall due in the same minute."""


async def workspace_with_digest(session: AsyncSession, now: datetime) -> str | None:
    """Name the workspace with the member whose digest has been due longest."""
    found: str | None = (await run(session, _WITH_DIGEST, [{"now": now}])).scalar_one_or_none()
    return found


async def workspace_without_plan(session: AsyncSession) -> str | None:
    """Name a workspace with a member whose next digest is still to be worked out."""
    rows = await session.exec(select(Member.workspace_id).where(UNPLANNED).limit(1))
    return rows.first()


async def workspace_with_deadline(session: AsyncSession, now: datetime) -> str | None:
    """Name the workspace with the deadline that has waited longest to be told."""
    rows = await session.exec(
        select(Deadline.workspace_id)
        .where(col(Deadline.tell_at) <= now)
        .order_by(col(Deadline.tell_at))
        .limit(1)
    )
    return rows.one_or_none()


async def workspace_with_board(session: AsyncSession, now: datetime) -> str | None:
    """Name the workspace whose leaderboard has been due longest, or was never planned."""
    due = col(Workspace.leaderboard_due_at)
    rows = await session.exec(select(Workspace.id).where(due <= now).order_by(due).limit(1))
    found = rows.one_or_none()
    if found is not None:
        return found
    rows = await session.exec(select(Workspace.id).where(due.is_(None)).limit(1))
    return rows.one_or_none()


@dataclass(frozen=True, slots=True)
class Fallen:
    """A deadline whose instant has come: whether its account rests, and whether it was told.

    `since` is the day from which its time runs, None where its day itself was chosen.
    """

    item: DueItem
    since: date | None
    at_rest: bool
    told: bool


class Due(Repository):
    """Takes what is due in one workspace."""

    async def members(self, now: datetime, limit: int) -> list[Reader]:
        """Take members whose digest is due, longest first."""
        return list(map(Reader._make, await self._take(_TAKE_DUE, {"now": now, "most": limit})))

    async def unplanned(self, limit: int) -> list[tuple[Reader, datetime]]:
        """Take members whose next digest is still to be worked out, with when they joined."""
        rows = await self._take(_TAKE_UNPLANNED, {"most": limit})
        return [(Reader._make(row[:-1]), row[-1]) for row in rows]

    async def deadlines(self, now: datetime, limit: int) -> list[Fallen]:
        """Take deadlines whose instant has come, longest first."""
        tell = col(Deadline.tell_at)
        rows = await self.session.exec(
            select(Deadline, Account, col(Assignment.assigned_on))
            .join(Account, col(Account.id) == col(Deadline.account_id))
            .join(Assignment, col(Assignment.id) == col(Deadline.assignment_id))
            .where(Deadline.workspace_id == self.workspace_id, tell <= now)
            .order_by(tell)
            .limit(limit)
            .with_for_update(of=table_of(Deadline), skip_locked=True)
        )
        return [
            Fallen(
                due_item(deadline, account),
                runs_since(deadline, assigned_on),
                at_rest=account.state in AT_REST,
                told=deadline.told_at is not None,
            )
            for deadline, account, assigned_on in rows
        ]

    async def board(self) -> Workspace | None:
        """Take the workspace itself, where nobody else has."""
        rows = await self.session.exec(
            select(Workspace)
            .where(Workspace.id == self.workspace_id)
            .with_for_update(key_share=True, skip_locked=True)
        )
        return rows.one_or_none()

    async def plan_board(self, at: datetime) -> None:
        """Set when the next leaderboard is due."""
        workspace = table_of(Workspace)
        statement = update(workspace).where(workspace.c.id == self.workspace_id)
        await run(self.session, statement.values(leaderboard_due_at=at))

    async def forget_digest_plans(self, member_id: int | None = None) -> None:
        """Let the next digests be worked out anew: of one member, or of all."""
        member = table_of(Member)
        statement = update(member).where(
            member.c.workspace_id == self.workspace_id, member.c.digest_due_at.is_not(None)
        )
        if member_id is not None:
            statement = statement.where(member.c.id == member_id)
        await run(self.session, statement.values(digest_due_at=None))

    async def plan_digests(self, plans: Iterable[DigestPlan]) -> None:
        """Set when members get their next digest, and what is known of the last."""
        together: dict[tuple[datetime | None, date | None, date | None], list[int]] = {}
        for plan in plans:
            together.setdefault(plan[1:], []).append(plan.member_id)
        for (due, last, missed), members in together.items():
            values = {"ids": members, "due": due, "last": last, "missed": missed}
            await run(self.session, _PLAN, [values])

    async def look_later(self, times: Mapping[int, datetime]) -> None:
        """Set when deadlines that are still open are looked at again, by id."""
        if not times:
            return
        deadline = table_of(Deadline)
        statement = (
            update(deadline)
            .where(deadline.c.id == bindparam("which"), deadline.c.closed_at.is_(None))
            .values(tell_at=bindparam("at"))
        )
        await run(self.session, statement, [{"which": i, "at": at} for i, at in times.items()])

    async def told(self, ids: Sequence[int], now: datetime) -> None:
        """Note that deadlines were told on their own; they are looked at no more."""
        deadline = table_of(Deadline)
        statement = update(deadline).where(deadline.c.id.in_(ids))
        await run(self.session, statement.values(tell_at=None, told_at=now))

    async def absences(self, member_ids: Sequence[int], since: date) -> dict[int, list[Absence]]:
        """Give the absences of several members that end on or after a day, by member."""
        rows = await self.session.exec(
            select(Absence).where(
                Absence.workspace_id == self.workspace_id,
                col(Absence.member_id).in_(member_ids),
                Absence.to_on >= since,
            )
        )
        found: dict[int, list[Absence]] = {}
        for absence in rows:
            found.setdefault(absence.member_id, []).append(absence)
        return found

    async def away(self, member_ids: Collection[int], since: date) -> dict[int, list[Range]]:
        """Give the days away of several members that end on or after a day, by member."""
        found = await self.absences(list(member_ids), since)
        return {who: [(one.from_on, one.to_on) for one in those] for who, those in found.items()}

    async def dealt_on(
        self, member_ids: Collection[int], days: Collection[date]
    ) -> list[tuple[Assignment, str]]:
        """Give what members hold that was dealt on certain days, with the account's name."""
        rows = await self.session.exec(
            select(Assignment, Account.name)
            .join(Account, col(Account.id) == col(Assignment.account_id))
            .where(
                Assignment.workspace_id == self.workspace_id,
                col(Assignment.member_id).in_(member_ids),
                col(Assignment.ended_at).is_(None),
                col(Assignment.assigned_on).in_(days),
                col(Account.state).not_in(AT_REST),
            )
        )
        return list(rows)

    async def untouched(self, before: datetime) -> int:
        """Count the files in the drawer that nobody has touched since an instant."""
        rows = await self.session.exec(
            select(func.count())
            .select_from(Account)
            .where(
                Account.workspace_id == self.workspace_id,
                col(Account.state).in_(DEALABLE),
                Account.touched_at < before,
            )
        )
        return rows.one()

    async def _take(
        self, statement: Select[Any], asked: Mapping[str, object]
    ) -> Sequence[Sequence[Any]]:
        found = await run(self.session, statement, [{"workspace_id": self.workspace_id, **asked}])
        return found.all()


def runs_since(deadline: Deadline, assigned_on: date) -> date | None:
    """Give the day from which a deadline's time runs; None where somebody chose its day."""
    counts = deadline.kind in {Step.CONTACT, Step.MEETING, Step.OVERDUE} and not deadline.snoozes
    return assigned_on if counts else None


def due_item(deadline: Deadline, account: Account) -> DueItem:
    """Give a deadline as its line shows it."""
    value, currency = account.value_minor, account.currency
    worth = Money(value, currency) if value is not None and currency else None
    return DueItem(
        deadline.id or 0,
        deadline.member_id,
        deadline.account_id,
        account.name,
        account.tier,
        Step(deadline.kind),
        deadline.due_on,
        deadline.note,
        worth,
    )
