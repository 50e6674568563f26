"""Accounts that nobody visits go back to the drawer, for somebody else to try."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from domain.absence import days_away
from domain.rules import Rules
from handlers.context import id_of, local_day
from handlers.dealing import accounts_of, deal_at_once
from handlers.nudging import enclosure, hours_by_id
from handlers.views.dealt import LISTED, went_back
from handlers.views.idle import returned_to_drawer
from storage.dealing_out import IdleAccount
from storage.tables import Absence, Member
from storage.unit_of_work import UnitOfWork

_DAY = timedelta(days=1)
_IN_TEAM = "returned in team"


async def return_idle(work: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Put accounts back that were not visited by the deadline plus grace; give how many.

    The clock stands still on days that the rep is away. Rep and manager are told of it together;
    where new losses are dealt at once, these are too.
    """
    if not rules.return_idle:
        return 0
    grace = timedelta(days=rules.grace_days)
    idle = await work.deals.idle(now.date() + _DAY - grace)
    members = await work.members.by_ids({one.member_id for one in idle})
    absences = await work.due.absences(
        list(members), min((one.assigned_on for one in idle), default=now.date())
    )
    over = [
        one
        for one in idle
        if _is_over(one, members[one.member_id], absences.get(one.member_id, []), rules, now)
    ]
    if not over:
        return 0
    await work.deals.return_all([one.assignment_id for one in over], now)
    work.deadlines.touched.update(one.member_id for one in over)
    await _tell(work, over, members, rules, now)
    work.workspaces.audit(
        "returned to the drawer", f"{len(over)} accounts", by=None, now=now, detail="not visited"
    )
    if rules.deal_new_losses:
        await deal_at_once(work, rules, now, [one.account_id for one in over], None)
    return len(over)


def _is_over(
    one: IdleAccount, member: Member, absences: list[Absence], rules: Rules, now: datetime
) -> bool:
    today = local_day(now, member, rules)
    away = days_away([(a.from_on, a.to_on) for a in absences], one.assigned_on, today)
    return today >= one.due_on + timedelta(days=rules.grace_days + away)


async def _tell(
    work: UnitOfWork,
    over: list[IdleAccount],
    members: dict[int, Member],
    rules: Rules,
    now: datetime,
) -> None:
    """Let the next digest tell each rep of theirs, and each manager of their reps'.

    What waits for a manager already, as of reps in another time zone, becomes one with it.
    """
    own: dict[int, list[IdleAccount]] = defaultdict(list)
    for one in over:
        own[one.member_id].append(one)
    leads = {
        id_of(lead): lead for who in own for lead in await work.members.managers_of(members[who])
    }
    readers = members | leads
    hours = await hours_by_id(work, readers.values(), rules, now.date() - _DAY)
    listed = [one.account_id for theirs in own.values() for one in theirs[:LISTED]]
    accounts = await accounts_of(work, listed)
    letters = []
    for who, theirs in own.items():
        view = went_back([accounts[one.account_id].name for one in theirs[:LISTED]], len(theirs))
        key = f"returned:{who}:{theirs[0].assignment_id}"
        if readers[who].active:
            letters.append(
                enclosure("returned", key, view, readers[who], hours=hours[who], now=now)
            )
    waiting = {one.member_id: one for one in await work.nudges.waiting(_IN_TEAM, leads)}
    for who, lead in leads.items():
        earlier = waiting.get(who)
        since = earlier.written_at if earlier else now
        view = returned_to_drawer(await _returned_in_team(work, lead, since))
        if earlier:
            await work.outbox.rewrite(earlier.dedupe_key, view.to_json(), now)
        else:
            key = f"returned-to:{who}:{over[0].assignment_id}"
            letters.append(enclosure(_IN_TEAM, key, view, lead, hours=hours[who], now=now))
    await work.outbox.put_all(letters, now)


async def _returned_in_team(
    work: UnitOfWork, lead: Member, since: datetime
) -> list[tuple[Member, int]]:
    """Give whose accounts went back from an instant on that somebody leads, and how many did."""
    counts = await work.dealing.returned_since(since)
    reps = await work.members.by_ids(counts)
    return [
        (rep, counts[who])
        for who, rep in reps.items()
        if lead.id in {one.id for one in await work.members.managers_of(rep)}
    ]
