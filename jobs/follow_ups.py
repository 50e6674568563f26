"""An executive who has not yet heard a customer is told, once, and so is who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from domain.absence import due_after
from domain.calendar import Hours, next_allowed, worked_day_after
from handlers.context import id_of, mention
from handlers.follow_ups import late_key, overdue_key
from handlers.nudging import hours_by_id, nudge
from handlers.overdue import OVERDUE, hears
from handlers.views.follow_ups import hearing_of, overdue_at, overdue_for_you
from jobs.batches import do_some
from jobs.context import JobContext
from storage.due import AT_REST
from storage.follow_ups import workspace_with_follow_up
from storage.outbox import NewLetter
from storage.tables import Account, FollowUp, Member

_BATCH = 100
_TOGETHER = 15  # in one message; of two blocks each, and Slack takes 50

Task = tuple[FollowUp, Account]


async def run_some(context: JobContext) -> int:
    """See to the follow-ups in one workspace that are overdue, up to a batch; give how many.

    What comes due while its executive may not be nudged waits until they may, and what falls into
    days away until the week after.
    """
    return await do_some(context, workspace_with_follow_up, _tell_some, _set_aside, _BATCH)


async def _tell_some(context: JobContext, workspace_id: str, limit: int) -> int:
    async with context.workspace(workspace_id) as work:
        tasks = await work.follow_ups.overdue(context.now, limit)
        ids = {i for task, _ in tasks for i in (task.member_id, task.asked_by_id)}
        people = await work.members.by_ids(ids)
        rules = await work.workspaces.rules()
        since = min([context.now.date() - timedelta(days=1), *(task.due_on for task, _ in tasks)])
        away = await work.due.away(ids, since)
        hours = await hours_by_id(work, people.values(), rules, since)
        installed = await work.workspaces.is_installed()
        ready: list[Task] = []
        for task, account in tasks:
            task.tell_at = None
            if account.state in AT_REST:
                continue
            if not installed:
                task.tell_at = context.now + timedelta(days=1)
                continue
            own = hours[task.member_id]
            late_on = worked_day_after(due_after(task.due_on, away.get(task.member_id, ())), own)
            tell_at = max(own.digest_at(late_on), next_allowed(context.now, own))
            if people[task.member_id].active and tell_at > context.now:
                task.tell_at = tell_at
            else:
                ready.append((task, account))
        letters = _to_executives(ready, people, hours, context)
        letters += _to_askers(ready, people, hours, context)
        await work.outbox.put_all(letters, context.now)
        await work.commit()
    return len(tasks)


async def _set_aside(context: JobContext, workspace_id: str) -> None:
    """Look at the one that is first in turn an hour later: something about it fails."""
    async with context.workspace(workspace_id) as work:
        for task, _ in await work.follow_ups.overdue(context.now, 1):
            task.tell_at = context.now + timedelta(hours=1)
        await work.commit()


def _to_executives(
    tasks: Sequence[Task],
    people: Mapping[int, Member],
    hours: Mapping[int, Hours],
    context: JobContext,
) -> list[NewLetter]:
    letters = []
    for member_id in dict.fromkeys(task.member_id for task, _ in tasks):
        if not hears(people[member_id]):
            continue
        own = [(task, account) for task, account in tasks if task.member_id == member_id]
        day = hours[member_id].local(context.now).date()
        for first in range(0, len(own), _TOGETHER):
            some = own[first : first + _TOGETHER]
            view = overdue_for_you([hearing_of(task, account) for task, account in some], day)
            key, own_hours = overdue_key(some[0][0]), hours[member_id]
            letters.append(
                nudge(OVERDUE, key, view, people[member_id], hours=own_hours, now=context.now)
            )
    return letters


def _to_askers(
    tasks: Sequence[Task],
    people: Mapping[int, Member],
    hours: Mapping[int, Hours],
    context: JobContext,
) -> list[NewLetter]:
    letters = []
    for task, account in tasks:
        asker, executive = people[task.asked_by_id], people[task.member_id]
        if asker is executive or not hears(asker):
            continue
        day = hours[id_of(asker)].local(context.now).date()
        view = overdue_at(account, mention(executive), task.due_on, day)
        key, own_hours = late_key(task), hours[id_of(asker)]
        letters.append(nudge(OVERDUE, key, view, asker, hours=own_hours, now=context.now))
    return letters
