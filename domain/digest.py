"""What a member is told of a day: what is overdue, due today and coming up, and no more."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from domain.absence import Range, due_after
from domain.deadlines import Step
from domain.money import Money

LOOK_AHEAD = timedelta(days=3)


class Nudge(StrEnum):
    """The kinds of nudge that a member may mute; the values are stored and shown.

    Muting the overdue spares the message of its own; the digest goes on to list it.
    """

    OVERDUE = "overdue"
    TODAY = "due today"
    COMING = "coming up"
    BOUNTY = "bounties running out"
    DESK = "team's desk"


@dataclass(frozen=True, slots=True)
class DueItem:
    """One open deadline with what its line shows. `tier` is set on accounts that go first.

    `worth` is what the customer was worth, None where nobody knows. `away_until` is the last of the
    days away for which it is due later than it was, if there were such.
    """

    deadline_id: int
    member_id: int
    account_id: int
    account: str
    tier: str | None
    step: Step
    due_on: date
    note: str | None = None
    worth: Money | None = None
    away_until: date | None = None

    def after(self, away: Sequence[Range], since: date | None) -> DueItem:
        """Give it as it is due for somebody with these days away; `since`: see `due_after`."""
        due_on = due_after(self.due_on, away, since)
        if due_on == self.due_on:
            return self
        ended = max(ends for _, ends in away if ends < due_on)
        return replace(self, due_on=due_on, away_until=ended)


class Became(StrEnum):
    """What became of a step that had gone overdue, as it is shown."""

    SEEN_TO = "seen to"
    PUT_OFF = "put off"
    HANDED_OVER = "handed over"
    RETURNED = "back in the drawer"
    WON_BACK = "won back"
    LET_GO = "let go"
    ON_HOLD = "on legal hold"


@dataclass(frozen=True, slots=True)
class Settled:
    """A step that is overdue no more; `item` is it as it stands now."""

    item: DueItem
    became: Became


@dataclass(frozen=True, slots=True)
class Closing:
    """What an account pays runs out after `last_on`: the bounty, or with `early` its early rate."""

    account_id: int
    account: str
    last_on: date
    early: bool


@dataclass(frozen=True, slots=True)
class Hearing:
    """A customer whom an executive was asked to hear in person by a day."""

    follow_up_id: int
    account_id: int
    account: str
    tier: str | None
    due_on: date


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for a manager: claims to decide, and files that nobody has touched.

    `claims` are their ids, the one that has waited longest first.
    """

    claims: tuple[int, ...] = ()
    untouched: int = 0


@dataclass(frozen=True, slots=True)
class Digest:
    """A member's day, one line an account. `since` is the first day that had no digest, if any.

    `back` is whether it is the first after days away, which moved something.
    """

    day: date
    overdue: tuple[DueItem, ...] = ()
    today: tuple[DueItem, ...] = ()
    coming: tuple[DueItem, ...] = ()
    hearings: tuple[Hearing, ...] = ()
    closing: tuple[Closing, ...] = ()
    desk: Desk = Desk()
    since: date | None = None
    back: bool = False

    @property
    def lines(self) -> tuple[DueItem, ...]:
        """Every line in the order in which it is read."""
        return self.overdue + self.today + self.coming

    @property
    def says_something(self) -> bool:
        """Whether there is anything to say."""
        return bool(self.lines or self.hearings or self.closing or self.desk != Desk())


def digest_of(
    items: Iterable[DueItem],
    day: date,
    *,
    muted: frozenset[str] = frozenset(),
    hearings: Iterable[Hearing] = (),
    closing: Iterable[Closing] = (),
    desk: Desk | None = None,
    since: date | None = None,
    due_from: date | None = None,
) -> Digest:
    """Put together a member's day from their open deadlines.

    What fell due from `due_from` on is due today: nobody worked in between. Of an account only the
    most pressing step is shown; going overdue is no step of its own while an earlier one is open.
    What lies more than three days ahead waits for its own day.
    """
    items = list(items)
    lines = [item for item in most_pressing(items) if item.due_on <= day + LOOK_AHEAD]
    lines.sort(key=order)
    begins = due_from or day
    returns = {item.away_until + timedelta(days=1) for item in items if item.away_until}
    return Digest(
        day,
        overdue=tuple(i for i in lines if i.due_on < begins),
        today=_unless(Nudge.TODAY in muted, [i for i in lines if begins <= i.due_on <= day]),
        coming=_unless(Nudge.COMING in muted, [i for i in lines if i.due_on > day]),
        hearings=tuple(one for one in hearings if one.due_on <= day + LOOK_AHEAD),
        closing=()
        if Nudge.BOUNTY in muted
        else tuple(sorted(closing, key=lambda one: (one.last_on, one.account.casefold()))),
        desk=Desk() if desk is None or Nudge.DESK in muted else desk,
        since=since,
        back=any(begins <= one <= day for one in returns),
    )


def order(item: DueItem) -> tuple[bool, date, int, str]:
    """Give the key to sort by: flagged first, then what is due first, then what is worth most."""
    worth = item.worth.minor if item.worth else 0
    return item.tier is None, item.due_on, -worth, item.account.casefold()


def most_pressing(items: Iterable[DueItem]) -> list[DueItem]:
    """Give of each account the step that comes first; going overdue only where nothing else is."""
    by_account: dict[int, DueItem] = {}
    for item in items:
        shown = by_account.get(item.account_id)
        if shown is None or _urgency(item) < _urgency(shown):
            by_account[item.account_id] = item
    return list(by_account.values())


def _urgency(item: DueItem) -> tuple[bool, date, int]:
    return item.step is Step.OVERDUE, item.due_on, item.deadline_id


def _unless(silent: bool, items: list[DueItem]) -> tuple[DueItem, ...]:
    return () if silent else tuple(items)
