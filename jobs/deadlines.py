"""What is overdue interrupts, once: a DM to the rep, and one to their manager.

Where still nobody visits, the account goes back to the drawer when its time of grace is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from domain.calendar import Hours, next_allowed
from domain.digest import DueItem, Nudge
from domain.rules import Rules
from handlers.context import id_of, mention
from handlers.digests import refresh_nudges
from handlers.hours import hours_of
from handlers.idle import return_idle
from handlers.nudging import hours_by_id
from handlers.overdue import leads_told, overdue_in_team, overdue_of
from handlers.views.elements import Mention
from jobs.batches import do_some
from jobs.context import JobContext
from storage import due
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

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
        since = min((one.since for one in open_ones if one.since), default=context.now.date())
        absences = await work.due.absences(list(reps), min(since, context.now.date() - _DAY))
        hours = {i: hours_of(m, rules, absences.get(i, ())) for i, m in reps.items()}
        away = {who: [(a.from_on, a.to_on) for a in found] for who, found in absences.items()}
        open_ones = [
            replace(one, item=one.item.after(away.get(one.item.member_id, ()), one.since))
            for one in open_ones
        ]
        when = {
            one.item.deadline_id: _to_tell_at(
                one.item, reps[one.item.member_id], hours[one.item.member_id], context.now
            )
            for one in open_ones
        }
        later = {deadline: at for deadline, at in when.items() if at > context.now}
        ready = [one for one in open_ones if one.item.deadline_id not in later]
        first = [one.item for one in ready if not one.told]
        await work.due.told([item.deadline_id for item in first], context.now)
        await work.due.look_later(
            later
            | {
                one.item.deadline_id: _after_grace(
                    one.item, hours[one.item.member_id], rules, context.now
                )
                for one in ready
            }
        )
        led = {who: await leads_told(work, reps[who]) for who in {item.member_id for item in first}}
        letters = _to_reps(first, reps, hours, led, context.now)
        letters += await _to_managers(work, first, reps, led, context)
        await work.outbox.put_all(letters, context.now)
        if any(one.told for one in ready):
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
    """Give when a deadline that was told is looked at again: after its grace, then daily."""
    today = hours.local(now).date()
    return hours.digest_at(max(item.due_on + timedelta(days=rules.grace_days), today + _DAY))


def _to_reps(
    items: list[DueItem],
    reps: Mapping[int, Member],
    hours: Mapping[int, Hours],
    led: Mapping[int, list[Member]],
    now: datetime,
) -> list[NewLetter]:
    letters = []
    for who in dict.fromkeys(item.member_id for item in items):
        own = [item for item in items if item.member_id == who]
        if reps[who].active and Nudge.OVERDUE not in reps[who].muted.split(","):
            letters.append(overdue_of(reps[who], own, hours[who], now, led=bool(led[who])))
    return letters


async def _to_managers(
    work: UnitOfWork,
    items: list[DueItem],
    reps: Mapping[int, Member],
    led: Mapping[int, list[Member]],
    context: JobContext,
) -> list[NewLetter]:
    leads = {id_of(lead): lead for found in led.values() for lead in found}
    rules = await work.workspaces.rules()
    hours = await hours_by_id(work, leads.values(), rules, context.now.date() - _DAY)
    told: dict[int, list[tuple[DueItem, Mention]]] = {}
    for item in items:
        for lead in led[item.member_id]:
            line = (item, mention(reps[item.member_id]))
            told.setdefault(id_of(lead), []).append(line)
    return [
        overdue_in_team(leads[who], lines, hours[who], context.now) for who, lines in told.items()
    ]
