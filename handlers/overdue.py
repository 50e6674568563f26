"""What is overdue interrupts: said to its rep and to who leads them, and kept true afterwards."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.calendar import Hours
from domain.digest import DueItem, Settled
from domain.rules import Rules
from handlers.context import id_of, local_day, mention
from handlers.nudging import nudge
from handlers.views.elements import Mention, View, named_in
from handlers.views.overdue import overdue_to_manager, overdue_to_rep
from storage.nudges import ToldNudge
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

OVERDUE = "overdue"
"""The kind of nudge that interrupts."""

_OWN, _OF_TEAM = "overdue", "overdue-in-team"


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


async def refresh_overdue(work: UnitOfWork, rules: Rules, now: datetime) -> None:
    """Let what was told of the overdue be true, once some of it was met or moved.

    What still waits says only what is overdue yet, or goes; what went out says in its place what
    became of the rest.
    """
    told = await work.nudges.told(OVERDUE, await work.deadlines.told_before(now))
    readers = await work.members.by_ids(one.member_id for one in told)
    for one in told:
        whose, reader = one.dedupe_key.partition(":")[0], readers[one.member_id]
        others = whose == _OWN and one.member_id not in work.deadlines.touched
        if others or whose not in {_OWN, _OF_TEAM}:
            continue
        items = await work.deadlines.told_at(one.written_at)
        if whose == _OWN:
            items = [item for item in items if item.member_id == reader.id]
        else:
            items = await _led_by(work, reader, items)
        settled = await _settled(work, one, items) if one.sent else []
        if not items and not settled:
            await work.nudges.withdraw([one.dedupe_key])
            continue
        today = local_day(now, reader, rules)
        if whose == _OWN:
            led = bool(await leads_told(work, reader))
            view = overdue_to_rep(items, today, led=led, settled=settled)
        else:
            reps = await _reps(work, [*items, *(done.item for done in settled)])
            view = overdue_to_manager(
                [(item, reps[item.member_id]) for item in items],
                today,
                settled=[(done, reps[done.item.member_id]) for done in settled],
            )
        await work.outbox.rewrite(one.dedupe_key, view.to_json(), now)


async def _settled(work: UnitOfWork, one: ToldNudge, items: Iterable[DueItem]) -> list[Settled]:
    """Give what became of those lines of a message that are none of these items."""
    said = named_in(View.from_json(one.view_json), "account")
    return await work.deadlines.settled(said - {item.account_id for item in items}, one.written_at)


async def _led_by(work: UnitOfWork, reader: Member, items: list[DueItem]) -> list[DueItem]:
    """Give those of the items about which this reader is told as who leads."""
    reps = await work.members.by_ids(item.member_id for item in items)
    led = {
        who
        for who, rep in reps.items()
        if reader.id in {lead.id for lead in await work.members.managers_of(rep)}
    }
    return [item for item in items if item.member_id in led]


async def _reps(work: UnitOfWork, items: Iterable[DueItem]) -> dict[int, Mention]:
    people = await work.members.by_ids(item.member_id for item in items)
    return {who: mention(rep) for who, rep in people.items()}
