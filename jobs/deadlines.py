"""What is overdue interrupts, once: a DM to the rep, and one to their manager.

Where still nobody visits, the account goes back to the drawer when its time of grace is over.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.calendar import Hours, instant, next_allowed
from domain.digest import DueItem
from domain.rules import Rules
from handlers.digests import refresh_nudges
from handlers.idle import return_idle
from handlers.nudging import hours_by_id
from handlers.overdue import overdue_letters
from jobs.batches import do_some
from jobs.context import JobContext
from storage import due
from storage.tables import Member

_BATCH = 200
_DAY = timedelta(days=1)


async def run_some(context: JobContext) -> int:
    """See to the deadlines in one workspace whose instant has come, up to a batch; give how many.

    1. What comes due while the rep may not be nudged waits until they may, and days away are
       added to their time.
    2. What was not told yet is told; all that comes due together is one message to each reader.
    3. What was told before has had its grace: the account returns, or is looked at again next day.
    """
    return await do_some(context, due.workspace_with_deadline, _tell_some, _set_aside, _BATCH)


async def _tell_some(context: JobContext, workspace_id: str, limit: int) -> int:
    async with context.workspace(workspace_id) as work:
        fallen = await work.due.deadlines(context.now, limit)
        if not await work.workspaces.is_installed():
            tomorrow = context.now + _DAY
            await work.due.look_later({one.item.deadline_id: tomorrow for one in fallen})
            await work.commit()
            return len(fallen)
        await work.due.told([one.item.deadline_id for one in fallen if one.at_rest], context.now)
        open_ones = [one for one in fallen if not one.at_rest]
        reps = await work.members.by_ids(one.item.member_id for one in open_ones)
        rules = await work.workspaces.rules()
        yesterday = context.now.date() - _DAY
        since = min([yesterday, *(one.since for one in open_ones if one.since)])
        hours = await hours_by_id(work, reps.values(), rules, since)
        away = await work.due.away(list(reps), since)
        first: list[DueItem] = []
        over = False
        look_at: dict[int, datetime] = {}
        for one in open_ones:
            who = one.item.member_id
            item = one.item.after(away.get(who, ()), one.since)
            at = context.now if one.told else _to_tell_at(item, reps[who], hours[who], context.now)
            if at <= context.now:
                over = over or one.told
                if not one.told:
                    first.append(item)
                at = _after_grace(item, hours[who], rules, context.now)
            look_at[item.deadline_id] = at
        await work.due.told([item.deadline_id for item in first], context.now)
        await work.due.look_later(look_at)
        letters = await overdue_letters(work, first, rules, hours, context.now)
        await work.outbox.put_all(letters, context.now)
        if over:
            await return_idle(work, context.now, rules)
            await refresh_nudges(work, rules, context.now)
        await work.commit()
    return len(fallen)


async def _set_aside(context: JobContext, workspace_id: str) -> None:
    """Look at the deadline that is first in turn an hour later: something about it fails."""
    async with context.workspace(workspace_id) as work:
        fallen = await work.due.deadlines(context.now, 1)
        later = context.now + timedelta(hours=1)
        await work.due.look_later({one.item.deadline_id: later for one in fallen})
        await work.commit()


def _to_tell_at(item: DueItem, rep: Member, hours: Hours, now: datetime) -> datetime:
    """Give when a deadline can be told: now, or when its rep may be nudged and had all their time.

    Who has left is not waited for.
    """
    if not rep.active:
        return now
    if hours.local(now).date() < item.due_on:
        return hours.digest_at(item.due_on)
    return next_allowed(now, hours)


def _after_grace(item: DueItem, hours: Hours, rules: Rules, now: datetime) -> datetime:
    """Give when a deadline that was told is looked at again: after its grace, then daily.

    That is as the day begins: its digest says what went back.
    """
    today = hours.local(now).date()
    day = max(item.due_on + timedelta(days=rules.grace_days), today + _DAY)
    return instant(day, "00:00", hours.zone)
