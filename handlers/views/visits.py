"""Visits, in words: the directive, the form, and what comes next."""

from __future__ import annotations

from datetime import date, timedelta

from domain.account_life import State
from domain.losses import LONGEST_NAME, LONGEST_STORY
from domain.reasons import UNKNOWN
from domain.rules import Rules
from handlers.days import show_day
from handlers.reasons import label_of, reason_options
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Element,
    Note,
    Paragraph,
    Strong,
    Text,
    View,
    in_plain_words,
    words,
)
from handlers.views.forms import CheckField, ChoiceField, DateField, Form, TextField
from storage.tables import Account, Loss

DIRECTIVE = "Visit, meet the decision maker and find out what happened. No sales pitch."
"""What a rep is asked to do with an account, word for word everywhere."""

_MANY = 10


def visit_form(
    account: Account, loss: Loss | None, rules: Rules, today: date, *, heard: str = ""
) -> Form:
    """Ask what a visit found; `heard` was said already."""
    known = f"Known so far: {label_of(account.why_verified or account.reason, rules)}."
    whom = f" Decision maker: {account.decision_maker}." if account.decision_maker else ""
    return Form(
        "visit",
        "Log a visit",
        "Save the visit",
        (
            TextField(
                "who_was_met",
                "Whom did you meet?",
                hint="Name and part, such as Jo Park, head of purchasing.",
                most=LONGEST_NAME,
            ),
            ChoiceField(
                "decision_maker",
                "Was the decision maker there?",
                (("yes", "Yes"), ("no", "No")),
            ),
            TextField(
                "what_happened",
                "What did you hear?",
                value=heard,
                hint="In their words, where you can.",
                long=True,
                most=LONGEST_STORY,
            ),
            ChoiceField(
                "verified_reason",
                "Why did they really leave?",
                reason_options(rules, account.why_verified),
                account.why_verified or UNKNOWN.key,
            ),
            TextField(
                "evidence",
                "What shows it?",
                hint="The offer, the invoice, the date: whatever proves the reason.",
                optional=True,
                long=True,
                most=LONGEST_STORY,
            ),
            CheckField("apologised", "Apology", "I apologised for our part in it"),
            TextField("next_step", "Next step", optional=True, most=LONGEST_NAME),
            DateField(
                "next_step_on",
                "When is the next step?",
                (today + timedelta(days=7)).isoformat(),
                "I will remind you that morning.",
                optional=True,
            ),
            DateField("visited_on", "Day of the visit", today.isoformat(), optional=True),
        ),
        (Paragraph(words(Strong(account.name))), Note(words(f"{known}{whom} {DIRECTIVE}"))),
        {"account": str(account.id)},
    )


def visit_logged(
    account: Account,
    loss: Loss | None,
    step: str | None,
    step_on: date | None,
    rules: Rules,
    *,
    today: date,
) -> View:
    """Say how far the visit brought the account, and what comes next."""
    lead = words(Strong(account.name), ": the visit is written down. ", *_next(account))
    elements: list[Element] = [Paragraph(lead)]
    if loss is not None and account.why_verified not in {None, loss.reason, UNKNOWN.key}:
        stated = label_of(loss.reason, rules)
        found = label_of(account.why_verified, rules)
        elements.append(Note(words(f"Stated at the loss: {stated}. Found on the visit: {found}.")))
    if step and step_on:
        when = show_day(step_on, today)
        elements.append(Note(words(f"Next step, {when}: {step}. I will remind you.")))
    which = {"account": str(account.id)}
    buttons = [Button("Show", "account.show", which)]
    if State(account.state) in {State.UNDERSTOOD, State.FOOTHOLD}:
        buttons.insert(0, Button("They came back: claim it", "claim.open", which))
    elements.append(Buttons(tuple(buttons)))
    return View(in_plain_words(lead), tuple(elements))


def _next(account: Account) -> Text:
    whom = f", {account.decision_maker}," if account.decision_maker else ""
    match State(account.state):
        case State.CONTACTED:
            return words(f"Next: meet the decision maker{whom} and find out what happened.")
        case State.MET:
            return words("You met the decision maker. Next: find out why they really left.")
        case State.UNDERSTOOD:
            return words(
                "You met the decision maker and know why they left, so you may talk business again."
                " Once they are back: ",
                Code(f"/found {account.name}"),
            )
        case _:
            return words("Once they are back whole: ", Code(f"/found {account.name}"))
