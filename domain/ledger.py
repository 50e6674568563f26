"""The bounty ledger: sums that only ever move from one pot to another, so that none is lost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from domain.money import Money, share, split


class Pot(StrEnum):
    """Where a sum stands; the values are stored."""

    DESK = "desk"  # the company's own: promised to nobody
    CLAIMED = "claimed"
    HELD = "held"
    PAYABLE = "payable"
    SENT = "sent"  # in a payment that finance has drawn up
    PAID = "paid"


class Entry(StrEnum):
    """What happened; the values are the words people read."""

    CLAIMED = "claimed"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    RELEASED = "released"
    SENT = "sent for payment"
    RETURNED = "payment returned"
    PAID = "paid"
    CLAWED_BACK = "clawed back"
    GIVEN_BACK = "given back"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True)
class Line:
    """One line: a sum of a member's moves from `source` to `target`. A sum below zero is owed."""

    member_id: int
    entry: Entry
    source: Pot
    target: Pot
    amount: Money


@dataclass(frozen=True, slots=True)
class Balance:
    """What stands of a claim for a member in a pot."""

    member_id: int
    claim_id: int
    pot: Pot
    amount: Money


def claimed(bounty: Money, shares: Mapping[int, int]) -> list[Line]:
    """Write what a claim would pay each member, by whole-number shares that sum to it exactly."""
    parts = split(bounty, list(shares.values()))
    return [
        Line(member_id, Entry.CLAIMED, Pot.DESK, Pot.CLAIMED, part)
        for member_id, part in zip(shares, parts, strict=True)
    ]


def moved(lines: Iterable[Line], entry: Entry, source: Pot, target: Pot) -> list[Line]:
    """Move everything that stands in `source` to `target`: a line a member, none for nothing."""
    return [
        Line(member_id, entry, source, target, amount)
        for (member_id, pot), amount in standing(lines).items()
        if pot is source and amount.minor
    ]


def shared_anew(lines: Iterable[Line], bounty: Money, shares: Mapping[int, int]) -> list[Line]:
    """Take back what a claim would pay and write it anew, by other shares or of another bounty."""
    return [*moved(lines, Entry.CORRECTED, Pot.CLAIMED, Pot.DESK), *claimed(bounty, shares)]


def drawn(balances: Iterable[Balance]) -> list[tuple[int, Line]]:
    """Put what is payable of each claim into a payment, what is owed with it: (claim id, line)."""
    return [
        (one.claim_id, Line(one.member_id, Entry.SENT, Pot.PAYABLE, Pot.SENT, one.amount))
        for one in balances
        if one.pot is Pot.PAYABLE and one.amount.minor
    ]


def given_back(lines: Sequence[Line], *, released: bool) -> list[Line]:
    """Undo a clawing back: the customer had not left. What was held then is payable if released."""
    return [
        Line(
            line.member_id,
            Entry.GIVEN_BACK,
            Pot.DESK,
            Pot.PAYABLE if released else line.source,
            line.amount,
        )
        for line in lines[_first_not_given_back(lines) :]
        if line.entry is Entry.CLAWED_BACK
    ]


def _first_not_given_back(lines: Sequence[Line]) -> int:
    given = (n for n, line in enumerate(lines) if line.entry is Entry.GIVEN_BACK)
    return max(given, default=-1) + 1


def clawed_back(lines: Iterable[Line], days_kept: int, window: int) -> list[Line]:
    """Take back the part of a bounty that a customer who left again within the window did not stay.

    `days_kept` of `window` days were earned. It is taken from what is held, else from what is
    payable, which falls below zero where it was paid already: the next payment makes that good.
    """
    granted = {
        (member_id, pot): amount
        for (member_id, pot), amount in standing(lines).items()
        if pot not in {Pot.DESK, Pot.CLAIMED}
    }
    by_member: dict[int, int] = defaultdict(int)
    for (member_id, _), amount in granted.items():
        by_member[member_id] += amount.minor
    total = sum(by_member.values())
    missing = max(0, window - days_kept)
    if total <= 0 or not missing:
        return []
    currency = next(iter(granted.values())).currency
    back = share(Money(total, currency), Decimal(min(missing, window)) / Decimal(window))
    taken = []
    parts = split(back, [max(0, minor) for minor in by_member.values()])
    for member_id, part in zip(by_member, parts, strict=True):
        held = granted.get((member_id, Pot.HELD), Money(0, currency)).minor
        from_held = min(max(held, 0), part.minor)
        for pot, minor in ((Pot.HELD, from_held), (Pot.PAYABLE, part.minor - from_held)):
            if minor:
                amount = Money(minor, currency)
                taken.append(Line(member_id, Entry.CLAWED_BACK, pot, Pot.DESK, amount))
    return taken


def standing(lines: Iterable[Line]) -> dict[tuple[int, Pot], Money]:
    """Say what each member has in each pot; all lines are in one currency.

    The desk's own pot is what the company still has of it, mostly below zero: over all pots the
    sums of a member are nought.
    """
    sums: dict[tuple[int, Pot], int] = defaultdict(int)
    currency = ""
    for line in lines:
        currency = line.amount.currency
        sums[line.member_id, line.source] -= line.amount.minor
        sums[line.member_id, line.target] += line.amount.minor
    return {key: Money(minor, currency) for key, minor in sums.items()}
