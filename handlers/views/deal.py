"""The deal in the manager's words: who would get what and why, done, changed, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.money import Money
from domain.rules import Rules
from domain.seating import in_accounts
from handlers.finding import shortened
from handlers.money import show_money
from handlers.views.elements import (
    Bullets,
    Button,
    Buttons,
    Code,
    Confirm,
    Element,
    Heading,
    Note,
    Paragraph,
    Strong,
    View,
    in_plain_words,
    say,
    words,
)
from storage.tables import Member

REPS = 8
"""Reps on one page of the preview."""
ACCOUNTS = 5
"""Accounts that are named for each of them."""
REASONS = 6
"""Reasons for staying in the drawer that are listed."""
NAMES = 3
"""Accounts or people that are named before the rest are counted."""
DEAL_OUT = Buttons((Button("See the deal", "deal.preview"),))
"""Leads from what lies in the drawer to who would get it."""

# The longest page must leave room for its buttons: a message takes 11,000 characters.
_NAME = 40
_WHY = 90
_REASON = 160


@dataclass(frozen=True, slots=True)
class ShareLine:
    """What a rep would get: its dearest accounts as (name, worth, why), and what it comes to."""

    member: Member
    count: int
    worth: tuple[Money, ...]
    holds: int
    accounts: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class StayLine:
    """Accounts that stay in the drawer for one reason: how many, and the dearest by name."""

    why: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A deal to look over. `payload` says which one it is; `page` counts from 0.

    `fewest` and `most` are the counts that reps get. `insisting_helps`: something stays that is
    barred to everybody. `news`: what changed since it was last shown. `stranded`: who has left and
    still holds accounts.
    """

    payload: Mapping[str, str]
    count: int
    worth: tuple[Money, ...]
    reps: int
    fewest: int
    most: int
    shares: Sequence[ShareLine]
    stays: Sequence[StayLine]
    staying: int
    insisting_helps: bool
    sitting_out: Sequence[tuple[str, str]]
    page: int
    pages: int
    news: str = ""
    stranded: Sequence[tuple[Member, int]] = ()


def deal_preview(preview: Preview) -> View:
    """Show who would get what, and why; nothing is dealt before the button is pressed."""
    summary = f"{in_accounts(preview.count)} for {_reps(preview.reps)}"
    elements: list[Element] = []
    if preview.news:
        elements.append(
            Paragraph(words(Strong("Something changed since you looked. "), preview.news))
        )
    if preview.count:
        elements += [Heading(summary), Paragraph(words(_all_in_all(preview)))]
    for share in preview.shares:
        elements += _share(share)
    if preview.pages > 1:
        elements += _page_turns(preview)
    elements += _stays(preview)
    if preview.sitting_out:
        elements.append(Note(words("Not in this deal: ", _people(preview.sitting_out))))
    for member, count in preview.stranded[:NAMES]:
        text = f" has left and still holds {in_accounts(count)}."
        back = Button("Put them back in the drawer", "deal.free", {"member": str(member.id)})
        elements += [Paragraph(words(Strong(member.name), text)), Buttons((back,))]
    elements.append(Buttons(_choices(preview)))
    return View(summary if preview.count else "Nothing can be dealt now", tuple(elements))


def _all_in_all(preview: Preview) -> str:
    each = str(preview.most)
    if preview.fewest != preview.most:
        each = f"{preview.fewest} to {preview.most}"
    worth = f", {worth_of(preview.worth)} in all" if preview.worth else ""
    return f"{each} each{worth}. Nothing is dealt until you press the button."


def _share(share: ShareLine) -> list[Element]:
    about = [in_accounts(share.count)]
    if share.worth:
        about.append(worth_of(share.worth))
    if share.holds:
        about.append(f"holds {share.holds} already")
    if share.member.platform_user_id is None:
        about.append("not in Slack yet")
    lines = [
        words(shortened(name, _NAME), f", {worth}" if worth else "", f": {shortened(why, _WHY)}")
        for name, worth, why in share.accounts
    ]
    if share.count > len(lines):
        lines.append(words(f"and {share.count - len(lines)} more"))
    name = shortened(share.member.name, _NAME)
    head = Paragraph(words(Strong(name), f" · {' · '.join(about)}"))
    return [head, Bullets(tuple(lines))]


def _page_turns(preview: Preview) -> list[Element]:
    base = {"insist": preview.payload["insist"]}
    turns = []
    if preview.page:
        turns.append(Button("Back", "deal.page", {**base, "page": str(preview.page - 1)}))
    if preview.page + 1 < preview.pages:
        turns.append(Button("More reps", "deal.page", {**base, "page": str(preview.page + 1)}))
    return [Note(words(f"Page {preview.page + 1} of {preview.pages}")), Buttons(tuple(turns))]


def _stays(preview: Preview) -> list[Element]:
    if not preview.staying:
        return []
    stay = "stays" if preview.staying == 1 else "stay"
    lines = [
        words(Strong(_some(line.names, line.count)), f": {shortened(line.why, _REASON)}")
        for line in preview.stays
    ]
    listed = sum(line.count for line in preview.stays)
    if listed < preview.staying:
        lines.append(words(f"{preview.staying - listed} more, for other reasons"))
    return [Heading(f"{in_accounts(preview.staying)} {stay} in the drawer"), Bullets(tuple(lines))]


def _choices(preview: Preview) -> tuple[Button, ...]:
    buttons = []
    if preview.count:
        buttons.append(Button("Deal them out", "deal.confirm", preview.payload, style="primary"))
    if preview.insisting_helps:
        again = {"insist": "yes", "page": "0"}
        buttons.append(Button("Deal those nonetheless", "deal.page", again))
    buttons.append(Button("Not now", "deal.cancel"))
    return tuple(buttons)


def nothing_to_deal() -> View:
    """Say that the drawer is empty."""
    text = words(
        "The drawer is empty, so there is nothing to deal. Fill it: ", Code("/lost import")
    )
    return View(in_plain_words(text), (Paragraph(text),))


def no_reps() -> View:
    """Say that there is nobody to deal to."""
    text = words("There is no rep to deal to yet. Add the first: ", Code("/lost team add @NAME"))
    return View(in_plain_words(text), (Paragraph(text),))


def not_dealt() -> View:
    """Say that nothing happened."""
    return say("Nothing was dealt. ", Code("/lost deal"), " shows it again whenever you like.")


def already_dealt(when: str, dealer: str) -> View:
    """Say that somebody pressed before."""
    return say(f"That was dealt out already, {when} by {dealer}.")


def dealt_out(
    deal_id: int, count: int, shares: Sequence[tuple[Member, int]], staying: int, rules: Rules
) -> View:
    """Tell the manager what was dealt, and that it can be taken back."""
    summary = f"Dealt: {in_accounts(count)} to {_reps(len(shares))}"
    elements: list[Element] = [
        Paragraph(words(Strong(f"{summary}."), " Each has a message with theirs."))
    ]
    waiting = [member.name for member, _ in shares if member.platform_user_id is None]
    if waiting:
        text = f"Not in Slack yet: {_some(waiting[:NAMES], len(waiting))}. Their message waits."
        elements.append(Note(words(text)))
    if staying:
        elements.append(Note(words(f"{in_accounts(staying)} left in the drawer.")))
    question = Confirm(
        "Take the deal back?",
        "The accounts return to the drawer, and what was handed over since with them, unless "
        "somebody has visited them already.",
        "Take it back",
        "Leave it",
    )
    payload = {"deal": str(deal_id)}
    elements.append(Buttons((Button("Undo", "deal.undo", payload, confirm=question),)))
    elements.append(Note(words(f"It can be taken back for {rules.undo_minutes} minutes.")))
    return View(summary, tuple(elements))


def taken_back(
    count: int,
    staying: int,
    kept: Sequence[tuple[str, str]],
    passed: int,
    names: Sequence[str],
) -> View:
    """Tell the manager that a deal was taken back, and what stays: the first (account, rep).

    `passed` of those that returned had been handed over since, the first of them by name.
    """
    stays = [f"{account} ({member})" for account, member in kept[:NAMES]]
    text = f"Taken back: {in_accounts(count)} in the drawer again, as if the deal had not been."
    if passed:
        had = "had been handed over since, and came back with it."
        text += f" {_some(names[:NAMES], passed)} {had}"
    if staying:
        verb = "stays" if staying == 1 else "stay"
        text += f" {_some(stays, staying)} {verb}: somebody is on it already."
    return say(text)


def stay_in_drawer(accounts: Sequence[tuple[str, str]]) -> View:
    """Tell who leads which accounts nobody can take now, as (name, why)."""
    summary = f"{in_accounts(len(accounts))} that nobody can take now"
    lines = [words(Strong(name), f": {why}") for name, why in accounts[:REPS]]
    if len(accounts) > REPS:
        lines.append(words(f"and {len(accounts) - REPS} more"))
    advice = Note(
        words("They wait in the drawer. ", Code("/lost deal"), " deals them when you like.")
    )
    return View(summary, (Paragraph(words(summary, ":")), Bullets(tuple(lines)), advice))


def worth_of(sums: Sequence[Money]) -> str:
    """Write what accounts come to, currency by currency."""
    return " + ".join(show_money(money) for money in sums)


def _people(people: Sequence[tuple[str, str]]) -> str:
    named = "; ".join(shortened(f"{name} {why}", _WHY) for name, why in people[:REPS])
    return f"{named}; and {len(people) - REPS} more." if len(people) > REPS else f"{named}."


def _some(names: Sequence[str], count: int) -> str:
    listed = ", ".join(shortened(name, _NAME) for name in names)
    return f"{listed} and {count - len(names)} more" if count > len(names) else listed


def _reps(number: int) -> str:
    return "1 rep" if number == 1 else f"{number} reps"
