"""What is overdue interrupts, once: a DM to the rep, and one to their manager.

Where still nobody visits, the account goes back to the drawer when its time of grace is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial

from domain.calendar import Hours, next_allowed, window
from domain.digest import DueItem, Nudge
from domain.rules import Rules
from handlers.context import id_of, mention
from handlers.hours import hours_of
from handlers.idle import return_idle
from handlers.views.digest import overdue_to_manager, overdue_to_rep
from handlers.views.elements import View
from jobs.batches import in_batches
from jobs.context import JobContext
from storage import due
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

_BATCH = 200
_DAY = timedelta(days=1)


async def run_some(context: JobContext) -> int:
    """See to the deadlines in one workspace whose instant has come, up to a batch; give how many.

    1. What comes due while the rep may not be nudged waits until they may.
    2. What was not told yet is told; all that comes due together is one message to each reader.
    3. What was told before has had its grace: the account returns, or is looked at again next day.
    """
    async with context.database.looking() as session:
        workspace_id = await due.workspace_with_deadline(session, context.now)
    if workspace_id is None:
        return 0
    return await in_batches(
        partial(_tell_some, context, workspace_id),
        partial(_set_aside, context, workspace_id),
        _BATCH,
    )


async def _tell_some(context: JobContext, workspace_id: str, limit: int) -> int:
    async with context.workspace(workspace_id) as work:
        fallen = await work.due.deadlines(context.now, limit)
        await work.due.told([one.item.deadline_id for one in fallen if one.at_rest], context.now)
        open_ones = [one for one in fallen if not one.at_rest]
        reps = await work.members.by_ids(one.item.member_id for one in open_ones)
        rules = await work.workspaces.rules()
        hours = await _hours(work, reps, rules, context)
        ready = [one for one in open_ones if _may_interrupt(one.item, reps, hours, context)]
        first = [one.item for one in ready if not one.told]
        again = [one.item for one in ready if one.told]
        await work.due.told([item.deadline_id for item in first], context.now)
        await work.due.look_later(
            {
                one.item.deadline_id: next_allowed(context.now, hours[one.item.member_id])
                for one in open_ones
                if one not in ready
            }
            | {
                item.deadline_id: _after_grace(item, hours[item.member_id], rules, context)
                for item in (*first, *again)
            }
        )
        letters = _to_reps(first, reps, hours, context)
        letters += await _to_managers(work, first, reps, rules, context)
        await work.outbox.put_all(letters, context.now)
        if again:
            await return_idle(work, context.now, rules)
        await work.commit()
    return len(fallen)


async def _set_aside(context: JobContext, workspace_id: str) -> None:
    """Look at the deadline that is first in turn an hour later: something about it fails."""
    async with context.workspace(workspace_id) as work:
        fallen = await work.due.deadlines(context.now, 1)
        later = context.now + timedelta(hours=1)
        await work.due.look_later({one.item.deadline_id: later for one in fallen})
        await work.commit()


def _may_interrupt(
    item: DueItem, reps: Mapping[int, Member], hours: Mapping[int, Hours], context: JobContext
) -> bool:
    return not reps[item.member_id].active or hours[item.member_id].allow(context.now)


def _after_grace(item: DueItem, hours: Hours, rules: Rules, context: JobContext) -> datetime:
    """Give when a deadline that was told is looked at again: after its grace, then daily."""
    today = hours.local(context.now).date()
    return hours.digest_at(max(item.due_on + timedelta(days=rules.grace_days), today + _DAY))


async def _hours(
    work: UnitOfWork, members: Mapping[int, Member], rules: Rules, context: JobContext
) -> dict[int, Hours]:
    absences = await work.due.absences(list(members), context.now.date() - _DAY)
    return {i: hours_of(m, rules, absences.get(i, ())) for i, m in members.items()}


def _to_reps(
    items: list[DueItem],
    reps: Mapping[int, Member],
    hours: Mapping[int, Hours],
    context: JobContext,
) -> list[NewLetter]:
    letters = []
    for member_id in dict.fromkeys(item.member_id for item in items):
        if not reps[member_id].active or Nudge.OVERDUE in reps[member_id].muted.split(","):
            continue
        own = [item for item in items if item.member_id == member_id]
        view = overdue_to_rep(own, hours[member_id].local(context.now).date())
        letters.append(_letter(member_id, own, view, context, hours[member_id]))
    return letters


async def _to_managers(
    work: UnitOfWork,
    items: list[DueItem],
    reps: Mapping[int, Member],
    rules: Rules,
    context: JobContext,
) -> list[NewLetter]:
    managers: dict[int, Member] = {}
    told: dict[int, list[DueItem]] = {}
    for member_id in dict.fromkeys(item.member_id for item in items):
        for manager in await work.members.managers_of(reps[member_id]):
            managers[id_of(manager)] = manager
            told.setdefault(id_of(manager), []).extend(
                item for item in items if item.member_id == member_id
            )
    hours = await _hours(work, managers, rules, context)
    letters = []
    for manager_id, manager in managers.items():
        if Nudge.OVERDUE in manager.muted.split(","):
            continue
        lines = [(item, mention(reps[item.member_id])) for item in told[manager_id]]
        view = overdue_to_manager(lines, hours[manager_id].local(context.now).date())
        letters.append(_letter(manager_id, told[manager_id], view, context, hours[manager_id]))
    return letters


def _letter(
    member_id: int, items: list[DueItem], view: View, context: JobContext, hours: Hours
) -> NewLetter:
    first = min(items, key=lambda item: item.deadline_id)
    allowed_at = next_allowed(context.now, hours)
    return NewLetter(
        "overdue",
        f"overdue:{member_id}:{first.deadline_id}:{first.due_on}",
        view.to_json(),
        allowed_at,
        member_id=member_id,
        open_for=window(allowed_at, hours),
    )
