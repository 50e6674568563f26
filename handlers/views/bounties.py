"""Bounties: a member's own, everyone's, and each line of them, in words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from domain.ledger import Pot
from domain.money import Money
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.elements import (
    Button,
    Buttons,
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
from handlers.views.forms import ChoiceField, Form, TextField

POTS = {
    Pot.CLAIMED: "waiting for approval",
    Pot.HELD: "held",
    Pot.PAYABLE: "payable",
    Pot.SENT: "being paid",
    Pot.PAID: "paid",
}
"""Where a sum can stand for a member, in the order it goes, and how that is said."""

_LISTED = 50  # rows of one table; a file has them all


@dataclass(frozen=True, slots=True)
class Share:
    """A member's part of one claim. `pots` leaves out the desk's own."""

    account: str
    state: str
    rule: str
    claimed_on: date
    release_on: date | None
    pots: dict[Pot, Money]


@dataclass(frozen=True, slots=True)
class ShownLine:
    """One line of the ledger, its ids turned to names; `amount` is below zero where it is owed."""

    day: date
    account: str
    entry: str
    source: Pot
    target: Pot
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class Standing:
    """What stands where for one member."""

    member_id: int
    name: str
    pots: dict[Pot, list[Money]]


def my_bounties(shares: Sequence[Share], today: date, member_id: int) -> View:
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
            tuple(_row(share, today) for share in shares[:_LISTED]),
            frozenset({1}),
        ),
        Buttons((Button("Every line", "bounties.lines", {"member": str(member_id)}),)),
    ]
    return View("My bounties", tuple(elements))


def everyones_bounties(standings: Sequence[Standing], *, pays: bool) -> View:
    """Show what stands where for each member; who pays may go on from here."""
    if not standings:
        return View("No bounties yet", (Paragraph(words("Nobody has a bounty yet.")),))
    elements: list[Element] = [
        Heading("Everyone’s bounties"),
        Table(
            ("Who", *(label.capitalize() for label in POTS.values())),
            tuple(
                (one.name, *(_sums(one.pots.get(pot, [])) for pot in POTS))
                for one in standings[:_LISTED]
            ),
            frozenset(range(1, 1 + len(POTS))),
        ),
    ]
    if len(standings) > _LISTED:
        elements.append(Note(words(f"And {len(standings) - _LISTED} more; the file has them all.")))
    elements.append(Note(words("One member’s lines: ", Code("/lost bounties NAME"))))
    if pays:
        elements.append(Buttons((Button("Payments", "payment.open", style="primary"),)))
    return View("Everyone’s bounties", tuple(elements))


def statement(
    name: str, lines: Sequence[ShownLine], today: date, member_id: int, *, corrects: bool
) -> View:
    """Show every line of a member's ledger, the latest first, so that each figure is explained."""
    payload = {"member": str(member_id)}
    if not lines:
        return View(f"{name}: no bounties", (Paragraph(words(f"{name} has no bounties yet.")),))
    shown = list(reversed(lines))[:_LISTED]
    buttons = [Button("As a file", "bounties.file", payload)]
    if corrects:
        buttons.append(Button("Correct", "bounties.correct", payload))
    elements: list[Element] = [
        Heading(f"Bounties of {name}, line by line"),
        Table(
            ("When", "Customer", "What", "From", "To", "Amount", "Why"),
            tuple(
                (
                    show_day(line.day, today),
                    line.account,
                    line.entry,
                    _place(line.source),
                    _place(line.target),
                    show_money(line.amount),
                    line.note,
                )
                for line in shown
            ),
            frozenset({5}),
        ),
    ]
    if len(lines) > len(shown):
        elements.append(Note(words(f"The latest {len(shown)} of {len(lines)}.")))
    elements.append(Buttons(tuple(buttons)))
    return View(f"Bounties of {name}", tuple(elements))


def correction_form(
    name: str, claims: Sequence[tuple[int, str]], currency: str, member_id: int
) -> Form:
    """Ask what is to be put right; it becomes a line of its own."""
    return Form(
        "bounties.correct",
        "Correct the ledger",
        "Add the line",
        (
            ChoiceField("claim", "Claim", tuple((str(i), label[:75]) for i, label in claims[:100])),
            ChoiceField("way", "Which way?", (("more", "They get more"), ("less", "Less"))),
            TextField("amount", f"How much ({currency})", most=40),
            TextField("why", "Why? They read this.", most=300),
        ),
        intro=(Paragraph(words(f"For {name}. Lines are only ever added.")),),
        context={"member": str(member_id)},
    )


def correction_note(sum_: Money, account: str, why: str) -> View:
    """Tell a member of a correction."""
    shown = show_money(sum_)
    text = words(f"Your bounty for {account} was corrected by {shown}: {why}")
    return View(f"Correction: {shown} for {account}", (Paragraph(text),))


def _row(share: Share, today: date) -> tuple[str, ...]:
    standing = [(pot, sum_) for pot, sum_ in share.pots.items() if sum_.minor]
    total = ", ".join(show_money(sum_) for _, sum_ in standing) or "none"
    stands = ", ".join(POTS[pot] for pot, _ in standing) or share.state
    if share.release_on and any(pot is Pot.HELD for pot, _ in standing):
        stands += f" until {show_day(share.release_on, today)}"
    return (share.account, total, stands, share.rule, show_day(share.claimed_on, today))


def totals_of(shares: Iterable[Share]) -> list[tuple[str, str]]:
    """Sum what stands where: (how that is said, the sums in words)."""
    totals: dict[Pot, dict[str, int]] = {}
    for share in shares:
        for pot, sum_ in share.pots.items():
            by_currency = totals.setdefault(pot, {})
            by_currency[sum_.currency] = by_currency.get(sum_.currency, 0) + sum_.minor
    rows = []
    for pot, label in POTS.items():
        sums = [Money(minor, currency) for currency, minor in totals.get(pot, {}).items() if minor]
        if sums:
            rows.append((label.capitalize(), _sums(sums)))
    return rows or [("Nothing open", "all your claims are settled")]


def _sums(sums: Sequence[Money]) -> str:
    return " + ".join(show_money(sum_) for sum_ in sums)


def _place(pot: Pot) -> str:
    return POTS.get(pot, "")
