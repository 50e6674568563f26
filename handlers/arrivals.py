"""Who is speaking: known members at once, others by what the platform says of them."""

from __future__ import annotations

from datetime import datetime

from domain.names import name_key, tidy
from handlers.ports import Directory, Profile
from storage.database import Database
from storage.tables import Member
from storage.unit_of_work import UnitOfWork


async def introduce(
    database: Database,
    directory: Directory,
    workspace_id: str,
    platform_user_id: str,
    now: datetime,
) -> None:
    """Write down a person whom we meet for the first time, as a colleague.

    The platform is asked outside any transaction; where it does not answer, the person is known by
    their id until it does.
    """
    profile = await directory.profile(workspace_id, platform_user_id)
    async with database.workspace(workspace_id) as work:
        if await work.members.by_platform_id(platform_user_id) is None:
            enroll(work, profile or Profile(platform_user_id, platform_user_id), now)
            await work.commit()


def enroll(work: UnitOfWork, profile: Profile, now: datetime) -> Member:
    """Add a member from what the platform says of them; their role is given elsewhere."""
    name = tidy(profile.name) or profile.platform_user_id
    member = Member(
        workspace_id=work.workspace_id,
        platform_user_id=profile.platform_user_id,
        name=name,
        name_key=name_key(name),
        email=profile.email,
        time_zone=profile.time_zone,
        platform_admin=profile.admin,
        active=profile.active,
        joined_at=now,
    )
    work.session.add(member)
    return member
