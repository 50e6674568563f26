"""What a win-back pays, exactly, and the rule behind it in words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.money import Money, share

_HUNDRED = Decimal(100)
_ONE = Decimal(1)
_TIMES = {Decimal(1): "the usual", Decimal(2): "double", Decimal(3): "triple"}

Show = Callable[[Money], str]


class Kind(StrEnum):
    """How a bounty is reckoned; the values are stored and typed."""

    FIXED = "fixed"
    PERCENTAGE = "percentage"
    COMMISSION = "commission"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace pays for a customer who comes back.

    Sums are minor units of `currency`; rates are fractions (0.1 is ten per cent). A cap of 0 is
    none, so is a window of 0 days. `tiers` and `early` multiply the bounty: by the account's tier,
    and by the last day after the deal on which a win still earns it. `ends_on` is the last day on
    which a deal carries a bounty. `foothold` is the part of it that a foothold pays.
    """

    kind: Kind
    currency: str
    fixed: int = 0
    percentage: Decimal = Decimal(0)
    multiple: Decimal = Decimal(2)
    commission: Decimal = Decimal(0)
    cap: int = 0
    member_cap: int = 0
    tiers: Mapping[str, Decimal] = field(default_factory=dict)
    early: Mapping[int, Decimal] = field(default_factory=dict)
    foothold: Decimal = Decimal("0.25")
    window_days: int = 0
    ends_on: date | None = None


@dataclass(frozen=True, slots=True)
class Win:
    """What came back. `value` is in the plan's currency.

    `commission`: the member's own rate, where they have one. `earned` is what they earned under
    the plan so far, `paid_before` what a foothold on this account pays already, in minor units.
    """

    value: Money
    dealt_on: date
    won_on: date
    tier: str = ""
    commission: Decimal | None = None
    foothold: bool = False
    earned: int = 0
    paid_before: int = 0


@dataclass(frozen=True, slots=True)
class Bounty:
    """What a claim pays, and why in words: "double commission: 2 × 10 % of $12,000"."""

    pays: Money
    rule: str


def reckon(plan: Plan, win: Win, show: Show) -> Bounty:
    """Reckon what a win pays; `show` writes a sum for reading.

    1. Nothing, where the plan had ended at the deal or its window closed before the win.
    2. The base, times tier, early bird and foothold: rounded half up to the minor unit, once.
    3. Less what a foothold pays already, then at most the caps.
    """
    none = Money(0, plan.currency)
    if plan.ends_on is not None and win.dealt_on > plan.ends_on:
        return Bounty(none, f"no bounty: the plan ended on {plan.ends_on} and nothing followed it")
    closes_on = window_closes(plan, win.dealt_on)
    if closes_on is not None and win.won_on > closes_on:
        return Bounty(none, f"no bounty: its {plan.window_days} days ended on {closes_on}")
    base, rate, rule = _base(plan, win, show)
    for times, why in _factors(plan, win):
        rate *= times
        rule += f", × {_plain(times)} {why}"
    pays = share(base, rate).minor
    if win.paid_before:
        pays = max(0, pays - win.paid_before)
        rule += f", less {show(Money(win.paid_before, plan.currency))} for the foothold"
    left = max(0, plan.member_cap - win.earned)
    for cap, most, why in (
        (plan.cap, plan.cap, "a claim"),
        (plan.member_cap, left, "left of what one member can earn"),
    ):
        if cap and pays > most:
            pays = most
            rule += f", at most {show(Money(most, plan.currency))} {why}"
    return Bounty(Money(pays, plan.currency), rule)


def window_closes(plan: Plan, dealt_on: date) -> date | None:
    """Give the last day on which a win of an account dealt then pays, None where none is set."""
    return dealt_on + timedelta(days=plan.window_days) if plan.window_days else None


def early_until(plan: Plan, dealt_on: date, today: date) -> tuple[date, Decimal] | None:
    """Give the last day of the quick win's step that holds now, and its times; None past them."""
    for days, times in plan.early.items():
        last = dealt_on + timedelta(days=days)
        if today <= last:
            return last, times
    return None


def plan_in_words(plan: Plan, show: Show) -> str:
    """Say a plan in a line: "double commission (2 × 10 %), × 1.5 biggest, within 90 days"."""
    if plan.kind is Kind.FIXED:
        said = show(Money(plan.fixed, plan.currency))
    elif plan.kind is Kind.PERCENTAGE:
        said = f"{percent(plan.percentage)} of what comes back"
    else:
        times = _plain(plan.multiple)
        said = f"{_named(plan.multiple)} commission ({times} × {percent(plan.commission)})"
    parts = [said]
    parts += [f"× {_plain(times)} {tier}" for tier, times in plan.tiers.items()]
    parts += [f"× {_plain(times)} within {days} days" for days, times in plan.early.items()]
    if plan.cap:
        parts.append(f"at most {show(Money(plan.cap, plan.currency))} a claim")
    if plan.member_cap:
        parts.append(f"at most {show(Money(plan.member_cap, plan.currency))} a member")
    if plan.window_days:
        parts.append(f"for wins within {plan.window_days} days of the deal")
    if plan.ends_on:
        parts.append(f"for deals until {plan.ends_on}")
    return ", ".join(parts)


def percent(rate: Decimal) -> str:
    """Write a fraction as a percentage whose sign stays on the line of its figure: "7.5 %"."""
    return f"{_plain(rate * _HUNDRED)}\N{NO-BREAK SPACE}%"


def _base(plan: Plan, win: Win, show: Show) -> tuple[Money, Decimal, str]:
    if plan.kind is Kind.FIXED:
        fixed = Money(plan.fixed, plan.currency)
        return fixed, _ONE, f"a fixed {show(fixed)}"
    if plan.kind is Kind.PERCENTAGE:
        return win.value, plan.percentage, f"{percent(plan.percentage)} of {show(win.value)}"
    usual = plan.commission if win.commission is None else win.commission
    times = _plain(plan.multiple)
    rule = f"{_named(plan.multiple)} commission: {times} × {percent(usual)} of {show(win.value)}"
    return win.value, plan.multiple * usual, rule


def _factors(plan: Plan, win: Win) -> list[tuple[Decimal, str]]:
    factors = []
    tier = plan.tiers.get(win.tier.lower())
    if tier is not None:
        factors.append((tier, f"({win.tier})"))
    early = early_until(plan, win.dealt_on, win.won_on)
    if early is not None:
        factors.append((early[1], f"(back by {early[0]})"))
    if win.foothold:
        factors.append((plan.foothold, "(a foothold)"))
    return factors


def _named(multiple: Decimal) -> str:
    return _TIMES.get(multiple, f"{_plain(multiple)} times the usual")


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
