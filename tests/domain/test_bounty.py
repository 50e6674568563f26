"""What a win-back pays (B1, B5)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.bounty import Kind, Plan, Win, early_until, plan_in_words, reckon, window_closes
from domain.money import Money

DEALT = date(2026, 3, 2)


def _dollars(money: Money) -> str:
    return f"${money.minor / 100:,.2f}".removesuffix(".00")


def _plan(kind: Kind = Kind.COMMISSION, **values: Any) -> Plan:
    rates = {"percentage": Decimal("0.075"), "commission": Decimal("0.1"), "fixed": 50_000}
    return Plan(kind, "USD", **{**rates, **values})


def _win(minor: int = 1_200_000, after: int = 20, **values: Any) -> Win:
    return Win(Money(minor, "USD"), DEALT, DEALT + timedelta(days=after), **values)


DOUBLE = "double commission: 2 × 10\xa0% of $12,000"


@pytest.mark.parametrize(
    ("plan", "win", "minor", "rule"),
    [
        (_plan(Kind.FIXED), _win(), 50_000, "a fixed $500"),
        (_plan(Kind.PERCENTAGE), _win(), 90_000, "7.5\xa0% of $12,000"),
        (_plan(), _win(), 240_000, DOUBLE),
        (
            _plan(multiple=Decimal("1.5")),
            _win(),
            180_000,
            "1.5 times the usual commission: 1.5 × 10\xa0% of $12,000",
        ),
        (
            _plan(multiple=Decimal(1)),
            _win(commission=Decimal("0.12")),
            144_000,
            "the usual commission: 1 × 12\xa0% of $12,000",
        ),
        (_plan(cap=100_000), _win(), 100_000, f"{DOUBLE}, at most $1,000 a claim"),
        (_plan(cap=240_000), _win(), 240_000, DOUBLE),
        (
            _plan(member_cap=300_000),
            _win(earned=200_000),
            100_000,
            f"{DOUBLE}, at most $1,000 left of what one member can earn",
        ),
        (
            _plan(member_cap=300_000),
            _win(earned=400_000),
            0,
            f"{DOUBLE}, at most $0 left of what one member can earn",
        ),
        (
            _plan(tiers={"biggest": Decimal("1.5")}),
            _win(tier="Biggest"),
            360_000,
            f"{DOUBLE}, × 1.5 (Biggest)",
        ),
        (_plan(tiers={"biggest": Decimal("1.5")}), _win(tier="longest held"), 240_000, DOUBLE),
        (
            _plan(early={14: Decimal("1.5"), 30: Decimal("1.2")}),
            _win(after=14),
            360_000,
            f"{DOUBLE}, × 1.5 (back by 2026-03-16)",
        ),
        (
            _plan(early={14: Decimal("1.5"), 30: Decimal("1.2")}),
            _win(after=15),
            288_000,
            f"{DOUBLE}, × 1.2 (back by 2026-04-01)",
        ),
        (_plan(early={14: Decimal("1.5")}), _win(after=15), 240_000, DOUBLE),
        (_plan(), _win(foothold=True), 60_000, f"{DOUBLE}, × 0.25 (a foothold)"),
        (
            _plan(Kind.FIXED),
            _win(foothold=True),
            12_500,
            "a fixed $500, × 0.25 (a foothold)",
        ),
        (
            _plan(),
            _win(paid_before=60_000),
            180_000,
            f"{DOUBLE}, less $600 for the foothold",
        ),
        (_plan(), _win(paid_before=250_000), 0, f"{DOUBLE}, less $2,500 for the foothold"),
        (_plan(window_days=20), _win(after=20), 240_000, DOUBLE),
        (
            _plan(window_days=20),
            _win(after=21),
            0,
            "no bounty: its 20 days ended on 2026-03-22",
        ),
        (_plan(ends_on=DEALT), _win(), 240_000, DOUBLE),
        (
            _plan(ends_on=DEALT - timedelta(days=1)),
            _win(),
            0,
            "no bounty: the plan ended on 2026-03-01 and nothing followed it",
        ),
    ],
)
def test_a_bounty_is_exact_and_says_its_rule(plan: Plan, win: Win, minor: int, rule: str) -> None:
    bounty = reckon(plan, win, _dollars)
    assert bounty.pays == Money(minor, "USD")
    assert bounty.rule == rule


def test_half_a_cent_is_rounded_up_once() -> None:
    plan = _plan(multiple=Decimal(1), commission=Decimal("0.05"))
    assert reckon(plan, _win(10), _dollars).pays.minor == 1
    assert reckon(plan, _win(9), _dollars).pays.minor == 0
    twice = _plan(multiple=Decimal(1), commission=Decimal("0.05"), tiers={"a": Decimal("0.5")})
    assert reckon(twice, _win(19, tier="a"), _dollars).pays.minor == 0


@given(
    minor=st.integers(1, 10**15),
    before=st.tuples(st.integers(0, 10**12), st.integers(0, 10**12)),
    caps=st.tuples(st.integers(0, 10**10), st.integers(0, 10**10)),
    after=st.integers(0, 400),
)
def test_a_bounty_is_never_negative_and_never_above_a_cap(
    minor: int, before: tuple[int, int], caps: tuple[int, int], after: int
) -> None:
    (earned, paid_before), (cap, member_cap) = before, caps
    plan = _plan(cap=cap, member_cap=member_cap, early={30: Decimal("1.5")}, window_days=200)
    win = _win(minor, after, earned=earned, paid_before=paid_before)
    pays = reckon(plan, win, _dollars).pays.minor
    assert pays >= 0
    assert not cap or pays <= cap
    assert not member_cap or pays <= max(0, member_cap - earned)
    assert after <= 200 or pays == 0


def test_the_window_and_the_early_step_say_their_last_day() -> None:
    plan = _plan(window_days=90, early={14: Decimal("1.5"), 30: Decimal("1.2")})
    assert window_closes(plan, DEALT) == date(2026, 5, 31)
    assert window_closes(_plan(), DEALT) is None
    assert early_until(plan, DEALT, DEALT) == (date(2026, 3, 16), Decimal("1.5"))
    assert early_until(plan, DEALT, date(2026, 3, 17)) == (date(2026, 4, 1), Decimal("1.2"))
    assert early_until(plan, DEALT, date(2026, 4, 2)) is None


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (_plan(Kind.FIXED), "$500"),
        (_plan(Kind.PERCENTAGE), "7.5\xa0% of what comes back"),
        (_plan(), "double commission (2 × 10\xa0%)"),
        (
            _plan(
                multiple=Decimal(3),
                tiers={"biggest": Decimal("1.5")},
                early={14: Decimal("1.2")},
                cap=100_000,
                member_cap=500_000,
                window_days=90,
                ends_on=date(2026, 6, 30),
            ),
            "triple commission (3 × 10\xa0%), × 1.5 biggest, × 1.2 within 14 days, at most $1,000 "
            "a claim, at most $5,000 a member, for wins within 90 days of the deal, for deals "
            "until 2026-06-30",
        ),
    ],
)
def test_a_plan_is_said_in_a_line(plan: Plan, said: str) -> None:
    assert plan_in_words(plan, _dollars) == said
