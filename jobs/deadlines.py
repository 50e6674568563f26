"""What is overdue interrupts, once: a DM to the rep, and one to their manager."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from domain.calendar import Hours, next_allowed
from domain.digest import DueItem, Nudge
from domain.rules import Rules
from handlers.context import id_of, mention
from handlers.hours import hours_of
from handlers.views.digest import overdue_to_manager, overdue_to_rep
from handlers.views.elements import View
from jobs.context import JobContext
from storage import due
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

_BATCH = 200
_YESTERDAY = timedelta(days=1)


async def run_some(context: JobContext) -> int:
    """Tell what is to be told on its own in one workspace, up to a batch; give how many.

    What comes due while the rep may not be nudged waits until they may. All that comes due
    together is one message to each who is told.
    """
    async with context.database.looking() as session:
        workspace_id = await due.workspace_with_deadline(session, context.now)
    if workspace_id is None:
        return 0
    async with context.database.workspace(workspace_id) as work:
        items, at_rest = await work.due.deadlines(context.now, _BATCH)
        await work.due.told(at_rest, context.now)
        reps = await work.members.by_ids(item.member_id for item in items)
        rules = await work.workspaces.rules()
        hours = await _hours(work, reps, rules, context)
        now_due = [
            item
            for item in items
            if not reps[item.member_id].active or hours[item.member_id].allow(context.now)
        ]
        await work.due.told([item.deadline_id for item in now_due], context.now)
        await work.due.tell_later(
            {
                item.deadline_id: next_allowed(context.now, hours[item.member_id])
                for item in items
                if item not in now_due
            }
        )
        letters = _to_reps(now_due, reps, hours, context)
        letters += await _to_managers(work, now_due, reps, rules, context)
        await work.outbox.put_all(letters, context.now)
        await work.commit()
    return len(items) + len(at_rest)


async def _hours(
    work: UnitOfWork, members: Mapping[int, Member], rules: Rules, context: JobContext
) -> dict[int, Hours]:
    absences = await work.due.absences(list(members), context.now.date() - _YESTERDAY)
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
    return NewLetter(
        "overdue",
        f"overdue:{member_id}:{first.deadline_id}:{first.due_on}",
        view.to_json(),
        context.due_at(next_allowed(context.now, hours)),
        member_id=member_id,
    )
