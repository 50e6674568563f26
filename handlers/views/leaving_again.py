"""What a rep hears when a customer they won back leaves again, in words without blame."""

from __future__ import annotations

from domain.money import Money
from handlers.money import show_money
from handlers.views.elements import Code, Note, Paragraph, Strong, View, words
from storage.tables import Account


def bounty_taken_back(account: Account, sum_: Money, kept: int, window: int) -> View:
    """Say what goes back and why; nobody has to pay anything in."""
    shown = show_money(sum_)
    return View(
        f"{account.name} left again",
        (
            Paragraph(
                words(
                    Strong(account.name),
                    f" left again after {kept} of {window} days. That happens, and what you "
                    "learned there stays. By the plan ",
                    Strong(shown),
                    " of the bounty goes back: it comes off what is held or payable next.",
                )
            ),
            Note(words("Every line of it: ", Code("/lost bounties"))),
        ),
    )


def bounty_given_back(account: Account, sum_: Money) -> View:
    """Say that the customer had not left after all."""
    shown = show_money(sum_)
    text = words(
        "Good news: ", Strong(account.name), " had not left after all. ", Strong(shown),
        " of your bounty is back where it was.",
    )  # fmt: skip
    return View(f"{account.name} stayed: {shown} is yours again", (Paragraph(text),))
