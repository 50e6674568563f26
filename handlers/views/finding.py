"""Asking which account was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.views.elements import Button, Buttons, Code, Note, Paragraph, Strong, View, words
from storage.tables import Account

_LABEL = 75  # characters a button takes
_MANY = 10


def which_account(
    typed: str, offers: Sequence[Account], go_on: str, payload: Mapping[str, str]
) -> View:
    """Offer the accounts whose names are nearest; a press goes on with that one."""
    buttons = tuple(
        Button(offer.name[:_LABEL], go_on, {"account": str(offer.id), **payload})
        for offer in offers
    )
    text = words("I know no account called ", Strong(typed), ". Did you mean:")
    return View(f"Which account is {typed}?", (Paragraph(text), Buttons(buttons)))


def which_in_hand(held: Sequence[Account], example: str, go_on: str) -> View:
    """Offer the accounts in the reader's hands, and say how to name another."""
    line = Code(f"/lost {example} Acme")
    buttons = Buttons(
        tuple(
            Button(account.name[:_LABEL], go_on, {"account": str(account.id)})
            for account in held[:_MANY]
        )
    )
    if not held:
        text = words("You have no account in hand now. Write which you mean: ", line)
        return View("Which account?", (Paragraph(text),))
    return View(
        "Which account?",
        (Paragraph(words("Which account?")), buttons, Note(words("Or write its name: ", line))),
    )
