"""Sums of money: whole minor units of one currency, so that no cent is ever made or lost."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True, slots=True, order=True)
class Money:
    """A sum in whole minor units (cents, yen) of an ISO 4217 currency."""

    minor: int
    currency: str


def share(amount: Money, rate: Decimal) -> Money:
    """Take `rate` (0.1 is ten per cent) of a sum, rounded half up to the minor unit."""
    exact = Decimal(amount.minor) * rate
    return Money(int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)), amount.currency)


def split(amount: Money, weights: list[int]) -> list[Money]:
    """Split a sum by whole-number weights so that the parts add up to it exactly.

    Remainders go one minor unit each to the largest fractions, earlier parts first.
    Raises `ValueError` where no weight is above zero.
    """
    total = sum(weights)
    if total <= 0 or min(weights) < 0:
        raise ValueError("a split needs weights, none below zero and one above")
    sign = -1 if amount.minor < 0 else 1
    whole = abs(amount.minor)
    parts = [whole * weight // total for weight in weights]
    rest = whole - sum(parts)
    by_fraction = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for index in by_fraction[:rest]:
        parts[index] += 1
    return [Money(sign * part, amount.currency) for part in parts]
