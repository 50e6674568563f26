"""Accounts that nobody visits go back to the drawer, for somebody else to try."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from domain.rules import Rules
from handlers.context import local_day
from handlers.dealing import accounts_of, deal_at_once
from handlers.views.dealt import LISTED, went_back
from handlers.views.idle import returned_to_drawer
from storage.dealing_out import IdleAccount
from storage.outbox import NewLetter
from storage.tables import Absence, Member
from storage.unit_of_work import UnitOfWork

_DAY = timedelta(days=1)


async def return_idle(work: UnitOfWork, now: datetime, rules: Rules) -> int:
    """Put accounts back that were not visited by the deadline plus grace; give how many.

    The clock stands still on days that the rep is away. Rep and manager are told, once a day each;
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
    days = (today - one.assigned_on).days
    held = {one.assigned_on + number * _DAY for number in range(days + 1)}
    away = {day for day in held if any(a.from_on <= day <= a.to_on for a in absences)}
    return today >= one.due_on + timedelta(days=rules.grace_days + len(away))


async def _tell(
    work: UnitOfWork,
    over: list[IdleAccount],
    members: dict[int, Member],
    rules: Rules,
    now: datetime,
) -> None:
    """Tell each rep of theirs, and each manager of their reps'."""
    own: dict[int, list[IdleAccount]] = defaultdict(list)
    for one in over:
        own[one.member_id].append(one)
    listed = [one.account_id for theirs in own.values() for one in theirs[:LISTED]]
    accounts = await accounts_of(work, listed)
    led: dict[int, list[tuple[Member, int]]] = defaultdict(list)
    letters = []
    for member_id, theirs in own.items():
        names = [accounts[one.account_id].name for one in theirs[:LISTED]]
        view = went_back(names, len(theirs))
        key = f"returned:{member_id}:{theirs[0].assignment_id}"
        letters.append(NewLetter("returned", key, view.to_json(), now, member_id=member_id))
        for lead in await work.members.managers_of(members[member_id]):
            led[lead.id or 0].append((members[member_id], len(theirs)))
    for lead_id, reps in led.items():
        key = f"returned-to:{lead_id}:{over[0].assignment_id}"
        view = returned_to_drawer(reps)
        letters.append(NewLetter("returned", key, view.to_json(), now, member_id=lead_id))
    await work.outbox.put_all(letters, now)
