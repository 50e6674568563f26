"""Who is in and in which part, for chat and the command line alike."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.errors import Refused
from domain.names import tidy
from domain.roles import Role
from domain.roster import check_role_change
from domain.rules import Rules
from handlers.arrivals import enroll
from handlers.context import id_of, local_day
from handlers.ports import Profile
from storage.tables import Member
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class TeamLine:
    """A member as the list of the team shows them; "" is what is not known."""

    member_id: int
    slack_id: str
    name: str
    role: str
    region: str
    manager: str
    time_zone: str
    weight: int
    holds: int
    away_until: str


async def listing(work: UnitOfWork, now: datetime | None = None) -> list[TeamLine]:
    """List everyone with a part in the work, by name; with `now`, who is away too."""
    team = await work.members.team()
    holds = await work.dealing.open_counts()
    rules = await work.workspaces.rules()
    leads = await work.members.by_ids({m.manager_id for m in team if m.manager_id is not None})
    until = await _away_until(work, team, rules, now) if now is not None else {}
    return [
        TeamLine(
            id_of(member),
            member.platform_user_id or "",
            member.name,
            member.role,
            member.region or "",
            leads[member.manager_id].name if member.manager_id in leads else "",
            member.time_zone or "",
            member.weight,
            holds.get(id_of(member), 0),
            until.get(id_of(member), ""),
        )
        for member in team
    ]


async def add(
    work: UnitOfWork,
    profile: Profile,
    role: Role,
    now: datetime,
    *,
    by: Member | None = None,
    giver: Role = Role.ADMIN,
) -> Member:
    """Give a person of the platform a part, or another one.

    Somebody known by the same name alone (from an import) becomes this person, with all that is
    theirs. `by` is who does it and `giver` their role; the command line counts as an admin.
    """
    if profile.bot:
        raise Refused(f"{profile.name} is an app, not a person.")
    if not profile.active:
        raise Refused(f"{profile.name} is not active in this workspace.")
    member = await _known(work, profile)
    if member is None:
        member = enroll(work, profile, now)
        await work.session.flush()
    await change_role(work, member, role, now, by=by, giver=giver)
    member.active = True
    work.session.add(member)
    await work.session.flush()
    return member


async def remove(
    work: UnitOfWork,
    platform_user_id: str,
    now: datetime,
    *,
    by: Member | None = None,
    giver: Role = Role.ADMIN,
) -> TeamLine:
    """Take a person out of the team and give what they were; their accounts return to the drawer.

    What they have done stays.
    """
    for line in await listing(work):
        if line.slack_id == platform_user_id:
            member = (await work.members.by_ids([line.member_id]))[line.member_id]
            await take_out(work, member, now, by=by, giver=giver)
            return line
    raise Refused(f"{platform_user_id} is not in the team.")


async def take_out(
    work: UnitOfWork, member: Member, now: datetime, *, by: Member | None, giver: Role
) -> int:
    """Take a member out of the team; give how many accounts went back to the drawer."""
    await change_role(work, member, Role.COLLEAGUE, now, by=by, giver=giver)
    return await free_hands(work, member, now)


async def change_role(
    work: UnitOfWork,
    member: Member,
    role: Role,
    now: datetime,
    *,
    by: Member | None,
    giver: Role,
) -> None:
    """Give a member another role. Raises `Refused` where that must not be."""
    current = Role(member.role)
    if current is role:
        return
    admins = await work.members.with_role(Role.ADMIN)
    check_role_change(
        giver,
        current,
        role,
        own=by is not None and by.id == member.id,
        last_admin=[admin.id for admin in admins] == [member.id],
    )
    member.role = role
    member.digest_due_at = None  # worked out anew for the new part
    work.session.add(member)
    work.workspaces.audit(
        "role changed",
        member.name,
        by=by.id if by else None,
        now=now,
        detail=f"from {current} to {role}",
    )
    await work.session.flush()
    if role is Role.COLLEAGUE:
        await work.nudges.withdraw_all(id_of(member))
    if current is Role.REP:
        await work.deals.forget_turns([id_of(member)])
    if current is Role.MANAGER:
        await work.members.without_manager(id_of(member))


async def free_hands(work: UnitOfWork, member: Member, now: datetime) -> int:
    """Put all accounts a member holds back into the drawer; give how many."""
    held = await work.dealing.open_assignments_of(id_of(member))
    await work.deals.return_all([assignment.id or 0 for assignment in held], now)
    return len(held)


async def link(work: UnitOfWork, member: Member, known: Member) -> Member:
    """Make a person of the platform and somebody known by name alone one and the same.

    `known` keeps their accounts, their part and their place in the turn, and is reached from now
    on. Raises `Refused` where either has a part of their own.
    """
    if known.platform_user_id is not None:
        raise Refused(f"{known.name} is in Slack already.")
    if Role(member.role) is not Role.COLLEAGUE or member.platform_user_id is None:
        raise Refused(f"{member.name} has a part of their own already.")
    profile = Profile(
        member.platform_user_id,
        member.name,
        member.email,
        member.time_zone,
        admin=member.platform_admin,
    )
    member.platform_user_id, member.active = None, False
    work.session.add(member)
    await work.session.flush()
    return _become(work, known, profile)


async def _known(work: UnitOfWork, profile: Profile) -> Member | None:
    """Find the member a person of the platform is, by their id or by name alone."""
    member = await work.members.by_platform_id(profile.platform_user_id)
    names = await work.members.by_name(tidy(profile.name))
    unlinked = [one for one in names if one.platform_user_id is None]
    if len(unlinked) != 1:
        return member
    if member is None:
        return _become(work, unlinked[0], profile)
    return await link(work, member, unlinked[0]) if member.role == Role.COLLEAGUE else member


def _become(work: UnitOfWork, known: Member, profile: Profile) -> Member:
    known.platform_user_id, known.active = profile.platform_user_id, True
    known.time_zone = known.time_zone or profile.time_zone
    known.email = known.email or profile.email
    known.platform_admin = profile.admin
    known.digest_due_at = None  # worked out anew, now that they can be reached
    work.session.add(known)
    return known


async def _away_until(
    work: UnitOfWork, team: list[Member], rules: Rules, now: datetime
) -> dict[int, str]:
    absences = await work.due.absences([id_of(m) for m in team], now.date() - timedelta(days=1))
    until: dict[int, str] = {}
    for member in team:
        today = local_day(now, member, rules)
        away = [a.to_on for a in absences.get(id_of(member), ()) if a.from_on <= today <= a.to_on]
        if away:
            until[id_of(member)] = max(away).isoformat()
    return until
