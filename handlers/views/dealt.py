"""What a rep reads when accounts come to them, or leave them again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.rules import Rules
from domain.seating import in_accounts
from handlers.context import mention
from handlers.days import show_day
from handlers.money import show_money
from handlers.reasons import label_of
from handlers.views.elements import (
    Button,
    Buttons,
    Code,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    View,
    say,
    words,
)
from handlers.views.losses import money_of
from handlers.views.visits import DIRECTIVE
from storage.tables import Account, Member

LISTED = 10
"""Accounts that a message shows one by one; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Dealt:
    """An account that came to somebody, and why it came to them."""

    account: Account
    why: str


def accounts_for_you(
    dealt: Sequence[Dealt],
    total: int,
    *,
    first_by: date,
    dealer: Member | None,
    rules: Rules,
    today: date,
) -> View:
    """Tell a rep what they were dealt: the dearest first, the directive, a first step for each."""
    by = words(" by ", mention(dealer)) if dealer else ()
    names = ", ".join(item.account.name for item in dealt[:3])
    summary = f"{in_accounts(total)} to win back: {names}" + (" and more" if total > 3 else "")
    elements: list[Element] = [
        Heading(f"{in_accounts(total)} to win back"),
        Paragraph(words(Strong(DIRECTIVE), f"\n{_way_in(first_by, today)}")),
    ]
    once = _shared_why(dealt)
    for item in dealt:
        elements += _account(item, rules, why=item.why if item.why != once else "")
    if total > len(dealt):
        elements.append(
            Paragraph(words(f"And {total - len(dealt)} more: ", Code("/lost mine"), " has them."))
        )
    others = any(item.why != once for item in dealt)
    but = ", where nothing else is said" if others else ""
    why = f"Why you: {once}{but}. " if once else ""
    closing = ". Is one of them not for you? Hand it over: nobody asks why."
    elements.append(Note(words(f"{why}Dealt out of the Code 99 drawer", *by, closing)))
    return View(summary, tuple(elements))


def _shared_why(dealt: Sequence[Dealt]) -> str:
    """Give why most of the accounts came to somebody, to be said once; empty if there is none."""
    why, times = Counter(item.why for item in dealt).most_common(1)[0]
    return why if times > max(1, len(dealt) // 2) else ""


def _account(item: Dealt, rules: Rules, why: str) -> list[Element]:
    """Show one account in few words: ten of them have to be read on a phone."""
    account = item.account
    which = {"account": str(account.id)}
    buttons = [Button("Log visit", "visit.open", which), Button("Hand over", "pass.ask", which)]
    if account.decision_maker:
        buttons.insert(1, Button("New contact", "contact.changed", which))
    return [
        Paragraph(words(Strong(account.name), f"{_facts(account, rules)}\n{_first_step(account)}")),
        *([Note(words(f"Why you: {why}."))] if why else []),
        Buttons(tuple(buttons), account.name),
    ]


def _facts(account: Account, rules: Rules) -> str:
    parts = []
    if account.value_minor:
        parts.append(show_money(money_of(account, rules)))
    if account.reason:
        parts.append(f"why: {label_of(account.reason, rules)}")
    if account.competitor:
        parts.append(f"now with {account.competitor}")
    return "".join(f"  ·  {part}" for part in parts)


def _way_in(first_by: date, today: date) -> str:
    return (
        f"First step, by {show_day(first_by, today)}: call on the decision maker. "
        "If that is someone new, so much the better."
    )


def _first_step(account: Account) -> str:
    if account.decision_maker:
        return f"Call on {account.decision_maker}."
    return "Find out who decides there, and ask to come by."


def passed_to_you(
    item: Dealt, passer: Member, *, first_by: date, rules: Rules, today: date
) -> View:
    """Tell a rep that an account was handed over to them."""
    elements: list[Element] = [
        Paragraph(words("An account comes to you, from ", mention(passer), ".")),
        Paragraph(words(Strong(DIRECTIVE), f"\n{_way_in(first_by, today)}")),
        *_account(item, rules, item.why),
    ]
    return View(f"{item.account.name} comes to you, from {passer.name}", tuple(elements))


def passed_from_you(account: Account, taker: Member, by: Member) -> View:
    """Tell a rep that who leads handed their account over."""
    return say(mention(by), " handed ", Strong(account.name), " over to ", mention(taker), ".")


def went_back(names: Sequence[str], total: int) -> View:
    """Tell a rep that accounts nobody visited returned to the drawer."""
    waited = "it was" if total == 1 else "they were"
    return say(
        Strong(_listed(names, total)),
        f" went back to the drawer for somebody else to try: {waited} waiting long for a visit. "
        "No hard feelings.",
    )


def never_mind(
    dealt: int, since: Sequence[str], passed: int, staying: Sequence[str], kept: int
) -> View:
    """Tell a rep that a deal was taken back, and what they keep because they are on it.

    `dealt` accounts of it return from them, and `passed` that were handed over to them since, of
    which `since` are the first names; of the `kept`, `staying` are.
    """
    later = f"{_listed(since, passed)}, handed over to you since" if passed else ""
    what = in_accounts(dealt) if dealt else f"{later},"
    text = f"Never mind: the deal was taken back, and {what} returned to the drawer."
    if dealt and passed:
        text += f" So did {later}."
    if kept:
        text += f" You keep {_listed(staying, kept)}, since you are on it already."
    return say(text)


def _listed(names: Sequence[str], total: int) -> str:
    last = f"{total - len(names)} more" if total > len(names) else ""
    *others, last = [*names, last] if last else names
    return f"{', '.join(others)} and {last}" if others else last
