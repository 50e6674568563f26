"""Payments of bounties, for those who make them, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.money import Money
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    Table,
    View,
    words,
)
from handlers.views.forms import DateField, Form, TextField

_LISTED = 50  # rows of one table; the file has them all


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment with the name of who gets it."""

    reference: str
    name: str
    amount: Money
    drawn_on: date


@dataclass(frozen=True, slots=True)
class Marked:
    """What became of references that were said to be paid."""

    paid: tuple[str, ...] = ()
    already: tuple[str, ...] = ()
    wrong: tuple[tuple[str, str], ...] = ()


def payments_page(payable: Sequence[Money], open_: Sequence[Payment], today: date) -> View:
    """Show what waits to be drawn up and what was drawn up and not yet marked as paid."""
    elements: list[Element] = [Heading("Payments")]
    total = " + ".join(show_money(sum_) for sum_ in payable)
    elements.append(
        Paragraph(
            words(Strong(total), " is payable and not drawn up yet.")
            if payable
            else words("Nothing is waiting to be drawn up.")
        )
    )
    if open_:
        elements += [
            Paragraph(words(f"Drawn up and not marked as paid: {len(open_)}")),
            Table(
                ("Payment", "Who", "Amount", "Drawn up"),
                tuple(
                    (one.reference, one.name, show_money(one.amount), show_day(one.drawn_on, today))
                    for one in open_[:_LISTED]
                ),
                frozenset({2}),
            ),
        ]
    buttons = [Button("Draw up and get the file", "payment.draw", style="primary")]
    if open_:
        buttons += [
            Button("Mark as paid", "payment.mark"),
            Button("Not paid after all", "payment.return"),
        ]
    elements += [
        Buttons(tuple(buttons)),
        Note(words("Or send me the file back with the column “Paid on” filled in.")),
    ]
    return View("Payments of bounties", tuple(elements))


def mark_form(references: Sequence[str], today: date) -> Form:
    """Ask which payments were made, and when."""
    return Form(
        "payment.mark",
        "Mark as paid",
        "Mark as paid",
        (
            _references(references),
            DateField("paid_on", "Paid on", today.isoformat()),
        ),
    )


def return_form() -> Form:
    """Ask which payments did not arrive."""
    return Form("payment.return", "Not paid after all", "Take back", (_references(()),))


def marked_note(marked: Marked) -> View:
    """Say what was marked, what had been before, and what is wrong with the rest."""
    said = [f"{len(marked.paid)} marked as paid."]
    if marked.already:
        said.append(f"Paid before and left alone: {', '.join(marked.already)}.")
    said += [f"{reference}: {why}" for reference, why in marked.wrong]
    text = words("\n".join(said))
    return View(said[0], (Paragraph(text),))


def paid_note(reference: str, amount: Money, customers: Sequence[str], paid_on: date) -> View:
    """Tell a member that their bounty is paid, and for whom."""
    shown = show_money(amount)
    return View(
        f"Paid: {shown}",
        (
            Paragraph(
                words(
                    "Your bounty of ",
                    Strong(shown),
                    f" was paid on {paid_on:%-d %B %Y}, for {', '.join(customers)}. Thank you!",
                )
            ),
            Note(words(f"Payment {reference}. Every line of it: ", Code("/lost bounties"))),
        ),
    )


def _references(references: Sequence[str]) -> TextField:
    return TextField(
        "references",
        "Payments",
        "\n".join(references)[:2900],
        hint="Their references, such as LF-7-1, one a line.",
        long=True,
        most=2900,
    )
