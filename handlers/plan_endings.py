"""A bounty plan that ends soon: who sets the rules is told in time what it brought."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from domain.ledger import Pot
from domain.roles import Permission, Role, can
from domain.rules import Rules
from handlers.context import id_of
from handlers.views.elements import View
from handlers.views.plan_endings import plan_ends
from storage.due import Reader
from storage.plans import terms_of
from storage.unit_of_work import UnitOfWork

_DAYS_BEFORE = timedelta(days=7)
_DAYS_AFTER = timedelta(days=14)  # for who was away when it ended
_GRANTED = (Pot.HELD, Pot.PAYABLE, Pot.SENT, Pot.PAID)


async def plan_endings(
    work: UnitOfWork, members: Iterable[Reader], days: Mapping[int, date], rules: Rules
) -> dict[int, tuple[str, View]]:
    """Give (dedupe key, message) for those members who are to hear that the plan ends, by member.

    Each is told once about an end, on the first of their own days (`days`) from a week before it.
    """
    if not rules.bounty_ends_on:
        return {}
    ends_on = date.fromisoformat(rules.bounty_ends_on)
    leads = [
        who
        for who in (id_of(m) for m in members if can(Role(m.role), Permission.CHANGE_SETTINGS))
        if ends_on - _DAYS_BEFORE <= days[who] <= ends_on + _DAYS_AFTER
    ]
    if not leads:
        return {}
    plans = [p.id for p in await work.plans.all() if terms_of(p)["bounty_ends_on"] == str(ends_on)]
    claims = await work.bounties.approved_under([plan for plan in plans if plan is not None])
    granted = [one for one in await work.ledger.balances(*_GRANTED) if one.claim_id in claims]
    return {
        who: (f"plan-ends:{ends_on}:{who}", plan_ends(ends_on, days[who], len(claims), granted))
        for who in leads
    }
