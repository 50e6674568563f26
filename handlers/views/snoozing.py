"""Putting a deadline off, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.deadlines import Step
from domain.digest import DueItem
from handlers.days import show_day
from handlers.views.digest import doing, when_due
from handlers.views.elements import (
    Button,
    Buttons,
    Mention,
    Note,
    Paragraph,
    Strong,
    View,
    say,
    words,
)
from handlers.views.forms import DateField, Form


def snooze_form(item: DueItem, offered: date, today: date) -> Form:
    """Ask to which day a deadline is put off."""
    return Form(
        "snooze",
        "Snooze",
        "Put it off",
        (DateField("day", "Until", value=offered.isoformat()),),
        intro=(
            Paragraph(
                words(Strong(item.account), f": {doing(item)}, due {show_day(item.due_on, today)}.")
            ),
            Note(words("Only this moves. All other reminders come when they would have come.")),
        ),
        context={"account": str(item.account_id), "deadline": str(item.deadline_id)},
    )


def snoozed(
    item: DueItem,
    day: date,
    today: date,
    *,
    sooner: Sequence[DueItem],
    told_on: date,
    left: int,
    told: bool,
) -> View:
    """Say what was put off to when, and how often that still goes unremarked.

    `sooner` is what stays due there before; `told_on` the first day from then on that is worked.
    """
    if told:
        rest = "It was put off so often that your manager is told."
    elif left == 0:
        rest = "If you put it off once more, your manager is told."
    else:
        rest = f"You can put it off {left} more {'time' if left == 1 else 'times'}."
    if told_on != day:
        rest = f"That is no working day: it is in the digest of {show_day(told_on, today)}. {rest}"
    if stays := [one for one in sooner if one.step is not Step.OVERDUE] or sooner:
        due = when_due(stays[0].due_on, today)
        rest = f"The rest keeps its days: {doing(stays[0])}, {due}. {rest}"
    return View(
        f"{item.account} is put off to {show_day(day, today)}",
        (
            Paragraph(
                words(Strong(item.account), f": {doing(item)}, now due {show_day(day, today)}.")
            ),
            Note(words(rest)),
        ),
    )


def put_off_often(who: Mention, item: DueItem, day: date, today: date, times: int) -> View:
    """Tell a manager what is put off again and again."""
    which = {"account": str(item.account_id)}
    text = say(
        who,
        " has put off ",
        Strong(item.account),
        f" {times} times: {doing(item)}, now due {show_day(day, today)}.",
    )
    return View(
        text.summary,
        (
            *text.elements,
            Buttons(
                (Button("Show", "account.show", which), Button("Hand over", "pass.ask", which)),
                item.account,
            ),
        ),
    )
