"""What is overdue interrupts: said to its rep and to who leads them, and kept true afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from domain.calendar import Hours
from domain.digest import DueItem, Nudge, Settled
from domain.rules import Rules
from handlers.context import id_of, local_day, mention
from handlers.nudging import hours_by_id, nudge
from handlers.views.elements import Mention, View, named_in
from handlers.views.overdue import overdue_to_manager, overdue_to_rep
from storage.nudges import ToldNudge
from storage.outbox import NewLetter
from storage.tables import Member
from storage.unit_of_work import UnitOfWork

OVERDUE = "overdue"
"""The kind of nudge that interrupts."""

_OWN, _OF_TEAM = "overdue", "overdue-in-team"


def hears(member: Member) -> bool:
    """Say whether somebody is interrupted by what is overdue."""
    return member.active and Nudge.OVERDUE not in member.muted.split(",")


async def overdue_letters(
    work: UnitOfWork,
    items: Sequence[DueItem],
    rules: Rules,
    hours: Mapping[int, Hours],
    now: datetime,
) -> list[NewLetter]:
    """Tell reps what of theirs has gone overdue, and who leads them what has in their team.

    One message to each reader; `hours` are those of the reps, by member.
    """
    reps = await work.members.by_ids(item.member_id for item in items)
    leads: dict[int, Member] = {}
    in_teams: dict[int, list[tuple[DueItem, Mention]]] = {}
    letters = []
    for who in dict.fromkeys(item.member_id for item in items):
        rep = reps[who]
        own = [item for item in items if item.member_id == who]
        told = await _leads_told(work, rep)
        for lead in told:
            leads[id_of(lead)] = lead
            in_teams.setdefault(id_of(lead), []).extend((item, mention(rep)) for item in own)
        if hears(rep):
            view = overdue_to_rep(own, hours[who].local(now).date(), led=bool(told))
            key = _key(_OWN, rep, own)
            letters.append(nudge(OVERDUE, key, view, rep, hours=hours[who], now=now))
    theirs = await hours_by_id(work, leads.values(), rules, now.date() - timedelta(days=1))
    for who, lines in in_teams.items():
        view = overdue_to_manager(lines, theirs[who].local(now).date())
        key = _key(_OF_TEAM, leads[who], [item for item, _ in lines])
        letters.append(nudge(OVERDUE, key, view, leads[who], hours=theirs[who], now=now))
    return letters


async def _leads_told(work: UnitOfWork, rep: Member) -> list[Member]:
    """Give who is told of what is overdue with a rep: who leads them and wants to know."""
    return [lead for lead in await work.members.managers_of(rep) if hears(lead)]


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
            led = bool(await _leads_told(work, reader))
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
