"""The bounty plan in force: made of settings, kept as it was for the deals of its time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from domain.bounty import (
    Bounty,
    Kind,
    Plan,
    Win,
    early_until,
    plan_in_words,
    reckon,
    window_closes,
)
from domain.plan_text import read_steps, read_tiers
from domain.rules import Rules, stored
from domain.setting_values import Value
from handlers.days import show_day
from handlers.money import of_amount, show_money
from storage.plans import terms_of
from storage.unit_of_work import UnitOfWork

PLAN_KEYS = (
    "currency",
    "bounty_kind",
    "bounty_fixed",
    "bounty_percentage",
    "bounty_multiple",
    "commission_percentage",
    "bounty_cap",
    "bounty_member_cap",
    "bounty_tiers",
    "bounty_early",
    "bounty_foothold",
    "bounty_window_days",
    "bounty_ends_on",
    "hold_days",
    "clawback_days",
)
"""The settings that make up a plan: a change of any of them is a new plan for deals from then."""

_EXAMPLE = Decimal(10_000)
_EVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Terms:
    """A plan with the rules it was made of; `plan_id` is None for the settings never changed."""

    plan_id: int | None
    plan: Plan
    hold_days: int
    clawback_days: int


def plan_of(rules: Rules) -> Plan:
    """Give the plan that the settings stand for."""

    def minor(amount: str) -> int:
        return of_amount(Decimal(amount), rules.currency).minor

    return Plan(
        kind=Kind(rules.bounty_kind),
        currency=rules.currency,
        fixed=minor(rules.bounty_fixed),
        percentage=Decimal(rules.bounty_percentage) / 100,
        multiple=Decimal(rules.bounty_multiple),
        commission=Decimal(rules.commission_percentage) / 100,
        cap=minor(rules.bounty_cap),
        member_cap=minor(rules.bounty_member_cap),
        tiers=read_tiers("", rules.bounty_tiers) if rules.bounty_tiers else {},
        early=read_steps("", rules.bounty_early) if rules.bounty_early else {},
        foothold=Decimal(rules.bounty_foothold) / 100,
        window_days=rules.bounty_window_days,
        ends_on=date.fromisoformat(rules.bounty_ends_on) if rules.bounty_ends_on else None,
    )


def worked_examples(plan: Plan, today: date) -> list[Bounty]:
    """Reckon what wins of a deal made today would pay, one of each kind the plan tells apart."""
    worth = of_amount(_EXAMPLE, plan.currency)
    last = today + timedelta(days=max(plan.early, default=0) + 1)
    plain = Win(worth, today, last if plan.early else today)
    wins = [plain, replace(plain, foothold=True)]
    wins += [replace(plain, tier=tier) for tier in plan.tiers]
    wins += [replace(plain, won_on=today + timedelta(days=days)) for days in plan.early]
    if plan.window_days:
        wins.append(replace(plain, won_on=today + timedelta(days=plan.window_days + 1)))
    return [reckon(plan, win, show_money) for win in wins]


async def terms_at(work: UnitOfWork, rules: Rules, at: datetime) -> Terms:
    """Give the terms for a deal made at an instant; `rules` are today's."""
    plan = await work.plans.in_force(at)
    then = stored(terms_of(plan)) if plan else rules
    return Terms(plan.id if plan else None, plan_of(then), then.hold_days, then.clawback_days)


async def terms_of_account(work: UnitOfWork, rules: Rules, account_id: int, now: datetime) -> Terms:
    """Give the terms for an account in somebody's hands: those in force when it was dealt."""
    assignment = await work.dealing.open_assignment(account_id)
    return await terms_at(work, rules, assignment.assigned_at if assignment else now)


async def keep_plan(
    work: UnitOfWork,
    before: Rules,
    after: Mapping[str, Value],
    *,
    now: datetime,
    by: int | None,
) -> None:
    """Put a new plan in force where a setting of it changed; deals made before keep the old one."""
    if not after.keys() & set(PLAN_KEYS):
        return
    was = {key: value for key, value in asdict(before).items() if key in PLAN_KEYS}
    if await work.plans.in_force(now) is None:
        await work.plans.set(_EVER, was, None)
    await work.plans.set(now, {**was, **{k: v for k, v in after.items() if k in PLAN_KEYS}}, by)


async def bounty_on(
    work: UnitOfWork, rules: Rules, account_id: int, now: datetime, today: date
) -> str:
    """Say what an account in somebody's hands would pay, and what of it runs out when.

    Empty where nobody has it in hand.
    """
    assignment = await work.dealing.open_assignment(account_id)
    if assignment is None:
        return ""
    plan = (await terms_at(work, rules, assignment.assigned_at)).plan
    said = plan_in_words(plan, show_money)
    dealt_on = assignment.assigned_on
    if plan.ends_on is not None and dealt_on > plan.ends_on:
        return f"none: the plan ended on {show_day(plan.ends_on, today)}"
    closes_on = window_closes(plan, dealt_on)
    if closes_on is not None:
        over = closes_on < today
        said += f"; its window {'closed' if over else 'closes'} {show_day(closes_on, today)}"
    early = early_until(plan, dealt_on, today)
    if early is not None:
        said += f"; the early rate holds until {show_day(early[0], today)}"
    return said
