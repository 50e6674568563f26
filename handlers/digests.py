"""What members' digests hold, and keeping the one of today true when a line is dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from domain.digest import LOOK_AHEAD, Desk, Digest, digest_of
from domain.roles import Permission, Role, can
from domain.rules import Rules
from handlers.closing_bounties import closing_bounties
from handlers.context import id_of, local_day
from handlers.nudging import refresh_overdue
from handlers.views.digest import digest_message
from storage.tables import Member
from storage.unit_of_work import UnitOfWork


def digest_key(member_id: int, day: date) -> str:
    """Give the key under which a member's digest of a day is written once."""
    return f"digest:{member_id}:{day}"


async def digests_of(
    work: UnitOfWork,
    members: Sequence[Member],
    days: Mapping[int, date],
    rules: Rules,
    now: datetime,
    *,
    missed: Mapping[int, date | None] | None = None,
) -> dict[int, Digest]:
    """Give the digests of members for their own days, by member; some may say nothing.

    `missed` is the first day on which a member should have had one and did not.
    """
    if not members:
        return {}
    items = await work.deadlines.items_for(days, max(days.values()) + LOOK_AHEAD)
    hearings = await work.follow_ups.open_for(days, max(days.values()) + LOOK_AHEAD)
    closing = await closing_bounties(work, days, rules)
    desks = await _desks(work, members, days, rules, now)
    return {
        id_of(member): digest_of(
            items.get(id_of(member), ()),
            days[id_of(member)],
            muted=frozenset(member.muted.split(",")),
            hearings=hearings.get(id_of(member), ()),
            closing=closing.get(id_of(member), ()),
            desk=desks.get(id_of(member)),
            since=(missed or {}).get(id_of(member)),
        )
        for member in members
    }


async def refresh_nudges(work: UnitOfWork, rules: Rules, now: datetime) -> None:
    """Let what was said to members of today be true, once something of theirs was dealt with.

    Their digest changes in its place, sent or not; what is overdue changes where it still waits.
    """
    touched = work.deadlines.touched
    await refresh_overdue(work, touched, rules, now)
    members = (await work.members.by_ids(touched)).values()
    days = {id_of(member): local_day(now, member, rules) for member in members}
    told = [m for m in members if await work.outbox.holds(digest_key(id_of(m), days[id_of(m)]))]
    for member_id, digest in (await digests_of(work, told, days, rules, now)).items():
        key = digest_key(member_id, days[member_id])
        await work.outbox.rewrite(key, digest_message(digest).to_json(), now)


async def _desks(
    work: UnitOfWork,
    members: Iterable[Member],
    days: Mapping[int, date],
    rules: Rules,
    now: datetime,
) -> dict[int, Desk]:
    """Give what waits for those who lead: claims by others, and once a week untouched files."""
    leads = [m for m in members if can(Role(m.role), Permission.DEAL)]
    if not leads:
        return {}
    claims = await work.bounties.waiting()
    untouched = await work.due.untouched(now - timedelta(days=rules.untouched_days))
    return {
        id_of(lead): Desk(
            claims=sum(claim.member_id != lead.id for claim in claims),
            untouched=untouched if _begins_week(lead.digest_on, days[id_of(lead)]) else 0,
        )
        for lead in leads
    }


def _begins_week(last: date | None, day: date) -> bool:
    return last is None or last.isocalendar()[:2] != day.isocalendar()[:2]
