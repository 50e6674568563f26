"""The ledger kept a second time, from its bare lines and by rules of its own."""

from __future__ import annotations

import csv
import io
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import floor

from sqlmodel import col, select

from storage.database import Database
from storage.tables import Claim, LedgerLine, Payout
from storage.unit_of_work import UnitOfWork
from tests.people import WORKSPACE

OURS = "desk"
_MOVES = {
    "claimed": {(OURS, "claimed")},
    "declined": {("claimed", OURS)},
    "withdrawn": {("claimed", OURS)},
    "approved": {("claimed", "held")},
    "released": {("held", "payable")},
    "sent for payment": {("payable", "sent")},
    "paid": {("sent", "paid")},
    "payment returned": {("sent", "payable"), ("paid", "payable")},
    "clawed back": {("held", OURS), ("payable", OURS)},
    "given back": {(OURS, "held"), (OURS, "payable")},
    "corrected": {("claimed", OURS), (OURS, "payable")},
}
_NO_SUMS: Mapping[str, int] = {}

Key = tuple[str, int, int, str]
"""Currency, member, claim and pot."""


@dataclass
class Books:
    """What stands where after each act, as its new lines say."""

    database: Database
    pots: Counter[Key] = field(default_factory=Counter)
    lines: int = 0
    acts: int = 0
    _read_to: int = 0

    async def follow(
        self, entries: Collection[str] = (), grows: Mapping[str, int] = _NO_SUMS
    ) -> None:
        """Read what an act wrote, and check that it is these entries and that the balance holds.

        `grows`: by how many minor units of each currency all that members have or may get rises.
        """
        before = self.wealth()
        async with self.database.reading(WORKSPACE) as work:
            found = await work.session.exec(
                select(LedgerLine)
                .where(col(LedgerLine.id) > self._read_to)
                .order_by(col(LedgerLine.id))
            )
            new = list(found)
        for line in new:
            assert line.entry in entries, f"{line.entry} by an act that should not write it"
            assert (line.source, line.target) in _MOVES[line.entry], line
            whose = line.currency, line.member_id, line.claim_id
            self.pots[(*whose, line.source)] -= line.amount_minor
            self.pots[(*whose, line.target)] += line.amount_minor
            self._read_to = line.id or 0
        self.lines += len(new)
        self.acts += 1
        after = self.wealth()
        grown = {c: after[c] - before[c] for c in after | before if after[c] != before[c]}
        assert grown == {c: minor for c, minor in grows.items() if minor}, (grown, grows)
        assert all(self.pots[key] >= 0 for key in self.pots if key[3] in {"claimed", "held"})

    def wealth(self) -> Counter[str]:
        """Add up, by currency, all that stands for members in any pot."""
        sums: Counter[str] = Counter()
        for (currency, _, _, pot), minor in self.pots.items():
            if pot != OURS:
                sums[currency] += minor
        return sums

    def of_member(self, member_id: int) -> dict[tuple[str, str], int]:
        """Add up what stands for one member, by currency and pot; nothing is left out."""
        sums: Counter[tuple[str, str]] = Counter()
        for (currency, member, _, pot), minor in self.pots.items():
            if member == member_id and pot != OURS:
                sums[currency, pot] += minor
        return {key: minor for key, minor in sums.items() if minor}

    def of_claim(self, claim_id: int) -> Counter[str]:
        """Add up what stands of one claim for all its members, by pot."""
        sums: Counter[str] = Counter()
        for (_, _, claim, pot), minor in self.pots.items():
            if claim == claim_id:
                sums[pot] += minor
        return sums

    def payable(self) -> dict[tuple[int, str], int]:
        """Say what would be paid to whom, by member and currency; who owes gets nothing."""
        sums: Counter[tuple[int, str]] = Counter()
        for (currency, member, _, pot), minor in self.pots.items():
            if pot == "payable":
                sums[member, currency] += minor
        return {key: minor for key, minor in sums.items() if minor > 0}

    def members(self) -> set[int]:
        return {member for _, member, _, _ in self.pots}

    async def prove(self) -> dict[str, Counter[str]]:
        """Check every claim and payment by the lines; give what stands by currency and pot.

        A claim's lines sum to nought over all pots. What waits is what open claims promise, split
        to the last cent; what was granted is what approved claims pay, less what left again.
        """
        totals: dict[str, Counter[str]] = defaultdict(Counter)
        by_claim: dict[int, Counter[str]] = defaultdict(Counter)
        for (currency, _, claim_id, pot), minor in self.pots.items():
            totals[currency][pot] += minor
            by_claim[claim_id][pot] += minor
        async with self.database.reading(WORKSPACE) as work:
            claims = list(await work.session.exec(select(Claim)))
            changed = await _changed_since(work)
            paid = await _paid(work)
        for claim in claims:
            pots, id_ = by_claim[claim.id or 0], claim.id or 0
            assert sum(pots.values()) == 0, claim
            promised = claim.bounty_minor if claim.state == "claimed" else 0
            assert pots["claimed"] == promised, claim
            granted = sum(pots[pot] for pot in ("held", "payable", "sent", "paid"))
            pays = claim.bounty_minor if claim.state == "approved" else 0
            assert granted == pays + changed[id_], claim
        for currency, pots in totals.items():
            assert sum(pots.values()) == 0
            assert pots["paid"] == paid[currency, "paid"]
            assert pots["sent"] == paid[currency, "open"]
        return totals


def bounty(
    terms: Mapping[str, str],
    value: int,
    *,
    tier: str,
    dealt_on: date,
    won_on: date,
    own_rate: str | None,
    foothold: bool,
    paid_before: int,
) -> int:
    """Reckon what a claim pays in minor units by the settings that were in force at its deal."""
    kind = terms["bounty_kind"]
    exact = Fraction(value)
    if kind == "fixed":
        exact = Fraction(terms["bounty_fixed"]) * 100
    elif kind == "percentage":
        exact *= Fraction(terms["bounty_percentage"]) / 100
    else:
        rate = Fraction(own_rate or terms["commission_percentage"]) / 100
        exact *= rate * Fraction(terms["bounty_multiple"])
    for name, times in _pairs(terms.get("bounty_tiers", "")):
        if name == tier:
            exact *= Fraction(times)
    for days, times in _pairs(terms.get("bounty_early", "")):
        if (won_on - dealt_on).days <= int(days.split()[0]):
            exact *= Fraction(times)
            break
    if foothold:
        exact *= Fraction(terms["bounty_foothold"]) / 100
    pays = floor(exact + Fraction(1, 2))
    if paid_before:
        pays = max(0, pays - paid_before)
    cap = int(Fraction(terms["bounty_cap"]) * 100)
    return min(pays, cap) if cap else pays


def goes_back(granted: int, days_kept: int, window: int) -> int:
    """Reckon what of a granted bounty a customer takes along who stayed some days of the window."""
    if granted <= 0 or days_kept >= window:
        return 0
    return floor(Fraction(granted * (window - days_kept), window) + Fraction(1, 2))


def parts_of(whole: int, weights: Sequence[int]) -> list[int]:
    """Share whole units by weights: each gets the floor, the largest remainders one more."""
    total = sum(weights)
    exact = [Fraction(whole * weight, total) for weight in weights]
    parts = [floor(part) for part in exact]
    order = sorted(range(len(weights)), key=lambda n: (parts[n] - exact[n], n))
    for n in order[: whole - sum(parts)]:
        parts[n] += 1
    return parts


def file_sums(content: bytes) -> dict[tuple[str, str], int]:
    """Sum a statement's file by currency and pot, as finance would: into it, less out of it."""
    sums: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(content.decode("utf-8-sig"))):
        minor = int(Decimal(row["Amount"].lstrip("'")) * 100)
        sums[row["Currency"], row["From"]] -= minor
        sums[row["Currency"], row["To"]] += minor
    return {key: minor for key, minor in sums.items() if minor and key[1] != OURS}


def _pairs(text: str) -> list[tuple[str, str]]:
    """Read "14 days 1.5, 30 days 1.2" as names with their last word apart."""
    return [
        (name, times)
        for part in text.split(",")
        if part.strip()
        for name, _, times in [part.strip().rpartition(" ")]
    ]


async def _changed_since(work: UnitOfWork) -> Counter[int]:
    """Sum by claim what was written after its approval: clawed and given back, and put right."""
    changed: Counter[int] = Counter()
    for line in await work.session.exec(select(LedgerLine)):
        if line.source == OURS and line.entry != "claimed":
            changed[line.claim_id] += line.amount_minor
        elif line.entry == "clawed back":
            changed[line.claim_id] -= line.amount_minor
    return changed


async def _paid(work: UnitOfWork) -> Counter[tuple[str, str]]:
    sums: Counter[tuple[str, str]] = Counter()
    for payout in await work.session.exec(select(Payout)):
        sums[payout.currency, payout.state] += payout.amount_minor
    return sums
