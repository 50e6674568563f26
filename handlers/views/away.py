"""Days away, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from domain.absence import Range
from domain.seating import in_accounts
from handlers.days import show_day
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Element,
    Note,
    Paragraph,
    Strong,
    View,
    in_plain_words,
    say,
    words,
)
from storage.tables import Absence, Member


def days_away(member: Member, absences: Sequence[Absence], today: date, *, own: bool) -> View:
    """Show what is noted, each with a button to come back early."""
    whose = "You are" if own else f"{member.name} is"
    how = Note(
        words("Write it like ", Code("/lost away friday to 12 march"), "; the last day counts.")
    )
    if not absences:
        text = words(f"{whose} not away, as far as I know.")
        return View(in_plain_words(text), (Paragraph(text), how))
    title = "Your days away" if own else f"Days away of {member.name}"
    elements: list[Element] = [Paragraph(words(f"{title}:"))]
    for absence in absences:
        now, span = absence.from_on <= today, _span((absence.from_on, absence.to_on), today)
        label = ("I'm back" if own else "Back already") if now else "Not away after all"
        elements += [
            Paragraph(words(Strong(span))),
            Buttons((Button(label, "away.back", {"absence": str(absence.id)}),), span),
        ]
    return View(f"{title}:", (*elements, how))


def noted(member: Member, away: Range, today: date, held: int, *, own: bool) -> View:
    """Say that days away are noted, and what that means."""
    whose = "You are" if own else f"{member.name} is"
    nudged = "you" if own else "them"
    text = words(f"Noted. {whose} away ", Strong(_span(away, today)), ".")
    means = f"In that time nothing is dealt to {nudged}, and nobody nudges {nudged}."
    if held:
        stays = "stays" if held == 1 else "stay"
        means += f" {in_accounts(held)} {stays} in hand."
    return View(in_plain_words(text), (Paragraph(text), Note(words(means))))


def welcome_back(member: Member, *, own: bool, begun: bool) -> View:
    """Say that an absence has ended, or will not be."""
    if not begun:
        return say("You are" if own else f"{member.name} is", " not away in those days after all.")
    if own:
        return say("Welcome back. You are in the next deal again.")
    return say(Strong(member.name), " is back, and in the next deal again.")


def _span(away: Range, today: date) -> str:
    first, last = away
    if first == last:
        return show_day(first, today)
    return f"{show_day(first, today)} to {show_day(last, today)}"
