"""The daily digest: one DM a member and working day, at their own hour, with all that can wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial

from domain.calendar import Hours, missed_since, window
from domain.digest import Digest
from domain.digest_times import due_first, due_next, is_time
from domain.roles import Permission, Role, can
from domain.rules import Rules
from handlers.context import id_of
from handlers.digests import digest_key, digests_of
from handlers.hours import hours_of
from handlers.plan_endings import plan_endings
from handlers.views.digest import digest_message
from jobs.batches import in_batches
from jobs.context import JobContext
from storage import due
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

BATCH = 200
_FOLDING_TIME = timedelta(minutes=15)

Plan = tuple[int, datetime | None, date | None]


async def run_some(context: JobContext) -> int:
    """Write the digests that are due in one workspace, up to a batch; give how many were looked at.

    1. Whoever has no date for their next digest gets one.
    2. Members whose digest is due are taken, and their next date is set, whatever follows.
    3. Who may be nudged now and has something to read gets one message, keyed by their own day.
    4. Who sets the rules hears with it, once, that the bounty plan comes to its end.
    """
    await _plan_newcomers(context)
    async with context.database.looking() as session:
        workspace_id = await due.workspace_with_digest(session, context.now)
    if workspace_id is None:
        return 0
    return await in_batches(
        partial(_write_some, context, workspace_id),
        partial(_set_aside, context, workspace_id),
        BATCH,
    )


async def _write_some(context: JobContext, workspace_id: str, limit: int) -> int:
    async with context.workspace(workspace_id) as work:
        members = await work.due.members(context.now, limit)
        rules = await work.workspaces.rules()
        hours = await _hours(work, members, rules, context.now)
        await work.due.plan_digests([_plan(m, hours[id_of(m)], context.now) for m in members])
        ready = [m for m in members if _has_digests(m) and is_time(context.now, hours[id_of(m)])]
        unsent: Mapping[int, datetime] = {}
        if not context.played:
            unsent = await work.outbox.fold("digest", [id_of(m) for m in ready], context.now)
        days = {id_of(m): hours[id_of(m)].local(context.now).date() for m in ready}
        missed = _missed(ready, days, hours, unsent)
        digests = await digests_of(work, ready, days, rules, context.now, missed=missed)
        letters = [
            _letter(who, digest, hours[who], context.now)
            for who, digest in digests.items()
            if digest.says_something
        ]
        for who, (key, view) in (await plan_endings(work, ready, days, rules)).items():
            letters.append(NewLetter("plan", key, view.to_json(), context.now, member_id=who))
        await work.outbox.put_all(letters, context.now)
        await work.commit()
    return len(members)


async def _set_aside(context: JobContext, workspace_id: str) -> None:
    """Look at the member who is first in turn an hour later: something about them fails."""
    async with context.workspace(workspace_id) as work:
        members = await work.due.members(context.now, 1)
        later = context.now + timedelta(hours=1)
        await work.due.plan_digests([(id_of(m), later, m.digest_on) for m in members])
        await work.commit()


async def _plan_newcomers(context: JobContext) -> None:
    """Set the date of those who have none."""
    while True:
        async with context.database.looking() as session:
            workspace_id = await due.workspace_without_plan(session)
        if workspace_id is None:
            return
        async with context.workspace(workspace_id) as work:
            members = await work.due.unplanned(BATCH)
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


def _missed(
    members: Iterable[Member],
    days: Mapping[int, date],
    hours: Mapping[int, Hours],
    unsent: Mapping[int, datetime],
) -> dict[int, date | None]:
    """Give since when each had no digest, as nobody ran this or what was written never went out."""
    missed = {
        id_of(m): missed_since(m.digest_on, days[id_of(m)], hours[id_of(m)])
        for m in members
        if m.digest_on
    }
    return missed | {who: hours[who].local(at).date() for who, at in unsent.items()}


def _letter(member_id: int, digest: Digest, hours: Hours, now: datetime) -> NewLetter:
    """Write a digest; one that is late for its day leaves the next day's time to fold it in."""
    closes_at, reopens_at = window(now, hours)
    return NewLetter(
        "digest",
        digest_key(member_id, digest.day),
        digest_message(digest).to_json(),
        now,
        member_id=member_id,
        open_for=(closes_at, reopens_at + _FOLDING_TIME),
    )
