"""What is said of a legal hold."""

from __future__ import annotations

from domain.account_life import State
from handlers.views.elements import (
    Button,
    Buttons,
    Confirm,
    Note,
    Paragraph,
    Strong,
    View,
    in_plain_words,
    words,
)
from handlers.views.forms import Form, TextField
from storage.tables import Account


def with_hold_button(card: View, account: Account, *beside: Button) -> View:
    """Offer under an account's card to put it on hold, or to lift that; other buttons `beside`."""
    which = {"account": str(account.id)}
    if State(account.state) is State.LEGAL_HOLD:
        ask = Confirm("Lift the hold?", "It can be dealt and visited again.", "Lift it", "Keep it")
        button = Button("Lift the legal hold", "hold.lift", which, confirm=ask)
    else:
        button = Button("Legal hold", "hold.open", which)
    return View(card.summary, (*card.elements, Buttons((button, *beside))))


def hold_form(account: Account) -> Form:
    """Ask what the hold is for."""
    says = " is dealt to nobody, nobody is reminded of it or visits it, until the hold is lifted."
    return Form(
        "hold",
        "Legal hold",
        "Put on hold",
        (TextField("why", "What is it for?", hint="It stands in the audit log.", most=300),),
        intro=(Paragraph(words(Strong(account.name), says)),),
        context={"account": str(account.id)},
    )


def hold_set(account: Account) -> View:
    """Say that the hold stands."""
    text = words(Strong(account.name), " is on legal hold. Lift it from its card.")
    return View(in_plain_words(text), (Paragraph(text),))


def hold_set_on_yours(account: Account) -> View:
    """Tell the one who had it in hand to leave it be."""
    text = words(
        Strong(account.name),
        " is on legal hold now, so it is off your list. Please do not call or visit them until "
        "you hear more.",
    )
    note = Note(words("It is nothing you did, and none of your deadlines runs on."))
    return View(in_plain_words(text), (Paragraph(text), note))


def hold_lifted(account: Account) -> View:
    """Say where it stands now."""
    where = "lies in the drawer again" if account.state == State.CODE_99 else "is a customer again"
    text = words("The hold is lifted: ", Strong(account.name), f" {where}.")
    return View(in_plain_words(text), (Paragraph(text),))
