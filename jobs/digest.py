"""The daily digest: one DM a member and working day, at their own hour, with all that can wait."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from domain.calendar import Hours, missed_since
from domain.digest_times import due_first, due_next, is_time
from domain.roles import Permission, Role, can
from domain.rules import Rules
from handlers.context import id_of
from handlers.digests import digest_key, digests_of
from handlers.hours import hours_of
from handlers.views.digest import digest_message
from jobs.context import JobContext
from storage import due
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

_BATCH = 50

Plan = tuple[int, datetime | None, date | None]


async def run_some(context: JobContext) -> int:
    """Write the digests that are due in one workspace, up to a batch; give how many were looked at.

    1. Whoever has no date for their next digest gets one.
    2. Members whose digest is due are taken, and their next date is set, whatever follows.
    3. Who may be nudged now and has something to read gets one message, keyed by their own day.
    """
    await _plan_newcomers(context)
    async with context.database.looking() as session:
        workspace_id = await due.workspace_with_digest(session, context.now)
    if workspace_id is None:
        return 0
    async with context.workspace(workspace_id) as work:
        members = await work.due.members(context.now, _BATCH)
        rules = await work.workspaces.rules()
        hours = await _hours(work, members, rules, context.now)
        await work.due.plan_digests([_plan(m, hours[id_of(m)], context.now) for m in members])
        ready = [m for m in members if _has_digests(m) and is_time(context.now, hours[id_of(m)])]
        await work.outbox.put_all(await _letters(work, ready, hours, rules, context), context.now)
        await work.commit()
    return len(members)


async def _plan_newcomers(context: JobContext) -> None:
    """Set the date of those who have none."""
    while True:
        async with context.database.looking() as session:
            workspace_id = await due.workspace_without_plan(session)
        if workspace_id is None:
            return
        async with context.workspace(workspace_id) as work:
            members = await work.due.unplanned(_BATCH * 10)
            rules = await work.workspaces.rules()
            hours = await _hours(work, members, rules, context.now)
            await work.due.plan_digests(
                [
                    (
                        id_of(m),
                        due_first(context.now, hours[id_of(m)], m.digest_on, m.joined_at),
                        m.digest_on,
                    )
                    for m in members
                ]
            )
            await work.commit()
        if not members:
            return


def _plan(member: Member, hours: Hours, now: datetime) -> Plan:
    """Set the date after this one; today counts as told where it is time."""
    if not _has_digests(member):
        return id_of(member), None, member.digest_on
    last = hours.local(now).date() if is_time(now, hours) else member.digest_on
    return id_of(member), due_next(now, hours), last


def _has_digests(member: Member) -> bool:
    return member.active and can(Role(member.role), Permission.WORK_ACCOUNT)


async def _hours(
    work: UnitOfWork, members: list[Member], rules: Rules, now: datetime
) -> dict[int, Hours]:
    yesterday = now.date() - timedelta(days=1)
    since = min((member.digest_on or yesterday for member in members), default=yesterday)
    absences = await work.due.absences([id_of(member) for member in members], since)
    return {
        id_of(member): hours_of(member, rules, absences.get(id_of(member), ()))
        for member in members
    }


async def _letters(
    work: UnitOfWork,
    members: list[Member],
    hours: dict[int, Hours],
    rules: Rules,
    context: JobContext,
) -> list[NewLetter]:
    """Write the digests of those who have something to read."""
    days = {id_of(m): hours[id_of(m)].local(context.now).date() for m in members}
    missed = {
        id_of(m): missed_since(m.digest_on, days[id_of(m)], hours[id_of(m)])
        for m in members
        if m.digest_on
    }
    digests = await digests_of(work, members, days, rules, context.now, missed=missed)
    return [
        NewLetter(
            "digest",
            digest_key(member_id, digest.day),
            digest_message(digest).to_json(),
            context.now,
            member_id=member_id,
        )
        for member_id, digest in digests.items()
        if digest.says_something
    ]
