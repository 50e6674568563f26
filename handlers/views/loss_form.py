"""The form for a loss: new, or to be put right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.losses import (
    KIND_LABELS,
    LONGEST_NAME,
    LONGEST_STORY,
    PREVENTABLE_LABELS,
    WON_BY_LABELS,
)
from domain.rules import Rules
from handlers.money import plain_amount
from handlers.reasons import reason_options
from handlers.views.elements import Element, Note, Paragraph, words
from handlers.views.forms import (
    CheckField,
    ChoiceField,
    DateField,
    Field,
    Form,
    LookupField,
    TextField,
)
from handlers.views.losses import money_of
from storage.tables import Account, Loss, Member

NEW = "new:"
_LONGEST_VALUE = 150  # characters that Slack takes as the value of an option


def new_account_value(name: str) -> str:
    """Give what the account field holds for an account that is not known yet."""
    return f"{NEW}{name}"[:_LONGEST_VALUE]


def loss_form(
    rules: Rules,
    values: Mapping[str, str],
    *,
    account_shown: str = "",
    lost_by_shown: str = "",
    intro: str = "",
    context: Mapping[str, str] | None = None,
) -> Form:
    """Ask for a loss, with what is known already filled in (`values`, as a form gives them)."""
    who = LookupField(
        "account",
        "Account",
        "accounts",
        values.get("account", ""),
        account_shown,
        hint="Type its name. If it is not known yet, choose it as new.",
    )
    return Form(
        "loss",
        "A customer left",
        "Log the loss",
        (who, *_fields(rules, values, lost_by_shown), _in_confidence(values)),
        _intro(intro),
        context or {},
    )


def correction_form(
    rules: Rules, account: Account, loss: Loss, lost_by: Member | None, intro: str = ""
) -> Form:
    """Show a loss as it is written, to be put right."""
    return Form(
        "loss.correct",
        "Edit the loss",
        "Save",
        _fields(rules, _values_of(loss, rules), lost_by.name if lost_by else ""),
        (Paragraph(words(account.name)), *_intro(intro)),
        {"loss": str(loss.id)},
    )


def _fields(rules: Rules, values: Mapping[str, str], lost_by_shown: str) -> tuple[Field, ...]:
    def text(name: str, label: str, hint: str = "", most: int = LONGEST_NAME) -> TextField:
        return TextField(name, label, values.get(name, ""), hint, optional=True, most=most)

    def choice(name: str, label: str, options: Mapping[Any, str]) -> ChoiceField:
        listed = tuple((str(key), says) for key, says in options.items())
        return ChoiceField(name, label, listed, values.get(name, ""), optional=True)

    def day(name: str, label: str, hint: str) -> DateField:
        return DateField(name, label, values.get(name, ""), hint, optional=True)

    return (
        ChoiceField(
            "reason",
            "Reason",
            reason_options(rules, values.get("reason")),
            values.get("reason", ""),
            "As it was stated. The visit finds out whether it is the real one.",
        ),
        TextField(
            "what_happened",
            "What happened",
            values.get("what_happened", ""),
            "In their words, where you can.",
            optional=True,
            long=True,
            most=LONGEST_STORY,
        ),
        text("competitor", "Competitor", "Where they went."),
        choice("won_by", "How they won", WON_BY_LABELS),
        text(
            "value", "Value", f"Per year, such as 12000 or $12k. In {rules.currency} if bare.", 40
        ),
        day("last_day", "Last day", "The last day they were a customer."),
        text("decision_maker", "Decision maker", "Whom to visit."),
        choice("preventable", "Could we have prevented it?", PREVENTABLE_LABELS),
        choice("kind", "Kind", KIND_LABELS),
        day("wake_on", "Wake-up day", "For a deal: when to come back, such as next year."),
        LookupField(
            "lost_by",
            "Who had the account",
            "members",
            values.get("lost_by", ""),
            lost_by_shown,
            "So that it is dealt to somebody else. Left empty, it is you.",
            optional=True,
        ),
    )


def _in_confidence(values: Mapping[str, str]) -> CheckField:
    return CheckField(
        "confidence",
        "In confidence",
        "About how whoever had the account behaved: only their manager sees it",
        values.get("confidence", ""),
    )


def _values_of(loss: Loss, rules: Rules) -> dict[str, str]:
    value = ""
    if loss.value_minor is not None:
        value = plain_amount(money_of(loss, rules))
        if loss.currency not in {None, rules.currency}:
            value = f"{value} {loss.currency}"
    return {
        "reason": loss.reason,
        "what_happened": loss.what_happened or "",
        "competitor": loss.competitor or "",
        "won_by": loss.competitor_won_by or "",
        "value": value,
        "last_day": loss.last_day_on.isoformat() if loss.last_day_on else "",
        "decision_maker": loss.decision_maker or "",
        "preventable": loss.preventable or "",
        "kind": loss.kind,
        "wake_on": loss.wake_on.isoformat() if loss.wake_on else "",
        "lost_by": str(loss.lost_by_id or ""),
    }


def _intro(text: str) -> tuple[Element, ...]:
    return (Note(words(text)),) if text else ()
