"""The bounty plan a workspace's rules describe."""

from __future__ import annotations

from decimal import Decimal

from domain.bounty import Kind, Plan
from domain.rules import Rules
from handlers.money import of_amount


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
    )
