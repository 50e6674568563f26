"""What is said about a loss: understood, asked back, announced."""

from __future__ import annotations

from datetime import date

from domain.account_life import DEALABLE, IN_HAND, State
from domain.losses import KIND_LABELS, LONGEST_NAME, PREVENTABLE_LABELS, WON_BY_LABELS, Kind
from domain.money import Money
from domain.reasons import UNKNOWN
from domain.rules import Rules
from handlers.days import show_day
from handlers.money import show_money
from handlers.reasons import label_of
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Confirm,
    Element,
    Facts,
    Note,
    Paragraph,
    Plain,
    Span,
    Strong,
    Text,
    View,
    in_plain_words,
    words,
)
from storage.tables import Account, Loss

_LABEL = 60  # characters of a name on a button


def loss_card(
    account: Account, loss: Loss, rules: Rules, today: date, *, holder: str, was: str
) -> View:
    """Show what was understood of a loss, to the one who logged it.

    `holder`: who has the account in hand. `was`: the account's state before, to go back to.
    """
    lead = _where_it_stands(account, State(was), holder)
    elements: list[Element] = [Paragraph(lead), Facts(loss_facts(loss, rules, today))]
    if loss.reason == UNKNOWN.key:
        elements.append(Note(words("Nobody knows yet why they left. The visit will find out.")))
    undo = Button(
        "Not right? Undo",
        "loss.undo",
        {"loss": str(loss.id), "was": was},
        confirm=Confirm(
            "Take it back?",
            f"The loss of {_cut(account.name)} will be as if it had never been logged.",
            "Take it back",
            "Keep it",
        ),
    )
    buttons = (Button("Edit", "loss.edit", {"loss": str(loss.id)}), undo)
    return View(in_plain_words(lead), (*elements, Buttons(buttons)))


def _where_it_stands(account: Account, was: State, holder: str) -> Text:
    name, state = Strong(account.name), State(account.state)
    if state in IN_HAND and was not in IN_HAND:
        return words(name, f" is written down and dealt at once: {holder} will visit them.")
    if state in IN_HAND:
        return words(name, f" is written down. {holder or 'Somebody'} has it in hand and goes on.")
    if state in DEALABLE:
        return words(
            name, " is written down. It lies in the Code 99 drawer and goes out with the next deal."
        )
    if state is State.AT_RISK:
        return words(name, " is marked as at risk. Talk to them soon, while they are still here.")
    return words(name, f" is written down. It stays as it was: {account.state}.")


def loss_facts(loss: Loss, rules: Rules, today: date) -> tuple[tuple[str, Text], ...]:
    """List what is known of a loss; what is not known is left out."""
    value = show_money(money_of(loss, rules)) if loss.value_minor is not None else ""
    rows = (
        ("Kind", KIND_LABELS[Kind(loss.kind)] if loss.kind != Kind.CUSTOMER else ""),
        ("Reason", label_of(loss.reason, rules)),
        ("Competitor", loss.competitor or ""),
        ("How they won", WON_BY_LABELS.get(loss.competitor_won_by or "", "")),
        ("Value", value),
        ("What happened", loss.what_happened or ""),
        ("Last day", show_day(loss.last_day_on, today) if loss.last_day_on else ""),
        ("Decision maker", loss.decision_maker or ""),
        ("Preventable", PREVENTABLE_LABELS.get(loss.preventable or "", "")),
        ("Wakes up", show_day(loss.wake_on, today) if loss.wake_on else ""),
    )
    return tuple((label, words(text)) for label, text in rows if text)


def money_of(row: Account | Loss, rules: Rules) -> Money:
    """Give a row's value as a sum; nothing known is nothing."""
    return Money(row.value_minor or 0, row.currency or rules.currency)


def which_account(name: str, near: list[Account], line: str) -> View:
    """Ask whether one of the accounts of nearly this name is meant; the buttons keep the line."""
    known = ", ".join(_cut(account.name) for account in near)
    which = "Is that the one?" if len(near) == 1 else "Is it one of these?"
    asked = words("I know no ", Strong(name), f", but I know {known}. {which}")
    same = [
        Button(f"Yes, {_cut(a.name)}", "loss.known", {"account": str(a.id), "line": line})
        for a in near
    ]
    new = Button("No, it is a new account", "loss.new", {"line": line})
    return View(
        in_plain_words(asked),
        (
            Paragraph(asked),
            Buttons((*same, new)),
            Note(words("I write the loss down as soon as you have said.")),
        ),
    )


def already_lost(
    account: Account, loss: Loss | None, rules: Rules, today: date, *, holder: str, line: str
) -> View:
    """Say that the account is lost already, and offer to keep what was heard all the same."""
    name = Strong(account.name)
    if holder:
        told = words(
            name, f" is lost already, and {holder} has it in hand. Thank you for the news!"
        )
    elif State(account.state) in DEALABLE:
        told = words(name, " lies in the Code 99 drawer already. Thank you for telling!")
    else:
        told = words(name, f" is lost already and now {account.state}. Thank you for telling!")
    elements: list[Element] = [Paragraph(told)]
    payload = {"account": str(account.id), "line": line}
    buttons = [Button("It is another loss", "loss.another", payload)]
    if loss is not None:
        when = show_day(loss.lost_on, today)
        elements.append(Note(words(f"Logged: {label_of(loss.reason, rules)}, lost {when}.")))
        buttons.insert(0, Button("Add what you heard to it", "loss.add", payload, style="primary"))
    elements.append(Buttons(tuple(buttons)))
    return View(in_plain_words(told), tuple(elements))


def words_added(account: Account, holder: str) -> View:
    """Say that what was heard is kept."""
    told = f" Told {holder} too." if holder else ""
    text = words("Added to the loss of ", Strong(account.name), f".{told} Thank you.")
    return View(in_plain_words(text), (Paragraph(text),))


def news_of_account(account: Account, teller: str, line: str) -> View:
    """Tell the one who has an account in hand what a colleague heard about it."""
    lead = words(Strong(account.name), f": {teller} heard something about why they left.")
    return View(
        in_plain_words(lead),
        (
            Paragraph(lead),
            Paragraph(words(f"“{line}”")),
            Note(words("Ask about it on your visit.")),
        ),
    )


def nearest_commands(nearest: list[tuple[str, str]], typed: str) -> View:
    """Offer the commands (what to type, and what each does) that are nearly what was typed."""
    asked = words(f"“{_cut(typed)}” is not one of my commands. Did you mean one of these?")
    rows = tuple(words(Code(f"/lost {usage}"), f"  {says}") for usage, says in nearest)
    button = Button(
        f"Log a loss of “{_cut(typed)}”", "loss.open", {"account": typed[:LONGEST_NAME]}
    )
    return View(in_plain_words(asked), (Paragraph(asked), Bullets(rows), Buttons((button,))))


def too_long(what: str, longest: int, text: str) -> View:
    """Say that a line is too long to be read, and give the words back."""
    lead = words(
        f"{what} takes up to {longest:,} characters, and this is longer, so I wrote nothing down. "
        "Shorten it, or use the form: ",
        Code("/lost"),
    )
    shown: tuple[Element, ...] = (Note(words("Your words:")), Paragraph(words(text[:2900])))
    return View(in_plain_words(lead), (Paragraph(lead), *shown))


def loss_corrected(account: Account, loss: Loss, rules: Rules, today: date) -> View:
    """Show a loss as it reads after a correction."""
    lead = words("Saved: the loss of ", Strong(account.name), ".")
    edit = Button("Edit", "loss.edit", {"loss": str(loss.id)})
    return View(
        in_plain_words(lead),
        (Paragraph(lead), Facts(loss_facts(loss, rules, today)), Buttons((edit,))),
    )


def loss_undone(account: Account, *, gone: bool) -> View:
    """Say that a loss was taken back."""
    after = "" if gone else f" It is {account.state} again."
    text = words("Taken back: the loss of ", Strong(account.name), f".{after}")
    return View(in_plain_words(text), (Paragraph(text),))


def loss_announced(account: Account, loss: Loss) -> View:
    """Tell the team's channel, with respect: no value, no reason, and nobody to blame."""
    name: Span = Strong(account.name)
    told = (
        words("We lost a deal with ", name, ".")
        if loss.kind == Kind.DEAL
        else words("We lost ", name, " as a customer.")
    )
    text = (
        *told,
        Plain(" One of us will visit them to find out why. No sales pitch: we want to learn."),
    )
    return View(in_plain_words(told), (Paragraph(text),))


def loss_taken_back(account: Account) -> View:
    """Put an announcement right."""
    text = words("Good news: ", Strong(account.name), " was not lost. The note was a mistake.")
    return View(in_plain_words(text), (Paragraph(text),))


def _cut(name: str) -> str:
    return name if len(name) <= _LABEL else f"{name[: _LABEL - 1].rstrip()}…"
