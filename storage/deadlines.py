"""What is due on the accounts in hand."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, insert, update
from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from domain.account_life import State
from domain.deadlines import Rung, Step
from domain.digest import Became, DueItem, Settled
from domain.errors import Refused
from storage.dealing import Ended
from storage.due import AT_REST, Due, due_item, runs_since
from storage.repository import Repository
from storage.sql import insert_into, run, table_of
from storage.tables import Account, Assignment, Deadline

_DAY = timedelta(days=1)
_AT_REST = {
    State.LEGAL_HOLD: Became.ON_HOLD,
    State.LET_GO: Became.LET_GO,
    State.WON_BACK: Became.WON_BACK,
}


class Deadlines(Repository):
    """Queries over deadlines: set on a deal or a visit, closed by what they asked for.

    `touched`: the members whose deadlines were closed or moved in this unit of work, so that what
    was said to them of today can be put right; `moved`: when those that were moved had been told.
    """

    def __init__(self, session: AsyncSession, workspace_id: str) -> None:
        super().__init__(session, workspace_id)
        self.touched: set[int] = set()
        self.moved: set[datetime] = set()

    async def open_for(self, member_id: int) -> list[DueItem]:
        """Give what is open with a member, earliest first."""
        return await self._open(Deadline.member_id == member_id)

    async def items_for(self, member_ids: Collection[int], until: date) -> dict[int, list[DueItem]]:
        """Give what is due by a day for several members, as their digests show it, by member.

        Accounts on which nobody may work any more are left out, whatever is still open on them.
        """
        found: dict[int, list[DueItem]] = {}
        for item in await self._open(
            col(Deadline.member_id).in_(member_ids),
            Deadline.due_on <= until,
            col(Account.state).not_in(AT_REST),
        ):
            found.setdefault(item.member_id, []).append(item)
        return found

    async def items_on(self, account_id: int) -> list[DueItem]:
        """Give what is open on an account, earliest first."""
        return await self._open(Deadline.account_id == account_id)

    async def told_at(self, at: datetime) -> list[DueItem]:
        """Give the overdue that was told on its own at an instant and is open still."""
        return await self._open(
            Deadline.kind == Step.OVERDUE,
            Deadline.due_on <= at.date() + _DAY,  # the rep's own day may be ahead of UTC's
            Deadline.told_at == at,
            col(Account.state).not_in(AT_REST),
        )

    async def stuck(self, today: date, limit: int) -> tuple[list[DueItem], int]:
        """Give what was told to be overdue and still is, the longest first, and how much it is."""
        which = (
            Deadline.workspace_id == self.workspace_id,
            Deadline.kind == Step.OVERDUE,
            col(Deadline.closed_at).is_(None),
            Deadline.due_on <= today,
            col(Deadline.told_at).is_not(None),
            col(Account.state).not_in(AT_REST),
        )
        count = await self.session.exec(
            select(func.count())
            .select_from(Deadline)
            .join(Account, col(Account.id) == col(Deadline.account_id))
            .where(*which)
        )
        return await self._open(*which, limit=limit), count.one()

    async def _open(
        self, *which: ColumnElement[bool] | bool, limit: int | None = None
    ) -> list[DueItem]:
        """Give open deadlines as their lines show them, earliest first.

        Each is due when its member, days away not counted, has had all their time.
        """
        found = await self.session.exec(
            select(Deadline, Account, col(Assignment.assigned_on))
            .join(Account, col(Account.id) == col(Deadline.account_id))
            .join(Assignment, col(Assignment.id) == col(Deadline.assignment_id))
            .where(
                Deadline.workspace_id == self.workspace_id,
                col(Deadline.closed_at).is_(None),
                *which,
            )
            .order_by(col(Deadline.due_on), col(Deadline.id))
            .limit(limit)
        )
        rows = list(found)
        if not rows:
            return []
        away = await Due(self.session, self.workspace_id).away(
            {deadline.member_id for deadline, _, _ in rows},
            min(assigned_on for _, _, assigned_on in rows),
        )
        items = [
            due_item(one, account).after(away.get(one.member_id, ()), runs_since(one, assigned_on))
            for one, account, assigned_on in rows
        ]
        return sorted(items, key=lambda item: (item.due_on, item.deadline_id))

    async def told_before(self, now: datetime) -> set[datetime]:
        """Give when that was told on its own which is closed or moved in this unit of work."""
        rows = await self.session.exec(
            select(col(Deadline.told_at)).where(
                Deadline.workspace_id == self.workspace_id,
                col(Deadline.member_id).in_(self.touched),
                Deadline.closed_at == now,
                col(Deadline.told_at).is_not(None),
            )
        )
        return self.moved.union(at for at in rows if at is not None)

    async def settled(self, account_ids: Collection[int], told_at: datetime) -> list[Settled]:
        """Give what became of the overdue on accounts that was told on its own at an instant.

        Of several deadlines on an account it is the one told then, or since put off.
        """
        rows = await self.session.exec(
            select(Deadline, Account, Assignment.ended_as)
            .join(Account, col(Account.id) == col(Deadline.account_id))
            .join(Assignment, col(Assignment.id) == col(Deadline.assignment_id))
            .where(
                Deadline.workspace_id == self.workspace_id,
                col(Deadline.account_id).in_(account_ids),
                Deadline.kind == Step.OVERDUE,
            )
            .order_by(col(Deadline.id))
        )
        likely_last = sorted(rows, key=lambda row: (row[0].told_at == told_at, row[0].snoozes > 0))
        meant = {account.id: (one, account, ended) for one, account, ended in likely_last}
        return [
            Settled(due_item(one, account), _became(one, account, ended))
            for one, account, ended in sorted(meant.values(), key=lambda row: row[0].id or 0)
            if one.closed_at or one.told_at != told_at or account.state in AT_REST
        ]

    async def set_all(
        self, rungs: Sequence[tuple[Assignment, Rung, datetime | None, str | None]]
    ) -> None:
        """Write deadlines in one statement.

        Each is (assignment, rung, `tell_at`, note): `tell_at` is the instant from which it is told
        on its own (overdue alone interrupts), None where only the digest carries it.
        """
        rows = [
            {
                "workspace_id": self.workspace_id,
                "assignment_id": assignment.id,
                "account_id": assignment.account_id,
                "member_id": assignment.member_id,
                "kind": rung.step.value,
                "due_on": rung.due_on,
                "note": note,
                "tell_at": tell_at,
                "snoozes": 0,
            }
            for assignment, rung, tell_at, note in rungs
        ]
        if rows:
            await run(self.session, insert(table_of(Deadline)), rows)

    async def set_next_step(self, assignment: Assignment, due_on: date, note: str) -> None:
        """Write what a rep has set themselves for a day; the same day again replaces it."""
        values = {"note": note, "tell_at": None, "told_at": None, "closed_at": None}
        statement = insert_into(self.session, Deadline).values(
            workspace_id=self.workspace_id,
            assignment_id=assignment.id,
            account_id=assignment.account_id,
            member_id=assignment.member_id,
            kind=Step.NEXT_STEP.value,
            due_on=due_on,
            snoozes=0,
            **values,
        )
        key = ("workspace_id", "assignment_id", "kind", "due_on")
        await run(self.session, statement.on_conflict_do_update(index_elements=key, set_=values))

    async def close(
        self, account_ids: Collection[int], now: datetime, steps: Collection[Step] = tuple(Step)
    ) -> None:
        """Close the open deadlines of these kinds on these accounts: nobody is nudged again."""
        deadline = table_of(Deadline)
        closed = await run(
            self.session,
            update(deadline)
            .where(
                deadline.c.workspace_id == self.workspace_id,
                deadline.c.account_id.in_(account_ids),
                deadline.c.kind.in_([step.value for step in steps]),
                deadline.c.closed_at.is_(None),
            )
            .values(closed_at=now, tell_at=None)
            .returning(deadline.c.member_id),
        )
        self.touched.update(closed.scalars())

    async def move(self, deadline_id: int, to: date, tell_at: datetime | None) -> int:
        """Put one open deadline off to a day and give how often that was done.

        Raises `Refused` where the same step of the account is due on that day already.
        """
        found = await self.session.get(Deadline, deadline_id)
        if found is None or found.workspace_id != self.workspace_id or found.closed_at:
            raise Refused("That is done already; there is nothing to put off.")
        twin = await self.session.exec(
            select(Deadline.id).where(
                Deadline.workspace_id == self.workspace_id,
                Deadline.assignment_id == found.assignment_id,
                Deadline.kind == found.kind,
                Deadline.due_on == to,
                Deadline.id != deadline_id,
            )
        )
        if twin.first() is not None:
            raise Refused("The same step is set for that day already. Choose another.")
        if found.told_at is not None:
            self.moved.add(found.told_at)
        found.due_on, found.tell_at, found.told_at = to, tell_at, None
        found.snoozes += 1
        self.touched.add(found.member_id)
        return found.snoozes


def _became(deadline: Deadline, account: Account, ended: str | None) -> Became:
    """Say what became of a step; `ended` is how its assignment did."""
    if ended == Ended.HANDED_OVER:
        return Became.HANDED_OVER
    if account.state in AT_REST:
        return _AT_REST[State(account.state)]
    if ended is not None:
        return Became.RETURNED
    return Became.SEEN_TO if deadline.closed_at else Became.PUT_OFF
