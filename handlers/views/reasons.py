"""The list of reasons, and the forms that change it, in words."""

from __future__ import annotations

from domain.reason_list import FEWEST, LONGEST_EVIDENCE, LONGEST_LABEL, MOST
from domain.reasons import Reason
from domain.rules import Rules
from handlers.reasons import all_reasons_of, reasons_of
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Element,
    Heading,
    Note,
    Strong,
    Text,
    View,
    words,
)
from handlers.views.forms import CheckField, ChoiceField, Form, TextField


def reasons_page(rules: Rules) -> View:
    """Show why customers leave, what proves each, and what is retired."""
    retired = [reason.label for reason in all_reasons_of(rules) if reason.retired]
    elements: list[Element] = [
        Heading("Reasons"),
        Bullets(tuple(_said(reason) for reason in reasons_of(rules))),
    ]
    if retired:
        elements.append(Note(words(f"Retired, for old losses alone: {', '.join(retired)}.")))
    elements.append(Buttons((Button("Edit reasons", "settings.change", {"group": "Reasons"}),)))
    return View("Why customers leave", tuple(elements))


def reason_choice(listed: tuple[Reason, ...]) -> Form:
    """Ask which reason is meant."""
    options = [
        (reason.key, f"{reason.label} (retired)" if reason.retired else reason.label)
        for reason in listed
    ]
    return Form(
        "reason.choose",
        "Reasons",
        "Next",
        (
            ChoiceField(
                "reason",
                "Which one?",
                tuple(options),
                hint="Left empty, it is a new one.",
                optional=True,
            ),
        ),
    )


def reason_form(reason: Reason) -> Form:
    """Ask for a reason; without a key it is a new one."""
    return Form(
        "reason.save",
        "Edit the reason" if reason.key else "A new reason",
        "Save",
        (
            TextField(
                "label",
                "Reason",
                reason.label,
                "As people say it. Losses logged under it follow.",
                most=LONGEST_LABEL,
            ),
            TextField(
                "evidence",
                "What proves it",
                reason.evidence,
                "What the visit should bring back.",
                most=LONGEST_EVIDENCE,
            ),
            ChoiceField(
                "avoidable",
                "Could we have prevented it?",
                (("yes", "Avoidable"), ("no", "Beyond our control")),
                "yes" if reason.avoidable else "no",
            ),
            CheckField(
                "no_fault",
                "No-fault",
                "Nobody on either side is to blame",
                "yes" if reason.no_fault else "",
            ),
            TextField(
                "synonyms",
                "Other words for it",
                ", ".join(reason.synonyms),
                "With commas between them; read in a line and in files.",
                optional=True,
                long=True,
            ),
            ChoiceField(
                "retired",
                "In use",
                (("no", "Offered"), ("yes", "Retired: old losses keep it")),
                "yes" if reason.retired else "no",
                f"{FEWEST} to {MOST} are offered at a time.",
            ),
        ),
        context={"key": reason.key},
    )


def _said(reason: Reason) -> Text:
    marks = [] if reason.avoidable else ["beyond our control"]
    marks += ["no-fault"] if reason.no_fault else []
    marked = f" ({', '.join(marks)})" if marks else ""
    return words(Strong(reason.label), f"{marked}: {reason.evidence}")
