"""A new contact at an account, in words."""

from __future__ import annotations

from domain.losses import LONGEST_NAME
from handlers.views.elements import Note, Paragraph, Strong, View, in_plain_words, words
from handlers.views.forms import Form, TextField
from storage.tables import Account


def contact_form(account: Account) -> Form:
    """Ask who is there now."""
    known = f"So far: {account.decision_maker}." if account.decision_maker else ""
    return Form(
        "contact",
        "Someone new there",
        "Save",
        (TextField("contact", "Who decides there now?", hint=known, most=LONGEST_NAME),),
        intro=(Paragraph(words(Strong(account.name))),),
        context={"account": str(account.id)},
    )


def new_face(account: Account, before: str | None) -> View:
    """Say what good news a new contact is."""
    text = words(
        "Good news: at ",
        Strong(account.name),
        f" it is {account.decision_maker} now. They have no quarrel with us.",
    )
    if before is None or before == account.decision_maker:
        text = words("Noted: at ", Strong(account.name), f" it is {account.decision_maker}.")
    advice = Note(words("Introduce yourself and listen; do not sell yet."))
    return View(in_plain_words(text), (Paragraph(text), advice))
