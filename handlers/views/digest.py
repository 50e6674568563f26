"""The daily digest, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.deadlines import Step
from domain.digest import Closing, Desk, Digest, DueItem
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.deal import DEAL_OUT
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    Text,
    View,
    words,
)
from handlers.views.follow_ups import hearing_line

LINES = 15  # of two blocks each: Slack takes 50 in a message
_ENCLOSED = 3  # other news that are said in full; each has the place of two lines
_CLOSING = 3  # bounties that run out have at least so many of them

_STEPS = {
    Step.CONTACT: "make first contact",
    Step.MEETING: "meet the decision maker",
    Step.OVERDUE: "find out what happened",
    Step.REVISIT: "look in on them again",
    Step.NEXT_STEP: "next step",
}
_TIERS = {
    "biggest": "biggest",
    "most profitable": "most profitable",
    "longest held": "longest held",
}


def digest_message(digest: Digest, enclosed: Sequence[View] = ()) -> View:
    """Show a member's day, each line with its buttons, and other news that waited for it."""
    most = LINES - 2 * len(enclosed[:_ENCLOSED])
    elements: list[Element] = [
        Heading(f"Your day, {digest.day:%A} {digest.day.day} {digest.day:%B}")
    ]
    if digest.since is not None:
        elements.append(
            Note(
                words(
                    f"You have had no digest since {show_day(digest.since, digest.day)}: "
                    "I could not send one. All that fell due meanwhile is in this one."
                )
            )
        )
    if digest.back:
        elements.append(
            Note(
                words(
                    "Welcome back. The clock stood still while you were away: what fell due "
                    "meanwhile comes over your next days."
                    + (" What was due before comes first." if digest.overdue else "")
                )
            )
        )
    others = len(digest.lines) + len(digest.hearings)
    in_lines = {item.account_id for item in digest.lines}
    closing = [one for one in digest.closing if one.account_id not in in_lines]
    closing = closing[: max(_CLOSING, most - others)]
    room = most - len(closing)
    heard = digest.hearings[:room]
    room -= len(heard)
    if heard:
        elements.append(Heading("To hear in person"))
    for one in heard:
        elements += hearing_line(one, digest.day)
    for title, items in (
        ("Overdue", digest.overdue),
        ("Due today", digest.today),
        ("Coming up", digest.coming),
    ):
        shown = items[:room]
        room -= len(shown)
        if shown:
            elements.append(Heading(title))
        for item in shown:
            elements += due_line(item, digest.day)
    hidden = others - (most - len(closing))
    if hidden > 0:
        elements.append(Note(words(f"And {hidden} more: ", Code("/lost mine"), " shows them all.")))
    elements += _closing(digest, closing)
    elements += _desk(digest.desk)
    if enclosed and len(elements) > 1:
        elements.append(Heading("Also"))
    elements += _enclosed(enclosed)
    if not digest.says_something and not enclosed:
        elements.append(Paragraph(words("All done. Nothing more is due today or soon.")))
    return View(_summary(digest, enclosed), tuple(elements))


def due_line(item: DueItem, day: date) -> list[Element]:
    """Show one deadline: the account, what to do, by when, and what can be done from here."""
    when = f", {when_due(item.due_on, day)}" if item.due_on != day else ""  # the heading says today
    text = words(Strong(item.account), f"{about(item)}: {doing(item)}{when}")
    return [Paragraph(text), due_buttons(item)]


def due_buttons(item: DueItem) -> Buttons:
    """Show what a rep can do about a deadline from where it stands."""
    which = {"account": str(item.account_id)}
    return Buttons(
        (
            Button("Log visit", "visit.open", which, style="primary"),
            Button("Snooze", "snooze.open", {**which, "deadline": str(item.deadline_id)}),
            Button("Hand over", "pass.ask", which),
        ),
        item.account,
    )


def doing(item: DueItem) -> str:
    """Say what a deadline asks for."""
    return item.note if item.step is Step.NEXT_STEP and item.note else _STEPS[item.step]


def about(item: DueItem) -> str:
    """Say in brackets what is known of an account, if anything."""
    known = [item.tier or "", show_money(item.worth) if item.worth else ""]
    about = ", ".join(part for part in known if part)
    return f" ({about})" if about else ""


def when_due(due_on: date, day: date) -> str:
    """Say when something is or was due, as seen from a day."""
    return f"{'was due' if due_on < day else 'due'} {show_day(due_on, day)}"


def _closing(digest: Digest, alone: Sequence[Closing]) -> list[Element]:
    """List the bounties that run out; `alone` are those with buttons, as they have no line yet."""
    if not digest.closing:
        return []
    elements: list[Element] = [Heading("Bounties running out")]
    for one in alone:
        which = {"account": str(one.account_id)}
        claim = Button("They came back", "claim.open", which, style="primary")
        elements += [
            Paragraph(_runs_out(one, digest.day)),
            Buttons((claim, Button("Log visit", "visit.open", which)), one.account),
        ]
    rest = [one for one in digest.closing if one not in alone]
    if rest:
        said = [_runs_out(one, digest.day) for one in rest[:LINES]]
        more = len(rest) - len(said)
        elements += [
            Bullets((*said, words(f"and {more} more")) if more else tuple(said)),
            Note(words("They came back? ", Code("/found NAME"), " claims it in time.")),
        ]
    return elements


def _runs_out(one: Closing, day: date) -> Text:
    what = "the early rate holds until" if one.early else "the bounty can be earned until"
    return words(Strong(one.account), f": {what} {show_day(one.last_on, day)}")


def _enclosed(views: Sequence[View]) -> list[Element]:
    elements = [element for view in views[:_ENCLOSED] for element in view.elements]
    rest = [words(view.summary) for view in views[_ENCLOSED:][:LINES]]
    return [*elements, Bullets(tuple(rest))] if rest else elements


def _summary(digest: Digest, enclosed: Sequence[View]) -> str:
    if enclosed and not digest.says_something:
        return enclosed[0].summary
    if digest.closing and not digest.lines:
        soonest = digest.closing[0]
        return f"{soonest.account}: its bounty runs out {show_day(soonest.last_on, digest.day)}"
    if digest.hearings and not digest.lines:
        return f"{digest.hearings[0].account}: hear from them in person why they left"
    if not digest.lines:
        waits = "something waits for you" if digest.says_something else "all done"
        return f"Your day: {waits}"
    first, others = digest.lines[0], len(digest.lines) - 1
    text = f"{first.account}: {doing(first)}, {when_due(first.due_on, digest.day)}"
    return f"{text}, and {others} more" if others else text


def _desk(desk: Desk) -> list[Element]:
    elements: list[Element] = []
    if desk.claims:
        count = len(desk.claims)
        waits = "one claim waits" if count == 1 else f"{count} claims wait"
        first = {"claim": str(desk.claims[0])}
        elements += [
            Paragraph(words(Strong("To decide"), f": {waits} for your yes or no.")),
            Buttons(
                (Button("Look at it" if count == 1 else "Look at the first", "claim.look", first),)
            ),
        ]
    if desk.untouched:
        files = "One file" if desk.untouched == 1 else f"{desk.untouched} files"
        waits = f": nobody has touched {files} in the drawer for a long time."
        elements += [Paragraph(words(Strong("Start now"), waits)), DEAL_OUT]
    return elements
