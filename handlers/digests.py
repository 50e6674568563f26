"""What members' digests hold, and keeping the one of today true when a line is dealt with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from domain.calendar import LONGEST_REST, falls_to
from domain.digest import LOOK_AHEAD, Desk, Digest, digest_of
from domain.roles import Permission, Role, can
from domain.rules import Rules
from handlers.closing_bounties import closing_bounties
from handlers.context import id_of, local_day
from handlers.hours import hours_of
from handlers.overdue import refresh_overdue
from handlers.views.digest import digest_message
from handlers.views.elements import View
from storage.due import Reader
from storage.tables import Member
from storage.unit_of_work import UnitOfWork


def digest_key(member_id: int, day: date) -> str:
    """Give the key under which a member's digest of a day is written once."""
    return f"digest:{member_id}:{day}"


async def digests_of(
    work: UnitOfWork,
    members: Sequence[Member | Reader],
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
    away = await work.due.away(days, min(days.values()) - LONGEST_REST)
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
            due_from=falls_to(
                days[id_of(member)], hours_of(member, rules), away.get(id_of(member), ())
            ),
        )
        for member in members
    }


async def refresh_nudges(work: UnitOfWork, rules: Rules, now: datetime) -> None:
    """Let what was said to members of today be true, once something of theirs was dealt with.

    Their digest and what they were told is overdue change in their place, sent or not.
    """
    if not work.deadlines.touched:
        return
    await refresh_overdue(work, rules, now)
    members = (await work.members.by_ids(work.deadlines.touched)).values()
    days = {id_of(member): local_day(now, member, rules) for member in members}
    keys = {digest_key(who, day): who for who, day in days.items()}
    told = {keys[one.dedupe_key]: one for one in await work.nudges.told_under(keys)}
    readers = [member for member in members if member.id in told]
    missed = {id_of(reader): reader.digest_missed_since for reader in readers}
    digests = await digests_of(work, readers, days, rules, now, missed=missed)
    for who, digest in digests.items():
        enclosed = await work.nudges.enclosed(who, told[who].written_at)
        view = digest_message(digest, [View.from_json(one) for one in enclosed])
        await work.outbox.rewrite(told[who].dedupe_key, view.to_json(), now)


async def claim_changed(work: UnitOfWork, claimant_id: int) -> None:
    """Let the digests of a claimant and of who leads follow what became of a claim."""
    leads = await work.members.with_role(Role.MANAGER, Role.ADMIN)
    work.deadlines.touched.update({claimant_id, *(id_of(lead) for lead in leads)})


async def _desks(
    work: UnitOfWork,
    members: Iterable[Member | Reader],
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
    earlier = {id_of(lead): _earlier_this_week(id_of(lead), days[id_of(lead)]) for lead in leads}
    told = await work.nudges.written([key for keys in earlier.values() for key in keys])
    return {
        id_of(lead): Desk(
            claims=tuple(claim.id or 0 for claim in claims if claim.member_id != lead.id),
            untouched=untouched if told.isdisjoint(earlier[id_of(lead)]) else 0,
        )
        for lead in leads
    }


def _earlier_this_week(member_id: int, day: date) -> list[str]:
    """Name the digests that a member can have had since Monday, before a day."""
    return [digest_key(member_id, day - timedelta(days=n)) for n in range(1, day.weekday() + 1)]
