"""Forgetting a contact, in words."""

from __future__ import annotations

from collections.abc import Sequence

from handlers.views.elements import (
    Button,
    Note,
    Paragraph,
    Strong,
    View,
    in_plain_words,
    words,
)
from handlers.views.forms import Form, TextField
from storage.tables import Account

MOST = 2000  # characters of all that is to be erased


def forget_button(account: Account) -> Button:
    """Offer under an account's card to forget its contact."""
    return Button("Forget the contact", "contact.forget", {"account": str(account.id)})


def forget_form(account: Account, names: Sequence[str]) -> Form:
    """Ask what to erase."""
    return Form(
        "contact.forget",
        "Forget the contact",
        "Forget them",
        (
            TextField(
                "words",
                "Erase these, one a line",
                value="\n".join(names)[:MOST],
                hint="Add how else they are written: a first name, a phone number, an address.",
                long=True,
                most=MOST,
            ),
        ),
        intro=(
            Paragraph(
                words(
                    Strong(account.name),
                    ": these names go from the account, its losses, visits, claims and messages. "
                    "What happened and all figures stay. There is no way back.",
                )
            ),
        ),
        context={"account": str(account.id)},
    )


def forgotten(account: Account, dropped: int) -> View:
    """Say what was done and what only others can do."""
    text = words("Done: I have forgotten the contact at ", Strong(account.name), ".")
    notes = [
        "A file that names them again will not bring them back. Messages that people have already "
        "had stay in their chats: delete those by hand."
    ]
    if dropped:
        files = "One file that waited" if dropped == 1 else f"{dropped} files that waited"
        notes.append(f"{files} to be taken in named them and is gone. Send it again without them.")
    return View(in_plain_words(text), (Paragraph(text), *(Note(words(note)) for note in notes)))


def contacts_left_out(accounts: int) -> str:
    """Say that a file named contacts who are to be forgotten."""
    whose = "of one account" if accounts == 1 else f"of {accounts} accounts"
    return f"The contact {whose} was forgotten on request and was left out again."
