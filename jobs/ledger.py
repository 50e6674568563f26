"""What the clock does to bounties: held sums turn payable, and testimonials are asked for."""

from __future__ import annotations

from datetime import timedelta

from domain.account_life import State
from domain.calendar import next_allowed
from handlers.hours import hours_of
from handlers.releasing import release_held
from handlers.views.wins import testimonial_reminder
from jobs.context import JobContext
from storage.ledger import workspace_with_release, workspace_with_reminder
from storage.unit_of_work import UnitOfWork

_BATCH = 50
_YESTERDAY = timedelta(days=1)
_AT_HOME = {State.WON_BACK, State.ACTIVE}


async def run_some(context: JobContext) -> int:
    """Do a batch of what is due in one workspace and give how many; 0 when nothing is due."""
    async with context.database.looking() as session:
        held_in = await workspace_with_release(session, context.now)
        remind_in = await workspace_with_reminder(session, context.now)
    workspace_id = held_in or remind_in
    if workspace_id is None:
        return 0
    async with context.workspace(workspace_id) as work:
        done = await release_held(work, context.now) + await _remind(work, context)
        await work.commit()
    return done


async def _remind(work: UnitOfWork, context: JobContext) -> int:
    """Ask each winner once for a testimonial, where the customer is still with us."""
    claims = await work.bounties.take_due_reminders(context.now, _BATCH)
    rules = await work.workspaces.rules()
    accounts = await work.accounts.by_ids([claim.account_id for claim in claims])
    people = await work.members.by_ids(claim.member_id for claim in claims)
    absences = await work.due.absences(list(people), context.now.date() - _YESTERDAY)
    for claim in claims:
        account, member = accounts[claim.account_id], people[claim.member_id]
        if State(account.state) not in _AT_HOME or not member.active:
            continue
        hours = hours_of(member, rules, absences.get(claim.member_id, ()))
        days = (hours.local(context.now).date() - claim.won_on).days
        await work.outbox.put(
            view_json=testimonial_reminder(account, days).to_json(),
            kind="testimonial",
            dedupe_key=f"testimonial:{claim.id}",
            now=context.now,
            member_id=claim.member_id,
            due_at=next_allowed(context.now, hours),
        )
    return len(claims)
