"""What a win-back pays (B1)."""

from __future__ import annotations

from decimal import Decimal

import pytest

from domain.bounty import Kind, Plan, reckon
from domain.money import Money


def _dollars(money: Money) -> str:
    return f"${money.minor / 100:,.2f}".removesuffix(".00")


def _plan(kind: Kind, **values: object) -> Plan:
    rates = {"percentage": Decimal("0.075"), "commission": Decimal("0.1"), "fixed": 50_000}
    return Plan(kind, "USD", **{**rates, **values})  # type: ignore[arg-type]  # the cases' own values


@pytest.mark.parametrize(
    ("plan", "minor", "rule"),
    [
        (_plan(Kind.FIXED), 50_000, "a fixed bounty"),
        (_plan(Kind.PERCENTAGE), 90_000, "7.5 % of $12,000"),
        (_plan(Kind.COMMISSION), 240_000, "double commission: 2 × 10 % of $12,000"),
        (
            _plan(Kind.COMMISSION, multiple=Decimal("1.5")),
            180_000,
            "1.5 times the usual commission: 1.5 × 10 % of $12,000",
        ),
        (
            _plan(Kind.COMMISSION, cap=100_000),
            100_000,
            "double commission: 2 × 10 % of $12,000, at most $1,000 a claim",
        ),
        (_plan(Kind.COMMISSION, cap=240_000), 240_000, "double commission: 2 × 10 % of $12,000"),
    ],
)
def test_a_bounty_is_exact_and_says_its_rule(plan: Plan, minor: int, rule: str) -> None:
    bounty = reckon(plan, Money(1_200_000, "USD"), _dollars)
    assert bounty.pays == Money(minor, "USD")
    assert bounty.rule == rule


def test_half_a_cent_is_rounded_up_once() -> None:
    plan = _plan(Kind.COMMISSION, multiple=Decimal(1), commission=Decimal("0.05"))
    assert reckon(plan, Money(10, "USD"), _dollars).pays.minor == 1
    assert reckon(plan, Money(9, "USD"), _dollars).pays.minor == 0
