"""Executive follow-ups, in words: whom to call, why, and what they said."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.digest import Hearing
from domain.losses import LONGEST_STORY
from domain.rules import Rules
from handlers.context import mention
from handlers.days import show_day
from handlers.money import show_money
from handlers.reasons import label_of
from handlers.views.elements import (
    Button,
    Buttons,
    Element,
    Mention,
    Note,
    Paragraph,
    Plain,
    Strong,
    View,
    in_plain_words,
    say,
    words,
)
from handlers.views.forms import ChoiceField, DateField, Form, TextField
from handlers.views.losses import money_of
from storage.tables import Account, FollowUp, Member

HOW = "Let them tell it. Ask, don't defend; apologise where it is due. No sales pitch."
"""How an executive hears a customer, word for word everywhere."""

_MOST_PEOPLE = 100  # options that Slack shows


def asking_form(account: Account, people: Sequence[Member], due_on: date) -> Form:
    """Ask which executive is to hear a customer, and by when."""
    options = tuple((str(person.id), person.name) for person in people[:_MOST_PEOPLE])
    return Form(
        "followup.ask",
        "Ask an executive",
        "Ask them",
        (
            ChoiceField("who", "Who is to hear them?", options, options[0][0]),
            DateField("due_on", "By when?", due_on.isoformat()),
            TextField(
                "note",
                "What should they know first?",
                optional=True,
                long=True,
                most=LONGEST_STORY,
            ),
        ),
        (
            Paragraph(words(Strong(account.name))),
            Note(words("Somebody with authority hears the story from the customer in person. "
                       "The rep's own visits go on beside it.")),
        ),
        {"account": str(account.id)},
    )  # fmt: skip


def asked(account: Account, executive: Member, due_on: date, today: date) -> View:
    """Confirm who was asked."""
    return say(
        mention(executive),
        " is asked to hear ",
        Strong(account.name),
        f" in person by {show_day(due_on, today)}. You hear from me what came of it.",
    )


def hearing_of(task: FollowUp, account: Account) -> Hearing:
    """Give a stored task as its line shows it."""
    if task.id is None:
        raise ValueError("this follow-up was never stored")
    return Hearing(task.id, task.account_id, account.name, account.tier, task.due_on)


def please_hear(task: FollowUp, account: Account, asker: Member, rules: Rules, today: date) -> View:
    """Ask an executive to hear a customer."""
    lead = words(
        mention(asker),
        " asks you to hear ",
        Strong(account.name),
        f" in person by {show_day(task.due_on, today)}.",
    )
    worth = show_money(money_of(account, rules)) if account.value_minor is not None else ""
    facts = [worth, account.tier or "", f"why: {label_of(account.reason, rules)}"]
    if account.decision_maker:
        facts.append(f"call {account.decision_maker}")
    elements: list[Element] = [
        Paragraph(lead),
        Paragraph(words(" · ".join(fact for fact in facts if fact))),
    ]
    if task.note:
        elements.append(Paragraph(words(Plain(f"“{task.note}”"))))
    elements += [Note(words(HOW)), _buttons(hearing_of(task, account))]
    return View(in_plain_words(lead), tuple(elements))


def hearing_line(hearing: Hearing, day: date) -> list[Element]:
    """Show one customer to be heard, as a line of the day."""
    tier = f" ({hearing.tier})" if hearing.tier else ""
    late = (day - hearing.due_on).days
    when = f"by {show_day(hearing.due_on, day)}"
    if late > 0:
        when = f"was due {show_day(hearing.due_on, day)}"
    text = f"{tier}: hear from them in person why they left, {when}"
    return [Paragraph(words(Strong(hearing.account), text)), _buttons(hearing)]


def heard_form(task: FollowUp, account: Account) -> Form:
    """Ask what the customer said."""
    return Form(
        "followup.heard",
        "What you heard",
        "Save",
        (
            TextField(
                "heard",
                "What did they say?",
                hint="What happened, where, why and how; in their words where you can.",
                long=True,
                most=LONGEST_STORY,
            ),
        ),
        (Paragraph(words(Strong(account.name))),),
        {"task": str(task.id)},
    )


def thanks(account: Account) -> View:
    """Thank the executive."""
    return say("Thank you. What ", Strong(account.name), " said is on their card.")


def was_heard(account: Account, executive: Member, heard: str) -> View:
    """Pass on what a customer said."""
    lead = words(mention(executive), " has heard ", Strong(account.name), ":")
    return View(
        in_plain_words(lead),
        (Paragraph(lead), Paragraph(words(Plain(f"“{heard}”"))), _show(account)),
    )


def handed_back(account: Account, executive: Member) -> View:
    """Tell who asked that somebody else has to hear this customer."""
    lead = words(
        mention(executive),
        " cannot hear ",
        Strong(account.name),
        " just now. Who else could? Ask them from the account's card.",
    )
    return View(in_plain_words(lead), (Paragraph(lead), _show(account)))


def handed_back_by_you(account: Account, asker: Mention) -> View:
    """Confirm that the task is somebody else's again."""
    return say("You are free of ", Strong(account.name), ". ", asker, " asks somebody else.")


def overdue_for_you(
    hearings: Sequence[Hearing], day: date, *, done: Sequence[tuple[FollowUp, Account]] = ()
) -> View:
    """Tell an executive who still waits to be heard, and who does no more since they were told."""
    lead = [Paragraph(words(Strong("Still to hear."), f" {HOW}"))] if hearings else []
    lines = [element for one in hearings for element in hearing_line(one, day)]
    after = [
        Paragraph(
            words(Strong(account.name), ": handed back." if task.heard is None else ": heard.")
        )
        for task, account in done
    ]
    names = ", ".join([one.account for one in hearings][:3])
    summary = f"Still to hear in person: {names}" if hearings else "Nobody here is still to hear"
    return View(summary, (*lead, *lines, *after))


def no_longer_late(account: Account, executive: Mention, *, was_heard: bool) -> View:
    """Say in the place of `overdue_at` what became of it."""
    what = " has heard " if was_heard else " could not hear "
    return say(executive, what, Strong(account.name), ".")


def overdue_at(account: Account, executive: Mention, due_on: date, day: date) -> View:
    """Tell who asked that nobody has heard the customer yet."""
    lead = words(
        Strong(account.name),
        " is still to be heard by ",
        executive,
        f": it was due {show_day(due_on, day)}.",
    )
    return View(in_plain_words(lead), (Paragraph(lead), _show(account)))


def _buttons(hearing: Hearing) -> Buttons:
    which = {"task": str(hearing.follow_up_id)}
    return Buttons(
        (
            Button("Write what I heard", "followup.open", which, style="primary"),
            Button("Show", "account.show", {"account": str(hearing.account_id)}),
            Button("Not me", "followup.decline", which),
        ),
        hearing.account,
    )


def _show(account: Account) -> Buttons:
    return Buttons((Button("Show", "account.show", {"account": str(account.id)}),))
