"""What is said unasked: only when its reader may be disturbed, and only while it is true."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta

from domain.calendar import Hours, next_allowed, window
from domain.digest import DueItem
from domain.rules import Rules
from handlers.context import id_of, local_day, mention
from handlers.hours import hours_of
from handlers.views.digest import overdue_to_manager, overdue_to_rep
from handlers.views.elements import Mention, View
from storage.due import Reader
from storage.nudges import Window
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

OVERDUE = "overdue"
"""The kind of nudge that interrupts."""

_OWN, _OF_TEAM = "overdue", "overdue-in-team"
_AFTER_THE_DIGEST = timedelta(minutes=15)
_DAY = timedelta(days=1)


def nudge(
    kind: str, dedupe_key: str, view: View, reader: Member | Reader, *, hours: Hours, now: datetime
) -> NewLetter:
    """Write a nudge for the first instant from now on at which its reader may be nudged."""
    at = next_allowed(now, hours)
    return NewLetter(
        kind, dedupe_key, view.to_json(), at, member_id=id_of(reader), open_for=open_for(at, hours)
    )


def open_for(at: datetime, hours: Hours) -> Window:
    """Give until when what is due at an instant may go out, and from when on again.

    What is late leaves the next day's digest time to go first, and to fold in an older one.
    """
    closes_at, reopens_at = window(at, hours)
    return closes_at, reopens_at + _AFTER_THE_DIGEST


async def hours_by_id(
    work: UnitOfWork, members: Iterable[Member | Reader], rules: Rules, since: date
) -> dict[int, Hours]:
    """Give the hours of members, with their days away from a day on, by id."""
    members = list(members)
    absences = await work.due.absences([id_of(member) for member in members], since)
    return {
        id_of(member): hours_of(member, rules, absences.get(id_of(member), ()))
        for member in members
    }


async def keep_new_hours(work: UnitOfWork, member: Member, rules: Rules, now: datetime) -> None:
    """Let what waits for a member go by the hours that they keep from now on."""
    hours = (await hours_by_id(work, [member], rules, now.date() - _DAY))[id_of(member)]
    if hours.allow(now):
        await work.nudges.make_due(id_of(member), now)
        await work.nudges.keep_to({id_of(member): open_for(now, hours)})
    else:
        await work.nudges.keep_to({id_of(member): (now, next_allowed(now, hours))})


async def leads_told(work: UnitOfWork, rep: Member) -> list[Member]:
    """Give who is told of what is overdue with a rep: who leads them and wants to know."""
    leads = await work.members.managers_of(rep)
    return [lead for lead in leads if OVERDUE not in lead.muted.split(",")]


def overdue_of(
    reader: Member, items: list[DueItem], hours: Hours, now: datetime, *, led: bool
) -> NewLetter:
    """Tell a rep what of theirs has gone overdue; `led`: somebody who leads them is told too."""
    view = overdue_to_rep(items, hours.local(now).date(), led=led)
    return nudge(OVERDUE, _key(_OWN, reader, items), view, reader, hours=hours, now=now)


def overdue_in_team(
    reader: Member, lines: list[tuple[DueItem, Mention]], hours: Hours, now: datetime
) -> NewLetter:
    """Tell who leads what has gone overdue, and with whom."""
    key = _key(_OF_TEAM, reader, [item for item, _ in lines])
    view = overdue_to_manager(lines, hours.local(now).date())
    return nudge(OVERDUE, key, view, reader, hours=hours, now=now)


def _key(whose: str, reader: Member, items: list[DueItem]) -> str:
    first = min(items, key=lambda item: item.deadline_id)
    return f"{whose}:{id_of(reader)}:{first.deadline_id}:{first.due_on}"


async def refresh_overdue(
    work: UnitOfWork, touched: Collection[int], rules: Rules, now: datetime
) -> None:
    """Say in what still waits to be told of the overdue only what is overdue yet.

    `touched` are the members some of whose deadlines were met or moved.
    """
    waiting = await work.nudges.waiting(OVERDUE) if touched else []
    readers = await work.members.by_ids(one.member_id for one in waiting)
    for one in waiting:
        reader = readers[one.member_id]
        today = local_day(now, reader, rules)
        items = await work.deadlines.told_at(one.written_at)
        whose = one.dedupe_key.partition(":")[0]
        view: View | None = None
        if whose == _OWN:
            own = [item for item in items if item.member_id == reader.id]
            led = bool(await leads_told(work, reader))
            view = overdue_to_rep(own, today, led=led) if own else None
        elif whose == _OF_TEAM:
            lines = await _led_by(work, reader, items)
            view = overdue_to_manager(lines, today) if lines else None
        else:
            continue
        if view is None:
            await work.nudges.withdraw([one.dedupe_key])
        else:
            await work.outbox.rewrite(one.dedupe_key, view.to_json(), now)


async def _led_by(
    work: UnitOfWork, reader: Member, items: list[DueItem]
) -> list[tuple[DueItem, Mention]]:
    """Give those of the items about which this reader is told as who leads, with their reps."""
    reps = await work.members.by_ids(item.member_id for item in items)
    led = {
        who
        for who, rep in reps.items()
        if reader.id in {lead.id for lead in await work.members.managers_of(rep)}
    }
    return [(item, mention(reps[item.member_id])) for item in items if item.member_id in led]
