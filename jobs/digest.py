"""The daily digest: one DM a member and working day, at their own hour, with all that can wait."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta

from domain.calendar import Hours, missed_since
from domain.digest_times import due_first, due_next, is_time
from domain.roles import Permission, Role, can
from handlers.context import id_of
from handlers.digests import digest_key, digests_of
from handlers.nudging import enclosure, hours_by_id, nudge, open_for
from handlers.plan_endings import plan_endings
from handlers.views.digest import digest_message
from handlers.views.elements import View
from jobs.batches import do_some
from jobs.context import JobContext
from storage import due
from storage.due import DigestPlan, Reader

BATCH = 500


async def run_some(context: JobContext) -> int:
    """Write the digests that are due in one workspace, up to a batch; give how many were looked at.

    1. Whoever has no date for their next digest gets one.
    2. Members whose digest is due are taken, and their next date is set, whatever follows.
    3. Who may be nudged now and has something to read gets one message, keyed by their own day;
       nobody does where the app was taken out of the workspace.
       Whatever else still waits for them may go out until their day ends.
    4. With it goes what waited for it; who sets the rules hears, once, that the bounty plan ends.
    """
    await _plan_newcomers(context)
    return await do_some(context, due.workspace_with_digest, _write_some, _set_aside, BATCH)


async def _write_some(context: JobContext, workspace_id: str, limit: int) -> int:
    async with context.workspace(workspace_id) as work:
        members = await work.due.members(context.now, limit)
        rules = await work.workspaces.rules()
        hours = await hours_by_id(work, members, rules, _since(members, context.now))
        installed = await work.workspaces.is_installed()
        ready = [
            m
            for m in members
            if installed and _has_digests(m) and is_time(context.now, hours[id_of(m)])
        ]
        days = {id_of(m): hours[id_of(m)].local(context.now).date() for m in ready}
        taken = await work.nudges.taken([digest_key(who, day) for who, day in days.items()])
        ready = [m for m in ready if digest_key(id_of(m), days[id_of(m)]) not in taken]
        endings = await plan_endings(work, ready, days, rules)
        readers = {id_of(m): m for m in ready}
        await work.outbox.put_all(
            [
                enclosure("plan", key, view, readers[who], hours=hours[who], now=context.now)
                for who, (key, view) in endings.items()
            ],
            context.now,
        )
        unsent: Mapping[int, datetime] = {}
        enclosed: Mapping[int, list[str]] = {}
        if not context.played:
            unsent = await work.outbox.fold("digest", list(readers), context.now)
            await work.nudges.keep_to({who: open_for(context.now, hours[who]) for who in readers})
            enclosed = await work.nudges.enclose(readers, unsent, context.now)
        missed = _missed(ready, days, hours, unsent)
        await work.due.plan_digests(
            _plan(m, hours[id_of(m)], days.get(id_of(m)), missed, context.now) for m in members
        )
        digests = await digests_of(work, ready, days, rules, context.now, missed=missed)
        letters = [
            nudge(
                "digest",
                digest_key(who, digest.day),
                digest_message(digest, [View.from_json(one) for one in enclosed.get(who, ())]),
                readers[who],
                hours=hours[who],
                now=context.now,
            )
            for who, digest in digests.items()
            if digest.says_something or who in enclosed
        ]
        await work.outbox.put_all(letters, context.now)
        await work.commit()
    return len(members)


async def _set_aside(context: JobContext, workspace_id: str) -> None:
    """Look at the member who is first in turn an hour later: something about them fails."""
    async with context.workspace(workspace_id) as work:
        members = await work.due.members(context.now, 1)
        later = context.now + timedelta(hours=1)
        await work.due.plan_digests(
            DigestPlan(id_of(m), later, m.digest_on, m.digest_missed_since) for m in members
        )
        await work.commit()


async def _plan_newcomers(context: JobContext) -> None:
    """Set the date of those who have none."""
    while True:
        async with context.database.looking() as session:
            workspace_id = await due.workspace_without_plan(session)
        if workspace_id is None:
            return
        async with context.workspace(workspace_id) as work:
            newcomers = await work.due.unplanned(BATCH)
            members = [member for member, _ in newcomers]
            rules = await work.workspaces.rules()
            hours = await hours_by_id(work, members, rules, _since(members, context.now))
            await work.due.plan_digests(
                DigestPlan(
                    id_of(m),
                    due_first(context.now, hours[id_of(m)], m.digest_on, joined_at),
                    m.digest_on,
                    m.digest_missed_since,
                )
                for m, joined_at in newcomers
            )
            await work.commit()
        if not members:
            return


def _plan(
    member: Reader,
    hours: Hours,
    told_on: date | None,
    missed: Mapping[int, date | None],
    now: datetime,
) -> DigestPlan:
    """Set the date after this one; `told_on` is today where they are told today."""
    next_at = due_next(now, hours) if _has_digests(member) else None
    since = missed.get(id_of(member), member.digest_missed_since)
    return DigestPlan(id_of(member), next_at, told_on or member.digest_on, since)


def _has_digests(member: Reader) -> bool:
    return member.active and can(Role(member.role), Permission.WORK_ACCOUNT)


def _since(members: list[Reader], now: datetime) -> date:
    """Give the earliest day on which one of them may have missed a digest."""
    yesterday = now.date() - timedelta(days=1)
    return min((member.digest_on or yesterday for member in members), default=yesterday)


def _missed(
    members: Iterable[Reader],
    days: Mapping[int, date],
    hours: Mapping[int, Hours],
    unsent: Mapping[int, datetime],
) -> dict[int, date | None]:
    """Give since when each had no digest, as nobody ran this or what was written never went out.

    What never went out may have made up for earlier days itself.
    """
    missed: dict[int, date | None] = {}
    for member in members:
        who = id_of(member)
        if who in unsent:
            written_on = hours[who].local(unsent[who]).date()
            missed[who] = min(member.digest_missed_since or written_on, written_on)
        else:
            last = member.digest_on
            missed[who] = missed_since(last, days[who], hours[who]) if last else None
    return missed
