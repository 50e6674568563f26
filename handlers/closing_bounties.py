"""Which bounties run out soon, so that their reps hear of it in time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from domain.bounty import Plan, early_until, window_closes
from domain.digest import Closing
from domain.rules import Rules, stored
from handlers.plans import plan_of
from storage.plans import terms_of
from storage.unit_of_work import UnitOfWork

_DAYS_AHEAD = 7


async def closing_bounties(
    work: UnitOfWork, days: Mapping[int, date], rules: Rules
) -> dict[int, list[Closing]]:
    """Give what runs out within a week for members, each seen from their own day, by member.

    Every deal has the plan of its time. Deals are looked up by the days on which one that runs out
    now can have been made, so that it costs nothing where no plan has a window.
    """
    plans = [(plan.from_at, plan_of(stored(terms_of(plan)))) for plan in await work.plans.all()]
    spans = _spans([plan for _, plan in plans] or [plan_of(rules)])
    dealt_on = {
        day + timedelta(days=ahead - span)
        for day in set(days.values())
        for span in spans
        for ahead in range(_DAYS_AHEAD + 1)
    }
    closing: dict[int, list[Closing]] = {}
    found = await work.due.dealt_on(days, dealt_on) if dealt_on else []
    claimed = {(c.account_id, c.member_id) for c in await work.bounties.waiting()} if found else ()
    for assignment, account in found:
        if (assignment.account_id, assignment.member_id) in claimed:
            continue
        plan = _plan_at(plans, assignment.assigned_at) or plan_of(rules)
        today = days[assignment.member_id]
        last_on, early = _runs_out(plan, assignment.assigned_on, today)
        if last_on is not None and today <= last_on <= today + timedelta(days=_DAYS_AHEAD):
            one = Closing(assignment.account_id, account, last_on, early)
            closing.setdefault(assignment.member_id, []).append(one)
    return closing


def _spans(plans: list[Plan]) -> set[int]:
    """Give after how many days from a deal something of these plans runs out."""
    windows = {plan.window_days for plan in plans if plan.window_days}
    return windows.union(*(plan.early for plan in plans))


def _plan_at(plans: list[tuple[datetime, Plan]], at: datetime) -> Plan | None:
    return next((plan for from_at, plan in plans if from_at <= at), None)


def _runs_out(plan: Plan, dealt_on: date, today: date) -> tuple[date | None, bool]:
    """Give the next day after which less is paid, and whether that is the early rate alone."""
    if plan.ends_on is not None and dealt_on > plan.ends_on:
        return None, False
    closes_on = window_closes(plan, dealt_on)
    early = early_until(plan, dealt_on, today)
    if early is not None and (closes_on is None or early[0] < closes_on):
        return early[0], True
    return closes_on, False
