"""What a win-back pays, exactly, and the rule behind it in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.money import Money, share

_HUNDRED = Decimal(100)
_TIMES = {Decimal(1): "the usual", Decimal(2): "double", Decimal(3): "triple"}


class Kind(StrEnum):
    """How a bounty is reckoned; the values are stored and typed."""

    FIXED = "fixed"
    PERCENTAGE = "percentage"
    COMMISSION = "commission"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a workspace pays for a customer who comes back.

    Sums are minor units of `currency`; rates are fractions (0.1 is ten per cent). `cap` is the
    most that one claim pays, 0 where there is none.
    """

    kind: Kind
    currency: str
    fixed: int = 0
    percentage: Decimal = Decimal(0)
    multiple: Decimal = Decimal(2)
    commission: Decimal = Decimal(0)
    cap: int = 0


@dataclass(frozen=True, slots=True)
class Bounty:
    """What a claim pays, and why in words: "double commission: 2 × 10 % of $12,000"."""

    pays: Money
    rule: str


def reckon(plan: Plan, value: Money, show: Callable[[Money], str]) -> Bounty:
    """Reckon what winning back `value` pays; `show` writes a sum for reading.

    Each step is rounded half up to the minor unit once. `value` has the plan's currency.
    """
    if plan.kind is Kind.FIXED:
        pays, rule = Money(plan.fixed, plan.currency), "a fixed bounty"
    elif plan.kind is Kind.PERCENTAGE:
        pays = share(value, plan.percentage)
        rule = f"{_percent(plan.percentage)} of {show(value)}"
    else:
        pays = share(value, plan.multiple * plan.commission)
        rate = _percent(plan.commission)
        named = _TIMES.get(plan.multiple, f"{_plain(plan.multiple)} times the usual")
        rule = f"{named} commission: {_plain(plan.multiple)} × {rate} of {show(value)}"
    if plan.cap and pays.minor > plan.cap:
        pays = Money(plan.cap, plan.currency)
        rule += f", at most {show(pays)} a claim"
    return Bounty(pays, rule)


def _percent(rate: Decimal) -> str:
    return f"{_plain(rate * _HUNDRED)} %"


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"
