"""Accounts in people's hands, and what their jobs then write."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import select

from domain.account_life import State
from domain.deadlines import Rung, Step, ladder
from domain.rules import Rules
from jobs.context import JobContext
from storage.tables import Account, Assignment, Member, Outbox
from tests.people import WORKSPACE, Desk

VISIT = {
    "who_was_met": "Jo Park",
    "decision_maker": "yes",
    "what_happened": "Three wrong invoices in a row.",
    "verified_reason": "billing",
    "evidence": "Invoices 17 and 18",
}
"""What a form says of a visit that went well."""


async def hand_out(
    desk: Desk,
    user: str,
    name: str,
    on: date,
    *,
    tell_at: datetime | None = None,
    tier: str | None = None,
    rungs: list[Rung] | None = None,
) -> Account:
    """Put an account into a rep's hands as a deal on a day does; overdue is told at `tell_at`."""
    async with desk.database.workspace(WORKSPACE) as work:
        account = await work.accounts.add(
            name=name,
            state=State.ASSIGNED,
            tier=tier,
            holder_id=desk.ids[user],
            created_at=desk.now,
            touched_at=desk.now,
        )
        assert account.id is not None
        assignment = Assignment(
            workspace_id=WORKSPACE,
            account_id=account.id,
            member_id=desk.ids[user],
            why="turn",
            assigned_at=desk.now,
            assigned_on=on,
        )
        work.session.add(assignment)
        await work.session.flush()
        steps = ladder(on, Rules()) if rungs is None else rungs
        await work.deadlines.set_all(
            [
                (assignment, rung, tell_at if rung.step is Step.OVERDUE else None, None)
                for rung in steps
            ]
        )
        await work.commit()
    return account


async def member(desk: Desk, user: str, **values: object) -> Member:
    """Change a member's row, and give it as it then is."""
    async with desk.database.workspace(WORKSPACE) as work:
        found = await work.members.by_id(desk.ids[user])
        assert found is not None
        for name, value in values.items():
            setattr(found, name, value)
        await work.commit()
        return found


async def letters(desk: Desk, kind: str = "") -> list[Outbox]:
    """Give what lies in the outbox, in the order of writing."""
    async with desk.database.reading(WORKSPACE) as work:
        rows = await work.session.exec(select(Outbox).order_by("id"))
        return [row for row in rows if not kind or row.kind == kind]


def at(now: datetime, desk: Desk) -> JobContext:
    """The ticking of the clock at an instant."""
    return JobContext(desk.database, now, now)
