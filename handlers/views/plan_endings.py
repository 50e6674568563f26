"""What is said when a bounty plan comes to its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.ledger import Balance, Pot
from domain.money import Money
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.elements import Buttons, Paragraph, Strong, View, words
from handlers.views.settings_page import PLAN_GROUP, edit_button


def plan_ends(ends_on: date, today: date, wins: int, granted: Sequence[Balance]) -> View:
    """Say when the plan ends, what it brought so far, and what can be done about it."""
    when = show_day(ends_on, today)
    lead = f"The bounty plan {'ended' if ends_on < today else 'ends'} {when}"
    paid = [one for one in granted if one.pot is Pot.PAID]
    brought = "No win came under it yet."
    if wins:
        brought = (
            f"{wins} {'win' if wins == 1 else 'wins'} came under it so far: {_sum(granted)} in "
            f"bounties, of which {_sum(paid)} is paid."
        )
    return View(
        lead,
        (
            Paragraph(words(Strong(f"{lead}."), f" {brought}")),
            Paragraph(
                words(
                    "Deals made after that day carry no bounty; those made before keep theirs. "
                    "Give it a new end, or change what it pays: something new draws more than "
                    "the same again."
                )
            ),
            Buttons((edit_button(PLAN_GROUP),)),
        ),
    )


def _sum(balances: Sequence[Balance]) -> str:
    sums: dict[str, int] = {}
    for one in balances:
        sums[one.amount.currency] = sums.get(one.amount.currency, 0) + one.amount.minor
    shown = [show_money(Money(minor, currency)) for currency, minor in sorted(sums.items())]
    return " and ".join(shown) or "nothing"
