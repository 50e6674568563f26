"""App Home, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from domain.digest import Digest, DueItem
from domain.money import Money
from domain.rules import Rules
from handlers.days import show_day
from handlers.money import show_money
from handlers.views.accounts import InHand, hand_line
from handlers.views.bounties import Share, totals_of
from handlers.views.digest import due_line
from handlers.views.elements import (
    Button,
    Buttons,
    Channel,
    Code,
    Divider,
    Element,
    Facts,
    Heading,
    Note,
    Paragraph,
    Strong,
    View,
    words,
)
from handlers.views.follow_ups import hearing_line
from handlers.views.me import who_is_quiet
from storage.accounts import MANY
from storage.outbox import Undelivered
from storage.tables import Member

_LINES = 10  # of the day; with a page of accounts and the desk below Slack's 100 blocks
_CLAIMS = 5


@dataclass(frozen=True, slots=True)
class DeskState:
    """How the team's desk stands; of what there are many only the first few are named."""

    in_drawer: int
    in_hand: int
    overdue: int
    stuck: tuple[tuple[DueItem, Member | None], ...]
    unsent: int
    unreached: tuple[tuple[Undelivered, Member | None], ...]
    quiet: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that waits for a decision: which customer, claimed by whom, and what it would pay."""

    claim_id: int
    account: str
    claimant: str
    pays: Money


@dataclass(frozen=True, slots=True)
class Home:
    """What a member's page shows. Without a `digest` they have no part in the work yet."""

    name: str
    today: date
    digest: Digest | None = None
    accounts: tuple[InHand, ...] = ()
    count: int = 0
    page: int = 0
    last: int = 0
    shares: tuple[Share, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    desk: DeskState | None = None


def home_page(home: Home, rules: Rules) -> View:
    """Show a member's page."""
    summary = f"Good day, {home.name}"
    if home.digest is None:
        return View(
            summary,
            (
                Heading(summary),
                Paragraph(
                    words(
                        "This is where reps see their day. Heard something about a customer, or "
                        "want to know who leads? ",
                        Code("/lost help"),
                        " shows what I can do for you.",
                    )
                ),
            ),
        )
    elements: list[Element] = [
        Heading(summary),
        Buttons((Button("Log a loss", "loss.open"), Button("My hours", "me.open"))),
        *_waiting(home.waiting),
        *(_desk(home.desk, home.today) if home.desk else []),
        *_day(home.digest),
        *(_accounts(home, rules) if home.count or not home.desk else []),
        *_bounties(home),
    ]
    return View(summary, tuple(elements))


def _day(digest: Digest) -> list[Element]:
    elements: list[Element] = [Heading("My day")]
    for one in digest.hearings[:_LINES]:
        elements += hearing_line(one, digest.day)
    if not digest.lines and digest.hearings:
        return elements
    if not digest.lines:
        return [*elements, Paragraph(words("Nothing is due in the next three days."))]
    room = _LINES - len(digest.hearings[:_LINES])
    for title, items in (
        ("Overdue", digest.overdue),
        ("Due today", digest.today),
        ("Coming up", digest.coming),
    ):
        shown, room = items[:room], room - len(items[:room])
        if shown:
            elements.append(Paragraph(words(Strong(title))))
        for item in shown:
            elements += due_line(item, digest.day)
    hidden = len(digest.lines) - _LINES
    if hidden > 0:
        elements.append(Note(words(f"And {hidden} more, in the list of your accounts.")))
    return elements


def _accounts(home: Home, rules: Rules) -> list[Element]:
    title = "My accounts" if not home.count else f"My accounts ({home.count})"
    elements: list[Element] = [Divider(), Heading(title)]
    if not home.count:
        return [*elements, Paragraph(words("You have no account in hand."))]
    for one in home.accounts:
        elements += hand_line(one, rules, home.today)
    if home.last:
        elements.append(Note(words(f"Page {home.page + 1} of {home.last + 1}")))
        turns = [Button("Back", "home.page", {"page": str(home.page - 1)})] if home.page else []
        if home.page < home.last:
            turns.append(Button("More", "home.page", {"page": str(home.page + 1)}))
        elements.append(Buttons(tuple(turns)))
    return elements


def _bounties(home: Home) -> list[Element]:
    if not home.shares:
        return []
    sums = tuple((label, words(text)) for label, text in totals_of(list(home.shares)))
    return [
        Divider(),
        Heading("My bounties"),
        Facts(sums),
        Note(words(Code("/lost bounties"), " shows each of them.")),
    ]


def _waiting(waiting: Sequence[Waiting]) -> list[Element]:
    if not waiting:
        return []
    elements: list[Element] = [Heading(f"Claims to decide ({len(waiting)})")]
    for one in waiting[:_CLAIMS]:
        text = words(Strong(one.account), f": {one.claimant} claims {show_money(one.pays)}")
        look = Button("Decide", "claim.look", {"claim": str(one.claim_id)}, "primary")
        elements += [Paragraph(text), Buttons((look,), one.account)]
    more = len(waiting) - _CLAIMS
    if more > 0:
        elements.append(Note(words(f"And {more} more after these.")))
    return [*elements, Divider()]


def _counted(accounts: int) -> str:
    return f"{accounts:,}" if accounts <= MANY else f"more than {MANY:,}"


def _desk(desk: DeskState, today: date) -> list[Element]:
    elements: list[Element] = [
        Heading("The desk"),
        Facts(
            (
                ("In the drawer", words(_counted(desk.in_drawer))),
                ("In hand", words(_counted(desk.in_hand))),
                ("Overdue", words(str(desk.overdue))),
                *((("Did not arrive", words(str(desk.unsent))),) if desk.unsent else ()),
            )
        ),
    ]
    if desk.stuck:
        elements.append(Paragraph(words(Strong("Stuck longest"))))
    for item, holder in desk.stuck:
        since = f", overdue since {show_day(item.due_on, today)}"
        elements += _about(item.account_id, item.account, f" with {_name(holder)}{since}")
    if desk.unreached:
        elements.append(Paragraph(words(Strong("Messages that did not arrive"))))
    for letters, member in desk.unreached:
        elements += _unreached(letters, member)
    elements += who_is_quiet(desk.quiet, today)
    elements.append(Divider())
    return elements


def _about(account_id: int, account: str, text: str) -> list[Element]:
    show = Button("Show", "account.show", {"account": str(account_id)})
    return [Paragraph(words(Strong(account), text)), Buttons((show,), account)]


def _unreached(letters: Undelivered, member: Member | None) -> list[Element]:
    whom = member.name if member else Channel(letters.channel_id or "")
    count = "1 message" if letters.count == 1 else f"{letters.count} messages"
    again = Button("Send again", "letter.resend", {"letter": str(letters.letter_id)})
    return [
        Paragraph(words(f"{count} to ", whom)),
        Buttons((again,), f"to {whom}" if member else ""),
    ]


def _name(member: Member | None) -> str:
    return member.name if member else "someone"
