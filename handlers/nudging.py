"""What is said unasked: only when its reader may be disturbed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain.calendar import Hours, next_allowed, window
from domain.digest_times import due_next
from domain.rules import Rules
from handlers.context import id_of
from handlers.hours import hours_of
from handlers.views.elements import View
from storage.due import Reader
from storage.nudges import Window
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

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


def enclosure(
    kind: str, dedupe_key: str, view: View, reader: Member | Reader, *, hours: Hours, now: datetime
) -> NewLetter:
    """Write what its reader's next digest says; where none takes it, it goes soon after by itself.

    `kind` is one of `storage.nudges.ENCLOSED`.
    """
    after = due_next(now, hours) + _AFTER_THE_DIGEST
    return nudge(kind, dedupe_key, view, reader, hours=hours, now=after)


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
