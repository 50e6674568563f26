"""Asking which account was meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from handlers.views.elements import Button, Buttons, Paragraph, Strong, View, words
from storage.tables import Account

_LABEL = 75  # characters a button takes


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
