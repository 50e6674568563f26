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
    """Let the next digest tell each rep of theirs, and each manager of their reps'."""
    own: dict[int, list[IdleAccount]] = defaultdict(list)
    for one in over:
        own[one.member_id].append(one)
    hours = await hours_by_id(work, members.values(), rules, now.date() - _DAY)
    listed = [one.account_id for theirs in own.values() for one in theirs[:LISTED]]
    accounts = await accounts_of(work, listed)
    letters = []
    for who, theirs in own.items():
        view = went_back([accounts[one.account_id].name for one in theirs[:LISTED]], len(theirs))
        key = f"returned:{who}:{theirs[0].assignment_id}"
        if members[who].active:
            letters.append(
                enclosure("returned", key, view, members[who], hours=hours[who], now=now)
            )
    await work.outbox.put_all(letters, now)
    await _tell_leads(work, over[0], [members[who] for who in own], rules, now)


async def _tell_leads(
    work: UnitOfWork, first: IdleAccount, reps: list[Member], rules: Rules, now: datetime
) -> None:
    """Let the next digest of who leads these reps say it, with what waits for that already.

    Such waits where accounts of reps in another time zone went back before.
    """
    leads = {id_of(lead): lead for rep in reps for lead in await work.members.managers_of(rep)}
    hours = await hours_by_id(work, leads.values(), rules, now.date() - _DAY)
    waiting = {one.member_id: one for one in await work.nudges.waiting(_IN_TEAM, leads)}
    since = {who: waiting[who].written_at if who in waiting else now for who in leads}
    returned = {at: await work.dealing.returned_since(at) for at in set(since.values())}
    known = await work.members.by_ids({who for counts in returned.values() for who in counts})
    led_by = {
        who: {lead.id for lead in await work.members.managers_of(rep)} for who, rep in known.items()
    }
    letters = []
    for who, lead in leads.items():
        counts = returned[since[who]]
        own = [(known[rep], count) for rep, count in counts.items() if who in led_by[rep]]
        view = returned_to_drawer(own)
        if who in waiting:
            await work.outbox.rewrite(waiting[who].dedupe_key, view.to_json(), now)
        else:
            key = f"returned-to:{who}:{first.assignment_id}"
            letters.append(enclosure(_IN_TEAM, key, view, lead, hours=hours[who], now=now))
    await work.outbox.put_all(letters, now)
