"""Who decides a claim: somebody who may, can be reached, and has no part in it."""

from __future__ import annotations

from collections.abc import Collection

from domain.roles import Permission, Role, can, effective_role
from storage.tables import Member
from storage.unit_of_work import UnitOfWork


async def deciders_for(
    work: UnitOfWork,
    claimant: Member,
    sharers: Collection[int],
    permission: Permission = Permission.APPROVE,
) -> list[Member]:
    """Give who is asked about a member's claim: their manager, else the nearest who may decide.

    The next are all managers, then executives, then admins: of ours, else of the platform. Empty
    where nobody else may.
    """
    admin_is_set = await work.members.an_admin_is_set()

    def may(member: Member) -> bool:
        role = effective_role(
            Role(member.role), platform_admin=member.platform_admin, admin_is_set=admin_is_set
        )
        reachable = member.active and member.platform_user_id is not None
        return reachable and member.id not in sharers and can(role, permission)

    nearest = [member for member in await work.members.managers_of(claimant) if may(member)]
    if nearest:
        return nearest
    for role in (Role.MANAGER, Role.EXECUTIVE, Role.ADMIN):
        found = [member for member in await work.members.with_role(role) if may(member)]
        if found:
            return found
    return [member for member in await work.members.platform_admins() if may(member)]
