"""A member's own bounties, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from domain.ledger import Pot
from domain.money import Money
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.elements import (
    Code,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Table,
    View,
    words,
)

_POTS = {
    Pot.CLAIMED: "waiting for approval",
    Pot.HELD: "held",
    Pot.PAYABLE: "payable",
    Pot.SENT: "on its way to you",
    Pot.PAID: "paid",
}
"""Where a sum can stand for a member, in the order it goes, and how that is said."""


@dataclass(frozen=True, slots=True)
class Share:
    """A member's part of one claim. `pots` leaves out the desk's own."""

    account: str
    state: str
    rule: str
    claimed_on: date
    release_on: date | None
    pots: dict[Pot, Money]


def my_bounties(shares: list[Share], today: date) -> View:
    """Show each claim with what it pays and where that stands, and the totals."""
    if not shares:
        return View(
            "No bounties yet",
            (
                Paragraph(words("No bounties yet. When one of your customers comes back: ")),
                Note(words(Code("/found Acme"), " claims the win, and its bounty is yours.")),
            ),
        )
    elements: list[Element] = [
        Heading("My bounties"),
        Facts(tuple((label, words(sums)) for label, sums in totals_of(shares))),
        Table(
            ("Customer", "Bounty", "Stands", "Why that much", "Claimed"),
            tuple(_row(share, today) for share in shares),
            frozenset({1}),
        ),
    ]
    return View("My bounties", tuple(elements))


def _row(share: Share, today: date) -> tuple[str, ...]:
    standing = [(pot, sum_) for pot, sum_ in share.pots.items() if sum_.minor]
    total = ", ".join(show_money(sum_) for _, sum_ in standing) or "none"
    stands = ", ".join(_POTS[pot] for pot, _ in standing) or share.state
    if share.release_on and any(pot is Pot.HELD for pot, _ in standing):
        stands += f" until {show_day(share.release_on, today)}"
    return (share.account, total, stands, share.rule, show_day(share.claimed_on, today))


def totals_of(shares: list[Share]) -> list[tuple[str, str]]:
    """Sum up what stands where: (pot in words, sums), a sum a currency."""
    totals: dict[tuple[Pot, str], int] = {}
    for share in shares:
        for pot, sum_ in share.pots.items():
            key = pot, sum_.currency
            totals[key] = totals.get(key, 0) + sum_.minor
    rows = []
    for pot, label in _POTS.items():
        sums = [
            show_money(Money(minor, currency))
            for (found, currency), minor in totals.items()
            if found is pot and minor
        ]
        if sums:
            rows.append((label.capitalize(), " + ".join(sums)))
    return rows or [("Nothing open", "all your claims are settled")]
