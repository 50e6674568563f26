"""What the clock does to bounties: held sums turn payable, and testimonials are asked for."""

from __future__ import annotations

from datetime import timedelta

from domain.account_life import State
from handlers.nudging import enclosure, hours_by_id
from handlers.releasing import release_held
from handlers.views.wins import testimonial_reminder
from jobs.context import JobContext
from storage.ledger import workspace_with_release, workspace_with_reminder
from storage.unit_of_work import UnitOfWork

_BATCH = 50
_DAY = timedelta(days=1)
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
    """Let each winner's digest ask once for a testimonial, where the customer is still with us."""
    claims = await work.bounties.take_due_reminders(context.now, _BATCH)
    rules = await work.workspaces.rules()
    accounts = await work.accounts.by_ids([claim.account_id for claim in claims])
    people = await work.members.by_ids(claim.member_id for claim in claims)
    hours = await hours_by_id(work, people.values(), rules, context.now.date() - _DAY)
    letters = []
    for claim in claims:
        account, member = accounts[claim.account_id], people[claim.member_id]
        if State(account.state) not in _AT_HOME or not member.active:
            continue
        days = (hours[claim.member_id].local(context.now).date() - claim.won_on).days
        view, key = testimonial_reminder(account, days), f"testimonial:{claim.id}"
        own = hours[claim.member_id]
        letters.append(enclosure("testimonial", key, view, member, hours=own, now=context.now))
    await work.outbox.put_all(letters, context.now)
    return len(claims)
